"""The inbox's drain: choose a batch and write down that it is in hand, then handle it in one transaction.

An event's effects, its outbox rows and "handled" commit together. What is in hand is committed before anything is
handled, so that an event that kills the process is counted too: by the drain that comes after.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import takewhile
from typing import Any

import structlog
from sqlalchemy import ARRAY, SmallInteger, any_, bindparam, select, text, update
from sqlalchemy.orm import Session

from app.bulk import among
from app.clock import Clock
from app.db import Database, reading, transaction
from app.messaging.event_rules import InboxStatus, after_failed_event
from app.messaging.in_hand import count_deaths, hold
from app.messaging.intake import TABLE
from app.messaging.models import InboxEvent, has_status
from app.messaging.outbox import NewOutboxMessage, add_rows
from app.messaging.waking import wake_other_workers

BATCH_EVENTS = 100
BATCH_SECONDS = 0.05
LANES_AT_ONCE = 16
LANES_SECONDS = 0.05
"""How long a drain goes on with the same lanes, while there is a lot to do."""
LANE_LOCKS = 4711
"""First half of the advisory lock key of a lane on PostgreSQL; the second half is the lane."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class InboxEntry:
    """A stored event as a handler's door gets it; `payload` is LINE's JSON text."""

    id: int
    channel_id: int
    webhook_event_id: str
    line_user_id: str | None
    event_at: datetime
    received_at: datetime
    payload: str = field(repr=False)
    attempts: int
    """Tries that have failed."""
    lane: int


@dataclass(frozen=True)
class Handled:
    """What came of an event: rows for the outbox, and whether its payload may be kept."""

    rows: Sequence[NewOutboxMessage] = ()
    keep_payload: bool = True


Handle = Callable[[Session, InboxEntry, datetime], Handled]
"""Given by the worker: (session, event, business time) -> what to send. It never commits."""


ChooseNext = Callable[[Session], Sequence[InboxEntry]]


class BatchTaken(Exception):
    """Events of the batch were handled by somebody else meanwhile; nothing of it may count twice."""


def drain_once(database: Database, handle: Handle, clock: Clock) -> int:
    """Handle the next due events, oldest first in each lane; how many were taken, 0 for none.

    On SQLite the caller holds the lock `inbox`; on PostgreSQL lanes are locked here, a few at a time.
    """
    if database.is_sqlite:
        return _drain_lanes(database, None, handle, clock) if _anything_due(database, clock.now()) else 0
    with _locked_lanes(database, clock.now()) as lanes:
        return _drain_lanes(database, lanes, handle, clock) if lanes else 0


def _drain_lanes(database: Database, lanes: list[int] | None, handle: Handle, clock: Clock) -> int:
    """Batch after batch of these lanes while they are full; None means all (the caller's lock is enough).

    The transaction that handles a batch chooses the next, too: one commit for both.
    """
    taken, until = 0, time.monotonic() + LANES_SECONDS
    choose = partial(_choose_batch, lanes=lanes, clock=clock)
    with transaction(database) as session:
        count_deaths(session, lanes, clock.now())
        batch = _take(session, [], choose)
    while batch:
        taken += len(batch)
        goes_on = len(batch) == BATCH_EVENTS and time.monotonic() < until
        batch = _handle_batch(database, batch, handle, clock, choose if goes_on else _nothing_more)
    if taken:
        wake_other_workers(database)
    return taken


def _take(session: Session, before: Sequence[InboxEntry], choose: ChooseNext) -> Sequence[InboxEntry]:
    """What comes after `before`, written down as in hand by the commit that lets go of `before`."""
    batch = choose(session)
    hold(session, (entry.lane for entry in before), ((entry.lane, entry.id) for entry in batch))
    return batch


def replay_event(session: Session, event_id: int, now: datetime) -> bool:
    """Let a dead event be tried again; False when there is no such dead event with its payload kept."""
    query = (
        update(InboxEvent)
        .where(
            InboxEvent.id == event_id, InboxEvent.status == InboxStatus.DEAD, InboxEvent.payload.is_not(None)
        )
        .values(status=InboxStatus.WAITING, attempts=0, due_at=now, error=None)
        .returning(InboxEvent.id)
    )
    return session.execute(query).first() is not None


def discard_event(session: Session, event_id: int, now: datetime) -> bool:
    """Give a dead event up for good; False when there is no such dead event."""
    query = (
        update(InboxEvent)
        .where(InboxEvent.id == event_id, InboxEvent.status == InboxStatus.DEAD)
        .values(status=InboxStatus.DISCARDED, handled_at=now, payload=None)
        .returning(InboxEvent.id)
    )
    return session.execute(query).first() is not None


def _anything_due(database: Database, now: datetime) -> bool:
    query = select(InboxEvent.id).where(
        has_status(InboxEvent.status, InboxStatus.WAITING), InboxEvent.due_at <= now
    )
    with reading(database) as session:
        return session.execute(query.limit(1)).first() is not None


_IN_INDEX_ORDER = text(
    "SELECT set_config('enable_bitmapscan', 'off', true), set_config('synchronous_commit', 'off', true)"
)
"""For transactions that choose. A queue's statistics are always wrong: thinking it nearly empty, PostgreSQL would
read and sort a whole backlog for each batch instead of following the index to the first hundred. And their commit
need not wait for the disk: a server that dies forgets the last of them as a whole, so the events still wait; and
nothing leaves this machine before the sender's claim, whose own commit puts all that came before it on the disk."""
_DUE = (
    select(
        InboxEvent.id,
        InboxEvent.channel_id,
        InboxEvent.webhook_event_id,
        InboxEvent.line_user_id,
        InboxEvent.event_at,
        InboxEvent.received_at,
        InboxEvent.payload,
        InboxEvent.attempts,
        InboxEvent.lane,
    )
    .where(has_status(InboxEvent.status, InboxStatus.WAITING), InboxEvent.due_at <= bindparam("now"))
    .order_by(InboxEvent.event_at, InboxEvent.id)
    .limit(BATCH_EVENTS)
)
_DUE_IN_LANES = _DUE.where(InboxEvent.lane == any_(bindparam("lanes", type_=ARRAY(SmallInteger))))
_PICK_LANES = text(
    "WITH lanes AS MATERIALIZED (SELECT lane, min(event_at) AS oldest FROM (SELECT lane, event_at FROM inbox_event"
    " WHERE status = 'waiting' AND due_at <= :now ORDER BY event_at, id LIMIT 1000) AS due"
    " GROUP BY lane ORDER BY oldest)"
    " SELECT lane FROM lanes WHERE pg_try_advisory_xact_lock(:locks, lane) LIMIT :most"
)
"""Materialised, or the planner would try every lane's lock before it sorts and cuts them."""


@contextmanager
def _locked_lanes(database: Database, now: datetime) -> Iterator[list[int]]:
    """Lanes with due events on PostgreSQL that nobody else drains while this is open."""
    with database.writer.connect() as connection, connection.begin():
        connection.execute(_IN_INDEX_ORDER)
        values = {"now": now, "locks": LANE_LOCKS, "most": LANES_AT_ONCE}
        yield list(connection.scalars(_PICK_LANES, values))


def _nothing_more(_session: Session) -> Sequence[InboxEntry]:
    return ()


def _the_rest(left: Sequence[InboxEntry], _session: Session) -> Sequence[InboxEntry]:
    """Of a batch that is handled one by one."""
    return left


def _choose_batch(session: Session, lanes: list[int] | None, clock: Clock) -> Sequence[InboxEntry]:
    """The next due events. One that failed before, or was in hand when a process died, is handled alone."""
    values: dict[str, Any] = {"now": clock.now()}
    query = _DUE
    if lanes is not None:
        session.execute(_IN_INDEX_ORDER)
        query, values["lanes"] = _DUE_IN_LANES, lanes
    due = [_entry(row) for row in session.connection().execute(query, values).all()]
    return due[:1] if due and due[0].attempts else list(takewhile(lambda entry: not entry.attempts, due))


def _entry(values: Any) -> InboxEntry:
    id_, channel_id, event_id, line_user_id, event_at, received_at, payload, attempts, lane = values
    return InboxEntry(
        id_, channel_id, event_id, line_user_id, event_at, received_at, payload or "{}", attempts, lane
    )


def _handle_batch(
    database: Database, batch: Sequence[InboxEntry], handle: Handle, clock: Clock, choose_next: ChooseNext
) -> Sequence[InboxEntry]:
    """The whole batch in one transaction; if any event fails, each alone, so that it harms no other.

    Gives what the same transaction has chosen next; nothing after a batch of which an event has failed.
    """
    try:
        with transaction(database) as session:
            _handle_in(session, batch, handle, clock)
            return _take(session, batch, choose_next)
    except Exception as error:
        if len(batch) == 1:
            with transaction(database) as session:
                _record_failure(session, batch[0], error, clock.now())
                return _take(session, batch, choose_next)
    for at, entry in enumerate(batch):
        _handle_batch(database, [entry], handle, clock, partial(_the_rest, batch[at + 1 :]))
    return ()


def _handle_in(session: Session, batch: Sequence[InboxEntry], handle: Handle, clock: Clock) -> None:
    started, now = time.monotonic(), clock.now()
    rows: list[NewOutboxMessage] = []
    done: list[InboxEntry] = []
    emptied: list[int] = []
    for entry in batch:
        handled = handle(session, entry, now)
        rows.extend(handled.rows)
        done.append(entry)
        if not handled.keep_payload:
            emptied.append(entry.id)
        if time.monotonic() - started > BATCH_SECONDS:
            break
    add_rows(session, rows, now)
    _mark_handled(session, done, emptied, now)


def _mark_handled(
    session: Session, done: Sequence[InboxEntry], emptied: Sequence[int], now: datetime
) -> None:
    connection = session.connection()
    ids = [entry.id for entry in done]
    query = (
        update(TABLE)
        .where(among(connection, TABLE.c.id, ids), TABLE.c.status == InboxStatus.WAITING)
        .values(status=InboxStatus.HANDLED, handled_at=now, attempts=TABLE.c.attempts + 1, error=None)
    )
    if connection.execute(query).rowcount != len(done):
        raise BatchTaken
    if emptied:
        connection.execute(update(TABLE).where(among(connection, TABLE.c.id, emptied)).values(payload=None))


def _record_failure(session: Session, entry: InboxEntry, error: Exception, now: datetime) -> None:
    """The event's error and next try; its transaction is rolled back already. The text holds no values."""
    attempts = entry.attempts + 1
    status, due_at = after_failed_event(attempts, now)
    log.error(
        "inbox_event_failed",
        webhook_event_id=entry.webhook_event_id,
        attempts=attempts,
        status=status,
        exc_info=error,
    )
    session.execute(
        update(InboxEvent)
        .where(InboxEvent.id == entry.id, InboxEvent.status == InboxStatus.WAITING)
        .values(status=status, attempts=attempts, due_at=due_at, error=f"{type(error).__name__}"[:500])
    )
