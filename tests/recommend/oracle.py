"""The same lists as app/recommend/scoring.py makes, found the plain way: everybody against every job.

Slow and obviously right: hard conditions are asked of `unmet_conditions` job by job, scores are added up one
product at a time in 64 bits, candidates are sorted, and employers are counted.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.areas import covers
from app.jobs.rules import JobFacts, unmet_conditions
from app.recommend.ports import Seeker
from app.recommend.rules import (
    EMPLOYER_HIDDEN,
    FRESH_DAYS,
    OCCUPATION_HIDDEN,
    PER_EMPLOYER,
    PLACE_HIDDEN,
    widened,
)
from app.recommend.signals import Signals
from tests.recommend.world import TODAY, contents

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Found:
    """A place in a list."""

    job_id: int
    score: float
    step: int
    """How often the wishes were widened before it was found; 0: it meets them all."""


def best_jobs(
    scores: Mapping[int, float],
    jobs: Sequence[JobFacts],
    folds: Mapping[int, str],
    seeker: Seeker,
    count: int,
) -> list[Found]:
    """The list of one person, without chance; `scores` as `scores_of` gives them."""
    hidden_folds = {folds[job_id] for job_id in seeker.excluded if job_id in folds}
    allowed = [job for job in jobs if job.id not in seeker.excluded and folds.get(job.id) not in hidden_folds]
    ordered = sorted(allowed, key=lambda job: (-scores[job.id], job.id))
    found: list[Found] = []
    employers: Counter[str] = Counter()
    shown: set[str] = set()
    for step, wishes in enumerate((seeker.wishes, *widened(seeker.wishes))):
        for job in ordered:
            fold = folds.get(job.id, f"alone {job.id}")
            is_free = fold not in shown and employers[job.employer] < PER_EMPLOYER
            if len(found) < count and is_free and not unmet_conditions(job, wishes):
                found.append(Found(job.id, scores[job.id], step))
                employers[job.employer] += 1
                shown.add(fold)
    return found


def scores_of(signals: Signals, jobs: Sequence[JobFacts], seeker: Seeker) -> dict[int, float]:
    """All points of each job for one person."""
    points = signals.coefficients()
    rows = {job_id: row for row, job_id in enumerate(signals.job_ids.tolist())}
    history = [(rows[seen.job_id], seen.strength) for seen in seeker.history if seen.job_id in rows]
    taste = (_person(signals, history), _content(signals, history)) if history else None
    fitted = _fitted(signals, history, taste)
    scores = {}
    for job in jobs:
        age = max((TODAY - job.opened_on).days, 0)
        scores[job.id] = (
            points["fresh"] * math.exp(-age / FRESH_DAYS)
            + sum(leaning for flag, leaning in seeker.leanings.items() if flag in job.flags)
            + _feedback(job, seeker)
            + (float(fitted[rows[job.id]]) if job.id in rows else _unfitted(signals, job, taste))
        )
    return scores


History = list[tuple[int, float]]
"""Rows of the model, and how strongly each was wanted."""
Taste = tuple[Numbers, Numbers] | None
"""What ALS and content make of a history; None: there is none."""


def _fitted(signals: Signals, history: History, taste: Taste) -> Numbers:
    """What the model says of each of its rows."""
    points = signals.coefficients()
    scores: Numbers = points["popular"] * signals.popularity.astype(float)
    if taste is not None:
        scores += points["als"] * (signals.factors.astype(float) @ taste[0])
        scores += points["content"] * (signals.content.astype(float) @ taste[1])
    for seen, strength in history:
        for neighbour, weight in zip(signals.neighbours[seen], signals.neighbour_weights[seen], strict=True):
            scores[neighbour] += points["knn"] * strength * float(weight)
    return scores


def _unfitted(signals: Signals, job: JobFacts, taste: Taste) -> float:
    """Of a job that came after fitting: its content, and the factors that this suggests."""
    if taste is None:
        return 0.0
    points = signals.coefficients()
    content = contents(signals, np.array([job.id]))[0].astype(float)
    factors = content @ signals.projection.astype(float)
    return float(points["als"] * (factors @ taste[0]) + points["content"] * (content @ taste[1]))


def _person(signals: Signals, history: History) -> Numbers:
    """The equations of ALS for one person, solved as they are written."""
    d = signals.factors.shape[1]
    left = signals.gram.astype(float) + signals.regularisation * np.eye(d)
    right = np.zeros(d)
    for row, strength in history:
        confidence = min(max(signals.alpha * strength, 2.0), 100.0)
        vector = signals.factors[row].astype(float)
        left += (confidence - 1) * np.outer(vector, vector)
        right += confidence * vector
    return np.asarray(np.linalg.solve(left, right), np.float64)


def _content(signals: Signals, history: History) -> Numbers:
    mean = np.zeros(signals.content.shape[1])
    for row, strength in history:
        mean += strength * signals.content[row].astype(float)
    return np.asarray(mean / np.linalg.norm(mean))


def _feedback(job: JobFacts, seeker: Seeker) -> float:
    hidden = seeker.feedback
    return (
        EMPLOYER_HIDDEN * hidden.employers.count(job.employer)
        + OCCUPATION_HIDDEN * hidden.occupations.count(job.occupation)
        + PLACE_HIDDEN * sum(_lies_in(job, code) for code in hidden.cities)
    )


def _lies_in(job: JobFacts, code: int) -> bool:
    return code == job.prefecture if code < 100 else job.city is not None and covers(code, job.city)
