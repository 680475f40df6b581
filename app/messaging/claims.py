"""The sender's claims: take what is due, give back what was not tried, free what a dead sender held.

A claim (attempt counted, lease, frozen body) is committed before the request, so that a crash never looks
like a first attempt. All updates are conditional: a row that somebody else moved on is left alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, select, true, update
from sqlalchemy.orm import Session

from app.bulk import among
from app.messaging.endings import move_on
from app.messaging.models import Channel, OutboxMessage
from app.messaging.outbox import TABLE, Ended, OnEnded, OutboxRow, Recheck, Render
from app.messaging.rules import (
    DELIVERED_ELSEWHERE,
    Next,
    OutboxStatus,
    Purpose,
    Waiting,
    before_attempt,
)

LEASE = timedelta(seconds=30)
Bodies = Mapping[int, dict[str, Any] | None]


@dataclass(frozen=True)
class Features:
    """What the worker hands to the sender, which knows no feature itself; each works on a batch."""

    recheck: Recheck
    render: Render
    on_ended: OnEnded


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
