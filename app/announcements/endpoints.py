"""What operators do with the addresses: add, rotate, stop, send dead letters again. Nothing here commits."""

from collections.abc import Collection
from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.announcements.models import WebhookEndpoint
from app.announcements.rules import Kind, refusal_of_url
from app.encryption import Encryption
from app.errors import AppError
from app.messaging.models import OutboxMessage
from app.messaging.rules import REPEAT_LIFE, Carrier, OutboxStatus
from app.messaging.waking import wake_workers


class BadEndpoint(AppError):
    """An address that no webhook may go to, or a number that no address has."""

    status = 422


def add_endpoint(
    session: Session,
    encryption: Encryption,
    url: str,
    kinds: Collection[Kind],
    now: datetime,
    *,
    private_allowed: bool,
) -> tuple[int, str]:
    """Add an address; its id and its secret, which is never shown again. `kinds` empty: all.

    Errors: BadEndpoint when no webhook may go there.
    """
    refusal = refusal_of_url(url, private_allowed=private_allowed)
    if refusal is not None:
        raise BadEndpoint(f"no webhook may go to this address: {refusal}")
    secret = _new_secret()
    endpoint = WebhookEndpoint(
        url=url, secrets=encryption.encrypt(secret), kinds=sorted(kinds), created_at=now
    )
    session.add(endpoint)
    session.flush()
    return endpoint.id, secret


def add_secret(session: Session, encryption: Encryption, endpoint_id: int) -> str:
    """A new secret, never shown again; until `drop_old_secret` the one before signs too."""
    endpoint = _endpoint(session, endpoint_id)
    newest = encryption.decrypt(endpoint.secrets).split(",")[0]
    secret = _new_secret()
    endpoint.secrets = encryption.encrypt(f"{secret},{newest}")
    return secret


def drop_old_secret(session: Session, encryption: Encryption, endpoint_id: int) -> None:
    """The receiver knows the new one: from now on it alone signs."""
    endpoint = _endpoint(session, endpoint_id)
    endpoint.secrets = encryption.encrypt(encryption.decrypt(endpoint.secrets).split(",")[0])


def stop_endpoint(session: Session, endpoint_id: int, now: datetime) -> None:
    """Nothing more goes there; what waits for it is cancelled by whoever delivers."""
    endpoint = _endpoint(session, endpoint_id)
    endpoint.stopped_at = endpoint.stopped_at or now
    endpoint.problem = None
    wake_workers(session)


def replay_delivery(session: Session, outbox_id: int, now: datetime) -> bool:
    """Try a dead letter for another day, with the same content; False when there is none whose content is kept."""
    row = OutboxMessage
    query = (
        update(row)
        .where(
            row.id == outbox_id,
            row.carrier == Carrier.WEBHOOK,
            row.status == OutboxStatus.FAILED,
            row.recipient.is_not(None),  # else its person was forgotten
            row.preview.is_not(None),  # else it is so old that it was emptied
        )
        .values(
            status=OutboxStatus.WAITING,
            reason=None,
            attempts=0,
            first_tried_at=None,
            ended_at=None,
            due_at=now,
            expires_at=now + REPEAT_LIFE,
        )
        .returning(row.id)
        .execution_options(synchronize_session=False)
    )
    wake_workers(session)
    return session.scalars(query).one_or_none() is not None


def _endpoint(session: Session, endpoint_id: int) -> WebhookEndpoint:
    endpoint = session.get(WebhookEndpoint, endpoint_id)
    if endpoint is None:
        raise BadEndpoint(f"there is no webhook address {endpoint_id}")
    return endpoint


def _new_secret() -> str:
    return f"whsec_{token_urlsafe(32)}"
