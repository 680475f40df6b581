"""The third way to link: a one-time code from the member's page at the site, typed or scanned into the chat.

Whoever has the code was signed in as the member; whoever sends it is the friend, as LINE's signature says.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.friends.models import Friend
from app.inserting import insert_ignoring
from app.links.actions import Linked, link
from app.links.models import LinkTicket
from app.links.rules import (
    CODE_DIGITS,
    CODE_LENGTH,
    CODE_LETTERS,
    LIFE,
    How,
    Presented,
    Refusal,
    TicketKind,
    Tries,
    after_wrong_code,
    is_code,
    is_paused,
)
from app.links.tickets import NewTicket, add_ticket, hash_of, note_refusal, spend_ticket
from app.members.models import Member
from app.staff.audit import NOBODY


@dataclass(frozen=True)
class NewCode:
    """A code to be shown to its member, and to nobody else."""

    code: str
    expires_at: datetime


def issue_code(session: Session, member_id: int, channel_id: int, now: datetime) -> NewCode | Refusal:
    """A code for this member and account; the one given out before is over. MEMBER_GONE: no such member."""
    query = select(Member.forgotten_at).where(Member.id == member_id).with_for_update(key_share=True)
    member = session.execute(query).one_or_none()  # locked: of two requests at once one is the later
    if member is None or member.forgotten_at is not None:
        return Refusal.MEMBER_GONE
    session.execute(
        update(LinkTicket)
        .where(
            LinkTicket.member_id == member_id,
            LinkTicket.channel_id == channel_id,
            LinkTicket.kind == TicketKind.CODE,
            LinkTicket.used_at.is_(None),
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    new = NewTicket(TicketKind.CODE, channel_id, member_id)
    code = _random_code()
    while not add_ticket(session, new, code, now):
        code = _random_code()
    return NewCode(code, now + LIFE[TicketKind.CODE])


def link_by_code(session: Session, friend: Friend, code: str, now: datetime) -> Linked | Refusal:
    """Link the friend who sent this code; or why not. The fifth wrong one begins a pause."""
    tries = _tries_of(session, friend.id)
    if is_paused(tries, now):
        return Refusal.PAUSED
    presented = Presented(TicketKind.CODE, channel_id=friend.channel_id)
    ticket = spend_ticket(session, code, presented, now)
    if isinstance(ticket, Refusal):
        _count_wrong_code(session, friend.id, tries, now)
        note_refusal(session, f"friend:{friend.id}", hash_of(TicketKind.CODE, code), ticket, now)
        return ticket
    session.execute(delete(LinkTicket).where(LinkTicket.token_hash == _tries_key(friend.id)))
    if ticket.member_id is None:
        return Refusal.MEMBER_GONE
    return link(session, ticket.member_id, friend.id, How.CODE, NOBODY, now)


def _random_code() -> str:
    while True:
        code = "".join(secrets.choice(CODE_LETTERS + CODE_DIGITS) for _ in range(CODE_LENGTH))
        if is_code(code):
            return code


def _tries_key(friend_id: int) -> str:
    return hashlib.sha256(f"{TicketKind.TRIES}:{friend_id}".encode()).hexdigest()


def _tries_of(session: Session, friend_id: int) -> Tries | None:
    row = session.get(LinkTicket, _tries_key(friend_id), populate_existing=True)
    return None if row is None else Tries(row.tries, row.expires_at)


def _count_wrong_code(session: Session, friend_id: int, tries: Tries | None, now: datetime) -> None:
    """A person's events are handled one after the other, so nobody counts at the same time."""
    after = after_wrong_code(tries, now)
    if tries is None:
        row = insert_ignoring(session, LinkTicket).values(
            token_hash=_tries_key(friend_id),
            kind=TicketKind.TRIES,
            friend_id=friend_id,
            expires_at=after.until,
            tries=after.count,
        )
        session.execute(row)
        return
    session.execute(
        update(LinkTicket)
        .where(LinkTicket.token_hash == _tries_key(friend_id))
        .values(tries=after.count, expires_at=after.until)
        .execution_options(synchronize_session=False)
    )
