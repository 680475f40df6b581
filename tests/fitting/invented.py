"""Invented signals and people: numbers from a seed, no real board."""

from dataclasses import replace
from typing import Any

import numpy as np

from app.recommend.signals import PARTS, Signals


def make_signals(
    n: int = 40, d: int = 8, neighbours: int = 5, c: int = 6, *, seed: int = 1, **changes: Any
) -> Signals:
    """A valid model of n jobs with the ids 10, 13, 16 …"""
    random = np.random.default_rng(seed)
    factors = random.normal(0, 0.3, (n, d)).astype("<f2")
    wide = factors.astype("<f4")
    rows = np.argsort(random.random((n, n)), axis=1)[:, :neighbours].astype("<i4")
    content = random.normal(size=(n, c))
    made = Signals(
        job_ids=np.arange(10, 10 + 3 * n, 3, dtype="<i8"),
        factors=factors,
        gram=(wide.T @ wide).astype("<f4"),
        neighbours=rows,
        neighbour_weights=-np.sort(-random.random((n, neighbours)), axis=1).astype("<f2"),
        popularity=random.random(n).astype("<f4"),
        content=(content / np.linalg.norm(content, axis=1, keepdims=True)).astype("<f2"),
        idf=(random.random(64) + 1).astype("<f4"),
        components=random.normal(size=(64, c)).astype("<f2"),
        projection=random.normal(0, 0.1, (c, d)).astype("<f4"),
        scales=dict.fromkeys(PARTS, 1.0),
        weights={"als": 1.0, "knn": 0.5, "content": 0.3, "popular": 0.02, "fresh": 0.1},
        alpha=10.0,
        regularisation=0.1,
    )
    return replace(made, **changes)
