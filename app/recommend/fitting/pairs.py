"""What fitting learns from: pairs of a person and a job, each with a strength."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from app.recommend.signals import Floats, Integers
from app.recommend.strengths import HALF_LIFE_DAYS, MOST


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


@dataclass(frozen=True, eq=False)
class Events:
    """e things that persons did with jobs, in any order; persons and jobs are counted from 0."""

    persons: Integers
    jobs: Integers
    strengths: Floats
    """(e,) on the day itself (app/recommend/strengths.py)."""
    days: Floats
    """(e,) NaN: unknown, then nothing fades."""

    def __len__(self) -> int:
        return len(self.persons)

    def among(self, chosen: npt.NDArray[np.bool_]) -> "Events":
        """Only these."""
        return Events(self.persons[chosen], self.jobs[chosen], self.strengths[chosen], self.days[chosen])


def pairs_of(events: Events, today: float, shape: tuple[int, int]) -> Pairs:
    """Events added up by person and job, each faded since its day; sorted by person and job."""
    keys = events.persons.astype(np.int64) * shape[1] + events.jobs
    found, index = np.unique(keys, return_inverse=True)
    ages = np.nan_to_num(np.maximum(today - events.days, 0))
    faded = events.strengths * 0.5 ** (ages / HALF_LIFE_DAYS)
    strengths = np.minimum(np.bincount(index, faded, minlength=len(found)), MOST)
    days = np.full(len(found), -np.inf)
    np.maximum.at(days, index, np.nan_to_num(events.days, nan=-np.inf))
    kept = strengths > 0
    persons, jobs = np.divmod(found, max(shape[1], 1))
    days[np.isinf(days)] = np.nan
    return Pairs(persons[kept], jobs[kept], strengths[kept], days[kept], shape)


def usual_strength(pairs: Pairs) -> float:
    """The median, which counts as one: it does not matter to fitting whether a board's people view or only apply."""
    return float(np.median(pairs.strengths)) if len(pairs) else 1.0


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
    return _part_of_each(pairs, share, random.random(len(pairs)))


def newest_part(pairs: Pairs, share: float) -> npt.NDArray[np.bool_]:
    """The newest `share` of each person's pairs, at least one, but never all; True for these."""
    return _part_of_each(pairs, share, -pairs.days)


def _part_of_each(pairs: Pairs, share: float, keys: Floats) -> npt.NDArray[np.bool_]:
    """Those with the smallest keys."""
    order = np.lexsort((keys, pairs.persons))
    persons = pairs.persons[order]
    counts = np.bincount(persons, minlength=pairs.shape[0])
    place = np.arange(len(pairs)) - (np.cumsum(counts) - counts)[persons]
    many = np.minimum(np.maximum(np.floor(counts * share + 0.5), 1), counts - 1)
    held = np.zeros(len(pairs), bool)
    held[order] = place < many[persons]
    return held
