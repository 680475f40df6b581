"""Pairs as histories: what scoring is given of each person."""

from collections.abc import Iterator

import numpy as np

from app.recommend.fitting.pairs import Pairs
from app.recommend.signals import Floats, Integers

LONGEST = 200
"""Pairs of one person that are looked at, the newest."""
_CELLS = 5_000_000
"""Of one block's scores, persons × jobs: 20 MB for each signal."""


class Histories:
    """Pairs sorted by person, the newest last."""

    def __init__(self, pairs: Pairs) -> None:
        order = np.lexsort((np.nan_to_num(pairs.days), pairs.persons))
        self._jobs, self._strengths = pairs.jobs[order], pairs.strengths[order]
        counts = np.bincount(pairs.persons, minlength=pairs.shape[0])
        self._ends = np.cumsum(counts)
        self._starts = np.maximum(self._ends - counts, self._ends - LONGEST)
        self._jobs_there = pairs.shape[1]

    def blocks(self, persons: Integers) -> Iterator[tuple[Integers, Integers, Floats]]:
        """(which of `persons`, their rows of jobs (B, H), strengths (B, H)): people with like many pairs together."""
        lengths = (self._ends - self._starts)[persons]
        order = np.argsort(lengths, kind="stable")
        size = max(1, min(500, _CELLS // max(self._jobs_there, 1)))
        for at in range(0, len(order), size):
            chosen = order[at : at + size]
            yield (chosen, *self._of(persons[chosen], int(lengths[chosen].max(initial=0))))

    def _of(self, persons: Integers, longest: int) -> tuple[Integers, Floats]:
        places = self._starts[persons][:, None] + np.arange(longest)
        is_there = places < self._ends[persons][:, None]
        places = np.where(is_there, places, 0)
        jobs = np.where(is_there, self._jobs[places] if len(self._jobs) else -1, -1)
        strengths = np.where(is_there, self._strengths[places] if len(self._jobs) else 0, 0)
        return jobs, np.asarray(strengths, np.float32)


def without_seen(scores: Floats, history: Integers) -> Floats:
    """The same array (B, n), with jobs of the history below every other."""
    persons, places = np.nonzero(history >= 0)
    scores[persons, history[persons, places]] = -np.inf
    return scores
