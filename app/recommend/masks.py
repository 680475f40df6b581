"""Hard conditions as arrays: which rows fit whom.

Each says what `unmet_conditions` of app/jobs/rules.py says of one job and one person; a test compares them for
any jobs and wishes. A condition that nobody in the crowd has costs nothing.
"""

from collections.abc import Callable

import numpy as np

from app.recommend.board import MOST_YEN, Bools, Rows
from app.recommend.crowd import NOTHING, Crowd
from app.recommend.openings import Integers

NONE = np.uint64(0)
Condition = Callable[[Crowd, Rows], Bools | None]
"""Shapes: (m,) people, (w,) rows -> (m, w); None: all fit."""


def fitting(crowd: Crowd, rows: Rows, prefecture: int | None) -> Bools:
    """Which rows meet every hard condition of each person.

    Shapes: (m,) and (w,) -> (m, w). `prefecture`: that of all these rows; None: they are of several, and only
    people who did not say where look at them.
    """
    fits = np.empty((len(crowd), len(rows)), np.bool_)
    fits[:] = rows.is_main if prefecture is None else True
    if prefecture is not None:
        _narrow(fits, _placed(crowd, rows, prefecture))
    for condition in CONDITIONS:
        _narrow(fits, condition(crowd, rows))
    return fits


def _narrow(fits: Bools, met: Bools | None) -> None:
    if met is not None:
        fits &= met


def _placed(crowd: Crowd, rows: Rows, prefecture: int) -> Bools | None:
    """The prefecture is wished and named, or the job's city is wished."""
    wishes_all = crowd.prefectures >> np.uint64(prefecture) & np.uint64(1) != 0
    if wishes_all.all() and rows.is_place.all():
        return None
    met: Bools = wishes_all[:, None] & rows.is_place
    if crowd.cities.shape[1]:
        rest = np.flatnonzero(~wishes_all)
        met[rest] |= _lies_in(crowd.cities[rest], (rows.cities, rows.parents, rows.cities // 1000))
    return met


def _lies_in(wished: Integers, places: tuple[Integers, ...]) -> Bools:
    """(m, ·) codes and the codes of (w,) rows, narrow and wide -> (m, w): one of them is one of these."""
    found = np.zeros((len(wished), len(places[0])), np.bool_)
    for column in wished.T:
        if (column != NOTHING).any():
            for place in places:
                found |= column[:, None] == place
    return found


def _flags_and_employment(crowd: Crowd, rows: Rows) -> Bools | None:
    if not np.bitwise_or.reduce(crowd.forbidden) & np.bitwise_or.reduce(rows.lacks):
        return None
    met: Bools = (crowd.forbidden[:, None] & rows.lacks) == 0
    return met


def _licences(crowd: Crowd, rows: Rows) -> Bools | None:
    if not np.bitwise_or.reduce(crowd.forbidden_licences) & np.bitwise_or.reduce(rows.licences):
        return None
    met: Bools = (crowd.forbidden_licences[:, None] & rows.licences) == 0
    return met


def _pay(crowd: Crowd, rows: Rows) -> Bools | None:
    if not crowd.floors.any():
        return None
    met: Bools = np.ascontiguousarray(rows.reach.T)[crowd.units] >= crowd.floors[:, None]
    return met


def _pay_below(crowd: Crowd, rows: Rows) -> Bools | None:
    if (crowd.ceilings == MOST_YEN).all():
        return None
    met: Bools = np.ascontiguousarray(rows.least.T)[crowd.units] <= crowd.ceilings[:, None]
    return met


def _outside_prefectures(crowd: Crowd, rows: Rows) -> Bools | None:
    if not crowd.forbidden_places.any():
        return None
    met: Bools = (crowd.forbidden_places[:, None] & rows.places) == 0
    return met


def _outside_cities(crowd: Crowd, rows: Rows) -> Bools | None:
    if not _is_given(crowd.forbidden_cities):
        return None
    return ~_lies_in(crowd.forbidden_cities, (rows.all_cities, rows.all_parents))


def _outside_occupations(crowd: Crowd, rows: Rows) -> Bools | None:
    if not _is_given(crowd.forbidden_occupations):
        return None
    return ~_lies_in(crowd.forbidden_occupations, (rows.occupations,))


def _is_given(lists: Integers) -> bool:
    return bool((lists != NOTHING).any())


CONDITIONS: tuple[Condition, ...] = (
    _flags_and_employment,
    _licences,
    _pay,
    _pay_below,
    _outside_prefectures,
    _outside_cities,
    _outside_occupations,
)
