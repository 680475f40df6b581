"""Schedules live in code, work lives in tables.

APScheduler's triggers are only asked which times have passed; a due run is a row of `task_run`, unique by
schedule and time, and any worker claims it by a conditional update. So nothing runs twice, and what came
due while every worker was down is done when one comes back, if it is still useful.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import ColumnElement, and_, func, or_, select, update

from app.children import TASK_PATIENCE_SECONDS
from app.clock import TOKYO, Clock
from app.db import Database, reading, transaction
from app.friends.imports import ask_for_all_names
from app.inserting import insert_ignoring
from app.links.tickets import forget_old_tickets
from app.messaging.accounts import ask_who_all_are
from app.messaging.models import TaskRun
from app.messaging.retention import empty_what_is_old
from app.privacy.retention import remove_what_is_old
from app.rankings.hourly import SCHEDULE as RANKINGS
from app.rankings.hourly import refresh_rankings
from app.recommend.hourly import refresh_lists
from app.recommend.nightly import fit_when_due
from richmenu.looking import look_again

MAX_ATTEMPTS = 3
RUN_LEASE = timedelta(seconds=TASK_PATIENCE_SECONDS + 60)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Schedule:
    """When a task is due, how late it may still begin, and what it does."""

    trigger: BaseTrigger
    useful_for: timedelta
    task: Callable[[Database, datetime], int]


HOURLY = timedelta(hours=1)
NIGHTLY = timedelta(days=1)
"""What was missed at night is done whenever a worker comes back, until its next time."""
SCHEDULES: Mapping[str, Schedule] = {
    RANKINGS: Schedule(CronTrigger(minute=5, timezone=TOKYO), HOURLY, refresh_rankings),
    "retention": Schedule(CronTrigger(hour=3, minute=30, timezone=TOKYO), NIGHTLY, empty_what_is_old),
    "personal-data": Schedule(CronTrigger(hour=3, minute=50, timezone=TOKYO), NIGHTLY, remove_what_is_old),
    "tickets": Schedule(CronTrigger(hour=3, minute=40, timezone=TOKYO), NIGHTLY, forget_old_tickets),
    "accounts": Schedule(CronTrigger(hour=4, minute=10, timezone=TOKYO), NIGHTLY, ask_who_all_are),
    "names": Schedule(CronTrigger(hour=4, minute=20, timezone=TOKYO), NIGHTLY, ask_for_all_names),
    "menus": Schedule(CronTrigger(hour=4, minute=30, timezone=TOKYO), NIGHTLY, look_again),
    "lists": Schedule(CronTrigger(minute=5, timezone=TOKYO), HOURLY, refresh_lists),
    "models": Schedule(CronTrigger(minute=5, timezone=TOKYO), HOURLY, fit_when_due),
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


class Timetable:
    """Asks the database only when a schedule may have come due since it last did."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._quiet: tuple[datetime, datetime] | None = None
        """From when until before when nothing comes due. Business time can also be set back."""

    def look(self) -> int:
        """Add a row for each schedule that is due; how many were new."""
        now = self._clock.now()
        if self._quiet is not None and self._quiet[0] <= now < self._quiet[1]:
            return 0
        added = insert_due_runs(self._database, self._clock)
        later = now + timedelta(microseconds=1)
        coming = [each.trigger.get_next_fire_time(None, later) for each in SCHEDULES.values()]
        self._quiet = now, min(at for at in coming if at is not None)
        return added


@dataclass(frozen=True)
class _Run:
    """A run as it was seen: whoever changes it meanwhile makes what we write about it nothing."""

    name: str
    fire_at: datetime
    status: str
    attempts: int

    def is_unchanged(self) -> ColumnElement[bool]:
        return and_(
            TaskRun.schedule == self.name,
            TaskRun.fire_at == self.fire_at,
            TaskRun.status == self.status,
            TaskRun.attempts == self.attempts,
        )


def run_due_task(database: Database, clock: Clock, schedules: Mapping[str, Schedule] = SCHEDULES) -> bool:
    """Claim one due run and do it; False when nothing is due."""
    run = _claim_run(database, clock)
    if run is None:
        return False
    try:
        done = schedules[run.name].task(database, clock.now())
    except Exception as error:
        log.error("task_failed", schedule=run.name, attempts=run.attempts, exc_info=error)
        status = "failed" if run.attempts >= MAX_ATTEMPTS else "due"
        again = clock.now() + timedelta(minutes=run.attempts)
        _end_run(database, run, status, again, type(error).__name__)
        return True
    log.info("task_done", schedule=run.name, rows=done)
    _end_run(database, run, "done", clock.now(), None)
    return True


def _claim_run(database: Database, clock: Clock) -> _Run | None:
    """The oldest due run, or one whose worker has died; it is ours until its lease ends.

    A waiting run is due by business time, a lease ends by machine time: a clock that is set forward must
    not give a run to a second worker.
    """
    is_due = and_(TaskRun.status == "due", TaskRun.due_at <= clock.now())
    is_left = and_(TaskRun.status == "running", TaskRun.due_at <= clock.real_now())
    query = select(TaskRun.schedule, TaskRun.fire_at, TaskRun.status, TaskRun.attempts)
    with reading(database) as session:
        found = session.execute(query.where(or_(is_due, is_left)).order_by(TaskRun.due_at).limit(1)).first()
    if found is None:
        return None
    run = _Run(*found)
    if run.attempts >= MAX_ATTEMPTS:
        log.error("task_gave_up", schedule=run.name, attempts=run.attempts)
        _end_run(database, run, "failed", clock.now(), "its worker died each time")
        return None
    values = {
        "status": "running",
        "attempts": run.attempts + 1,
        "due_at": clock.real_now() + RUN_LEASE,
    }
    won = _changed(database, run, values)
    return replace(run, status="running", attempts=run.attempts + 1) if won else None


def _end_run(database: Database, run: _Run, status: str, due_at: datetime, error: str | None) -> None:
    """Write how it ended; nothing when its lease was over and another worker has it now."""
    if not _changed(database, run, {"status": status, "due_at": due_at, "error": error}):
        log.warning("task_run_lost", schedule=run.name, attempts=run.attempts, status=status)


def _changed(database: Database, run: _Run, values: Mapping[str, Any]) -> bool:
    change = update(TaskRun).where(run.is_unchanged()).values(**values).returning(TaskRun.schedule)
    with transaction(database) as session:
        found = session.execute(change.execution_options(synchronize_session=False)).first()
    return found is not None
