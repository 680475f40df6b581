"""Facts for the gate, for a whole batch of people at once."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.bulk import among
from app.contact.rules import ContactFacts
from app.friends.models import Friend
from app.friends.rules import FriendFacts, is_reachable


def contact_facts(session: Session, friend_ids: Collection[int], now: datetime) -> dict[int, ContactFacts]:
    """What the gate knows about these friends, by id."""
    session.flush()  # what the session knows of these friends counts
    connection, friend = session.connection(), cast(Table, Friend.__table__).c
    query = select(
        friend.id,
        friend.followed_at,
        friend.blocked_at,
        friend.last_wrote_at,
        friend.opted_out_at,
        friend.snoozed_until,
        friend.imported_at,
    ).where(among(connection, friend.id, list(friend_ids)))
    return {
        id_: ContactFacts(
            is_reachable(FriendFacts(followed, blocked, wrote, imported), now), opted_out, snoozed
        )
        for id_, followed, blocked, wrote, opted_out, snoozed, imported in connection.execute(query).all()
    }
