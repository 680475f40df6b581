"""Who is whom, read from the links that hold."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bulk import among
from app.links.models import Link


def member_of(session: Session, friend_id: int) -> int | None:
    """The member this friend is; None while they are not linked."""
    query = select(Link.member_id).where(Link.friend_id == friend_id, Link.ended_at.is_(None))
    return session.scalars(query).one_or_none()


def members_of(session: Session, friend_ids: Collection[int]) -> dict[int, int]:
    """The same for many: friend → member, without those who are not linked."""
    is_theirs = among(session.connection(), Link.friend_id, list(friend_ids))
    query = select(Link.friend_id, Link.member_id).where(is_theirs, Link.ended_at.is_(None))
    return dict(session.execute(query).all())


def friends_of(session: Session, member_id: int) -> list[int]:
    """The friends this member is, one for each account at most, the newest link first."""
    query = select(Link.friend_id).where(Link.member_id == member_id, Link.ended_at.is_(None))
    return list(session.scalars(query.order_by(Link.at.desc(), Link.id.desc())))


def friends_of_many(session: Session, member_ids: Collection[int]) -> dict[int, list[int]]:
    """The same for many: member → friends; members without a link are left out."""
    friends: dict[int, list[int]] = defaultdict(list)
    if member_ids:
        is_theirs = among(session.connection(), Link.member_id, list(member_ids))
        query = select(Link.member_id, Link.friend_id).where(is_theirs, Link.ended_at.is_(None))
        for member_id, friend_id in session.execute(query.order_by(Link.at.desc(), Link.id.desc())):
            friends[member_id].append(friend_id)
    return dict(friends)


class Linked(NamedTuple):
    """Who the members among some friends are, and by which friends each of them is reached."""

    members: Mapping[int, int]
    """Friend → member, without those who are not linked."""
    friends: Mapping[int, Sequence[int]]
    """Member → friends, at other accounts too, the newest link first."""


def linked_people(session: Session, friend_ids: Collection[int]) -> Linked:
    """These friends as people."""
    members = members_of(session, friend_ids)
    return Linked(members, friends_of_many(session, set(members.values())))


class OpenLink(NamedTuple):
    """A link that holds."""

    id: int
    member_id: int
    friend_id: int
    how: str
    at: datetime


def open_link_of(session: Session, friend_id: int) -> OpenLink | None:
    """The friend's link; None while they are not linked."""
    query = select(Link.id, Link.member_id, Link.friend_id, Link.how, Link.at)
    row = session.execute(query.where(Link.friend_id == friend_id, Link.ended_at.is_(None))).one_or_none()
    return None if row is None else OpenLink(*row)


def link_history(
    session: Session, *, friend_id: int | None = None, member_id: int | None = None
) -> Sequence[Link]:
    """Every link of a friend, or of a member, the newest first; those that ended too, with how and why."""
    if (friend_id is None) == (member_id is None):
        raise ValueError("of a friend or of a member?")
    whose = Link.member_id == member_id if friend_id is None else Link.friend_id == friend_id
    return session.scalars(select(Link).where(whose).order_by(Link.at.desc(), Link.id.desc())).all()
