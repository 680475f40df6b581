"""What waits and what is stuck, counted from the tables, so that it is right in any process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.messaging.models import Channel, InboxEvent, OutboxMessage
from app.messaging.rules import InboxStatus, OutboxStatus


@dataclass(frozen=True)
class QueueFigures:
    """The queues at one moment. `oldest_*` are ages of what is due, None when nothing is."""

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
    """Count the queues; cheap, by the partial indexes."""
    event, row = InboxEvent, OutboxMessage
    waiting_events = (event.status == InboxStatus.WAITING, event.due_at <= now)
    waiting_rows = (row.status == OutboxStatus.WAITING, row.due_at <= now)
    inbox_due, inbox_since = session.execute(
        select(func.count(event.id), func.min(event.due_at)).where(*waiting_events)
    ).one()
    outbox_due, outbox_since = session.execute(
        select(func.count(row.id), func.min(row.due_at)).where(*waiting_rows)
    ).one()
    return QueueFigures(
        inbox_due=inbox_due,
        inbox_dead=_count(session, event.id, event.status == InboxStatus.DEAD),
        inbox_oldest=_age(inbox_since, now),
        outbox_due=outbox_due,
        outbox_sending=_count(session, row.id, row.status == OutboxStatus.SENDING),
        outbox_oldest=_age(outbox_since, now),
        outbox_unknown=_count(session, row.id, row.status == OutboxStatus.UNKNOWN),
        outbox_failed=_count(session, row.id, row.status == OutboxStatus.FAILED),
    )


def _age(since: datetime | None, now: datetime) -> timedelta | None:
    return None if since is None else now - since


def _count(session: Session, column: Any, condition: Any) -> int:
    return session.scalars(select(func.count(column)).where(condition)).one()


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


def channel_problems(session: Session) -> Sequence[Row[str, str | None, datetime | None]]:
    """Every account: (name, why sending stands still or None, promotions stopped until)."""
    query = select(Channel.name, Channel.problem, Channel.promotions_stopped_until).order_by(Channel.id)
    return session.execute(query).all()
