"""By which names the job site and LINE know a friend."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.friends.models import Friend
from app.links.models import Link
from app.members.models import Member
from app.messaging.models import Channel


class Identity(NamedTuple):
    """One friend, as others name them."""

    channel: str
    line_user_id: str
    member: str | None
    """The job site's own key; None while they are not linked."""


def identities(session: Session, friend_ids: Collection[int]) -> dict[int, Identity]:
    """By friend; without those who are not here any more."""
    query = (
        select(Friend.id, Channel.name, Friend.line_user_id, Member.external_id)
        .join(Channel, Channel.id == Friend.channel_id)
        .outerjoin(Link, and_(Link.friend_id == Friend.id, Link.ended_at.is_(None)))
        .outerjoin(Member, Member.id == Link.member_id)
        .where(Friend.id.in_(friend_ids))
    )
    return {id_: Identity(*names) for id_, *names in session.execute(query)}
