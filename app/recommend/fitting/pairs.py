"""What fitting learns from: pairs of a person and a job, each with a strength."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from app.recommend.signals import Floats, Integers


@dataclass(frozen=True, eq=False)
class Pairs:
    """p pairs, each person and job together at most once; persons and jobs are counted from 0."""

    persons: Integers
    """(p,)"""
    jobs: Integers
    """(p,)"""
    strengths: Floats
    """(p,) above 0."""
    days: Floats
    """(p,) when the person last did something with the job, in days since any day; NaN: unknown."""
    shape: tuple[int, int]
    """How many persons and jobs there are, with or without pairs."""

    def __len__(self) -> int:
        return len(self.persons)

    @property
    def has_times(self) -> bool:
        """True when every pair has its time."""
        return bool(len(self)) and not np.isnan(self.days).any()

    def among(self, chosen: npt.NDArray[np.bool_]) -> "Pairs":
        """Only these pairs; persons and jobs keep their numbers."""
        return Pairs(
            self.persons[chosen], self.jobs[chosen], self.strengths[chosen], self.days[chosen], self.shape
        )

    def matrix(self) -> csr_array:
        """Strengths, (persons, jobs) float32."""
        values = np.asarray(self.strengths, np.float32)
        return csr_array((values, (self.persons, self.jobs)), shape=self.shape)


def last_part(pairs: Pairs, share: float) -> npt.NDArray[np.bool_]:
    """The newest `share` of all pairs; True for these. Errors: ValueError without times."""
    if not pairs.has_times:
        raise ValueError("pairs without times cannot be split by time")
    held = np.zeros(len(pairs), bool)
    newest = np.argsort(pairs.days, kind="stable")[len(pairs) - round(share * len(pairs)) :]
    held[newest] = True
    return held


def random_part(pairs: Pairs, share: float, random: np.random.Generator) -> npt.NDArray[np.bool_]:
    """At random `share` of each person's pairs, at least one, but never all; True for these."""
    order = np.lexsort((random.random(len(pairs)), pairs.persons))
    persons = pairs.persons[order]
    counts = np.bincount(persons, minlength=pairs.shape[0])
    place = np.arange(len(pairs)) - (np.cumsum(counts) - counts)[persons]
    many = np.minimum(np.maximum(np.floor(counts * share + 0.5), 1), counts - 1)
    held = np.zeros(len(pairs), bool)
    held[order] = place < many[persons]
    return held
