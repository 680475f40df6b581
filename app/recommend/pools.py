"""The best rows of every shelf for everybody before it, kept until the shelves of each person are merged."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from app.recommend.board import Bools, Part
from app.recommend.crowd import NOTHING, Crowd
from app.recommend.masks import fitting
from app.recommend.openings import Integers
from app.recommend.points import Scorer, Tastes, only_wish, points_of
from app.recommend.shelves import Shelf, pairs_of, shelves_of, top, whole

CELLS_AT_ONCE = 1 << 18
"""Persons × rows that are scored together: they stay in the cache."""
Keys = npt.NDArray[np.float64]
_MIX = tuple(np.uint64(each) for each in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


@dataclass(frozen=True, eq=False)
class Pools:
    """For each pair of person and shelf, by person."""

    people: Integers
    """(pairs,) rising."""
    keys: Keys
    """(pairs, pool) scores less ties, -inf where there is nothing; in no order."""
    rows: Integers
    """(pairs, pool) rows of the board."""
    is_cut: Bools
    """(pairs,) there may be more than these."""
    drawn: Integers
    """(pairs,) a new job's row drawn by chance, -1: none."""
    lots: npt.NDArray[np.uint64]
    """(pairs,) its lot: the highest of all shelves wins."""
    drawn_from: Integers
    """(pairs,) how many new jobs took part."""


def pools_of(scorer: Scorer, crowd: Crowd, tastes: Tastes, size: int, *, is_drawing: bool = True) -> Pools:
    """Score every shelf for the people before it; `size` rows at most are kept of each, and a job is drawn."""
    people, codes = pairs_of(crowd)
    slots = np.empty(len(people), np.int64)
    order = np.argsort(people, kind="stable")
    slots[order] = np.arange(len(people))
    pools = _empty(people[order], size)
    before = _Before(crowd.part(people), tastes.part(people), only_wish(crowd, tastes)[people], slots)
    for shelf in shelves_of(scorer.board, codes):
        _fill(pools, scorer, before, shelf, is_drawing=is_drawing)
    return pools


class _Before(NamedTuple):
    """Who stands before the shelves, a row for each pair of person and shelf in the order of the shelves."""

    crowd: Crowd
    tastes: Tastes
    only_wish: Bools
    """What is at the top of a shelf for one of them is so for all."""
    slots: Integers
    """Where in the pools each pair is kept."""


def _empty(people: Integers, size: int) -> Pools:
    count = len(people)
    return Pools(
        people=people,
        keys=np.full((count, size), -np.inf),
        rows=np.full((count, size), -1, np.int32),
        is_cut=np.zeros(count, np.bool_),
        drawn=np.full(count, -1, np.int64),
        lots=np.zeros(count, np.uint64),
        drawn_from=np.zeros(count, np.int64),
    )


def _fill(pools: Pools, scorer: Scorer, before: _Before, shelf: Shelf, *, is_drawing: bool) -> None:
    """One shelf: its top for whom that is enough, the whole of it for the others."""
    board, pairs = scorer.board, shelf.pairs
    shelf_top = top(board, shelf.code)
    if shelf_top is None or 2 * pools.keys.shape[1] > len(shelf_top.best):
        _look_at(pools, scorer, before, whole(board, shelf.code), pairs, is_drawing=is_drawing)
        return
    everybody = np.arange(pairs.start, pairs.stop)
    simple = everybody[before.only_wish[pairs]]
    _look_at(pools, scorer, before, shelf_top.best, simple, is_drawing=False)
    is_served = np.zeros(len(everybody), np.bool_)
    is_served[simple - pairs.start] = pools.is_cut[before.slots[simple]]
    if is_drawing:
        _look_for_new(pools, scorer, before, shelf_top.new, everybody[is_served])
    rest = everybody[~is_served]
    if len(rest):
        _look_at(pools, scorer, before, whole(board, shelf.code), rest, is_drawing=is_drawing)


def _look_at(
    pools: Pools, scorer: Scorer, before: _Before, part: Part, pairs: slice | Integers, *, is_drawing: bool
) -> None:
    """Score rows and keep the best, for a few people at a time."""
    rows = part.rows
    with _standing(scorer, part):
        for some, tastes, where in _some(before, pairs, len(part)):
            fits = fitting(some, rows, part.prefecture)
            _take_away(fits, some, scorer.positions)
            keys = points_of(scorer, some, tastes, rows) - rows.ties
            keys[~fits] = -np.inf
            _keep_best(pools, where, keys, part.numbers)
            if is_drawing:
                new = np.flatnonzero(rows.is_new & rows.is_main)
                _draw(pools, where, fits[:, new], some, rows.ids[new], part.numbers[new])


def _look_for_new(pools: Pools, scorer: Scorer, before: _Before, part: Part, pairs: Integers) -> None:
    """Only draw a job, for whom the best are known."""
    with _standing(scorer, part):
        for some, _, where in _some(before, pairs, len(part)):
            fits = fitting(some, part.rows, part.prefecture)
            _take_away(fits, some, scorer.positions)
            _draw(pools, where, fits, some, part.rows.ids, part.numbers)


@contextmanager
def _standing(scorer: Scorer, part: Part) -> Iterator[None]:
    """Meanwhile `scorer.positions` says where jobs stand among these rows."""
    rows, positions = part.rows, scorer.positions
    numbers = np.arange(len(rows), dtype=np.int32)
    positions[rows.jobs] = numbers
    if part.prefecture is None:  # of a job's several rows the main one is looked at
        positions[rows.jobs[rows.is_main]] = numbers[rows.is_main]
    yield
    positions[rows.jobs] = -1


def _some(before: _Before, pairs: slice | Integers, width: int) -> Iterator[tuple[Crowd, Tastes, Integers]]:
    """A few pairs at a time; of a slice without copying."""
    step = max(1, CELLS_AT_ONCE // max(width, 1))
    count = pairs.stop - pairs.start if isinstance(pairs, slice) else len(pairs)
    for at in range(0, count, step):
        if isinstance(pairs, slice):
            some: slice | Integers = slice(pairs.start + at, min(pairs.start + at + step, pairs.stop))
        else:
            some = pairs[at : at + step]
        yield before.crowd.part(some), before.tastes.part(some), before.slots[some]


def _take_away(fits: Bools, some: Crowd, positions: npt.NDArray[np.int32]) -> None:
    """What must not be shown to each."""
    if not some.excluded.shape[1]:
        return
    at = np.where(some.excluded == NOTHING, -1, positions[some.excluded])
    person, which = np.nonzero(at >= 0)
    fits[person, at[person, which]] = False


def _keep_best(pools: Pools, where: Integers, keys: Keys, numbers: Integers) -> None:
    size, width = pools.keys.shape[1], keys.shape[1]
    if width <= size:
        pools.keys[where, :width] = keys
        pools.rows[where, :width] = numbers
        return
    best = np.argpartition(keys, width - size, axis=1)[:, width - size :]
    kept = np.take_along_axis(keys, best, axis=1)
    pools.keys[where] = kept
    pools.rows[where] = numbers[best]
    pools.is_cut[where] = kept.min(axis=1) > -np.inf


def _draw(pools: Pools, where: Integers, fits: Bools, some: Crowd, ids: Integers, numbers: Integers) -> None:
    """A lot for each new job that fits; the highest is kept. At its main place only, so each has one lot.

    Shapes: m people, n new jobs: fits (m, n), ids and numbers on the board (n,).
    """
    if not len(ids):
        return
    lots = mixed(some.seeds[:, None] + ids.astype(np.uint64) * _MIX[0])
    lots |= np.uint64(1)
    lots[~fits] = 0
    best = lots.argmax(axis=1)
    highest = lots[np.arange(len(lots)), best]
    pools.lots[where] = highest
    pools.drawn[where] = np.where(highest > 0, numbers[best], -1)
    pools.drawn_from[where] = (lots > 0).sum(axis=1)


def mixed(numbers: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    """Numbers that look drawn by chance, the same for the same ones everywhere (splitmix64)."""
    numbers = (numbers ^ numbers >> np.uint64(30)) * _MIX[1]
    numbers = (numbers ^ numbers >> np.uint64(27)) * _MIX[2]
    return np.asarray(numbers ^ numbers >> np.uint64(31))
