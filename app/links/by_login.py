"""The first way to link: LINE Login, begun at the job site; and logging in at the site by it later.

The site proves the member with a session ticket, LINE proves the friend with an id token that the caller has
verified (app/line/login.py). No network call happens here.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.friends.actions import known_friend
from app.friends.models import Friend
from app.inserting import insert_unless_there
from app.links.actions import Linked, link, tell_linked
from app.links.models import Link
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
from app.staff.audit import NOBODY
from app.staff.models import Audit


@dataclass(frozen=True)
class ProvenFriend:
    """Who LINE says is in front of the browser."""

    channel_id: int
    line_user_id: str
    is_friend: bool
    """Whether they follow the account and have not blocked it."""
    friendship_changed: bool | None = None
    """True: they did so on LINE's page a moment ago, and the follow event is on its way. None: not said."""


def open_link_session(
    session: Session, member_id: int, channel_id: int, return_url: str, now: datetime
) -> str:
    """A ticket for the member's browser. The caller has checked the address, and asks for its own member only."""
    body = {"return_url": return_url}
    return issue_ticket(session, NewTicket(TicketKind.SESSION, channel_id, member_id, body=body), now)


def look_at_link_session(session: Session, token: str, now: datetime) -> Ticket | Refusal:
    """What the page shows before the person goes on to LINE."""
    return look_at_ticket(session, token, Presented(TicketKind.SESSION), now)


def start_login(session: Session, token: str, now: datetime) -> tuple[str, Ticket] | Refusal:
    """The browser goes on to LINE: its ticket is spent, and the state that it takes along is the next one."""
    ticket = spend_ticket(session, token, Presented(TicketKind.SESSION), now)
    if isinstance(ticket, Refusal):
        return ticket
    new = NewTicket(TicketKind.STATE, ticket.channel_id, ticket.member_id, body=ticket.body)
    return issue_ticket(session, new, now), ticket


def link_by_login(session: Session, state: str, proven: ProvenFriend, now: datetime) -> Linked | Refusal:
    """Both sides are proven: link them, and push the news."""
    friend = proven_friend(session, proven, now)
    ticket = spend_ticket(session, state, Presented(TicketKind.STATE, proven.channel_id), now)
    if isinstance(ticket, Refusal):
        note_refusal(session, f"friend:{friend.id}", hash_of(TicketKind.STATE, state), ticket, now)
        return ticket
    if ticket.member_id is None:
        return Refusal.MEMBER_GONE
    linked = link(session, ticket.member_id, friend.id, How.LOGIN, NOBODY, now)
    if not isinstance(linked, Refusal) and linked.is_new:
        tell_linked(session, linked, now)
    return linked


def hand_over(session: Session, proven: ProvenFriend, now: datetime) -> str | Refusal:
    """A log-in: a token, good for a minute, that tells the site which member this is. NOT_LINKED: nobody."""
    row = session.execute(
        select(Link.member_id, Link.friend_id)
        .join(Friend, Friend.id == Link.friend_id)
        .where(Friend.channel_id == proven.channel_id, Friend.line_user_id == proven.line_user_id)
        .where(Link.ended_at.is_(None))
    ).one_or_none()
    if row is None:
        return Refusal.NOT_LINKED
    note_permission(session, row.friend_id, now)
    new = NewTicket(TicketKind.HANDOVER, proven.channel_id, row.member_id, row.friend_id)
    return issue_ticket(session, new, now)


def redeem_handover(session: Session, token: str, now: datetime) -> int | Refusal:
    """The member who has logged in; NOT_LINKED if that link has ended meanwhile."""
    ticket = spend_ticket(session, token, Presented(TicketKind.HANDOVER), now)
    if isinstance(ticket, Refusal):
        return ticket
    holds = select(Link.member_id).where(
        Link.member_id == ticket.member_id, Link.friend_id == ticket.friend_id, Link.ended_at.is_(None)
    )
    member_id = session.scalars(holds).one_or_none()
    return Refusal.NOT_LINKED if member_id is None else member_id


def proven_friend(session: Session, proven: ProvenFriend, now: datetime) -> Friend:
    """The row of whom LINE has proven, made if this is the first we hear of them.

    Somebody who is a friend without our ever having heard of a follow was one before Goen.
    """
    friend = known_friend(session, proven.channel_id, proven.line_user_id, now)
    is_news = proven.is_friend and proven.friendship_changed is not True
    if is_news and friend.followed_at is None and friend.blocked_at is None and friend.imported_at is None:
        friend.imported_at = now
    note_permission(session, friend.id, now)
    return friend


def note_permission(session: Session, friend_id: int, now: datetime) -> None:
    """They have permitted our login channel something, which LINE keeps until they take it back; noted once."""
    insert_unless_there(
        session,
        Audit,
        at=now,
        action="login.permitted",
        subject=f"friend:{friend_id}",
        change={},
        once_key=_permission_key(friend_id),
    )


def has_permitted_login(session: Session, friend_id: int) -> bool:
    """Whether LINE may still keep a permission of theirs for our login channel."""
    noted = select(Audit.id).where(Audit.once_key == _permission_key(friend_id))
    by_login = select(Link.id).where(Link.friend_id == friend_id, Link.how == How.LOGIN)
    return any(session.scalars(query.limit(1)).first() is not None for query in (noted, by_login))


def _permission_key(friend_id: int) -> str:
    return f"login.permitted:{friend_id}"
