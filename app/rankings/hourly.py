"""The hourly count, from the worker's side: whether it would change anything, and the child that does it.

In a child process, so that sending never waits for it.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.children import TASK_PATIENCE_SECONDS, run_child
from app.clock import today_in_tokyo
from app.db import Database, reading
from app.jobs.models import Activity, Job
from app.links.models import Link
from app.messaging.models import TaskRun
from app.rankings.models import Ranking

SCHEDULE = "rankings"
"""What the hourly task is called."""


def refresh_rankings(database: Database, now: datetime) -> int:
    """Count all rankings anew, if that may change them; how many lists changed. Errors: ChildFailed."""
    with reading(database) as session:
        if not _may_change(session, now):
            return 0
    arguments, variables = [now.isoformat()], {"DATABASE_URL": database.url}
    return int(
        run_child("app.rankings.process", arguments, variables, patience_seconds=TASK_PATIENCE_SECONDS)
    )


def _may_change(session: Session, now: datetime) -> bool:
    """Whether the day is another since the last count, by whose days people count less, or something has happened."""
    if not any(session.execute(select(table).limit(1)).first() for table in (Activity.id, Ranking.job_id)):
        return False
    counted = select(func.max(TaskRun.fire_at)).where(TaskRun.schedule == SCHEDULE, TaskRun.status == "done")
    last = session.scalar(counted)
    return (
        last is None
        or today_in_tokyo(last) != today_in_tokyo(now)
        or any(
            session.execute(select(when).where(when >= last).limit(1)).first() is not None
            for when in (Activity.at, Job.updated_at, Link.at)
        )
    )
