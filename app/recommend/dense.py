"""Every job's points for every member, without conditions: for weighing, evaluation and as the tests' oracle."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from app.recommend.folding import FoldingIn, fold_content, fold_factors, folding_in
from app.recommend.signals import ALS, CONTENT, FRESH, KNN, POPULAR, Floats, Integers, Signals


@dataclass(frozen=True, eq=False)
class Dense:
    """A model prepared for scoring all its jobs at once."""

    signals: Signals
    folding: FoldingIn
    similar: csr_array
    """(n, n) neighbours of each job."""
    fresh: Floats
    """(n,) exp(-age / 14 days); zeros where ages are not known."""


def dense(signals: Signals, fresh: Floats | None = None) -> Dense:
    """Prepare a model; n × K more memory than the model itself."""
    n = len(signals)
    similar = _as_matrix(signals.neighbours, signals.neighbour_weights, (n, n))
    return Dense(signals, folding_in(signals), similar, np.zeros(n, np.float32) if fresh is None else fresh)


def raw_parts(model: Dense, history: Integers, strengths: Floats) -> dict[str, Floats]:
    """What each signal says of each job for each member: (B, H) rows and strengths -> (B, n) float32 each."""
    size = (len(history), len(model.signals))
    return {
        ALS: fold_factors(model.folding, history, strengths) @ model.folding.factors.T,
        KNN: neighbour_points(model.similar, history, strengths),
        CONTENT: fold_content(model.folding, history, strengths) @ model.folding.content.T,
        POPULAR: np.broadcast_to(model.signals.popularity, size),
        FRESH: np.broadcast_to(model.fresh, size),
    }


def neighbour_points(similar: csr_array, history: Integers, strengths: Floats) -> Floats:
    """How similar each job is to those of each history, by strength: (n, n), (B, H) twice -> (B, n)."""
    wanted = _as_matrix(history, strengths, (len(history), similar.shape[0]))
    return np.asarray((wanted @ similar).toarray())


def blended(model: Dense, parts: Mapping[str, Floats]) -> Floats:
    """The score of each job, without what only a conversation knows (answers, feedback): (B, n) float32."""
    coefficients = model.signals.coefficients()
    return np.asarray(sum(np.float32(coefficients[name]) * part for name, part in parts.items()))


def _as_matrix(rows: Integers, values: Floats, shape: tuple[int, int]) -> csr_array:
    """A table of rows, -1 where there is none, as a sparse matrix."""
    is_there = rows >= 0
    ends = np.concatenate([[0], np.cumsum(is_there.sum(axis=1))])
    return csr_array((values[is_there].astype(np.float32), rows[is_there], ends), shape=shape)
