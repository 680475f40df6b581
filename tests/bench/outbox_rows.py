"""Outbox rows in bulk: pushes to invented friends, all due."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from app.bulk import insert_rows
from app.clock import Clock
from app.db import Database, writing
from app.messaging.outbox import TABLE, NewOutboxMessage, row_values
from app.messaging.rules import Carrier, Purpose

CHUNK = 5_000


def _body(number: int) -> dict[str, Any]:
    text = f"【見本】ご希望に近い求人が{number}件あります。メニューの「求人」からご覧ください。"
    return {"messages": [{"type": "text", "text": text}]}


def add_pushes(database: Database, user_ids: Sequence[str], count: int, *, due_in: float = 0.0) -> None:
    """`count` pushes, to these people in turn (numbered from 1), due in so many seconds."""
    now = Clock().now()
    for first in range(0, count, CHUNK):
        rows = [_push(user_ids, number, now, due_in) for number in range(first, min(first + CHUNK, count))]
        with writing(database) as connection:
            insert_rows(connection, TABLE, [row_values(row, now) for row in rows])


def _push(user_ids: Sequence[str], number: int, now: datetime, due_in: float) -> NewOutboxMessage:
    person = number % len(user_ids)
    return NewOutboxMessage(
        carrier=Carrier.PUSH,
        channel_id=1,
        dedupe_key=f"campaign:1:{number}",
        body=_body(number),
        purpose=Purpose.TRANSACTION,
        friend_id=person + 1,
        recipient=user_ids[person],
        due_at=now + timedelta(seconds=due_in),
        preview="【見本】ご希望に近い求人が3件あります。",
    )
