"""What a list of ten is worth, and how sure one can be of a mean."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.recommend.fitting.trial import TOP, ideal_gain
from app.recommend.signals import Floats, Integers

RESAMPLES = 2_000
_SHARES = 1 / np.log2(np.arange(2, TOP + 2))


@dataclass(frozen=True)
class Interval:
    """A mean over members and where it lies with 95 % confidence, had other members been asked."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one way of choosing gave each of p members."""

    recall: Floats
    """(p,) the share of held-out jobs that are among the ten."""
    ndcg: Floats
    """(p,) the same, but a place at the top counts more; 1: as good as possible."""
    shown: Integers
    """(n,) how often each job is among somebody's ten."""


def gains(hits: npt.NDArray[np.bool_], relevant: Integers) -> tuple[Floats, Floats]:
    """(recall@10, nDCG@10) of members: whether each of ten places is a held-out job (p, 10), and how many there are."""
    shares = _SHARES[: hits.shape[1]]
    return hits.sum(axis=1) / relevant, (hits * shares).sum(axis=1) / ideal_gain(relevant)


def intervals(columns: Sequence[Floats], seed: int) -> list[Interval]:
    """Of each column (p,): its mean, and 2.5 % and 97.5 % of the means of resampled members.

    All columns are of the same resampled members, so that a column of differences is a paired comparison.
    """
    values, random = np.stack(columns, axis=1), np.random.default_rng(seed)
    members = len(values)
    means = []
    for _ in range(RESAMPLES):  # one by one: members may be a million
        counts = np.bincount(random.integers(members, size=members), minlength=members)
        means.append(counts @ values / members)
    low, high = np.quantile(np.stack(means), (0.025, 0.975), axis=0)
    return [
        Interval(float(mean), float(least), float(most))
        for mean, least, most in zip(values.mean(axis=0), low, high, strict=True)
    ]
