"""From words of jobs to a few dimensions: TF-IDF, then a truncated singular value decomposition."""

import numpy as np
from scipy.sparse import csr_array

from app.recommend.contents import projected, weighed
from app.recommend.signals import Floats

BUCKETS = 1 << 15
DIMENSIONS, DIMENSIONS_OF_MANY, MANY_JOBS = 128, 64, 50_000
"""Rare words are told apart in more dimensions; with many jobs the model file would grow past its size."""
_SPARE = 16
_ROUNDS = 4


def rarity(words: csr_array) -> Floats:
    """(F,) float32: the smoothed inverse document frequency; 0 for what a single job says: it likens nothing."""
    jobs = np.bincount(words.indices, minlength=words.shape[1])
    return np.where(jobs > 1, np.log((1 + words.shape[0]) / (1 + jobs)) + 1, 0).astype("<f4")


def fit_content(words: csr_array, *, seed: int) -> tuple[Floats, Floats, Floats]:
    """idf (F,), components (F, c) and content (n, c) of these jobs. c is smaller where there are few words."""
    idf = rarity(words)
    dimensions = DIMENSIONS if words.shape[0] <= MANY_JOBS else DIMENSIONS_OF_MANY
    components = _components(weighed(words, idf), dimensions, np.random.default_rng(seed)).astype("<f2")
    return idf, components, projected(words, idf, components).astype("<f2")


def _components(weights: csr_array, dimensions: int, random: np.random.Generator) -> Floats:
    """Right singular vectors by random projection with power iterations (Halko, Martinsson, Tropp 2011)."""
    most = min(dimensions, *weights.shape)
    if not most or not weights.nnz:
        return np.zeros((weights.shape[1], 0), np.float32)
    basis = random.standard_normal((weights.shape[1], min(most + _SPARE, *weights.shape))).astype(np.float32)
    for _ in range(_ROUNDS):
        basis = np.linalg.qr(weights.T @ np.linalg.qr(weights @ basis)[0])[0]
    _, _, right = np.linalg.svd(weights @ basis, full_matrices=False)
    return np.asarray(basis @ right[:most].T, np.float32)
