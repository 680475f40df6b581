"""What is left of somebody who was erased: keyed hashes of what named them, so that they are left alone."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.encryption import Encryption
from app.inserting import insert_ignoring
from app.members.models import Suppression


class SuppressionKind(StrEnum):
    """Why they are left alone."""

    PLACED = "placed"
    OPTED_OUT = "opted_out"


def friend_hashes(encryption: Encryption, line_user_id: str) -> list[str]:
    """What a LINE user is known by after erasure, by every key."""
    return encryption.keyed_hashes("line", line_user_id)


def member_hashes(encryption: Encryption, external_id: str) -> list[str]:
    """What a member is known by after erasure, by every key; their phone and mail keys are others."""
    return encryption.keyed_hashes("external_id", external_id)


def suppress(
    session: Session,
    encryption: Encryption,
    named: Iterable[tuple[str, str]],
    kind: SuppressionKind,
    until: date | None,
) -> None:
    """Leave whoever has one of these names alone up to and including a day; None: for good.

    `named`: (line, external_id, phone or mail; the text). Hashed by every key there is, so that it is found
    whichever key a stored hash was made by. Nothing is ever shortened.
    """
    for what, text in named:
        hashes = zip(encryption.key_names, encryption.keyed_hashes(what, text), strict=True)
        for key_name, key_hash in hashes:
            values = {"key_hash": key_hash, "kind": kind.value, "key_name": key_name, "until": until}
            session.execute(insert_ignoring(session, Suppression).values(values))
            _prolong(session, key_hash, kind, until)


def _prolong(session: Session, key_hash: str, kind: SuppressionKind, until: date | None) -> None:
    longer = update(Suppression).where(Suppression.key_hash == key_hash, Suppression.kind == kind.value)
    if until is not None:
        longer = longer.where(Suppression.until < until)
    session.execute(longer.values(until=until).execution_options(synchronize_session=False))
