"""Keys of the job site are made, listed and revoked. Nothing here commits."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.site_keys.models import ApiKey
from app.site_keys.scopes import Scope
from app.staff.audit import NOBODY, Doer, record_audit

PREFIX = "goen_"
"""Lets people and scanners of leaked secrets see what it is."""


def hash_of(token: str) -> str:
    """What is stored of a key: it has 256 bits of chance, so nobody tries them all."""
    return sha256(token.encode()).hexdigest()


def add_api_key(
    session: Session, name: str, scopes: Sequence[Scope], now: datetime, by: Doer = NOBODY
) -> str:
    """Make a key; the token, which is stored nowhere and cannot be shown again."""
    token = PREFIX + token_urlsafe(32)
    key = ApiKey(name=name, token_hash=hash_of(token), scopes=sorted(set(scopes)), created_at=now)
    session.add(key)
    session.flush()
    record_audit(session, by, "api_key.added", f"api_key:{key.id}", now, {"scopes": key.scopes})
    return token


def revoke_api_key(session: Session, key_id: int, now: datetime, by: Doer = NOBODY) -> bool:
    """From now on it opens nothing; False when there is no such key, or it was revoked before."""
    revoked = session.scalar(
        update(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ApiKey.id)
        .execution_options(synchronize_session=False)
    )
    if revoked is None:
        return False
    record_audit(session, by, "api_key.revoked", f"api_key:{key_id}", now)
    return True


def list_api_keys(session: Session) -> list[ApiKey]:
    """All of them, the oldest first."""
    return list(session.scalars(select(ApiKey).order_by(ApiKey.id)))
