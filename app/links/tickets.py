"""Tickets in the database: given out once, taken back once. Only hashes are stored, nothing here commits.

Taking one back is a conditional update: of two who come with the same ticket at the same moment one wins.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from app.batches import in_batches
from app.db import Database
from app.inserting import insert_ignoring, insert_unless_there
from app.links.models import LinkTicket
from app.links.rules import LIFE, Presented, Refusal, TicketFacts, TicketKind, refusal_of_ticket
from app.staff.models import Audit

TOKEN_BYTES = 32
KEPT = timedelta(days=1)
"""How long a ticket that is over can still be told from one that never was."""
_CODE_SALT = b"goen one-time link code"


@dataclass(frozen=True)
class Ticket:
    """What a ticket says about itself: where it is from, and whom it proves."""

    token_hash: str
    channel_id: int | None = None
    member_id: int | None = None
    friend_id: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def return_url(self) -> str | None:
        """Where the site wants its member back."""
        address = self.body.get("return_url")
        return address if isinstance(address, str) else None


@dataclass(frozen=True)
class NewTicket:
    """A ticket to be given out."""

    kind: TicketKind
    channel_id: int | None = None
    member_id: int | None = None
    friend_id: int | None = None
    body: Mapping[str, Any] | None = None


def hash_of(kind: TicketKind, token: str) -> str:
    """What is stored of a token. A typed code is short: its hash is slow, so that trying all takes for ever."""
    raw = token.encode("utf-8", "surrogatepass")
    if kind is TicketKind.CODE:
        return hashlib.scrypt(raw, salt=_CODE_SALT, n=2**12, r=8, p=1, dklen=32).hex()
    return hashlib.sha256(f"{kind}:".encode() + raw).hexdigest()


def issue_ticket(session: Session, new: NewTicket, now: datetime) -> str:
    """A fresh token of 256 bits; it is nowhere but in this answer."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    add_ticket(session, new, token, now)
    return token


def add_ticket(session: Session, new: NewTicket, token: str, now: datetime) -> bool:
    """Store a ticket under this token; False when it is taken, which only happens to short ones."""
    session.flush()  # a friend or member that it names must be there
    row = insert_ignoring(session, LinkTicket).values(
        token_hash=hash_of(new.kind, token),
        kind=new.kind,
        channel_id=new.channel_id,
        member_id=new.member_id,
        friend_id=new.friend_id,
        body=None if new.body is None else dict(new.body),
        expires_at=now + LIFE[new.kind],
    )
    return session.scalar(row.returning(LinkTicket.token_hash)) is not None


def look_at_ticket(session: Session, token: str, presented: Presented, now: datetime) -> Ticket | Refusal:
    """What the ticket says, without spending it; or why it proves nothing."""
    row = session.get(LinkTicket, hash_of(presented.kind, token), populate_existing=True)
    if row is None:
        return Refusal.UNKNOWN
    refusal = refusal_of_ticket(_facts(row), presented, now)
    return _ticket(row) if refusal is None else refusal


def spend_ticket(session: Session, token: str, presented: Presented, now: datetime) -> Ticket | Refusal:
    """Take the ticket back; or why it proves nothing. Of several at once one wins, the others are told USED."""
    found = look_at_ticket(session, token, presented, now)
    if isinstance(found, Refusal):
        return found
    won = session.scalar(
        update(LinkTicket)
        .where(LinkTicket.token_hash == found.token_hash, LinkTicket.used_at.is_(None))
        .values(used_at=now)
        .returning(LinkTicket.token_hash)
        .execution_options(synchronize_session=False)
    )
    return Refusal.USED if won is None else found


def note_refusal(session: Session, subject: str, ticket_hash: str, reason: Refusal, now: datetime) -> None:
    """Keep why an attempt was refused, for staff who are asked; the same ticket and reason only once."""
    insert_unless_there(
        session,
        Audit,
        at=now,
        action="link.refused",
        subject=subject,
        change={"reason": reason},
        once_key=f"link.refused:{subject}:{ticket_hash[:16]}:{reason}",
    )


def forget_old_tickets(database: Database, now: datetime) -> int:
    """Delete what has been over for a day; how many."""
    is_old = LinkTicket.expires_at < now - KEPT

    def remove(session: Session, rows: Sequence[Row[str]]) -> int:
        gone = delete(LinkTicket).where(LinkTicket.token_hash.in_([row[0] for row in rows]), is_old)
        returned = gone.returning(LinkTicket.token_hash).execution_options(synchronize_session=False)
        return len(session.scalars(returned).all())

    return in_batches(database, select(LinkTicket.token_hash).where(is_old), remove)


def _facts(row: LinkTicket) -> TicketFacts:
    return TicketFacts(
        TicketKind(row.kind), row.channel_id, row.member_id, row.friend_id, row.expires_at, row.used_at
    )


def _ticket(row: LinkTicket) -> Ticket:
    return Ticket(row.token_hash, row.channel_id, row.member_id, row.friend_id, row.body or {})
