"""The second way to link: account link, from the chat or the rich menu.

The friend's button carries a ticket to the site; the site says which member is signed in there; LINE asks the
person and sends a signed event with our nonce. Only that event links: a ticket that somebody else was talked
into opening ends at LINE, which knows whose link token it is.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.friends.models import Friend
from app.links.actions import Linked, link
from app.links.messages import account_link_failed
from app.links.rules import How, Presented, Refusal, TicketKind
from app.links.tickets import (
    NewTicket,
    Ticket,
    hash_of,
    issue_ticket,
    look_at_ticket,
    note_refusal,
    spend_ticket,
)
from app.members.models import Member
from app.messaging.outbox import NewOutboxMessage, enqueue
from app.messaging.rules import Carrier
from app.staff.audit import NOBODY


def offer_account_link(session: Session, friend: Friend, now: datetime) -> str:
    """A ticket for the button in this friend's chat."""
    return issue_ticket(session, NewTicket(TicketKind.ACCOUNT, friend.channel_id, friend_id=friend.id), now)


def look_at_account_ticket(session: Session, token: str, now: datetime) -> Ticket | Refusal:
    """Whose button this is, without spending it: before LINE is asked for a link token."""
    return look_at_ticket(session, token, Presented(TicketKind.ACCOUNT), now)


def begin_account_link(session: Session, token: str, member_id: int, now: datetime) -> str | Refusal:
    """The signed-in member joins the friend's ticket, which is spent: the nonce for LINE's dialog."""
    member = session.execute(select(Member.forgotten_at).where(Member.id == member_id)).one_or_none()
    if member is None or member.forgotten_at is not None:
        return Refusal.MEMBER_GONE
    ticket = spend_ticket(session, token, Presented(TicketKind.ACCOUNT), now)
    if isinstance(ticket, Refusal):
        note_refusal(session, f"member:{member_id}", hash_of(TicketKind.ACCOUNT, token), ticket, now)
        return ticket
    pair = NewTicket(TicketKind.NONCE, ticket.channel_id, member_id, ticket.friend_id)
    return issue_ticket(session, pair, now)


def confirm_account_link(session: Session, nonce: str, friend: Friend, now: datetime) -> Linked | Refusal:
    """LINE has confirmed, in a signed event, that this friend came back with our nonce."""
    presented = Presented(TicketKind.NONCE, channel_id=friend.channel_id, friend_id=friend.id)
    ticket = spend_ticket(session, nonce, presented, now)
    if isinstance(ticket, Refusal):
        note_refusal(session, f"friend:{friend.id}", hash_of(TicketKind.NONCE, nonce), ticket, now)
        return ticket
    if ticket.member_id is None:
        return Refusal.MEMBER_GONE
    return link(session, ticket.member_id, friend.id, How.ACCOUNT, NOBODY, now)


def end_account_link(session: Session, nonce: str, channel_id: int, now: datetime) -> None:
    """LINE says that the link failed: somebody else was in front of the screen. The nonce is over.

    The event names nobody; the friend whose button it was is told by a push.
    """
    presented = Presented(TicketKind.NONCE, channel_id=channel_id)
    ticket = spend_ticket(session, nonce, presented, now)
    if isinstance(ticket, Refusal) or ticket.friend_id is None:
        return
    note_refusal(session, f"friend:{ticket.friend_id}", ticket.token_hash, Refusal.OTHER_FRIEND, now)
    friend = session.get_one(Friend, ticket.friend_id)
    row = NewOutboxMessage(
        carrier=Carrier.PUSH,
        channel_id=friend.channel_id,
        friend_id=friend.id,
        recipient=friend.line_user_id,
        dedupe_key=f"link-failed:{ticket.token_hash}",
        body={"messages": account_link_failed()},
        preview="連携しませんでした。",
    )
    enqueue(session, [row], now)
