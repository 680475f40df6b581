"""What is due in the outbox: rows whose turn it is, read and nothing more; app/messaging/claims.py takes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select, union_all
from sqlalchemy.orm import Session

from app.messaging.models import has_status
from app.messaging.outbox import TABLE, OutboxRow
from app.messaging.rules import DELIVERED_ELSEWHERE, Carrier, OutboxStatus, Priority, Purpose

MOST_ROWS = 500
"""Looked at and claimed at a time."""
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
    limit: int = MOST_ROWS,
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
