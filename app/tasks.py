"""Schedules live in code, work lives in tables.

APScheduler's triggers are only asked which times have passed; a due run is a row of `task_run`, unique by
schedule and time, and any worker claims it by a conditional update. So nothing runs twice, and what came
due while every worker was down is done when one comes back, if it is still useful.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import func, or_, select, update

from app.clock import TOKYO, Clock
from app.db import Database, reading, transaction
from app.inserting import insert_ignoring
from app.messaging.models import TaskRun
from app.messaging.retention import empty_what_is_old

MAX_ATTEMPTS = 3
RUN_LEASE = timedelta(minutes=15)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Schedule:
    """When a task is due, how late it may still begin, and what it does."""

    trigger: BaseTrigger
    useful_for: timedelta
    task: Callable[[Database, datetime], int]


SCHEDULES: Mapping[str, Schedule] = {
    "retention": Schedule(
        CronTrigger(hour=3, minute=30, timezone=TOKYO), timedelta(hours=20), empty_what_is_old
    ),
}


def newest_fire_time(schedule: Schedule, last: datetime | None, now: datetime) -> datetime | None:
    """The newest time that has passed since the last run and is still useful; None when there is none."""
    newest, at = None, max(last, now - schedule.useful_for) if last is not None else now - schedule.useful_for
    while True:
        following = schedule.trigger.get_next_fire_time(None, at + timedelta(microseconds=1))
        if following is None or following > now:
            return newest
        newest = at = following


def insert_due_runs(database: Database, clock: Clock) -> int:
    """Add a row for each schedule that is due; how many were new."""
    now, added = clock.now(), 0
    with reading(database) as session:
        newest = select(TaskRun.schedule, func.max(TaskRun.fire_at)).group_by(TaskRun.schedule)
        last = {str(name): fire_at for name, fire_at in session.execute(newest)}
    for name, schedule in SCHEDULES.items():
        fire_at = newest_fire_time(schedule, last.get(name), now)
        if fire_at is not None:
            values = {"schedule": name, "fire_at": fire_at, "status": "due", "due_at": now}
            with transaction(database) as session:
                row = session.execute(
                    insert_ignoring(session, TaskRun).values(values).returning(TaskRun.schedule)
                )
                added += len(row.all())
    return added


def run_due_task(database: Database, clock: Clock) -> bool:
    """Claim one due run and do it; False when nothing is due."""
    claimed = _claim_run(database, clock.now())
    if claimed is None:
        return False
    name, fire_at, attempts = claimed
    try:
        done = SCHEDULES[name].task(database, clock.now())
    except Exception as error:
        log.error("task_failed", schedule=name, attempts=attempts, exc_info=error)
        status = "failed" if attempts >= MAX_ATTEMPTS else "due"
        _end_run(
            database, name, fire_at, status, clock.now() + timedelta(minutes=attempts), type(error).__name__
        )
        return True
    log.info("task_done", schedule=name, rows=done)
    _end_run(database, name, fire_at, "done", clock.now(), None)
    return True


def _claim_run(database: Database, now: datetime) -> tuple[str, datetime, int] | None:
    """The oldest due run, or one whose worker has died; it is ours until its lease ends."""
    is_due = or_(TaskRun.status == "due", TaskRun.status == "running")
    query = select(TaskRun.schedule, TaskRun.fire_at, TaskRun.attempts).where(is_due, TaskRun.due_at <= now)
    with reading(database) as session:
        found = session.execute(query.order_by(TaskRun.due_at).limit(1)).first()
    if found is None:
        return None
    name, fire_at, attempts = found
    if attempts >= MAX_ATTEMPTS:
        log.error("task_gave_up", schedule=name, attempts=attempts)
        _end_run(database, name, fire_at, "failed", now, "its worker died each time")
        return None
    claim = (
        update(TaskRun)
        .where(TaskRun.schedule == name, TaskRun.fire_at == fire_at, TaskRun.attempts == attempts, is_due)
        .values(status="running", attempts=attempts + 1, due_at=now + RUN_LEASE)
        .returning(TaskRun.schedule)
    )
    with transaction(database) as session:
        won = session.execute(claim).first() is not None
    return (name, fire_at, attempts + 1) if won else None


def _end_run(
    database: Database, name: str, fire_at: datetime, status: str, due_at: datetime, error: str | None
) -> None:
    with transaction(database) as session:
        session.execute(
            update(TaskRun)
            .where(TaskRun.schedule == name, TaskRun.fire_at == fire_at)
            .values(status=status, due_at=due_at, error=error)
        )
