"""Signed-in browsers. The token is random, only its hash is stored, and all times are machine time."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.staff.models import Staff, StaffSession
from app.staff.rules import Role

IDLE = timedelta(hours=12)
LIFE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
"""How exactly the last use is known: not every request writes."""


@dataclass(frozen=True)
class SignedIn:
    """Who is asking, as the database says now: a changed role counts from the next request on."""

    staff_id: int
    name: str
    email: str
    role: Role
    settings: Mapping[str, Any] = field(repr=False)
    seen_at: datetime

    @property
    def must_change_password(self) -> bool:
        """Signed in with a password that somebody else knows."""
        return bool(self.settings.get("password_is_temporary"))


def begin_session(session: Session, staff_id: int, real_now: datetime) -> str:
    """A new token for this person's browser; old sessions that have ended by time are swept."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id, _has_ended(real_now)))
    session.add(StaffSession(token_hash=_hash(token), staff_id=staff_id, began_at=real_now, seen_at=real_now))
    return token


def find_signed_in(session: Session, token: str, real_now: datetime) -> SignedIn | None:
    """Whose token this is; None when it has ended, is unknown, or its person has left."""
    query = (
        select(Staff.id, Staff.name, Staff.email, Staff.role, Staff.settings, StaffSession.seen_at)
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(StaffSession.token_hash == _hash(token), ~_has_ended(real_now), Staff.left_on.is_(None))
    )
    row = session.execute(query).first()
    if row is None:
        return None
    staff_id, name, email, role, settings, seen_at = row
    return SignedIn(staff_id, name, email, Role(role), settings, seen_at)


def keep_session(session: Session, token: str, real_now: datetime) -> None:
    """The browser was used just now."""
    session.execute(
        update(StaffSession).where(StaffSession.token_hash == _hash(token)).values(seen_at=real_now)
    )


def end_session(session: Session, token: str) -> None:
    """Sign this browser out."""
    session.execute(delete(StaffSession).where(StaffSession.token_hash == _hash(token)))


def end_sessions_of(session: Session, staff_id: int) -> None:
    """Sign all of this person's browsers out."""
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))


def _has_ended(real_now: datetime) -> Any:
    return (StaffSession.seen_at <= real_now - IDLE) | (StaffSession.began_at <= real_now - LIFE)


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
