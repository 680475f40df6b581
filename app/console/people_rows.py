"""Lists of friends and of members, a page at a time, with what filters and search ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, exists, or_, select, union
from sqlalchemy.orm import Session, aliased

from app.encryption import Encryption
from app.errors import InvalidFields
from app.friends.models import Friend
from app.links.models import Link
from app.members.contacts import read_mail, read_phone
from app.members.models import Member
from app.members.name_hashes import is_named
from app.members.queries import opened
from app.messaging.models import Message
from app.routes.models import RouteVisit

SEARCHED_BACK = timedelta(days=365)
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; None and empty: not at all."""

    channel_id: int | None = None
    link: str | None = None
    """linked or unlinked."""
    state: str | None = None
    """followed, blocked, opted_out or snoozed."""
    route: int | None = None
    """The route by which they proved to have come; 0: by none that is known."""
    text: str = ""
    in_messages: bool = True
    """Whether the text may also stand in what the friend wrote."""


@dataclass(frozen=True)
class FriendRow:
    """A friend in the list, with the member they are."""

    id: int
    channel_id: int
    display_name: str | None
    followed_at: datetime | None
    blocked_at: datetime | None
    opted_out_at: datetime | None
    snoozed_until: datetime | None
    last_reaction_at: datetime | None
    created_at: datetime
    member_id: int | None
    external_id: str | None
    member_name: str | None


@dataclass(frozen=True)
class MemberRow:
    """A member in the list."""

    id: int
    external_id: str
    name: str | None
    created_at: datetime
    last_visit_at: datetime | None
    forgotten_at: datetime | None
    is_linked: bool


@dataclass(frozen=True)
class FoundMessage:
    """A message with the word that was looked for."""

    id: int
    friend_id: int
    display_name: str | None
    text: str
    at: datetime


def friend_rows(
    session: Session, sealing: Encryption, wanted: Wanted, now: datetime, *, before: int | None, limit: int
) -> list[FriendRow]:
    """Friends, the newest first, from below the id `before`."""
    query: Any = (
        select(
            Friend.id,
            Friend.channel_id,
            Friend.display_name,
            Friend.followed_at,
            Friend.blocked_at,
            Friend.opted_out_at,
            Friend.snoozed_until,
            Friend.last_reaction_at,
            Friend.created_at,
            Member.id,
            Member.external_id,
            Member.name,
        )
        .outerjoin(Link, (Link.friend_id == Friend.id) & Link.ended_at.is_(None))
        .outerjoin(Member, Member.id == Link.member_id)
        .where(*_friend_conditions(sealing, wanted, now))
        .order_by(Friend.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Friend.id < before)
    return [FriendRow(*[*rest, opened(name, sealing)]) for *rest, name in session.execute(query)]


def member_rows(
    session: Session, sealing: Encryption, wanted: Wanted, *, before: int | None, limit: int
) -> list[MemberRow]:
    """Members, the newest first, from below the id `before`."""
    is_linked = exists().where(Link.member_id == Member.id, Link.ended_at.is_(None))
    query: Any = select(
        Member.id,
        Member.external_id,
        Member.name,
        Member.created_at,
        Member.last_visit_at,
        Member.forgotten_at,
        is_linked,
    )
    if wanted.link is not None:
        query = query.where(is_linked if wanted.link == "linked" else ~is_linked)
    if wanted.text:
        query = query.where(Member.id.in_(_members_named(sealing, wanted.text)))
    if before is not None:
        query = query.where(Member.id < before)
    return [
        MemberRow(id_, external_id, opened(name, sealing), *rest)
        for id_, external_id, name, *rest in session.execute(query.order_by(Member.id.desc()).limit(limit))
    ]


def found_messages(
    session: Session, text: str, now: datetime, *, before: tuple[datetime, int] | None, limit: int
) -> Sequence[FoundMessage]:
    """Messages of the last twelve months that hold these words, the newest first."""
    query: Any = (
        select(Message.id, Message.friend_id, Friend.display_name, Message.text, Message.at)
        .join(Friend, Friend.id == Message.friend_id)
        .where(_holds(Message.text, text), Message.text.is_not(None), Message.at > now - SEARCHED_BACK)
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(limit)
    )
    if before is not None:
        at, id_ = before
        query = query.where((Message.at < at) | ((Message.at == at) & (Message.id < id_)))
    return [FoundMessage(*row) for row in session.execute(query)]


def _friend_conditions(sealing: Encryption, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Friend.forgotten_at.is_(None)]
    if wanted.channel_id is not None:
        conditions.append(Friend.channel_id == wanted.channel_id)
    if wanted.link is not None:
        conditions.append(Link.id.is_not(None) if wanted.link == "linked" else Link.id.is_(None))
    states = {
        "followed": Friend.followed_at.is_not(None) & Friend.blocked_at.is_(None),
        "blocked": Friend.blocked_at.is_not(None),
        "opted_out": Friend.opted_out_at.is_not(None),
        "snoozed": Friend.snoozed_until > now,
    }
    if wanted.state in states:
        conditions.append(states[wanted.state])
    if wanted.route is not None:
        came = exists().where(RouteVisit.friend_id == Friend.id, RouteVisit.is_new)
        conditions.append(came.where(RouteVisit.route_id == wanted.route) if wanted.route else ~came)
    if wanted.text:
        by_member: list[ColumnElement[bool]] = [Member.id.in_(_members_named(sealing, wanted.text))]
        wrote_it = exists().where(
            Message.friend_id == Friend.id,
            _holds(Message.text, wanted.text),
            Message.at > now - SEARCHED_BACK,
        )
        if wanted.in_messages:
            by_member.append(wrote_it)
        conditions.append(or_(_holds(Friend.display_name, wanted.text), *by_member))
    return conditions


def _members_named(sealing: Encryption, text: str) -> CompoundSelect[tuple[int]]:
    """Ids of members by the site's id, or by what is found by keyed hashes: phone, mail, name.

    One index is asked for each, which one condition with `or` would not do.
    """
    row = aliased(Member)
    conditions = [row.external_id == text, is_named(row.id, sealing, text)]
    for kind, column, read in (("phone", row.phone_key, read_phone), ("mail", row.mail_key, read_mail)):
        try:
            conditions.append(column.in_(sealing.keyed_hashes(kind, read(text))))
        except InvalidFields:
            continue
    return union(*(select(row.id).where(condition) for condition in conditions))


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    condition: ColumnElement[bool] = column.ilike(f"%{escaped}%", escape="\\")
    return condition
