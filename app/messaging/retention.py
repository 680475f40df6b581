"""What is old is emptied, a little at a time: raw events, bodies of messages, finished runs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select, update

from app.db import Database, transaction
from app.messaging.models import Attachment, InboxEvent, Message, OutboxMessage, TaskRun
from app.messaging.rules import ENDED

BATCH = 500
PAYLOADS = timedelta(days=14)
MESSAGES = timedelta(days=730)
TASK_RUNS = timedelta(days=90)


def empty_what_is_old(database: Database, now: datetime) -> int:
    """Empty what is past its time, in batches that are short transactions; how many rows were emptied."""
    old_payloads = select(InboxEvent.id).where(
        InboxEvent.handled_at < now - PAYLOADS, InboxEvent.payload.is_not(None)
    )
    old_bodies = select(OutboxMessage.id).where(
        OutboxMessage.status.in_(ENDED),
        OutboxMessage.ended_at < now - MESSAGES,
        OutboxMessage.preview.is_not(None),
    )
    old_messages = select(Message.id).where(Message.at < now - MESSAGES, Message.text.is_not(None))
    old_files = select(Message.attachment_id).where(
        Message.at < now - MESSAGES, Message.attachment_id.is_not(None)
    )
    emptied = _in_batches(database, old_payloads, _empty_payloads)
    emptied += _in_batches(database, old_bodies, _empty_bodies)
    emptied += _in_batches(database, old_files, _drop_files)
    emptied += _in_batches(database, old_messages, _empty_messages)
    with transaction(database) as session:
        session.execute(delete(TaskRun).where(TaskRun.fire_at < now - TASK_RUNS))
    return emptied


Statements = Callable[[list[int]], list[Any]]


def _in_batches(database: Database, old: Select[Any], statements: Statements) -> int:
    emptied = 0
    while True:
        with transaction(database) as session:
            ids = [id_ for (id_,) in session.execute(old.limit(BATCH))]
            for statement in statements(ids) if ids else []:
                session.execute(statement.execution_options(synchronize_session=False))
        emptied += len(ids)
        if len(ids) < BATCH:
            return emptied


def _empty_payloads(ids: list[int]) -> list[Any]:
    return [update(InboxEvent).where(InboxEvent.id.in_(ids)).values(payload=None)]


def _empty_bodies(ids: list[int]) -> list[Any]:
    emptied: dict[str, Any] = {"body": {}, "frozen": None, "preview": None, "reply_token": None}
    return [update(OutboxMessage).where(OutboxMessage.id.in_(ids)).values(emptied)]


def _empty_messages(ids: list[int]) -> list[Any]:
    return [update(Message).where(Message.id.in_(ids)).values(text=None)]


def _drop_files(ids: list[int]) -> list[Any]:
    return [
        update(Message).where(Message.attachment_id.in_(ids)).values(attachment_id=None),
        delete(Attachment).where(Attachment.id.in_(ids)),
    ]
