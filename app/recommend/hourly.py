"""The hourly lists, from the worker's side: when they are due, and the child that makes them."""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.children import ONE_THREAD, TASK_PATIENCE_SECONDS, run_child
from app.clock import today_in_tokyo
from app.db import Database, reading
from app.friends.models import Friend
from app.jobs.models import Activity, Impression, Job
from app.json_text import from_bytes
from app.links.models import Link
from app.recommend.models import Recommendation
from app.recommend.store import live_model
from surveys.models import Answer

log = structlog.get_logger(__name__)


def refresh_lists(database: Database, now: datetime) -> int:
    """A fresh list for every friend, if anything has changed; how many.

    0 while there is no model: the popular jobs are found when they are asked for. Errors: ChildFailed.
    """
    with reading(database) as session:
        live = live_model(session)
        if live is None or not _has_changed(session, live.version, now):
            return 0
    variables = {"DATABASE_URL": database.url, **ONE_THREAD}
    output = run_child(
        "app.recommend.batch", [now.isoformat()], variables, patience_seconds=TASK_PATIENCE_SECONDS
    )
    done = from_bytes(output)
    log.info("lists_refreshed", friends=done["friends"], model=done["model_version"])
    return int(done["friends"])


def _has_changed(session: Session, version: str, now: datetime) -> bool:
    """Whether lists made now would be others: another model or day, or something has happened since the last."""
    last = session.execute(
        select(Recommendation.made_at, Recommendation.model_version)
        .order_by(Recommendation.made_at.desc())
        .limit(1)
    ).first()
    if last is None or last.model_version != version:
        return True
    made_at = last.made_at
    return today_in_tokyo(made_at) != today_in_tokyo(now) or any(
        session.execute(select(when).where(when >= made_at).limit(1)).first() is not None
        for when in (Job.updated_at, Activity.at, Impression.at, Answer.at, Friend.created_at, Link.at)
    )
