"""Keys of the API: made, listed, revoked, and recognised. Nothing here commits."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.api.models import ApiKey
from app.api.problems import Kind, Problem
from app.api.scopes import Scope
from app.staff.audit import NOBODY, record_audit

PREFIX = "goen_"
"""Lets people and scanners of leaked secrets see what it is."""
_TOKEN_LENGTH = 200


@dataclass(frozen=True)
class KnownKey:
    """A key that was shown and is valid."""

    id: int
    scopes: frozenset[str]


def add_api_key(session: Session, name: str, scopes: Sequence[Scope], now: datetime) -> str:
    """Make a key; the token, which is stored nowhere and cannot be shown again."""
    token = PREFIX + token_urlsafe(32)
    key = ApiKey(name=name, token_hash=_hash(token), scopes=sorted(set(scopes)), created_at=now)
    session.add(key)
    session.flush()
    record_audit(session, NOBODY, "api_key.added", f"api_key:{key.id}", now, {"scopes": key.scopes})
    return token


def revoke_api_key(session: Session, key_id: int, now: datetime) -> bool:
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
    record_audit(session, NOBODY, "api_key.revoked", f"api_key:{key_id}", now)
    return True


def list_api_keys(session: Session) -> list[ApiKey]:
    """All of them, the oldest first."""
    return list(session.scalars(select(ApiKey).order_by(ApiKey.id)))


def known_key(session: Session, authorization: str | None) -> KnownKey:
    """The key that this header shows. Errors: a 401 problem that does not say which part was wrong."""
    token = _bearer(authorization)
    found = None
    if token is not None:
        given = _hash(token)
        found = session.scalars(select(ApiKey).where(ApiKey.token_hash == given)).one_or_none()
        if found is not None and not hmac.compare_digest(found.token_hash, given):
            found = None
    if found is None or found.revoked_at is not None:
        raise Problem(
            Kind.UNAUTHORIZED,
            "send `Authorization: Bearer` with a key that `goen api-key add` has printed",
            headers={"WWW-Authenticate": 'Bearer realm="goen"'},
        )
    return KnownKey(found.id, frozenset(found.scopes))


def check_scope(key: KnownKey, scope: Scope) -> None:
    """Errors: a 403 problem that names the missing scope."""
    if scope not in key.scopes:
        raise Problem(Kind.FORBIDDEN, f"this key lacks the scope {scope}")


def _bearer(authorization: str | None) -> str | None:
    scheme, _, token = (authorization or "").partition(" ")
    token = token.strip()
    is_usable = scheme.lower() == "bearer" and 0 < len(token) <= _TOKEN_LENGTH and token.isascii()
    return token if is_usable else None


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
