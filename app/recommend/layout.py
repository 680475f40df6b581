"""Builds a board: openings and a model become rows, sorted by cell."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from app.jobs.vocabulary import JobFlag, WageType
from app.jobs.wages import is_certain, wage_ratio
from app.recommend.board import (
    EMPLOYMENT_BIT,
    MOST_YEN,
    PREFECTURES,
    Board,
    Floats,
    Rows,
)
from app.recommend.contents import factors_of
from app.recommend.openings import NO_CITY, UNITS, Integers, Openings, parents_of
from app.recommend.rules import FRESH_DAYS, NEW_DAYS
from app.recommend.signals import Signals

ALL_FLAGS = (1 << len(JobFlag)) - 1
TIE = 2.0**-46


class Fitted(NamedTuple):
    """What a model says of the open jobs."""

    signals: Signals
    content: Floats
    """(openings, c): of the new jobs too."""


def board_of(openings: Openings, fitted: Fitted, today: int) -> Board:
    """Lay out the open jobs; `today` counts days as `openings.opened` does."""
    jobs, prefectures = _placed(openings)
    cells = openings.occupations[jobs].astype(np.int64) * PREFECTURES + prefectures
    order = np.lexsort((jobs, cells))
    jobs, prefectures, cells = jobs[order], prefectures[order], cells[order]
    signals, known = fitted.signals, fitted.signals.rows_of(openings.job_ids)
    points = signals.coefficients()
    popularity = points["popular"] * np.append(signals.popularity, 0)[known]
    age = np.maximum(today - openings.opened, 0)
    by_job: dict[str, Any] = {
        "ids": openings.job_ids,
        "occupations": openings.occupations,
        "all_cities": openings.cities,
        "all_parents": parents_of(openings.cities),
        "homes": openings.prefectures,
        "places": _all_places(openings),
        "lacks": (ALL_FLAGS & ~openings.flags | 1 << EMPLOYMENT_BIT + openings.employments).astype(np.uint32),
        "carries": (openings.flags[:, None] >> np.arange(len(JobFlag)) & 1).astype(np.float32),
        "licences": openings.licences,
        "employers": openings.employers,
        "reach": _reach(openings),
        "least": _least(openings),
        "fresh": (points["fresh"] * np.exp(-age / FRESH_DAYS)).astype(np.float32),
        "popular": popularity.astype(np.float32),
        "is_new": age < NEW_DAYS,
        "vectors": _vectors(fitted, known),
        "ties": np.arange(len(openings)) * TIE,
    }
    columns = {name: column[jobs] for name, column in by_job.items()}
    return Board(
        openings=openings,
        rows=Rows(jobs=jobs, **columns, **_of_place(openings, jobs, prefectures)),
        cells=cells,
        numbers=np.arange(len(jobs), dtype=np.int32),
        shelves={},
        tops={},
        by_prefecture={int(code): np.flatnonzero(prefectures == code) for code in np.unique(prefectures)},
        occupation_numbers={name: number for number, name in enumerate(openings.occupation_names)},
        named_places=_named_places(openings),
        twins=_twins(openings),
        signals=signals,
        neighbours=_neighbours(signals, openings),
        neighbour_weights=_neighbour_weights(signals),
        factor_share=signals.factors.shape[1],
    )


def _placed(openings: Openings) -> tuple[Integers, Integers]:
    """The rows: indexes of jobs and the prefecture of each, a job's own first."""
    jobs = [np.arange(len(openings))]
    prefectures = [openings.prefectures]
    places = _all_places(openings)
    for code in range(PREFECTURES):
        further = places >> np.uint64(code) & np.uint64(1) != 0
        found = np.flatnonzero(further & (openings.prefectures != code))
        jobs.append(found)
        prefectures.append(np.full(len(found), code))
    return np.concatenate(jobs), np.concatenate(prefectures)


def _named_places(openings: Openings) -> npt.NDArray[np.uint64]:
    main = np.uint64(1) << openings.prefectures.astype(np.uint64)
    return np.asarray(openings.all_prefectures | main)


def _all_places(openings: Openings) -> npt.NDArray[np.uint64]:
    city = np.where(openings.cities == NO_CITY, 0, openings.cities // 1000).astype(np.uint64)
    city_bits = np.where(openings.cities == NO_CITY, 0, np.uint64(1) << city).astype(np.uint64)
    return _named_places(openings) | city_bits


def _of_place(openings: Openings, jobs: Integers, prefectures: Integers) -> dict[str, Any]:
    """The columns that differ from row to row of one job."""
    cities = openings.cities[jobs]
    cities = np.where(cities // 1000 == prefectures, cities, NO_CITY)
    is_named = openings.all_prefectures[jobs] >> prefectures.astype(np.uint64) & np.uint64(1) != 0
    is_main = openings.prefectures[jobs] == prefectures
    return {
        "is_main": is_main,
        "is_place": is_named | is_main,
        "cities": cities,
        "parents": parents_of(cities),
    }


def _reach(openings: Openings) -> Integers:
    """(n, 5): `wage_floor(wished, w, offered) <= wage` for every w up to this."""
    reach = np.full((len(openings), len(UNITS) + 1), MOST_YEN, np.int64)
    for wished, offered, jobs in _compared(openings):
        ratio = wage_ratio(wished, offered)
        if ratio is not None:
            wages = openings.wages[jobs].astype(np.int64)
            reach[jobs, UNITS.index(wished) + 1] = wages * ratio.numerator // ratio.denominator
    return np.minimum(reach, MOST_YEN).astype(np.int32)


def _least(openings: Openings) -> Integers:
    """(n, 5): `wage <= wage_ceiling(wished, w, offered)` for every w from this on."""
    least = np.zeros((len(openings), len(UNITS) + 1), np.int64)
    for wished, offered, jobs in _compared(openings):
        ratio = wage_ratio(wished, offered)
        if ratio is not None and is_certain(wished, offered):
            wages = openings.wages[jobs].astype(np.int64)
            least[jobs, UNITS.index(wished) + 1] = -(-wages * ratio.numerator // ratio.denominator)
    return np.minimum(least, MOST_YEN).astype(np.int32)


def _compared(openings: Openings) -> list[tuple[WageType, WageType, Integers]]:
    by_unit = [(offered, np.flatnonzero(openings.units == n)) for n, offered in enumerate(UNITS)]
    return [(wished, offered, jobs) for wished in UNITS for offered, jobs in by_unit if len(jobs)]


def _vectors(fitted: Fitted, known: Integers) -> Floats:
    """Factors beside content; a job that came after fitting has the factors that its content suggests."""
    factors = factors_of(fitted.signals, fitted.content)
    factors[known >= 0] = fitted.signals.factors[known[known >= 0]]
    return np.hstack([factors, fitted.content]).astype(np.float32)


def _twins(openings: Openings) -> Mapping[int, Integers]:
    alike: dict[int, list[int]] = defaultdict(list)
    numbers, counts = np.unique(openings.folds, return_counts=True)
    again = {fold for _, fold in openings.former}
    wanted = again.union(numbers[counts > 1].tolist())
    for job in np.flatnonzero(np.isin(openings.folds, list(wanted))):
        alike[int(openings.folds[job])].append(int(job))
    folded = {fold: np.array(jobs) for fold, jobs in alike.items()}
    twins = {int(openings.job_ids[job]): jobs for jobs in folded.values() for job in jobs}
    return twins | {job_id: folded[fold] for job_id, fold in openings.former}


def _neighbours(signals: Signals, openings: Openings) -> Integers:
    """Rows of the model become indexes of open jobs; a closed neighbour is none."""
    nobody = len(openings)
    rows = signals.rows_of(openings.job_ids)
    index = np.full(len(signals) + 1, nobody, np.int32)
    index[rows[rows >= 0]] = np.flatnonzero(rows >= 0)
    table = np.full((len(signals) + 1, signals.neighbours.shape[1]), nobody, np.int32)
    table[:-1] = index[signals.neighbours]
    return table


def _neighbour_weights(signals: Signals) -> Floats:
    weights = np.zeros((len(signals) + 1, signals.neighbours.shape[1]), np.float32)
    weights[:-1] = signals.neighbour_weights
    return weights * np.float32(signals.coefficients()["knn"])
