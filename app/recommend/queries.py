"""Reads: how recommending is doing."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.recommend.models import Recommendation
from app.recommend.serving_state import WorkerScoring, scoring_states
from app.recommend.store import live_model


class RecommenderFigures(NamedTuple):
    """The model, the lists, and what answers in each worker."""

    model_version: str | None
    """None: no model yet, popular jobs are what is recommended."""
    model_age_hours: float | None
    lists_made_at: datetime | None
    """When the newest of the hourly lists was made."""
    workers: list[WorkerScoring]


def recommender_figures(session: Session, now: datetime) -> RecommenderFigures:
    """For `goen status`."""
    live = live_model(session)
    age = None if live is None else round((now - live.made_at).total_seconds() / 3600, 1)
    made_at = session.scalars(select(func.max(Recommendation.made_at))).one()
    version = None if live is None else live.version
    return RecommenderFigures(version, age, made_at, scoring_states(session))
