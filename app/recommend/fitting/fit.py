"""From jobs and pairs to signals: the whole of fitting, without a database."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from app.recommend.dense import dense, raw_parts
from app.recommend.fitting.als import FACTORS, REGULARISATION, fit_factors, gram_of
from app.recommend.fitting.borrowing import LEANINGS, borrowed, fit_projection
from app.recommend.fitting.content import fit_content
from app.recommend.fitting.histories import Histories
from app.recommend.fitting.neighbours import NEIGHBOURS, as_table, fit_neighbours
from app.recommend.fitting.pairs import Pairs, last_part, newest_part, random_part
from app.recommend.fitting.scales import SAMPLE, fit_scales
from app.recommend.fitting.trial import Trial, make_trial
from app.recommend.fitting.weighing import ENOUGH_PEOPLE, TRIED, USUAL, Weighing, leaned, weigh
from app.recommend.rules import FRESH_DAYS
from app.recommend.signals import ALS, PARTS, Floats, Integers, Signals
from app.recommend.strengths import HALF_LIFE_DAYS

ENOUGH_PAIRS = 300
"""With fewer there is nothing to learn from others: content only."""
HELD_OUT = 0.2
WEIGHED_PEOPLE = 3_000


@dataclass(frozen=True, eq=False)
class Material:
    """n jobs and p pairs; `pairs.jobs` are rows of `job_ids`."""

    job_ids: Integers
    """(n,) strictly rising."""
    words: csr_array
    """(n, F) from app/recommend/contents.py."""
    opened: Floats
    """(n,) in the same days as `pairs.days`; NaN: unknown."""
    pairs: Pairs
    today: float = np.nan
    """The day of fitting; NaN: unknown, then nothing is fresh."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A model and how it was made."""

    signals: Signals
    plain: Signals
    """The same before anything was borrowed."""
    figures: Mapping[str, Any]


def fit(material: Material, *, seed: int = 0, threads: int = 0) -> Fitted:
    """Fit all signals and choose their weights. Errors: ValueError without any pair."""
    if not len(material.pairs):
        raise ValueError("nobody has done anything with any job")
    began = time.monotonic()
    fitting = _Fitting(material, seed, threads)
    plain = fitting.plain(material.pairs)
    weighing = fitting.weighed() if plain.factors.shape[1] else USUAL
    signals = fitting.whole(plain, weighing)
    figures = {
        "jobs": len(signals),
        "people": len(np.unique(material.pairs.persons)),
        "pairs": len(material.pairs),
        "weights": {name: round(weight, 4) for name, weight in weighing.weights.items()},
        "leaning": weighing.leaning,
        "held_out_ndcg": weighing.gain,
        "seconds": round(time.monotonic() - began, 1),
    }
    return Fitted(signals, plain, figures)


def freshness(opened: Floats, today: float) -> Floats:
    """(n,) exp(-age / 14 days), 1 for what opens later, 0 where the age is not known."""
    ages = np.maximum(today - opened, 0)
    return np.where(np.isnan(ages), 0, np.exp(-ages / FRESH_DAYS)).astype(np.float32)


class _Fitting:
    """What is the same for the trial and for the final model."""

    def __init__(self, material: Material, seed: int, threads: int) -> None:
        self.material = material
        self.seed, self.threads = seed, threads
        self.idf, self.components, self.content = fit_content(material.words, seed=seed)

    def whole(self, plain: Signals, weighing: Weighing) -> Signals:
        """With what the trial chose."""
        pairs = self.material.pairs
        signals = self.leaning(plain, pairs, weighing.leaning)
        return replace(signals, scales=self.scales(signals, pairs), weights=weighing.weights)

    def plain(self, pairs: Pairs) -> Signals:
        """Nothing borrowed, all scales and weights 1."""
        n, c = self.content.shape
        enough = len(pairs) >= ENOUGH_PAIRS
        factors, alpha = np.zeros((n, 0), np.float32), 1.0
        table, weights = np.zeros((n, 0), "<i4"), np.zeros((n, 0), "<f2")
        if enough:
            factors, alpha = fit_factors(pairs, factors=FACTORS, seed=self.seed, threads=self.threads)
            table, weights = as_table(fit_neighbours(pairs, threads=self.threads), NEIGHBOURS)
        return Signals(
            job_ids=np.asarray(self.material.job_ids, "<i8"),
            factors=factors.astype("<f2"),
            gram=gram_of(factors),
            neighbours=table,
            neighbour_weights=weights,
            popularity=_popularity(pairs, self.material.today),
            content=self.content,
            idf=self.idf,
            components=self.components,
            projection=np.zeros((c, factors.shape[1]), "<f4"),
            scales=dict.fromkeys(PARTS, 1.0),
            weights=dict.fromkeys(PARTS, 1.0),
            alpha=alpha,
            regularisation=REGULARISATION,
        )

    def leaning(self, signals: Signals, pairs: Pairs, leaning: float) -> Signals:
        """The same with factors borrowed so far."""
        if not leaning:
            return signals
        events = np.bincount(pairs.jobs, minlength=len(signals))
        factors = np.asarray(signals.factors, np.float32)
        projection = fit_projection(factors, self.content, events)
        wide = borrowed(factors, self.content, events, projection, leaning)
        return replace(signals, factors=wide.astype("<f2"), projection=projection)

    def scales(self, signals: Signals, pairs: Pairs) -> dict[str, float]:
        persons = self._some(np.unique(pairs.persons), SAMPLE)
        return fit_scales(dense(signals), Histories(pairs), persons)

    def weighed(self) -> Weighing:
        """By what people did last if many were there before; else by a job of each; else as usual."""
        pairs = self.material.pairs
        for held in self._held_out(pairs):
            train, rest = pairs.among(~held), pairs.among(held)
            known = np.intersect1d(train.persons, rest.persons)
            if len(known) >= ENOUGH_PEOPLE and len(train) >= ENOUGH_PAIRS:
                return weigh(self.trial(train, rest, self._some(known, WEIGHED_PEOPLE)))
        return USUAL

    def _held_out(self, pairs: Pairs) -> Iterator[npt.NDArray[np.bool_]]:
        if pairs.has_times:
            yield last_part(pairs, HELD_OUT)
        people = np.unique(
            pairs.persons
        )  # few: what is held out is missing from the fit that it is weighed with
        few = np.isin(pairs.persons, self._some(people, min(WEIGHED_PEOPLE, len(people) // 2)))
        random = np.random.default_rng(self.seed)
        yield few & (
            newest_part(pairs, HELD_OUT) if pairs.has_times else random_part(pairs, HELD_OUT, random)
        )

    def trial(self, train: Pairs, held: Pairs, persons: Integers) -> Trial:
        today = float(train.days.max()) if train.has_times else np.nan
        plain = self.plain(train)
        leaning = {each: self.leaning(plain, train, each) for each in LEANINGS}
        scales = {each: self.scales(signals, train) for each, signals in leaning.items()}
        models = {
            each: dense(signals, freshness(self.material.opened, today)) for each, signals in leaning.items()
        }

        def parts_of(history: Integers, strengths: Floats) -> Mapping[str, Floats]:
            found: dict[str, Floats] = {}
            for each, model in models.items():
                parts = raw_parts(model, history, strengths)
                scaled = {name: part / np.float32(scales[each][name]) for name, part in parts.items()}
                found = scaled | found
                found[leaned(each)] = scaled[ALS]
            return found

        return make_trial(parts_of, TRIED, Histories(train), persons, held)

    def _some(self, persons: Integers, most: int) -> Integers:
        random = np.random.default_rng(self.seed)
        return np.sort(random.choice(persons, most, replace=False)) if len(persons) > most else persons


def _popularity(pairs: Pairs, today: float) -> Floats:
    """The logarithm of how many people each job has, those of long ago counting less; 1 for the most popular."""
    shares = np.ones(len(pairs))
    if not np.isnan(today) and pairs.has_times:
        shares = 0.5 ** (np.maximum(today - pairs.days, 0) / HALF_LIFE_DAYS)
    people = np.log1p(np.bincount(pairs.jobs, shares, minlength=pairs.shape[1]))
    return np.asarray(people / max(people.max(initial=0), 1e-9), "<f4")
