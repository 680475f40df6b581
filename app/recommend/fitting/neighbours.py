"""Jobs that the same people looked at: the nearest by BM25."""

import warnings

import numpy as np
from implicit.nearest_neighbours import BM25Recommender
from implicit.utils import ParameterWarning
from scipy.sparse import csr_array, csr_matrix

from app.recommend.fitting.pairs import Pairs, usual_strength
from app.recommend.signals import Floats, Integers

NEIGHBOURS = 30
"""As good as 100 where other signals are beside it, and a third of the file (docs/fitting.md)."""


def fit_neighbours(pairs: Pairs, *, neighbours: int = NEIGHBOURS, threads: int = 0) -> csr_array:
    """(jobs, jobs) float32 with at most so many others a row, not the job itself."""
    model = BM25Recommender(K=neighbours + 1, num_threads=threads)
    with warnings.catch_warnings():  # it turns the rows that it made itself, and says so
        warnings.simplefilter("ignore", ParameterWarning)
        model.fit(csr_matrix(pairs.matrix() / usual_strength(pairs)), show_progress=False)
    found = csr_array(model.similarity.astype(np.float32))
    found.setdiag(0)
    found.eliminate_zeros()
    return found


def as_table(found: csr_array, neighbours: int) -> tuple[Integers, Floats]:
    """Rows (n, K) int32, the most similar first, -1 after the last, and their weights in 16 bits."""
    n = found.shape[0]
    width = min(neighbours, int(np.diff(found.indptr).max(initial=0)))
    rows = np.repeat(np.arange(n), np.diff(found.indptr))
    order = np.lexsort((found.indices, -found.data, rows))
    place = np.arange(len(order)) - found.indptr[rows]
    kept = place < width
    table, weights = np.full((n, width), -1, "<i4"), np.zeros((n, width), "<f2")
    at = rows[order][kept], place[kept]
    table[at] = found.indices[order][kept]
    weights[at] = found.data[order][kept] / max(float(found.data.max(initial=0)), 1e-30)
    return table, weights
