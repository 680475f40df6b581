"""From pools to lists: shelves are merged, twins folded, employers capped, a place is left to chance."""

from dataclasses import dataclass

import numpy as np

from app.recommend.board import Board, Bools
from app.recommend.openings import Integers
from app.recommend.pools import Pools
from app.recommend.rules import EXPLORED_PLACE, PER_EMPLOYER

NONE = -1


@dataclass(frozen=True, eq=False)
class Lists:
    """Chosen rows of the board, best first. Shapes: m people, `count` places; NONE fills up."""

    rows: Integers
    """(m, count)"""
    is_short_cut: Bools
    """(m,) too few were found among candidates that were not all: look again with a larger pool."""
    drawn: Integers
    """(m,) a new job drawn by chance, NONE: none."""
    drawn_from: Integers
    """(m,) out of how many."""


def no_lists(people: int, count: int) -> Lists:
    """Nothing for anybody."""
    nobody = np.full(people, NONE, np.int64)
    rows = np.full((people, count), NONE, np.int32)
    return Lists(rows, np.zeros(people, np.bool_), nobody, np.zeros_like(nobody))


def merged(board: Board, pools: Pools, people: int, count: int, taken: Integers) -> Lists:
    """Each person's best `count` rows over all their shelves.

    `taken`: (m, ·) employers whose jobs the person has already been given elsewhere, NONE fills up.
    """
    rows = np.full((people, count), NONE, np.int32)
    is_short_cut = np.zeros(people, np.bool_)
    starts = np.searchsorted(pools.people, np.arange(people + 1))
    shelves = np.diff(starts)
    for number in np.unique(shelves[shelves > 0]):
        who = np.flatnonzero(shelves == number)
        pairs = (starts[who, None] + np.arange(number)).ravel()
        ordered, is_cut = _best_of_all(pools, pairs, len(who))
        kept = _kept(board, ordered, taken[who], count)
        rows[who] = _first(ordered, kept, count)
        is_short_cut[who] = is_cut & (kept.sum(axis=1) < count)
    return Lists(rows, is_short_cut, *_drawn(pools, starts, shelves))


def _best_of_all(pools: Pools, pairs: Integers, people: int) -> tuple[Integers, Bools]:
    """(people, pool) rows by falling key, NONE behind the last; and whether there may be more."""
    size = pools.keys.shape[1]
    keys, rows = pools.keys[pairs].reshape(people, -1), pools.rows[pairs].reshape(people, -1)
    is_cut: Bools = np.asarray(pools.is_cut[pairs].reshape(people, -1).any(axis=1))
    if keys.shape[1] > size:
        is_cut |= (keys > -np.inf).sum(axis=1) > size
        best = np.argpartition(keys, keys.shape[1] - size, axis=1)[:, -size:]
        keys, rows = np.take_along_axis(keys, best, axis=1), np.take_along_axis(rows, best, axis=1)
    order = np.argsort(-keys, axis=1)
    keys, rows = np.take_along_axis(keys, order, axis=1), np.take_along_axis(rows, order, axis=1)
    return np.where(keys > -np.inf, rows, NONE), is_cut


def _kept(board: Board, ordered: Integers, taken: Integers, count: int) -> Bools:
    """Which of them stay: no vacancy twice, and few of an employer; looked at until everybody has `count`."""
    folds = board.openings.folds[board.rows.jobs[ordered]]
    employers = board.rows.employers[ordered]
    kept: Bools = ordered != NONE
    found = np.zeros(len(ordered), np.int64)
    for place in range(ordered.shape[1]):
        before = slice(0, place)
        is_twin = (kept[:, before] & (folds[:, before] == folds[:, place, None])).any(axis=1)
        same = kept[:, before] & (employers[:, before] == employers[:, place, None])
        already = (taken == employers[:, place, None]).sum(axis=1)
        kept[:, place] &= ~is_twin & (same.sum(axis=1) + already < PER_EMPLOYER)
        found += kept[:, place]
        if found.min() >= count:
            break
    return kept


def _first(ordered: Integers, kept: Bools, count: int) -> Integers:
    """(m, count) the first that stay."""
    places = np.cumsum(kept, axis=1) - 1
    person, which = np.nonzero(kept & (places < count))
    rows = np.full((len(ordered), count), NONE, np.int32)
    rows[person, places[person, which]] = ordered[person, which]
    return rows


def _drawn(pools: Pools, starts: Integers, shelves: Integers) -> tuple[Integers, Integers]:
    """The highest lot of all shelves of each person, and how many took part."""
    drawn, drawn_from = np.full(len(shelves), NONE, np.int64), np.zeros(len(shelves), np.int64)
    if not len(pools.people):
        return drawn, drawn_from
    np.add.at(drawn_from, pools.people, pools.drawn_from)
    by_lot = np.lexsort((pools.lots, pools.people))
    last = by_lot[starts[1:][shelves > 0] - 1]
    drawn[shelves > 0] = pools.drawn[last]
    return drawn, drawn_from


def with_drawn(board: Board, lists: Lists) -> tuple[Integers, Bools]:
    """The rows with the drawn job at EXPLORED_PLACE, where there is one that the list may take: and where it is.

    Shapes: (m, count) rows, (m, count) whether a row was drawn. The list's last job gives way.
    """
    rows, count = lists.rows, lists.rows.shape[1]
    is_drawn = np.zeros(rows.shape, np.bool_)
    place = EXPLORED_PLACE - 1
    if count <= place:
        return rows, is_drawn
    who = np.flatnonzero((lists.drawn != NONE) & (rows[:, place] != NONE))
    staying, drawn = rows[who][:, : count - 1], lists.drawn[who]
    folds, jobs = board.openings.folds, board.rows.jobs
    is_there = (folds[jobs[rows[who]]] == folds[jobs[drawn], None]) & (rows[who] != NONE)
    same = (board.rows.employers[staying] == board.rows.employers[drawn, None]) & (staying != NONE)
    free = ~is_there.any(axis=1) & (same.sum(axis=1) < PER_EMPLOYER)
    who, staying, drawn = who[free], staying[free], drawn[free]
    explored = rows.copy()
    explored[who] = np.hstack([staying[:, :place], drawn[:, None], staying[:, place:]])
    is_drawn[who, place] = True
    return explored, is_drawn
