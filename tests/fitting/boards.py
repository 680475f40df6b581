"""An invented board with taste: people keep to a few kinds of jobs, and jobs say which kind they are."""

from dataclasses import dataclass

import numpy as np

from app.recommend.contents import word_matrix
from app.recommend.fitting.content import BUCKETS
from app.recommend.fitting.fit import Material
from app.recommend.fitting.pairs import Pairs
from app.recommend.signals import Integers


@dataclass(frozen=True)
class Taste:
    """How the board is made."""

    people: int = 400
    jobs: int = 300
    kinds: int = 30
    pairs_each: int = 6
    loyalty: float = 0.8
    """How often somebody stays with their kind."""
    told: float = 0.9
    """How many jobs say truly which kind they are."""
    heads: float = 1.0
    """How much more popular some jobs are than others."""


def invented_pairs(taste: Taste, seed: int) -> tuple[Integers, Integers, Integers]:
    """Persons, jobs of pairs; and each job's kind."""
    random = np.random.default_rng(seed)
    kind_of_job = random.integers(taste.kinds, size=taste.jobs)
    popularity = np.exp(random.normal(0, taste.heads, taste.jobs))
    persons, jobs = [], []
    for person in range(taste.people):
        likes = kind_of_job == random.integers(taste.kinds)
        chances = popularity * np.where(likes, taste.loyalty / max(likes.mean(), 1e-9), 1 - taste.loyalty)
        count = min(taste.pairs_each, taste.jobs)
        chosen = random.choice(taste.jobs, count, replace=False, p=chances / chances.sum())
        persons += [person] * count
        jobs += chosen.tolist()
    return np.array(persons), np.array(jobs), kind_of_job


def fields_of(kinds: Integers, taste: Taste, seed: int) -> list[list[list[str]]]:
    """What each job says of itself, sometimes wrongly, and something that means nothing."""
    random = np.random.default_rng(seed)
    said = np.where(
        random.random(len(kinds)) < taste.told, kinds, random.integers(taste.kinds, size=len(kinds))
    )
    return [[[f"kind={kind}"], [f"noise={random.integers(50)}"]] for kind in said]


def make_material(taste: Taste | None = None, *, seed: int = 1, timed: bool = False) -> Material:
    """The board as fitting takes it; `timed`: over the last 30 days of 100, jobs opened before."""
    made = taste or Taste()
    persons, jobs, kinds = invented_pairs(made, seed)
    random = np.random.default_rng(seed)
    days = 70 + 30 * random.random(len(persons)) if timed else np.full(len(persons), np.nan)
    opened = 70 * random.random(made.jobs) if timed else np.full(made.jobs, np.nan)
    words = word_matrix(fields_of(kinds, made, seed), BUCKETS)
    pairs = Pairs(persons, jobs, np.ones(len(persons)), days, (made.people, made.jobs))
    return Material(np.arange(made.jobs) * 2 + 1, words, opened, pairs, 100.0 if timed else np.nan)
