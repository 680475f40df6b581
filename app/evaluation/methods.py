"""Ways of choosing jobs that are compared: each gives every job points for a block of members."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from app.evaluation.areas import AreaRanking
from app.evaluation.board import Board
from app.evaluation.splitting import Halves
from app.recommend.dense import blended, dense, neighbour_points, raw_parts
from app.recommend.fitting.fit import Fitted, freshness
from app.recommend.fitting.neighbours import fit_neighbours
from app.recommend.folding import fold_factors, folding_in
from app.recommend.signals import CONTENT, POPULAR, Floats, Integers

MANY_NEIGHBOURS = 100
"""Of the method that stands alone; the blend does with fewer."""
_TIE = 1e-9
"""Popularity orders the jobs that a method has nothing to say about."""


@dataclass(frozen=True)
class Method:
    """A way of choosing, as tables and plots name it."""

    key: str
    title: str


POPULARITY = Method("popularity", "Popularity")
NEIGHBOURS = Method("bm25", "BM25 neighbours")
FACTORS = Method("als", "ALS")
CONTENTS = Method("content", "Content")
PERSONAL_AREA = Method("area", "Popular where they look")
BLEND = Method("blend", "Goen's blend")
NATIONAL = Method("national", "One national list")
PREFECTURE = Method("prefecture", "Prefecture")
CITY = Method("city", "City, prefecture, all")

Scores = Callable[[Integers, Integers, Floats], Mapping[Method, Floats]]
"""From members (B,), their histories and strengths, (B, H) twice, to each method's points, (B, n)."""


def personal_scores(board: Board, halves: Halves, fitted: Fitted, *, threads: int = 0) -> Scores:
    """For members with a history: each signal alone, and all together."""
    model = dense(fitted.signals, freshness(board.opened, halves.today))
    plain = folding_in(fitted.plain)
    many = fit_neighbours(halves.train, neighbours=MANY_NEIGHBOURS, threads=threads)
    ranking = AreaRanking(board, halves) if board.knows_places else None

    def scores(members: Integers, history: Integers, strengths: Floats) -> Mapping[Method, Floats]:
        parts = raw_parts(model, history, strengths)
        popular = parts[POPULAR]
        found = {
            POPULARITY: np.array(popular),
            NEIGHBOURS: _filled(neighbour_points(many, history, strengths), popular),
            FACTORS: _filled(fold_factors(plain, history, strengths) @ plain.factors.T, popular),
            CONTENTS: _filled(parts[CONTENT], popular),
            BLEND: _filled(blended(model, parts), popular),
        }
        if ranking is not None:
            found[PERSONAL_AREA] = ranking.points(ranking.looked_at(history), narrowest=True)
        return found

    return scores


def _filled(points: Floats, popular: Floats) -> Floats:
    return np.where(points == 0, np.float32(_TIE) * popular, points)


def area_scores(board: Board, halves: Halves) -> Scores:
    """For members of whom only the area is known: that of the first held-out job, as if they had stated it."""
    ranking = AreaRanking(board, halves)

    def scores(members: Integers, history: Integers, strengths: Floats) -> Mapping[Method, Floats]:
        stated = ranking.stated(members)
        return {
            NATIONAL: ranking.points(np.full_like(stated, -1), narrowest=False),
            PREFECTURE: ranking.points(stated, narrowest=False),
            CITY: ranking.points(stated, narrowest=True),
        }

    return scores
