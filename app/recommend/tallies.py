"""What the score of each chosen job is made of, and which wishes it does not meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.recommend.board import EMPLOYMENT_BIT, Bools, Floats, Rows
from app.recommend.crowd import NOTHING, Crowd
from app.recommend.lists import NONE
from app.recommend.openings import Integers
from app.recommend.points import Scorer, Tastes, feedback_pairs
from app.recommend.ports import Signal
from app.recommend.rules import Relaxation

_AT_ONCE = 20_000
"""Pairs of person and job whose vectors are looked up together."""


@dataclass(frozen=True, eq=False)
class Tallies:
    """Shapes: (m, count), as the lists that they explain."""

    parts: Mapping[Signal, Floats]
    """Points; they add up to the score, but for rounding."""
    because: Integers
    """The job of the history whose neighbour it is most of all; NONE: no neighbour."""
    relaxed: Mapping[Relaxation, Bools]
    """Wishes that are not met."""


def tallies_of(scorer: Scorer, crowd: Crowd, tastes: Tastes, lists: Integers) -> Tallies:
    """Shapes: m people, (m, count) rows of the board."""
    person, place = np.nonzero(lists != NONE)
    numbers = lists[person, place]
    found = {name: np.zeros(len(numbers), np.float32) for name in Signal}
    because = np.full(len(numbers), NONE, np.int64)
    relaxed = {name: np.zeros(len(numbers), np.bool_) for name in Relaxation}
    for at in range(0, len(numbers), _AT_ONCE):
        some = slice(at, at + _AT_ONCE)
        who, rows = person[some], scorer.board.rows.part(numbers[some])
        for signal, points in _parts(scorer, crowd, tastes, who, rows).items():
            found[signal][some] = points
        found[Signal.KNN][some], because[some] = _neighbours(scorer, crowd, who, rows)
        for relaxation, is_unmet in _unmet(scorer, crowd, who, rows).items():
            relaxed[relaxation][some] = is_unmet
    return Tallies(
        parts={name: _spread(lists, person, place, points) for name, points in found.items()},
        because=_spread(lists, person, place, because, NONE),
        relaxed={name: _spread(lists, person, place, unmet) for name, unmet in relaxed.items()},
    )


def _spread(
    lists: Integers, person: Integers, place: Integers, values: npt.NDArray[Any], empty: int = 0
) -> npt.NDArray[Any]:
    table = np.full(lists.shape, empty, values.dtype)
    table[person, place] = values
    return table


def _parts(
    scorer: Scorer, crowd: Crowd, tastes: Tastes, who: Integers, rows: Rows
) -> Mapping[Signal, Floats]:
    """Every part but that of the neighbours: (p,) people and (p,) rows -> (p,) each."""
    share = scorer.board.factor_share
    vectors = tastes.vectors[who]
    some = crowd.part(who)
    feedback = np.zeros(len(who), np.float32)
    for hidden, place, points in feedback_pairs(some, rows):
        feedback += points * (hidden == place)
    return {
        Signal.ALS: np.einsum("ij,ij->i", vectors[:, :share], rows.vectors[:, :share]),
        Signal.CONTENT: np.einsum("ij,ij->i", vectors[:, share:], rows.vectors[:, share:]),
        Signal.FRESH: rows.fresh,
        Signal.POPULAR: rows.popular,
        Signal.ANSWERS: (some.leanings * rows.carries).sum(axis=1),
        Signal.FEEDBACK: feedback,
    }


def _neighbours(scorer: Scorer, crowd: Crowd, who: Integers, rows: Rows) -> tuple[Floats, Integers]:
    """Points from the jobs of the history, and the one that gave most."""
    points, most = np.zeros(len(who), np.float32), np.zeros(len(who), np.float32)
    because = np.full(len(who), NONE, np.int64)
    board = scorer.board
    if not board.neighbours.shape[1]:
        return points, because
    for history, strengths in zip(crowd.history[who].T, crowd.strengths[who].T, strict=True):
        seen = np.flatnonzero(strengths > 0)
        is_it = board.neighbours[history[seen]] == rows.jobs[seen, None]
        given = (board.neighbour_weights[history[seen]] * is_it).sum(axis=1) * strengths[seen]
        points[seen] += given
        better = given > most[seen]
        most[seen[better]] = given[better]
        because[seen[better]] = board.signals.job_ids[history[seen[better]]]
    return points, because


def _unmet(scorer: Scorer, crowd: Crowd, who: Integers, rows: Rows) -> Mapping[Relaxation, Bools]:
    """Which of the wishes that can be relaxed each job does not meet."""
    some, one_of = crowd.part(who), _is_one_of
    named = scorer.board.named_places[rows.jobs]
    has_place = (some.prefectures != 0) | (some.cities != NOTHING).any(axis=1)
    lies_in_city = one_of(some.cities, rows.all_cities, rows.all_parents, rows.all_cities // 1000)
    has_occupation = (some.occupations != NOTHING).any(axis=1)
    unwished = some.forbidden >> np.uint32(EMPLOYMENT_BIT) & rows.lacks >> np.uint32(EMPLOYMENT_BIT)
    return {
        Relaxation.PLACE: has_place & ~(((some.prefectures & named) != 0) | lies_in_city),
        Relaxation.OCCUPATION: has_occupation & ~one_of(some.occupations, rows.occupations),
        Relaxation.WAGE: rows.reach[np.arange(len(who)), some.units] < some.floors,
        Relaxation.EMPLOYMENT: unwished != 0,
    }


def _is_one_of(lists: Integers, *values: Integers) -> Bools:
    """(p, ·) lists, (p,) values: one of the values stands in the list."""
    found = np.zeros(len(lists), np.bool_)
    for column in lists.T:
        for each in values:
            found |= (column == each) & (column != NOTHING)
    return found
