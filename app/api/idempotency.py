"""Idempotency-Key: the same request again gets the same answer, and its effect happens once.

A claim is committed before the work; the work and the answer to keep are one transaction, which fails when
the claim was taken over meanwhile. A refusal keeps nothing: its key is free again.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, and_, delete, select, tuple_, update
from sqlalchemy.orm import Session

from app.api.models import Idempotency
from app.api.problems import Kind, Problem
from app.encryption import Encryption
from app.inserting import insert_ignoring

KEPT = timedelta(hours=48)
ABANDONED = timedelta(seconds=60)
"""A claim this old belongs to a process that died: no request takes as long."""
_REMOVED_AT_ONCE = 100


@dataclass(frozen=True)
class Claim:
    """The right to answer for one Idempotency-Key; `at` tells it from a later claim of the same."""

    api_key_id: int
    key: str
    at: datetime


@dataclass(frozen=True)
class Kept:
    """An answer that was given before."""

    status: int
    body: str = field(repr=False)


def request_digest(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same."""
    return sha256(b"\0".join((method.encode(), path.encode("utf-8", "surrogatepass"), body))).hexdigest()


def checked_key(text: str) -> str:
    """The header's value. Errors: a 400 problem unless it is 1 to 100 visible ASCII characters."""
    if not (0 < len(text) <= 100 and text.isascii() and text.isprintable()):
        raise Problem(Kind.BAD_HEADER, "Idempotency-Key must be 1 to 100 visible ASCII characters")
    return text


def claim_or_find(
    session: Session, encryption: Encryption, api_key_id: int, key: str, digest: str, real_now: datetime
) -> Claim | Kept:
    """Claim the key, or find what was answered. Errors: 409 while another is answering, 422 if it was asked else."""
    _remove_expired(session, real_now)
    values = {"api_key_id": api_key_id, "key": key, "request_digest": digest, "created_at": real_now}
    claim = Claim(api_key_id, key, real_now)
    inserted = insert_ignoring(session, Idempotency).values(values).returning(Idempotency.key)
    if session.scalar(inserted) is not None:
        return claim
    found = session.scalars(select(Idempotency).where(_is(claim))).one_or_none()
    if found is None:  # given up or removed at this very moment
        raise Problem(Kind.IN_PROGRESS, "try again", headers={"Retry-After": "1"})
    if found.created_at < real_now - KEPT:
        return _taken_over(session, claim, found, digest)
    if found.request_digest != digest:
        raise Problem(Kind.KEY_REUSED, "the same Idempotency-Key came with another method, address or body")
    if found.status is not None:
        return Kept(found.status, encryption.decrypt(found.response or ""))
    if found.created_at < real_now - ABANDONED:
        return _taken_over(session, claim, found, digest)
    raise Problem(Kind.IN_PROGRESS, "wait for the first answer", headers={"Retry-After": "1"})


def keep_answer(session: Session, encryption: Encryption, claim: Claim, answer: Kept) -> None:
    """Keep it, encrypted. Errors: a 409 problem when the claim is not ours any more; the work must not count."""
    kept = session.scalar(
        update(Idempotency)
        .where(_is(claim), Idempotency.created_at == claim.at, Idempotency.status.is_(None))
        .values(status=answer.status, response=encryption.encrypt(answer.body))
        .returning(Idempotency.key)
        .execution_options(synchronize_session=False)
    )
    if kept is None:
        raise Problem(Kind.IN_PROGRESS, "another request with the same Idempotency-Key has taken over")


def give_up(session: Session, claim: Claim) -> None:
    """The request was refused: its key is free again."""
    session.execute(
        delete(Idempotency)
        .where(_is(claim), Idempotency.created_at == claim.at, Idempotency.status.is_(None))
        .execution_options(synchronize_session=False)
    )


def _taken_over(session: Session, claim: Claim, old: Idempotency, digest: str) -> Claim:
    taken = session.scalar(
        update(Idempotency)
        .where(_is(claim), Idempotency.created_at == old.created_at)
        .values(request_digest=digest, status=None, response=None, created_at=claim.at)
        .returning(Idempotency.key)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise Problem(Kind.IN_PROGRESS, "wait for the first answer", headers={"Retry-After": "1"})
    return claim


def _remove_expired(session: Session, real_now: datetime) -> None:
    """A few of the old ones with each new one: more go than come."""
    old = (
        select(Idempotency.api_key_id, Idempotency.key)
        .where(Idempotency.created_at < real_now - KEPT)
        .limit(_REMOVED_AT_ONCE)
    )
    session.execute(
        delete(Idempotency)
        .where(tuple_(Idempotency.api_key_id, Idempotency.key).in_(old))
        .execution_options(synchronize_session=False)
    )


def _is(claim: Claim) -> ColumnElement[bool]:
    return and_(Idempotency.api_key_id == claim.api_key_id, Idempotency.key == claim.key)
