"""Failed sign-ins are counted before a password is hashed, in the database: right in any process.

A try is claimed first and forgiven when it succeeds. So many at once cannot slip through between looking
and counting, and a refused one costs no hash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.staff.models import SignInTry
from app.staff.rules import WINDOW, open_again_at


@dataclass(frozen=True)
class Subject:
    """What is slowed down: a mail address or a network address, as a keyed hash, and its free tries."""

    key: str
    free: int


@dataclass(frozen=True)
class Claim:
    """A try that may be made (`wait_until` is None), or how long to wait."""

    wait_until: datetime | None = None
    ids: tuple[int, ...] = ()


def claim_try(session: Session, subjects: Sequence[Subject], real_now: datetime) -> Claim:
    """Count a try for each of the subjects; when one of them must wait, count nothing."""
    _lock(session, subjects)
    waits = [_wait_of(session, subject, real_now) for subject in subjects]
    wait_until = max((wait for wait in waits if wait is not None), default=None)
    if wait_until is not None and wait_until > real_now:
        return Claim(wait_until)
    rows = [SignInTry(subject=subject.key, at=real_now) for subject in subjects]
    session.add_all(rows)
    session.flush()
    return Claim(ids=tuple(row.id for row in rows))


def forgive_tries(session: Session, mail: Subject, claim: Claim, real_now: datetime) -> None:
    """A sign-in succeeded: the account's tries and this one are forgotten, the address's other ones are not.

    Else whoever has one account could try others without end.
    """
    session.execute(delete(SignInTry).where(SignInTry.subject == mail.key))
    session.execute(delete(SignInTry).where(SignInTry.id.in_(claim.ids)))
    session.execute(delete(SignInTry).where(SignInTry.at < real_now - WINDOW))


def _wait_of(session: Session, subject: Subject, real_now: datetime) -> datetime | None:
    query = select(SignInTry.at).where(SignInTry.subject == subject.key, SignInTry.at > real_now - WINDOW)
    return open_again_at(session.scalars(query).all(), subject.free)


def _lock(session: Session, subjects: Sequence[Subject]) -> None:
    """One at a time for each subject. On SQLite a write transaction is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        for key in sorted(subject.key for subject in subjects):
            session.execute(select(func.pg_advisory_xact_lock(func.hashtext(key))))
