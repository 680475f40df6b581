"""Keys of the API are recognised, and asked what they may do."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.problems import Kind, Problem
from app.site_keys.actions import hash_of
from app.site_keys.models import ApiKey
from app.site_keys.scopes import Scope

_TOKEN_LENGTH = 200


@dataclass(frozen=True)
class KnownKey:
    """A key that was shown and is valid."""

    id: int
    scopes: frozenset[str]


def known_key(session: Session, authorization: str | None) -> KnownKey:
    """The key that this header shows, found by its hash: how long that takes says nothing of a key.

    Errors: a 401 problem that does not say which part was wrong.
    """
    token = _bearer(authorization)
    found = None
    if token is not None:
        given = hash_of(token)
        found = session.scalars(select(ApiKey).where(ApiKey.token_hash == given)).one_or_none()
    if found is None or found.revoked_at is not None:
        raise Problem(
            Kind.UNAUTHORIZED,
            "send `Authorization: Bearer` with a key that the console or `goen api-key add` has shown",
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
