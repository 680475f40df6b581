"""How attempts ended: each row's next state is written where the row still is as we saw it.

What follows an attempt is decided by rules (`after_attempt`); here it is recorded, and features are told in
the same transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BigInteger, SmallInteger, Table, Text, bindparam, update
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from app.bulk import as_table
from app.line.rules import Reply, outcome_of
from app.messaging.models import OutboxMessage
from app.messaging.outbox import Ended, NewOutboxMessage, OnEnded, OutboxRow, enqueue
from app.messaging.rules import ENDED, Attempt, Carrier, Next, OutboxStatus, Stop, after_attempt

TABLE = cast(Table, OutboxMessage.__table__)
_SENT_COLUMNS: Mapping[str, TypeEngine[Any]] = {
    "row_id": BigInteger(),
    "seen": SmallInteger(),
    "request_id": Text(),
}
SENT = Next(OutboxStatus.SENT)


def record_attempts(
    session: Session,
    answers: Sequence[tuple[OutboxRow, Reply]],
    on_ended: OnEnded,
    now: datetime,
    real_now: datetime,
) -> set[Stop]:
    """Record how attempts ended and let features react; what must stand still now comes back."""
    ended = []
    for row, reply in answers:
        attempt = Attempt(
            row.carrier,
            row.purpose,
            row.attempts,
            row.unsure,
            row.expires_at,
            row.first_tried_at or real_now,
            row.reply_until,
            row.recipients,
        )
        ended.append(Ended(row, after_attempt(attempt, outcome_of(reply), now, real_now), reply))
    move_on(session, ended, on_ended, now, claimed=True)
    return {item.next.stop for item in ended if item.next.stop is not None}


def move_on(
    session: Session, ended: Sequence[Ended], on_ended: OnEnded, now: datetime, *, claimed: bool = False
) -> None:
    """Write each row's next state, where it still is as we saw it; then tell the features."""
    if not ended:
        return
    plainly_sent: list[Ended] = []
    others: list[Ended] = []
    for item in ended:
        (plainly_sent if claimed and item.next == SENT else others).append(item)
    if plainly_sent:
        _write_sent(session, plainly_sent, now)
    if others:
        _write_moved(session, others, now, OutboxStatus.SENDING if claimed else OutboxStatus.WAITING)
    on_ended(session, ended, now)


def _write_sent(session: Session, ended: Sequence[Ended], now: datetime) -> None:
    """What nearly all rows come to, in one statement: only LINE's request id differs."""
    connection = session.connection()
    rows = [
        {"row_id": item.row.id, "seen": item.row.attempts, "request_id": item.reply and item.reply.request_id}
        for item in ended
    ]
    given = as_table(connection, rows, _SENT_COLUMNS)
    connection.execute(
        update(TABLE)
        .where(
            TABLE.c.id == given.c.row_id,
            TABLE.c.status == OutboxStatus.SENDING,
            TABLE.c.attempts == given.c.seen,
        )
        .values(
            status=OutboxStatus.SENT,
            reason=None,
            unsure=False,
            lease_until=None,
            ended_at=now,
            request_id=given.c.request_id,
        )
    )


def _write_moved(session: Session, ended: Sequence[Ended], now: datetime, status: OutboxStatus) -> None:
    query = (
        update(TABLE)
        .where(
            TABLE.c.id == bindparam("row_id"), TABLE.c.status == status, TABLE.c.attempts == bindparam("seen")
        )
        .values({name: bindparam(name) for name in _moved(ended[0], now)})
    )
    values = [_moved(item, now) | {"row_id": item.row.id, "seen": item.row.attempts} for item in ended]
    session.connection().execute(query, values)
    for item in ended:
        if item.next.split:
            _split(session, item.row, now)


def _moved(item: Ended, now: datetime) -> dict[str, Any]:
    row, next_ = item.row, item.next
    reason = next_.reason
    if item.reply is not None and item.reply.detail and next_.status is not OutboxStatus.SENT:
        reason = f"{reason}: {item.reply.detail}"[:500]
    becomes_other = next_.carrier is not None
    attempts = row.attempts if next_.counted else row.attempts - 1
    return {
        "status": next_.status,
        "reason": reason,
        "carrier": next_.carrier or row.carrier,
        "due_at": next_.due_at or row.due_at,
        "unsure": next_.unsure,
        "attempts": 0 if becomes_other else attempts,
        "first_tried_at": None if becomes_other else row.first_tried_at,
        "lease_until": None,
        "ended_at": now if next_.status in ENDED else None,
        "request_id": item.reply.request_id if item.reply is not None else None,
    }


def _split(session: Session, row: OutboxRow, now: datetime) -> None:
    """A multicast that LINE refused as a whole goes out in halves, each with a key of its own."""
    whole = session.get_one(OutboxMessage, row.id)
    people = list(row.body["to"])
    middle = len(people) // 2
    halves = [
        NewOutboxMessage(
            carrier=Carrier.MULTICAST,
            channel_id=row.channel_id,
            dedupe_key=f"{whole.dedupe_key}/{part}",
            body={**row.body, "to": half},
            purpose=row.purpose,
            expires_at=row.expires_at,
            content_key=whole.content_key,
            preview=whole.preview,
        )
        for part, half in (("a", people[:middle]), ("b", people[middle:]))
    ]
    enqueue(session, halves, now)
