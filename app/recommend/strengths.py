"""How strongly something that a person did says that they want a job (pure)."""

from collections.abc import Mapping

from app.jobs.models import ActivityKind

STRENGTHS: Mapping[ActivityKind, float] = {
    ActivityKind.VIEW: 1.0,
    ActivityKind.CLICK: 2.0,
    ActivityKind.SAVE: 3.0,
    ActivityKind.APPLY: 8.0,
}
"""Of one event on the day it happened; the other kinds say nothing of the kind."""
HALF_LIFE_DAYS = 14.0
WINDOW_DAYS = 180.0
"""Older events are not looked at: they weigh less than a five-thousandth."""
MOST = 16.0
"""Of all that one person did with one job."""


def decay(age_days: float) -> float:
    """What is left of an event after so many days; one from the future counts as from now."""
    return float(0.5 ** (max(age_days, 0.0) / HALF_LIFE_DAYS))


def strength(kind: ActivityKind, age_days: float) -> float:
    """Of one event; 0 for kinds that do not say that a job is wanted."""
    return STRENGTHS.get(kind, 0.0) * decay(age_days)
