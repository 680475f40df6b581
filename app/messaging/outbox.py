"""The outbox's table work: add rows, claim what is due, record how attempts ended.

Nothing leaves the machine except from an outbox row. A claim (attempt counted, lease, frozen body) is
committed before the request, so that a crash never looks like a first attempt.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast
from uuid import uuid4

from sqlalchemy import Table
from sqlalchemy.orm import Session

from app.bulk import insert_rows
from app.line.rules import Reply
from app.messaging.models import OutboxMessage
from app.messaging.rules import (
    BACKGROUND_CARRIERS,
    DEFAULT_LIFE,
    DELIVERED_ELSEWHERE,
    PRIORITY_OF,
    Carrier,
    Next,
    OutboxStatus,
    Priority,
    Purpose,
)
from app.messaging.waking import wake_workers

TABLE = cast(Table, OutboxMessage.__table__)


@dataclass(frozen=True)
class NewOutboxMessage:
    """A row to be added. Times are business time; what is left out follows from purpose and `now`."""

    carrier: Carrier
    channel_id: int
    dedupe_key: str
    body: Mapping[str, Any] = field(repr=False)
    purpose: Purpose = Purpose.REPLY
    friend_id: int | None = None
    recipient: str | None = None
    reply_token: str | None = field(default=None, repr=False)
    reply_until: datetime | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None
    content_key: str | None = None
    preview: str | None = field(default=None, repr=False)


class OutboxRow(NamedTuple):
    """A claimed row, as the sender needs it. `attempts` counts the attempt that is about to be made.

    A tuple, since a frozen dataclass of so many fields takes as long to make as the row to be read.
    """

    id: int
    carrier: Carrier
    channel_id: int
    friend_id: int | None
    recipient: str | None
    purpose: Purpose
    retry_key: str
    body: Mapping[str, Any]
    reply_token: str | None
    reply_until: datetime | None
    attempts: int
    unsure: bool
    due_at: datetime
    expires_at: datetime
    first_tried_at: datetime | None
    frozen: Mapping[str, Any] | None = None
    leased_until: datetime | None = None
    """Machine time; set by the claim."""

    def __repr__(self) -> str:
        """Without what the message says and to whom."""
        return f"OutboxRow(id={self.id}, carrier={self.carrier}, attempts={self.attempts})"

    @property
    def recipients(self) -> int:
        """How many people the row is for."""
        return len(self.body.get("to", ())) if self.carrier is Carrier.MULTICAST else 1


@dataclass(frozen=True)
class Ended:
    """A row whose attempt, or whose waiting, has come to an end, with LINE's answer where there was one."""

    row: OutboxRow
    next: Next
    reply: Reply | None = None


Recheck = Callable[[Session, Sequence[OutboxRow], datetime], Mapping[int, Next]]
"""The gate, for a batch: row id -> what becomes of a row that may not leave now; absent: it may."""
Render = Callable[[Session, Sequence[OutboxRow], datetime], Mapping[int, dict[str, Any] | None]]
"""Builds the messages of rows that hold a builder's name; None: nothing is left to say, refuse the row."""
OnEnded = Callable[[Session, Sequence[Ended], datetime], None]
"""Lets features react to sent, refused and failed rows, in the same transaction."""


def enqueue(session: Session, rows: Sequence[NewOutboxMessage], now: datetime) -> None:
    """Add rows; one whose cause is already there (`dedupe_key`) is silently nothing. Wakes the sender."""
    if rows:
        add_rows(session, rows, now)
        wake_workers(session)


def add_rows(session: Session, rows: Sequence[NewOutboxMessage], now: datetime) -> None:
    """`enqueue` for who wakes the sender by other means, after the commit."""
    session.flush()  # friends that a row names must be there; the statement below goes past the session
    insert_rows(session.connection(), TABLE, [row_values(row, now) for row in rows])


def _priority_of(row: NewOutboxMessage) -> Priority:
    """What no sender of messages takes is out of the way of those it does."""
    waits = row.carrier in BACKGROUND_CARRIERS | DELIVERED_ELSEWHERE
    return Priority.BACKGROUND if waits else PRIORITY_OF[row.purpose]


def row_values(row: NewOutboxMessage, now: datetime) -> dict[str, Any]:
    """The row as its table takes it, with a fresh retry key."""
    background = row.carrier in BACKGROUND_CARRIERS
    due_at = row.due_at or now
    return {
        "carrier": row.carrier,
        "channel_id": row.channel_id,
        "friend_id": row.friend_id,
        "recipient": row.recipient,
        "purpose": row.purpose,
        "priority": _priority_of(row),
        "dedupe_key": row.dedupe_key,
        "retry_key": str(uuid4()),
        "body": row.body,
        "preview": row.preview,
        "reply_token": row.reply_token,
        "reply_until": row.reply_until,
        "content_key": row.content_key,
        "status": OutboxStatus.WAITING,
        "created_at": now,
        "due_at": due_at,
        "expires_at": row.expires_at
        or due_at + (timedelta(hours=24) if background else DEFAULT_LIFE[row.purpose]),
    }
