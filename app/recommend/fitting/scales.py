"""What counts as 1 in each signal: fixed for a model, so that a score needs no second look at all jobs.

Dividing by each member's own best job instead is no better (docs/fitting.md), and needs a second pass.
"""

from collections.abc import Mapping

import numpy as np

from app.recommend.dense import Dense, raw_parts
from app.recommend.fitting.histories import Histories, without_seen
from app.recommend.signals import ALS, CONTENT, KNN, PARTS, Integers

SAMPLE = 1_000
_SMALLEST = 1e-6


def fit_scales(model: Dense, histories: Histories, persons: Integers) -> dict[str, float]:
    """For each of PARTS half of these persons' best unseen jobs have more; popularity and freshness have 1."""
    best: Mapping[str, list[float]] = {ALS: [], KNN: [], CONTENT: []}
    for _, history, strengths in histories.blocks(persons):
        parts = raw_parts(model, history, strengths)
        for name, found in best.items():
            found.extend(without_seen(parts[name], history).max(axis=1, initial=-np.inf).tolist())
    scales = dict.fromkeys(PARTS, 1.0)
    for name, found in best.items():
        above = [value for value in found if _SMALLEST < value < np.inf]
        scales[name] = float(np.median(above)) if above else 1.0
    return scales
