"""What a recommender is asked and what it answers, as plain values: who speaks of them loads no numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.jobs.rules import JobWishes
from app.jobs.vocabulary import JobFlag
from app.recommend.rules import Relaxation

__all__ = [
    "Feedback",
    "NoRecommender",
    "Pick",
    "Picks",
    "Recommender",
    "Relaxation",
    "Seeker",
    "Seen",
    "Signal",
]


class Signal(StrEnum):
    """A part of a job's points; the parts of a pick add up to its score."""

    ALS = "als"
    """People who look at the same jobs look at this one."""
    KNN = "knn"
    """This job is looked at together with one that the person looked at."""
    CONTENT = "content"
    """It is written like those the person looked at."""
    FRESH = "fresh"
    POPULAR = "popular"
    ANSWERS = "answers"
    """What the person told us beyond the hard conditions, such as 夜勤もできる."""
    FEEDBACK = "feedback"
    """What they hid, and why; never above zero."""


@dataclass(frozen=True)
class Seen:
    """A job that a person did something with."""

    job_id: int
    strength: float = 1.0
    """How much it says that they want such a job, as of now: app/recommend/strengths.py."""


@dataclass(frozen=True)
class Feedback:
    """What the person's 興味なし say against jobs like the hidden ones; each name once per hidden job."""

    employers: tuple[str, ...] = ()
    """Of every hidden job."""
    occupations: tuple[str, ...] = ()
    """Of jobs hidden because of the work."""
    cities: tuple[int, ...] = ()
    """Of jobs hidden because of the place: municipalities, a prefecture where the job names none."""


@dataclass(frozen=True)
class Seeker:
    """Everything that scoring needs to know of one person."""

    wishes: JobWishes
    history: tuple[Seen, ...] = ()
    """Newest first, 20 at most, each job once with all they did with it."""
    excluded: frozenset[int] = frozenset()
    """Jobs never to be shown: applied to, hidden, shown lately."""
    shown: frozenset[int] = frozenset()
    """Of these, the ones that were only shown: whoever offers them again takes them out of `excluded`."""
    leanings: Mapping[JobFlag, float] = field(default_factory=dict)
    """Points for what a job offers, from answers that are no hard conditions."""
    feedback: Feedback = Feedback()
    seed: int = 0
    """For what is drawn by chance: the same for one person all day."""


@dataclass(frozen=True)
class Pick:
    """A job that was chosen. What is true of it now is read again by whoever shows it."""

    job_id: int
    parts: Mapping[str, float] = field(default_factory=dict)
    """Points by `Signal`, those that are not zero."""
    because: int | None = None
    """The job of the person's history from which most of the neighbours' points came."""
    relaxed: tuple[Relaxation, ...] = ()
    """The conditions that this job does not meet, in the order of `Relaxation`."""
    propensity: float | None = None
    """How likely it was to be drawn; None: not drawn by chance."""

    def as_json(self) -> dict[str, object]:
        """As a stored recommendation or an impression keeps it."""
        return {
            "job": self.job_id,
            "parts": dict(self.parts),
            "because": self.because,
            "relaxed": [each.value for each in self.relaxed],
            "propensity": self.propensity,
        }


@dataclass(frozen=True)
class Picks:
    """An answer, best first; fewer than were asked for where there are no more."""

    picks: tuple[Pick, ...]
    model_version: str | None
    """None: chosen by popularity, without a model."""


class Recommender(Protocol):
    """Chooses jobs for one person. Never fails and never takes long: it answers with less instead."""

    def recommend(self, seeker: Seeker, count: int, now: datetime) -> Picks:
        """At most `count` jobs open at `now`, best first, at most two of an employer.

        Each meets every hard condition of the seeker's wishes that is not in its `relaxed`.
        """
        ...


class NoRecommender:
    """Knows no job: where nothing was wired."""

    def recommend(self, seeker: Seeker, count: int, now: datetime) -> Picks:
        """Nothing."""
        return Picks((), None)
