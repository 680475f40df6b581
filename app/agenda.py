"""For the time machine of a simulated LINE: what is due when, and what has happened.

A door only where business time can be moved (GOEN_CLOCK_FILE), and only for this machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db import Database, reading
from app.messaging.models import TaskRun
from app.messaging.queries import AgendaItem, ended_items, queue_figures, waiting_items
from app.tasks import SCHEDULES, newest_fire_time
from app.this_machine import is_from_this_machine

bp = Blueprint("agenda", __name__)
MOST_ITEMS = 200
LOOK_AHEAD = timedelta(days=400)
FIRES_OF_ONE_SCHEDULE = 3


@dataclass(frozen=True)
class Agenda:
    """What these pages need, put together in factory.py."""

    database: Database
    clock: Clock


@bp.before_request
def refuse_strangers() -> None:
    """Previews of messages are in here: only for this machine."""
    if not is_from_this_machine(request):
        abort(403)


@bp.get("/simulated/agenda")
def show_agenda() -> Response:
    """`coming`, the earliest first, and `done` since `?since=` (milliseconds), the latest first."""
    agenda = _agenda()
    now = agenda.clock.now()
    with reading(agenda.database) as session:
        coming = [*waiting_items(session, now, MOST_ITEMS), *coming_runs(now)]
        done = ended_items(session, _since(now), MOST_ITEMS)
    coming.sort(key=lambda item: item.at)
    done.sort(key=lambda item: item.at, reverse=True)
    return jsonify(
        now=_milliseconds(now),
        coming=[_as_json(item) for item in coming[:MOST_ITEMS]],
        done=[_as_json(item) for item in done[:MOST_ITEMS]],
    )


@bp.get("/simulated/due")
def show_due() -> Response:
    """How much is due now: queues, task runs, and schedules whose time has come but that have no run yet."""
    agenda = _agenda()
    now = agenda.clock.now()
    with reading(agenda.database) as session:
        due = queue_figures(session, now).work_due + _due_runs(session, now)
    return jsonify(due=due)


def coming_runs(now: datetime) -> Iterator[AgendaItem]:
    """The next times of every schedule, a few of each."""
    for name, schedule in SCHEDULES.items():
        at: datetime | None = now
        for _ in range(FIRES_OF_ONE_SCHEDULE):
            at = schedule.trigger.get_next_fire_time(None, at + timedelta(microseconds=1)) if at else None
            if at is None or at > now + LOOK_AHEAD:
                break
            yield AgendaItem(at.astimezone(UTC), "task", name, None, "waiting", None)


def _due_runs(session: Session, now: datetime) -> int:
    is_open = TaskRun.status.in_(["due", "running"])
    open_runs = session.scalars(select(func.count()).select_from(TaskRun).where(is_open)).one()
    newest = select(TaskRun.schedule, func.max(TaskRun.fire_at)).group_by(TaskRun.schedule)
    last = {str(name): fire_at for name, fire_at in session.execute(newest)}
    return open_runs + sum(
        newest_fire_time(schedule, last.get(name), now) is not None for name, schedule in SCHEDULES.items()
    )


def _since(now: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(int(request.args["since"]) / 1000, UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return now - timedelta(days=1)


def _as_json(item: AgendaItem) -> dict[str, Any]:
    return {
        "at": _milliseconds(item.at),
        "kind": item.kind,
        "what": item.what,
        "who": item.who,
        "state": item.state,
        "reason": item.reason,
    }


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _agenda() -> Agenda:
    agenda: Agenda = current_app.extensions["goen.agenda"]
    return agenda
