"""What is old is emptied, a little at a time: raw events, bodies of messages, finished runs.

Ids are found outside of any transaction, by partial indexes that hold only what is not empty yet; then a
short transaction empties those that are still as they were found.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, exists, select, update
from sqlalchemy.orm import Session

from app.batches import Change, in_batches
from app.db import Database, transaction
from app.messaging.models import Attachment, InboxEvent, Message, OutboxMessage, TaskRun
from app.messaging.rules import ENDED

PAYLOADS = timedelta(days=14)
MESSAGES = timedelta(days=730)
TASK_RUNS = timedelta(days=90)


def empty_what_is_old(database: Database, now: datetime) -> int:
    """Empty what is past its time, in batches that are short transactions; how many rows were emptied."""
    emptied = _empty_payloads(database, now - PAYLOADS)
    emptied += _empty_bodies(database, now - MESSAGES)
    emptied += _drop_files(database, now - MESSAGES)
    emptied += _empty_messages(database, now - MESSAGES)
    with transaction(database) as session:
        session.execute(delete(TaskRun).where(TaskRun.fire_at < now - TASK_RUNS))
    return emptied


def _empty_payloads(database: Database, before: datetime) -> int:
    is_old = and_(InboxEvent.payload.is_not(None), InboxEvent.handled_at < before)
    old = select(InboxEvent.id).where(is_old).order_by(InboxEvent.handled_at)
    return in_batches(database, old, _emptying(InboxEvent, is_old, {"payload": None}))


def _empty_bodies(database: Database, before: datetime) -> int:
    row = OutboxMessage
    is_old = and_(row.preview.is_not(None), row.ended_at < before, row.status.in_(ENDED))
    old = select(row.id).where(is_old).order_by(row.ended_at)
    emptied: dict[str, Any] = {"body": {}, "frozen": None, "preview": None, "reply_token": None}
    return in_batches(database, old, _emptying(row, is_old, emptied))


def _empty_messages(database: Database, before: datetime) -> int:
    is_old = and_(Message.text.is_not(None), Message.at < before)
    old = select(Message.id).where(is_old).order_by(Message.at)
    return in_batches(database, old, _emptying(Message, is_old, {"text": None}))


def _drop_files(database: Database, before: datetime) -> int:
    is_old = and_(Message.attachment_id.is_not(None), Message.at < before)
    old = select(Message.attachment_id).where(is_old).order_by(Message.attachment_id)

    def drop(session: Session, rows: Sequence[Row[Any]]) -> int:
        ids = [row[0] for row in rows]
        freed = update(Message).where(Message.attachment_id.in_(ids), is_old).values(attachment_id=None)
        session.execute(freed.execution_options(synchronize_session=False))
        is_kept = exists().where(Message.attachment_id == Attachment.id)
        dropped = delete(Attachment).where(Attachment.id.in_(ids), ~is_kept).returning(Attachment.id)
        return len(session.scalars(dropped, execution_options={"synchronize_session": False}).all())

    return in_batches(database, old, drop)


def _emptying(
    table: type[InboxEvent | OutboxMessage | Message], is_old: ColumnElement[bool], values: dict[str, Any]
) -> Change:
    def empty(session: Session, rows: Sequence[Row[Any]]) -> int:
        ids = [row[0] for row in rows]
        query = update(table).where(table.id.in_(ids), is_old).values(values).returning(table.id)
        return len(session.scalars(query, execution_options={"synchronize_session": False}).all())

    return empty
