"""How many points each row has for each person, and whether it may be shown at all."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.recommend.board import Board, Bools, Floats, Rows
from app.recommend.crowd import NOTHING, Crowd
from app.recommend.folding import FoldingIn, fold_content, fold_factors
from app.recommend.openings import Integers
from app.recommend.rules import EMPLOYER_HIDDEN, OCCUPATION_HIDDEN, PLACE_HIDDEN

GRAIN = 2.0**-14
"""Products of vectors are rounded to it: a library adds in another order for one person than for many, and two
jobs that say the same must not differ by that."""
FOLDED_AT_ONCE = 1_000
"""People whose histories are folded in together: their jobs' factors stay in the cache."""


@dataclass(frozen=True, eq=False)
class Tastes:
    """What people's histories say, in the board's terms."""

    vectors: Floats
    """(m, d) what a row's vector is multiplied by."""
    has_history: Bools

    def part(self, which: slice | Integers) -> "Tastes":
        """Those of some people; a slice copies nothing."""
        return Tastes(self.vectors[which], self.has_history[which])


@dataclass(frozen=True, eq=False)
class Scorer:
    """A board with what is laid beside it for scoring; `positions` is written on, so one thread at a time."""

    board: Board
    folding: FoldingIn
    positions: npt.NDArray[np.int32]
    """(openings + 1,) where a job stands on the shelf that is looked at now; -1: not there."""


def scorer_of(board: Board, folding: FoldingIn) -> Scorer:
    """Prepare a board."""
    return Scorer(board, folding, np.full(len(board.openings) + 1, -1, np.int32))


def tastes_of(scorer: Scorer, crowd: Crowd) -> Tastes:
    """Fold in everybody who did something; the others have zeros."""
    board = scorer.board
    has_history: Bools = np.asarray((crowd.strengths > 0).any(axis=1))
    vectors = np.zeros((len(crowd), board.rows.vectors.shape[1]), np.float32)
    coefficients = board.signals.coefficients()
    of_factors, of_content = np.float32(coefficients["als"]), np.float32(coefficients["content"])
    with_history = np.flatnonzero(has_history)
    for at in range(0, len(with_history), FOLDED_AT_ONCE):
        who = with_history[at : at + FOLDED_AT_ONCE]
        history, strengths = crowd.history[who], crowd.strengths[who]
        vectors[who, : board.factor_share] = fold_factors(scorer.folding, history, strengths) * of_factors
        vectors[who, board.factor_share :] = fold_content(scorer.folding, history, strengths) * of_content
    return Tastes(vectors, has_history)


def static_points(rows: Rows) -> Floats:
    """(w,) what each row has for everybody."""
    return rows.fresh + rows.popular


def only_wish(crowd: Crowd, tastes: Tastes) -> Bools:
    """(m,) people for whom every row has just its static points."""
    says_more = tastes.has_history | crowd.leanings.any(axis=1)
    for lists in (crowd.hidden_employers, crowd.hidden_occupations, crowd.hidden_places):
        says_more |= (lists != NOTHING).any(axis=1)
    return ~says_more


def points_of(scorer: Scorer, crowd: Crowd, tastes: Tastes, rows: Rows) -> Floats:
    """Scores of rows: (m, w). `scorer.positions` must be of these rows."""
    points = np.empty((len(crowd), len(rows)), np.float32)
    points[:] = static_points(rows)
    seen_something = np.flatnonzero(tastes.has_history)
    if len(seen_something):
        products: Floats = np.asarray(
            (tastes.vectors[seen_something] * np.float32(1 / GRAIN)) @ rows.vectors.T, np.float32
        )
        np.rint(products, out=products)
        products *= np.float32(GRAIN)
        _add_neighbours(products, scorer, crowd, seen_something)
        points[seen_something] += products
    if crowd.leanings.any():
        points += crowd.leanings @ rows.carries.T
    _add_feedback(points, crowd, rows)
    return points


def _add_neighbours(points: Floats, scorer: Scorer, crowd: Crowd, people: Integers) -> None:
    """Each job of a history gives points to its neighbours that stand on this shelf; a row for each of `people`."""
    board, width = scorer.board, points.shape[1]
    if not board.neighbours.shape[1]:
        return
    history = crowd.history[people]
    at = scorer.positions[board.neighbours[history]]
    person, seen, which = np.nonzero(at >= 0)
    weights = board.neighbour_weights[history[person, seen], which] * crowd.strengths[people[person], seen]
    sums = np.bincount(person * width + at[person, seen, which], weights, minlength=points.size)
    points += sums.reshape(points.shape).astype(np.float32)


def feedback_pairs(some: Crowd, rows: Rows) -> Iterator[tuple[Integers, Integers, np.float32]]:
    """What is compared, and the points of each match: a column of the people's lists, a column of the rows."""
    for lists, places, points in (
        (some.hidden_employers, (rows.employers,), EMPLOYER_HIDDEN),
        (some.hidden_occupations, (rows.occupations,), OCCUPATION_HIDDEN),
        (some.hidden_places, (rows.all_cities, rows.all_parents, rows.homes), PLACE_HIDDEN),
    ):
        for column in lists.T:
            if (column != NOTHING).any():
                yield from ((column, place, np.float32(points)) for place in places)


def _add_feedback(points: Floats, some: Crowd, rows: Rows) -> None:
    """Every hidden job of the same employer, of this occupation or at this place takes points away."""
    for column, place, each in feedback_pairs(some, rows):
        who = np.flatnonzero(column != NOTHING)
        points[who] += each * (column[who, None] == place)
