"""What a member does at the site counts for the friends they are linked to. Nothing here commits."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.friends.actions import record_reaction
from app.friends.models import Friend
from app.links.models import Link


def record_site_visits(session: Session, visits: Mapping[int, datetime]) -> None:
    """Members were at the site (our id → the newest time): a reaction of the friends they are, on every account.

    Whose row is in somebody's hands at this moment is left out, since it is their own doing that is written there:
    so nobody waits here, and a batch of visits and a batch of events never wait for each other.
    """
    if not visits:
        return
    newest = max(visits.values())
    query = (
        select(Friend, Link.member_id)
        .join(Link, Link.friend_id == Friend.id)
        .where(
            Link.member_id.in_(visits),
            Link.ended_at.is_(None),
            Friend.forgotten_at.is_(None),
            or_(Friend.last_reaction_at.is_(None), Friend.last_reaction_at < newest),
        )
        .order_by(Friend.id)
        .with_for_update(of=Friend, key_share=True, skip_locked=True)
    )
    for friend, member_id in session.execute(query, execution_options={"populate_existing": True}):
        record_reaction(friend, visits[member_id], wrote=False)
