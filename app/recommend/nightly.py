"""Fitting, from the worker's side: when it is due, and the child that does it."""

import json
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.children import ONE_THREAD, TASK_PATIENCE_SECONDS, run_child
from app.clock import TOKYO
from app.db import Database, reading
from app.jobs.models import Activity
from app.recommend.store import live_model
from app.recommend.strengths import STRENGTHS

HOUR = 2
"""Of the night, in Tokyo."""
ENOUGH_EVENTS = 100
"""For the first model; until then jobs are chosen by popularity."""
log = structlog.get_logger(__name__)


def fit_when_due(database: Database, now: datetime) -> int:
    """Fit once a night, and as soon as there is enough for a first model; how many models were made.

    Errors: ChildFailed.
    """
    with reading(database) as session:
        live = live_model(session)
        is_due = is_older_than_the_night(live.made_at, now) if live else has_enough_events(session)
    if not is_due:
        return 0
    variables = {"DATABASE_URL": database.url, **ONE_THREAD}
    output = run_child(
        "app.recommend.fitting", [now.isoformat()], variables, patience_seconds=TASK_PATIENCE_SECONDS
    )
    version = json.loads(output)["version"]
    log.info("model_fitted", version=version)
    return int(version is not None)


def is_older_than_the_night(made_at: datetime, now: datetime) -> bool:
    """True from 2 o'clock on, in Tokyo, for what was made before it."""
    local = now.astimezone(TOKYO)
    begun = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if local < begun:
        begun -= timedelta(days=1)
    return made_at < begun


def has_enough_events(session: Session) -> bool:
    """True when there is something to fit a first model to."""
    wanted = select(Activity.id).where(Activity.kind.in_(list(STRENGTHS)), Activity.job_id.is_not(None))
    return session.execute(wanted.offset(ENOUGH_EVENTS - 1).limit(1)).first() is not None
