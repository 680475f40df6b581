"""The exact best jobs for a block of people; one person in chat is a block of one.

No approximation: whoever compares everybody with every job gets the same lists (tests/recommend/oracle.py).
Where fewer jobs fit than were asked for, wishes are widened step by step and only for those people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.jobs.rules import JobWishes
from app.recommend.board import Bools
from app.recommend.crowd import Crowd, crowd_of
from app.recommend.lists import NONE, Lists, merged, no_lists, with_drawn
from app.recommend.openings import Integers
from app.recommend.points import Scorer, Tastes, tastes_of
from app.recommend.pools import pools_of
from app.recommend.ports import Seeker
from app.recommend.rules import POOL, widened
from app.recommend.tallies import Tallies, tallies_of

DEEPER = 8
"""So many times larger is the pool for those whom the first one cut short."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """Lists of a block of people, with what each place is made of."""

    rows: Integers
    """(m, count) rows of the board, NONE fills up."""
    is_drawn: Bools
    """(m, count) drawn by chance."""
    drawn_from: Integers
    """(m,) out of how many."""
    tallies: Tallies


def choose(scorer: Scorer, seekers: Sequence[Seeker], count: int) -> Chosen:
    """The best `count` rows for each; fewer where even widened wishes leave fewer."""
    crowd = crowd_of(scorer.board, seekers)
    tastes = tastes_of(scorer, crowd)
    if not len(scorer.board.rows):
        return _nothing(scorer, crowd, tastes, count)
    lists = _lists(scorer, crowd, tastes, count)
    rows = _filled_up(scorer, seekers, tastes, lists.rows)
    rows, is_drawn = with_drawn(scorer.board, replace(lists, rows=rows))
    return Chosen(rows, is_drawn, lists.drawn_from, tallies_of(scorer, crowd, tastes, rows))


def _nothing(scorer: Scorer, crowd: Crowd, tastes: Tastes, count: int) -> Chosen:
    """While no job is open."""
    lists = no_lists(len(crowd), count)
    no_place = np.zeros(lists.rows.shape, np.bool_)
    return Chosen(lists.rows, no_place, lists.drawn_from, tallies_of(scorer, crowd, tastes, lists.rows))


def _lists(
    scorer: Scorer,
    crowd: Crowd,
    tastes: Tastes,
    count: int,
    taken: Integers | None = None,
    pool: int = POOL,
) -> Lists:
    """Lists by these wishes; those that the pool cut short are made again with a larger one."""
    is_first = taken is None and pool == POOL
    if taken is None:
        taken = np.empty((len(crowd), 0), np.int64)
    pools = pools_of(scorer, crowd, tastes, max(pool, count), is_drawing=is_first)
    lists = merged(scorer.board, pools, len(crowd), count, taken)
    again = np.flatnonzero(lists.is_short_cut)
    if len(again):
        some = crowd.part(again), tastes.part(again)
        lists.rows[again] = _lists(scorer, *some, count, taken[again], pool * DEEPER).rows
    return lists


def _filled_up(scorer: Scorer, seekers: Sequence[Seeker], tastes: Tastes, rows: Integers) -> Integers:
    """Short lists go on with jobs that meet widened wishes, each step's after those of the step before."""
    rows, count = rows.copy(), rows.shape[1]
    steps = {n: widened(seekers[n].wishes) for n in np.flatnonzero(rows[:, -1] == NONE).tolist()}
    while steps:
        wider = {n: wishes for n, step in steps.items() if (wishes := next(step, None)) is not None}
        who = np.array(list(wider), np.int64)
        asking = [_going_on(scorer, seekers[n], wishes, rows[n]) for n, wishes in wider.items()]
        if asking:
            taken = np.where(rows[who] == NONE, NONE, scorer.board.rows.employers[rows[who]])
            more = _lists(scorer, crowd_of(scorer.board, asking), tastes.part(who), count, taken).rows
            rows[who] = [_appended(*both) for both in zip(rows[who], more, strict=True)]
        steps = {n: steps[n] for n in wider if rows[n, -1] == NONE}
    return rows


def _going_on(scorer: Scorer, seeker: Seeker, wishes: JobWishes, rows: Integers) -> Seeker:
    """The same person with wider wishes, and without what they have been given already."""
    board = scorer.board
    given = board.openings.job_ids[board.rows.jobs[rows[rows != NONE]]].tolist()
    return replace(seeker, wishes=wishes, excluded=seeker.excluded.union(given))


def _appended(mine: Integers, more: Integers) -> Integers:
    both: Integers = np.concatenate([mine[mine != NONE], more])
    return both[: len(mine)]
