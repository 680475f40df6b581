"""Telling the job site what happened: one outbox row for each address that wants to hear of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.announcements.models import WebhookEndpoint
from app.messaging.outbox import NewOutboxMessage, enqueue
from app.messaging.rules import Carrier, Purpose


class Kind(StrEnum):
    """What the site can hear of."""

    LINKED = "linked"
    UNLINKED = "unlinked"
    SURVEY_ANSWERED = "survey_answered"
    JOB_TAPPED = "job_tapped"
    HANDOFF_WANTED = "handoff_wanted"
    BLOCKED = "blocked"


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
    values = {"kind": said.kind, "at": now.isoformat(), "friend_id": said.friend_id, "data": dict(said.data)}
    rows = [
        NewOutboxMessage(
            carrier=Carrier.WEBHOOK,
            channel_id=said.channel_id,
            dedupe_key=f"webhook:{endpoint_id}:{said.kind}:{said.cause}"[:120],
            body={"build": "announcement", "values": {**values, "endpoint_id": endpoint_id}},
            purpose=Purpose.TRANSACTION,
        )
        for endpoint_id in wanting
    ]
    enqueue(session, rows, now)
