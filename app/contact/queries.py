"""Facts for the gate, for a whole batch of people at once."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contact.rules import ContactFacts
from app.friends.models import Friend
from app.friends.rules import FriendFacts, is_reachable


def contact_facts(session: Session, friend_ids: Collection[int], now: datetime) -> dict[int, ContactFacts]:
    """What the gate knows about these friends, by id."""
    query = select(
        Friend.id,
        Friend.followed_at,
        Friend.blocked_at,
        Friend.last_wrote_at,
        Friend.opted_out_at,
        Friend.snoozed_until,
    ).where(Friend.id.in_(friend_ids))
    return {
        id_: ContactFacts(is_reachable(FriendFacts(followed, blocked, wrote), now), opted_out, snoozed)
        for id_, followed, blocked, wrote, opted_out, snoozed in session.execute(query)
    }
