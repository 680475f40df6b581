"""One bad row harms no other: what fails as a batch is done again row by row, and the bad one ends alone.

Features take part in claims and records (gate, building, reactions). Were their errors to end the sender, it
would begin anew with the same rows, and nothing of the channel would ever leave again.
"""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from app.db import Database, transaction
from app.line.rules import Reply
from app.messaging.claims import Features, claim_rows
from app.messaging.endings import move_on, record_attempts
from app.messaging.outbox import Ended, OnEnded, OutboxRow
from app.messaging.rules import Next, OutboxStatus, Stop

Answers = Sequence[tuple[OutboxRow, Reply]]
DATABASE_TROUBLE = (OperationalError, InterfaceError)
"""No row's fault: the sender ends and begins anew."""
log = structlog.get_logger(__name__)


def claim(
    database: Database, due: Sequence[OutboxRow], features: Features, now: datetime, real_now: datetime
) -> list[OutboxRow]:
    """Claim due rows; one that cannot be judged or built has failed, and the others are ours."""
    try:
        with transaction(database) as session:
            return claim_rows(session, due, features, now, real_now)
    except DATABASE_TROUBLE:
        raise
    except Exception as error:
        if len(due) > 1:
            return [row for each in due for row in claim(database, [each], features, now, real_now)]
        log.error("row_not_claimed", row=due[0].id, exc_info=error)
        _give_up(database, due[0], error, features.on_ended, now)
        return []


def record(
    database: Database, answers: Answers, on_ended: OnEnded, now: datetime, real_now: datetime
) -> set[Stop]:
    """Record how attempts ended; a row whose reaction fails is recorded without it."""
    try:
        with transaction(database) as session:
            return record_attempts(session, answers, on_ended, now, real_now)
    except DATABASE_TROUBLE:
        raise
    except Exception as error:
        if len(answers) > 1:
            return set().union(*(record(database, [each], on_ended, now, real_now) for each in answers))
        log.error("reaction_failed", row=answers[0][0].id, exc_info=error)
        with transaction(database) as session:
            return record_attempts(session, answers, _no_reaction, now, real_now)


def _give_up(database: Database, row: OutboxRow, error: Exception, on_ended: OnEnded, now: datetime) -> None:
    status = OutboxStatus.UNKNOWN if row.unsure else OutboxStatus.FAILED
    ended = [Ended(row, Next(status, f"could not be built: {type(error).__name__}", unsure=row.unsure))]
    try:
        with transaction(database) as session:
            move_on(session, ended, on_ended, now)
    except DATABASE_TROUBLE:
        raise
    except Exception as again:
        log.error("reaction_failed", row=row.id, exc_info=again)
        with transaction(database) as session:
            move_on(session, ended, _no_reaction, now)


def _no_reaction(session: Session, ended: Sequence[Ended], now: datetime) -> None:
    """For a row whose feature cannot react: what LINE answered is recorded all the same."""
