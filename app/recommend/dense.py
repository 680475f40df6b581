"""Every job's points for every member, without conditions: for weighing, evaluation and as the tests' oracle."""

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
    is_there = signals.neighbours >= 0
    ends = np.concatenate([[0], np.cumsum(is_there.sum(axis=1))])
    values = signals.neighbour_weights[is_there].astype(np.float32)
    n = len(signals)
    similar = csr_array((values, signals.neighbours[is_there], ends), shape=(n, n))
    return Dense(signals, folding_in(signals), similar, np.zeros(n, np.float32) if fresh is None else fresh)


def raw_parts(model: Dense, history: Integers, strengths: Floats) -> dict[str, Floats]:
    """What each signal says of each job for each member: (B, H) rows and strengths -> (B, n) float32 each."""
    size = (len(history), len(model.signals))
    return {
        ALS: fold_factors(model.folding, history, strengths) @ model.folding.factors.T,
        KNN: (_as_matrix(history, strengths, size) @ model.similar).toarray(),
        CONTENT: fold_content(model.folding, history, strengths) @ model.folding.content.T,
        POPULAR: np.broadcast_to(model.signals.popularity, size),
        FRESH: np.broadcast_to(model.fresh, size),
    }


def _as_matrix(history: Integers, strengths: Floats, shape: tuple[int, int]) -> csr_array:
    is_there = history >= 0
    ends = np.concatenate([[0], np.cumsum(is_there.sum(axis=1))])
    return csr_array((strengths[is_there].astype(np.float32), history[is_there], ends), shape=shape)
