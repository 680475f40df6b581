"""友だち: what is known of a LINE user on one of our accounts."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.endpoint import Call, Reading
from app.api.problems import not_found
from app.api.references import external_ids_of, find_friend
from app.api.values import Body, Key, Query, Shown
from app.friends.models import Friend
from app.friends.rules import FriendFacts, is_reachable
from app.links.models import Link
from app.messaging.channels import DEFAULT_CHANNEL
from app.messaging.models import Channel
from app.routes.models import AddRoute, RouteVisit
from app.site_keys.scopes import Scope

LineUserId = Annotated[str, Field(pattern="^U[0-9a-f]{32}$")]


class FriendName(Body):
    """How the site names a friend: an account, and LINE's user id on it."""

    channel: Key = DEFAULT_CHANNEL
    line_user_id: LineUserId


class FriendQuery(Query):
    """Which account is meant."""

    channel: Key = Field(DEFAULT_CHANNEL, description="The name of the official account.")


class Origin(Shown):
    """The way by which they came, proven by LINE Login or by a code they sent."""

    name: str
    proof: str
    at: datetime


class FriendShown(Shown):
    """A friend of one account."""

    channel: str
    line_user_id: str
    member: str | None = Field(description="The linked member's key; null while they are not linked.")
    linked_at: datetime | None
    linked_by: str | None = Field(description="login, account or code.")
    reachable: bool = Field(description="Whether LINE would deliver a message now.")
    followed_at: datetime | None
    blocked_at: datetime | None
    opted_out_at: datetime | None
    snoozed_until: datetime | None
    last_reaction_at: datetime | None
    route: Origin | None = Field(description="null: unknown. It is never guessed.")


def get_friend(session: Session, call: Call[FriendQuery]) -> FriendShown:
    """What is known of a LINE user on this account; nothing is told of the other accounts."""
    friend = find_friend(session, call.given.channel, call.path["line_user_id"])
    if friend is None:
        raise not_found("friend")
    link = session.scalars(
        select(Link).where(Link.friend_id == friend.id, Link.ended_at.is_(None))
    ).one_or_none()
    members = external_ids_of(session, [link.member_id] if link else [])
    return FriendShown(
        channel=call.given.channel,
        **{name: getattr(friend, name) for name in _COPIED},
        member=members[link.member_id] if link else None,
        linked_at=link.at if link else None,
        linked_by=link.how if link else None,
        reachable=is_reachable(FriendFacts(**{name: getattr(friend, name) for name in _FACTS}), call.now),
        route=_origin(session, friend.id),
    )


def friend_names(session: Session, friend_ids: Collection[int | None]) -> dict[int | None, FriendName]:
    """How the site names these friends, by our ids."""
    query = select(Friend.id, Friend.line_user_id, Channel.name).join(
        Channel, Channel.id == Friend.channel_id
    )
    return {
        id_: FriendName(channel=channel, line_user_id=line_user_id)
        for id_, line_user_id, channel in session.execute(query.where(Friend.id.in_(friend_ids)))
    }


def _origin(session: Session, friend_id: int) -> Origin | None:
    """The way that was proven to have brought them; later ones did not."""
    proven = (
        select(AddRoute.name, RouteVisit.proof, RouteVisit.at)
        .join(RouteVisit, RouteVisit.route_id == AddRoute.id)
        .where(RouteVisit.friend_id == friend_id, RouteVisit.is_new)
    )
    found = session.execute(proven).first()
    return None if found is None else Origin(name=found[0], proof=found[1], at=found[2])


_COPIED = (
    *("line_user_id", "followed_at", "blocked_at", "opted_out_at", "snoozed_until", "last_reaction_at"),
)
_FACTS = FriendFacts.__dataclass_fields__

ENDPOINTS = (
    Reading(
        method="GET",
        path="/friends/{line_user_id}",
        scope=Scope.FRIENDS_READ,
        summary="Read what is known of a LINE user",
        given=FriendQuery,
        answer=FriendShown,
        run=get_friend,
    ),
)
