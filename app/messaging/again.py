"""What a person decides about a row that ended failed or unknown: send it again, or let it be."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.messaging.models import OutboxMessage
from app.messaging.rules import DEFAULT_LIFE, Carrier, OutboxStatus, Purpose
from app.messaging.waking import wake_workers

GIVEN_UP = "given up by staff"
_TO_PEOPLE = (Carrier.REPLY, Carrier.PUSH)
_ENDED_BADLY = (OutboxStatus.FAILED, OutboxStatus.UNKNOWN)


def send_again(session: Session, row_id: int, now: datetime) -> bool:
    """Queue the message anew as a push; the gate is asked again. One that was unknown may so arrive twice.

    With a new retry key: LINE would take the old one for the first try, and not send. False when there is no
    such row, its content was emptied, or somebody else has decided already.
    """
    row = OutboxMessage
    query = (
        update(row)
        .where(
            row.id == row_id,
            row.carrier.in_(_TO_PEOPLE),
            row.status.in_(_ENDED_BADLY),
            row.recipient.is_not(None),
            row.preview.is_not(None),  # else it is so old that it was emptied
        )
        .values(
            carrier=Carrier.PUSH,
            status=OutboxStatus.WAITING,
            retry_key=str(uuid4()),
            reply_token=None,
            reply_until=None,
            reason=None,
            attempts=0,
            unsure=False,
            first_tried_at=None,
            ended_at=None,
            due_at=now,
            expires_at=now + DEFAULT_LIFE[Purpose.TRANSACTION],
        )
        .returning(row.id)
        .execution_options(synchronize_session=False)
    )
    done = session.scalars(query).one_or_none() is not None
    wake_workers(session)
    return done


def give_up(session: Session, row_id: int) -> bool:
    """Take the row off the list of what needs a person; False when it is not on it."""
    row = OutboxMessage
    query = (
        update(row)
        .where(row.id == row_id, row.status.in_(_ENDED_BADLY))
        .values(status=OutboxStatus.CANCELLED, reason=GIVEN_UP)
        .returning(row.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(query).one_or_none() is not None
