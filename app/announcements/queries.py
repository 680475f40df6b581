"""The addresses as deliveries and operators need them, and the dead letters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, func, select, text
from sqlalchemy.orm import Session

from app.announcements.models import WebhookEndpoint
from app.encryption import Encryption
from app.messaging.models import OutboxMessage, has_status
from app.messaging.rules import Carrier, OutboxStatus


@dataclass(frozen=True)
class Endpoint:
    """Where deliveries go, and what signs them."""

    id: int
    url: str
    secrets: tuple[str, ...] = field(repr=False)
    """Newest first."""


def read_endpoints(session: Session, encryption: Encryption) -> list[Endpoint]:
    """All of them, stopped ones too: what was still queued for these has to end."""
    rows = session.execute(
        select(WebhookEndpoint.id, WebhookEndpoint.url, WebhookEndpoint.secrets).order_by(WebhookEndpoint.id)
    )
    return [Endpoint(id_, url, tuple(encryption.decrypt(sealed).split(","))) for id_, url, sealed in rows]


def endpoint_states(
    session: Session,
) -> Sequence[Row[int, str, list[str], datetime | None, str | None, int]]:
    """For operators: (id, address, kinds, stopped at, what went wrong last, dead letters)."""
    dead = (
        select(OutboxMessage.recipient, func.count().label("n"))
        .where(_is_dead())
        .group_by(OutboxMessage.recipient)
        .subquery()
    )
    endpoint = WebhookEndpoint
    return session.execute(
        select(
            endpoint.id,
            endpoint.url,
            endpoint.kinds,
            endpoint.stopped_at,
            endpoint.problem,
            func.coalesce(dead.c.n, 0),
        )
        .outerjoin(dead, dead.c.recipient == func.cast(endpoint.id, OutboxMessage.recipient.type))
        .order_by(endpoint.id)
    ).all()


def find_dead_deliveries(
    session: Session, limit: int | None = 50
) -> Sequence[Row[int, str | None, str | None, str | None, datetime | None]]:
    """Deliveries that a day of tries could not bring, newest first: (id, endpoint, kind, reason, ended at)."""
    row = OutboxMessage
    query = select(row.id, row.recipient, row.preview, row.reason, row.ended_at).where(_is_dead())
    return session.execute(query.order_by(row.id.desc()).limit(limit)).all()


def _is_dead() -> ColumnElement[bool]:
    row = OutboxMessage
    return and_(_IN_TROUBLE, has_status(row.status, OutboxStatus.FAILED), row.carrier == Carrier.WEBHOOK)


_IN_TROUBLE = text("status IN ('unknown', 'failed')")
"""The words of the partial index: SQLite takes no others."""
