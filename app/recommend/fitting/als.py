"""Factors of jobs by alternating least squares on what people did (implicit feedback)."""

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from app.recommend.fitting.pairs import Pairs, usual_strength
from app.recommend.folding import confidences
from app.recommend.signals import Floats

FACTORS = 128
ITERATIONS = 15
REGULARISATION = 0.1
CONFIDENCE = 10.0
"""In a pair of the usual strength; a pair that is not there has 1."""


def fit_factors(pairs: Pairs, *, factors: int = FACTORS, seed: int, threads: int = 0) -> tuple[Floats, float]:
    """(jobs, d) float32, zeros where a job has no pair, and alpha: the confidence in a strength of 1."""
    alpha = CONFIDENCE / usual_strength(pairs)
    matrix = pairs.matrix()
    matrix.data = np.asarray(confidences(matrix.data, alpha), np.float32)
    with threadpool_limits(1, "blas"):  # implicit has threads of its own, both kinds are slower than either
        model = AlternatingLeastSquares(
            factors=factors,
            regularization=REGULARISATION,
            alpha=1.0,
            iterations=ITERATIONS,
            random_state=seed,
            num_threads=threads,
            calculate_training_loss=False,
        )
        model.fit(csr_matrix(matrix), show_progress=False)
    found = np.array(model.item_factors, np.float32)
    found[np.bincount(pairs.jobs, minlength=pairs.shape[1]) == 0] = 0
    return found, alpha


def gram_of(factors: Floats) -> Floats:
    """factorsᵀ · factors in 32 bits."""
    return np.asarray(factors.T @ factors, "<f4")
