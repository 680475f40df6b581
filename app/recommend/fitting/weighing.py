"""How much each signal counts, and how far rare jobs lean on their content: what would have done best lately.

A part of the pairs is held out, the signals are fitted to the rest, and those weights are taken that put the
held-out jobs highest. With too few people to tell, the usual weights stand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from app.recommend.fitting.borrowing import LEANINGS
from app.recommend.fitting.trial import Trial
from app.recommend.signals import ALS, CONTENT, FRESH, KNN, PARTS, POPULAR, Floats

USUAL_WEIGHTS: Mapping[str, float] = {ALS: 0.5, KNN: 0.25, CONTENT: 1.0, POPULAR: 0.02, FRESH: 0.1}
"""Of a board that is too young for a trial, where most jobs are new to everybody."""
ENOUGH_PEOPLE = 200
"""With fewer, the best weights of a trial are mostly luck."""
BEST = 15
"""So many of the best combinations are averaged: the very best one is partly luck."""
_STEPS = (0.0, 0.1, 0.25, 0.5, 1.0)
_POPULARITIES = (0.0, 0.01, 0.05)
_FRESHNESSES = (0.0, 0.2)


@dataclass(frozen=True)
class Weighing:
    """What was chosen, and how well its best combination did on held-out pairs (nDCG@10)."""

    weights: Mapping[str, float]
    leaning: float
    gain: float | None
    """None: the usual weights, without a trial."""


USUAL = Weighing(USUAL_WEIGHTS, LEANINGS[1], None)


def leaned(leaning: float) -> str:
    """The name of the ALS signal when rare jobs lean so far."""
    return f"{ALS} {leaning:g}"


TRIED = (*(leaned(each) for each in LEANINGS), KNN, CONTENT, POPULAR, FRESH)
"""The signals of a trial: ALS once for each leaning."""


def weigh(trial: Trial) -> Weighing:
    """The mean of the best combinations that share the best one's leaning."""
    knows_ages = bool(np.nanmax(trial.values[..., TRIED.index(FRESH)], initial=0) > 0)
    tried = [
        (trial.gain(_in_order(weights, leaning)), leaning, weights)
        for leaning in LEANINGS
        for weights in _combinations(_FRESHNESSES if knows_ages else (0.0,))
    ]
    tried.sort(key=lambda each: -each[0])
    gain, leaning, _ = tried[0]
    best = [weights for _, each, weights in tried if each == leaning][:BEST]
    return Weighing(
        {part: float(np.mean([weights[part] for weights in best])) for part in PARTS}, leaning, gain
    )


def _combinations(freshnesses: tuple[float, ...]) -> Iterator[dict[str, float]]:
    """Weights of which the greatest is 1."""
    for als, knn, content in product(_STEPS, repeat=3):
        if max(als, knn, content) == 1:
            for popular, fresh in product(_POPULARITIES, freshnesses):
                yield {ALS: als, KNN: knn, CONTENT: content, POPULAR: popular, FRESH: fresh}


def _in_order(weights: Mapping[str, float], leaning: float) -> Floats:
    by_name = {**weights, leaned(leaning): weights[ALS]}
    return np.array([by_name.get(name, 0.0) for name in TRIED], np.float32)
