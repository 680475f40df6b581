"""What waits and what is stuck, counted from the tables, so that it is right in any process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, Row, Select, func, select, text, union_all
from sqlalchemy.orm import Session

from app.messaging.event_rules import InboxStatus
from app.messaging.models import Channel, InboxEvent, OutboxMessage, TaskRun, has_status
from app.messaging.rules import (
    OutboxStatus,
    Priority,
)

COUNTED_AT_MOST = 10_000
"""A figure of this much means "or more": counting a backlog takes longer than whoever asks will wait."""


@dataclass(frozen=True)
class QueueFigures:
    """The queues at one moment, each counted up to COUNTED_AT_MOST.

    `*_oldest` are ages of what is due, None when nothing is.
    """

    inbox_due: int
    inbox_dead: int
    inbox_oldest: timedelta | None
    outbox_due: int
    outbox_sending: int
    outbox_oldest: timedelta | None
    outbox_unknown: int
    outbox_failed: int

    @property
    def work_due(self) -> int:
        """Events and rows whose turn it is, or that are in flight."""
        return self.inbox_due + self.outbox_due + self.outbox_sending


def queue_figures(session: Session, now: datetime) -> QueueFigures:
    """Count the queues by their partial indexes, each up to COUNTED_AT_MOST: a backlog is seen in time too.

    `inbox_oldest` looks at the events that come first, which is all of them in a shorter queue.
    """
    event, row = InboxEvent, OutboxMessage
    inbox_due, inbox_since = session.execute(_due_events(now)).one()
    outbox = session.execute(_due_rows(session, now)).all()
    return QueueFigures(
        inbox_due=inbox_due,
        inbox_dead=_count(session, event.id, has_status(event.status, InboxStatus.DEAD)),
        inbox_oldest=_age(inbox_since, now),
        outbox_due=min(COUNTED_AT_MOST, sum(count for count, _ in outbox)),
        outbox_sending=_count(session, row.id, has_status(row.status, OutboxStatus.SENDING)),
        outbox_oldest=_age(min((since for _, since in outbox if since is not None), default=None), now),
        outbox_unknown=_count(session, row.id, _IN_TROUBLE, has_status(row.status, OutboxStatus.UNKNOWN)),
        outbox_failed=_count(session, row.id, _IN_TROUBLE, has_status(row.status, OutboxStatus.FAILED)),
    )


_IN_TROUBLE = text("status IN ('unknown', 'failed')")
"""The words of the partial index: SQLite takes no others."""


def _due_events(now: datetime) -> Select[int, datetime | None]:
    event = InboxEvent
    first = select(event.due_at).where(has_status(event.status, InboxStatus.WAITING), event.due_at <= now)
    return _counted(first.order_by(event.event_at, event.id))


def _due_rows(session: Session, now: datetime) -> CompoundSelect[int, datetime | None]:
    """For each account and priority: within one, the index has the due before those that wait till later."""
    row = OutboxMessage
    waiting = select(row.due_at).where(has_status(row.status, OutboxStatus.WAITING), row.due_at <= now)
    channels = session.scalars(select(Channel.id)).all() or [0]
    return union_all(
        *(
            _counted(waiting.where(row.channel_id == channel, row.priority == priority).order_by(row.due_at))
            for channel in channels
            for priority in Priority
        )
    )


def _counted(times: Select[datetime]) -> Select[int, datetime | None]:
    """How many, at most COUNTED_AT_MOST, and the earliest of these."""
    first = times.limit(COUNTED_AT_MOST).subquery()
    return select(func.count(), func.min(first.c.due_at)).select_from(first)


def _age(since: datetime | None, now: datetime) -> timedelta | None:
    return None if since is None else now - since


def _count(session: Session, column: Any, *conditions: Any) -> int:
    first = select(column).where(*conditions).limit(COUNTED_AT_MOST).subquery()
    return session.scalars(select(func.count()).select_from(first)).one()


def find_rows_in_trouble(
    session: Session, limit: int = 20
) -> Sequence[Row[int, str, str, str | None, datetime]]:
    """Outbox rows that ended unknown or failed, newest first: (id, carrier, status, reason, ended at)."""
    query = (
        select(
            OutboxMessage.id,
            OutboxMessage.carrier,
            OutboxMessage.status,
            OutboxMessage.reason,
            OutboxMessage.created_at,
        )
        .where(OutboxMessage.status.in_([OutboxStatus.UNKNOWN, OutboxStatus.FAILED]))
        .order_by(OutboxMessage.id.desc())
        .limit(limit)
    )
    return session.execute(query).all()


def find_dead_events(session: Session, limit: int = 20) -> Sequence[Row[int, str, str | None, datetime]]:
    """Events that five tries could not handle: (id, LINE's event id, error, received at)."""
    query = (
        select(InboxEvent.id, InboxEvent.webhook_event_id, InboxEvent.error, InboxEvent.received_at)
        .where(InboxEvent.status == InboxStatus.DEAD)
        .order_by(InboxEvent.id)
        .limit(limit)
    )
    return session.execute(query).all()


def channel_problems(session: Session) -> Sequence[Row[int, str, str | None, datetime | None]]:
    """Every account: (id, name, why sending stands still or None, promotions stopped until)."""
    row = Channel
    query = select(row.id, row.name, row.problem, row.promotions_stopped_until).order_by(row.id)
    return session.execute(query).all()


@dataclass(frozen=True)
class AgendaItem:
    """Something with a time: `kind` is message, event or task; `who` a LINE user id."""

    at: datetime
    kind: str
    what: str
    who: str | None
    state: str
    reason: str | None


def waiting_items(session: Session, now: datetime, limit: int) -> list[AgendaItem]:
    """Outbox rows and events whose turn comes later, each the earliest first and at most `limit`."""
    row, event = OutboxMessage, InboxEvent
    rows = (
        select(row.due_at, row.carrier, row.preview, row.recipient, row.status, row.reason)
        .where(has_status(row.status, OutboxStatus.WAITING), row.due_at > now)
        .order_by(row.due_at)
        .limit(limit)
    )
    events = (
        select(event.due_at, event.line_user_id, event.status, event.error)
        .where(has_status(event.status, InboxStatus.WAITING), event.due_at > now)
        .order_by(event.due_at)
        .limit(limit)
    )
    return [
        *(_message_item(*found) for found in session.execute(rows)),
        *(
            AgendaItem(at, "event", "", who, status, error)
            for at, who, status, error in session.execute(events)
        ),
    ]


def ended_items(session: Session, since: datetime, limit: int) -> list[AgendaItem]:
    """Outbox rows and task runs that ended since then, each the latest first and at most `limit`."""
    row, run = OutboxMessage, TaskRun
    rows = (
        select(row.ended_at, row.carrier, row.preview, row.recipient, row.status, row.reason)
        .where(row.ended_at >= since)
        .order_by(row.ended_at.desc())
        .limit(limit)
    )
    runs = (
        select(run.fire_at, run.schedule, run.status, run.error)
        .where(run.fire_at >= since, run.status.in_(["done", "failed", "skipped"]))
        .order_by(run.fire_at.desc())
        .limit(limit)
    )
    return [
        *(
            _message_item(at, carrier, preview, who, status, reason)
            for at, carrier, preview, who, status, reason in session.execute(rows)
            if at is not None
        ),
        *(
            AgendaItem(at, "task", name, None, status, error)
            for at, name, status, error in session.execute(runs)
        ),
    ]


def _message_item(
    at: datetime, carrier: str, preview: str | None, who: str | None, status: str, reason: str | None
) -> AgendaItem:
    return AgendaItem(at, "message", f"{carrier}: {preview}" if preview else carrier, who, status, reason)
