"""Telling the job site what happened: one outbox row for each address that wants to hear of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.announcements.models import WebhookEndpoint
from app.announcements.rules import Kind
from app.messaging.outbox import NewOutboxMessage, enqueue
from app.messaging.rules import Carrier, Purpose

__all__ = ["Announcement", "Kind", "announce"]

LONGEST_KEY = 120


@dataclass(frozen=True)
class Announcement:
    """One thing that happened to a friend."""

    kind: Kind
    channel_id: int
    friend_id: int
    cause: str
    """What it follows from, unique: told twice it is sent once."""
    data: Mapping[str, Any]
    """The kind's own fields; who the person is, is added when it is sent."""


def announce(session: Session, said: Announcement, now: datetime) -> None:
    """Queue it for every address that wants this kind; nothing when there is none."""
    wanting = [
        endpoint_id
        for endpoint_id, kinds in session.execute(
            select(WebhookEndpoint.id, WebhookEndpoint.kinds).where(WebhookEndpoint.stopped_at.is_(None))
        )
        if not kinds or said.kind in kinds
    ]
    if not wanting:
        return
    values = {
        "id": f"evt_{uuid4().hex}",
        "kind": said.kind,
        "at": now.isoformat(),
        "friend_id": said.friend_id,
        "data": dict(said.data),
    }
    enqueue(session, [_delivery(said, endpoint_id, values) for endpoint_id in wanting], now)


def _delivery(said: Announcement, endpoint_id: int, values: Mapping[str, Any]) -> NewOutboxMessage:
    """Without `friend_id` in the row: what waits for a person ends when they block us, this does not."""
    return NewOutboxMessage(
        carrier=Carrier.WEBHOOK,
        channel_id=said.channel_id,
        recipient=str(endpoint_id),
        dedupe_key=_short(f"webhook:{endpoint_id}:{said.kind}:{said.cause}"),
        body={"build": "announcement", "values": {**values, "endpoint_id": endpoint_id}},
        preview=said.kind,
        purpose=Purpose.TRANSACTION,
    )


def _short(key: str) -> str:
    """Too long a key is named by its digest: cut off, two causes could look the same."""
    return key if len(key) <= LONGEST_KEY else f"webhook:{sha256(key.encode()).hexdigest()}"
