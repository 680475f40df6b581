"""The sender's claims: take what is due, give back what was not tried, free what a dead sender held.

A claim (attempt counted, lease, frozen body) is committed before the request, so that a crash never looks
like a first attempt. All updates are conditional: a row that somebody else moved on is left alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    func,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from app.bulk import among
from app.messaging.endings import move_on
from app.messaging.models import Channel, OutboxMessage, has_status
from app.messaging.outbox import Ended, OnEnded, OutboxRow, Recheck, Render
from app.messaging.rules import (
    DELIVERED_ELSEWHERE,
    Carrier,
    Next,
    OutboxStatus,
    Priority,
    Purpose,
    Waiting,
    before_attempt,
)

CLAIM_ROWS = 500
LEASE = timedelta(seconds=30)
TABLE = cast(Table, OutboxMessage.__table__)
Bodies = Mapping[int, dict[str, Any] | None]


@dataclass(frozen=True)
class Features:
    """What the worker hands to the sender, which knows no feature itself; each works on a batch."""

    recheck: Recheck
    render: Render
    on_ended: OnEnded


_ROW_COLUMNS = (
    TABLE.c.id,
    TABLE.c.carrier,
    TABLE.c.channel_id,
    TABLE.c.friend_id,
    TABLE.c.recipient,
    TABLE.c.purpose,
    TABLE.c.retry_key,
    TABLE.c.body,
    TABLE.c.reply_token,
    TABLE.c.reply_until,
    TABLE.c.attempts,
    TABLE.c.unsure,
    TABLE.c.due_at,
    TABLE.c.expires_at,
    TABLE.c.first_tried_at,
    TABLE.c.frozen,
)


_CARRIERS = {str(each): each for each in Carrier}
_PURPOSES = {str(each): each for each in Purpose}
"""A look here takes a tenth of the time that the enum's own call takes, for each of 2,000 rows a second."""


def due_rows(
    session: Session,
    channel_id: int,
    now: datetime,
    *,
    limit: int = CLAIM_ROWS,
    without: frozenset[Carrier] = frozenset(),
) -> list[OutboxRow]:
    """Rows whose turn it is, by priority, then by age; at most one per friend, none beside one in flight."""
    elsewhere = list(without | DELIVERED_ELSEWHERE)
    values = {"channel": channel_id, "now": now, "elsewhere": elsewhere, "most": limit}
    return _first_of_each_friend(_read_rows(session, _DUE, values))


_FLYING = TABLE.alias()
_IN_FLIGHT = select(_FLYING.c.id).where(
    _FLYING.c.friend_id == TABLE.c.friend_id, has_status(_FLYING.c.status, OutboxStatus.SENDING)
)
_MOST = bindparam("most", type_=Integer())
_RANGE = (
    select(*_ROW_COLUMNS, TABLE.c.priority)
    .where(
        TABLE.c.channel_id == bindparam("channel"),
        has_status(TABLE.c.status, OutboxStatus.WAITING),
        TABLE.c.due_at <= bindparam("now"),
        TABLE.c.carrier.not_in(bindparam("elsewhere", expanding=True)),
        ~_IN_FLIGHT.exists(),
    )
    .order_by(TABLE.c.due_at, TABLE.c.id)
    .limit(_MOST)
)
_RANGES = union_all(
    *(select(_RANGE.where(TABLE.c.priority == int(each)).subquery()) for each in Priority)
).subquery()
_DUE = (
    select(*(_RANGES.c[column.name] for column in _ROW_COLUMNS))
    .order_by(_RANGES.c.priority, _RANGES.c.due_at, _RANGES.c.id)
    .limit(_MOST)
)
"""One range of the index for each priority: what is planned for later is never walked over. Made once, and one
statement for all: an idle sender looks every second, a busy one at every commit."""


def due_deliveries(session: Session, endpoint: str, now: datetime, limit: int) -> list[OutboxRow]:
    """Outgoing webhooks to this endpoint whose turn it is, the oldest first."""
    query = (
        select(*_ROW_COLUMNS)
        .where(
            has_status(TABLE.c.status, OutboxStatus.WAITING),
            has_status(TABLE.c.carrier, Carrier.WEBHOOK),
            TABLE.c.recipient == endpoint,
            TABLE.c.due_at <= now,
        )
        .order_by(TABLE.c.due_at, TABLE.c.id)
    )
    return _read_rows(session, query.limit(limit), {})


def _read_rows(session: Session, query: Select[Any], values: Mapping[str, Any]) -> list[OutboxRow]:
    return [_row(row) for row in session.connection().execute(query, values).all()]


def _row(values: Any) -> OutboxRow:
    id_, carrier, channel_id, friend_id, recipient, purpose, *rest = values
    return OutboxRow(id_, _CARRIERS[carrier], channel_id, friend_id, recipient, _PURPOSES[purpose], *rest)


def _first_of_each_friend(rows: Sequence[OutboxRow]) -> list[OutboxRow]:
    seen: set[int] = set()
    first = []
    for row in rows:
        if row.friend_id is None or row.friend_id not in seen:
            first.append(row)
        if row.friend_id is not None:
            seen.add(row.friend_id)
    return first


def claim_rows(
    session: Session, due: Sequence[OutboxRow], features: Features, now: datetime, real_now: datetime
) -> list[OutboxRow]:
    """Ask the gate, render, and claim: what comes back is ours to send, with its body frozen.

    Rows that may not leave now are moved on to what the verdict says, in the same transaction.
    """
    verdicts = dict(_verdicts(session, due, features, now, real_now))
    moved = [Ended(row, verdicts[row.id]) for row in due if row.id in verdicts]
    move_on(session, moved, features.on_ended, now)
    allowed = [row for row in due if row.id not in verdicts]
    bodies = _rendered(session, [row for row in allowed if _is_to_be_built(row)], features, now)
    empty = [Ended(row, NOTHING_TO_SAY) for row in allowed if row.id in bodies and bodies[row.id] is None]
    move_on(session, empty, features.on_ended, now)
    ready = [row for row in allowed if bodies.get(row.id, row.body) is not None]
    won = _mark_sending(session, ready, bodies, real_now)
    return [_claimed(row, bodies.get(row.id), real_now) for row in ready if row.id in won]


def _claimed(row: OutboxRow, body: Mapping[str, Any] | None, real_now: datetime) -> OutboxRow:
    """The row as it is ours."""
    return row._replace(
        attempts=row.attempts + 1,
        first_tried_at=row.first_tried_at or real_now,
        frozen=body or row.frozen or row.body,
        leased_until=real_now + LEASE,
    )


NOTHING_TO_SAY = Next(OutboxStatus.REFUSED, "nothing left to say")
QUOTA_IS_SPENT = Next(OutboxStatus.REFUSED, "quota")


def _verdicts(
    session: Session, due: Sequence[OutboxRow], features: Features, now: datetime, real_now: datetime
) -> Iterable[tuple[int, Next]]:
    asked = []
    for row in due:
        verdict = before_attempt(_waiting(row), now, real_now)
        if verdict is None:
            asked.append(row)
        else:
            yield row.id, verdict
    if asked and (stopped := _promotions_are_stopped(session, asked, now)):
        yield from ((row.id, QUOTA_IS_SPENT) for row in asked if row.id in stopped)
        asked = [row for row in asked if row.id not in stopped]
    yield from features.recheck(session, asked, now).items()


def _waiting(row: OutboxRow) -> Waiting:
    return Waiting(row.carrier, row.attempts, row.unsure, row.expires_at, row.reply_until, row.first_tried_at)


def _promotions_are_stopped(session: Session, rows: Sequence[OutboxRow], now: datetime) -> set[int]:
    # What may have arrived already is not refused any more: its outcome must become known.
    promotions = {row.id for row in rows if row.purpose is Purpose.PROMOTION and not row.unsure}
    if not promotions:
        return set()
    query = select(Channel.promotions_stopped_until).where(Channel.id == rows[0].channel_id)
    until = session.scalars(query).one()
    return promotions if until is not None and now < until else set()


def _is_to_be_built(row: OutboxRow) -> bool:
    return row.frozen is None and "build" in row.body


def _rendered(session: Session, rows: Sequence[OutboxRow], features: Features, now: datetime) -> Bodies:
    return features.render(session, rows, now) if rows else {}


def _mark_sending(
    session: Session,
    rows: Sequence[OutboxRow],
    bodies: Mapping[int, dict[str, Any] | None],
    real_now: datetime,
) -> set[int]:
    if not rows:
        return set()
    connection = session.connection()
    query = (
        update(TABLE)
        .where(
            among(connection, TABLE.c.id, [row.id for row in rows]), TABLE.c.status == OutboxStatus.WAITING
        )
        .values(
            status=OutboxStatus.SENDING,
            attempts=TABLE.c.attempts + 1,
            lease_until=real_now + LEASE,
            first_tried_at=func.coalesce(TABLE.c.first_tried_at, real_now),
        )
        .returning(TABLE.c.id)
    )
    won = set(connection.scalars(query).all())
    frozen = [
        {"row_id": id_, "built": body} for id_, body in bodies.items() if body is not None and id_ in won
    ]
    if frozen:
        freeze = update(TABLE).where(TABLE.c.id == bindparam("row_id")).values(frozen=bindparam("built"))
        connection.execute(freeze, frozen)
    return won


def hand_back(session: Session, rows: Sequence[OutboxRow]) -> None:
    """Give back claimed rows that were never tried: as if they had not been claimed."""
    if not rows:
        return
    query = (
        update(TABLE)
        .where(
            TABLE.c.id == bindparam("row_id"),
            TABLE.c.status == OutboxStatus.SENDING,
            TABLE.c.attempts == bindparam("seen"),
        )
        .values(
            status=OutboxStatus.WAITING,
            attempts=TABLE.c.attempts - 1,
            lease_until=None,
            first_tried_at=bindparam("first"),
            frozen=bindparam("built"),
        )
    )
    session.connection().execute(query, [_before_its_claim(row) for row in rows])


def _before_its_claim(row: OutboxRow) -> dict[str, Any]:
    """What a claim had set. A body built for a first try is built again: the facts may change meanwhile."""
    is_first = row.attempts == 1
    return {
        "row_id": row.id,
        "seen": row.attempts,
        "first": None if is_first else row.first_tried_at,
        "built": None if is_first or "build" not in row.body else row.frozen,
    }


def sent_for(channel_id: int) -> ColumnElement[bool]:
    """The rows that an account's sender claims."""
    row = OutboxMessage
    return and_(row.channel_id == channel_id, row.carrier.not_in(DELIVERED_ELSEWHERE))


def free_claims(session: Session, which: ColumnElement[bool], *, leased_before: datetime | None) -> int:
    """Make such rows of a dead sender waiting and unsure; how many there were.

    `leased_before`: machine time; only rows whose lease has run out by then. None: all of them, when the
    lock has proven that nobody else is sending.
    """
    query = (
        update(OutboxMessage)
        .where(
            which,
            OutboxMessage.status == OutboxStatus.SENDING,
            OutboxMessage.lease_until < leased_before if leased_before is not None else true(),
        )
        .values(status=OutboxStatus.WAITING, unsure=True, lease_until=None)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.scalars(query).all())
