"""Facts for the gate, for a whole batch of friends at once."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.bulk import among
from app.contact.people import ContactPerson, contact_people
from app.contact.rules import ContactFacts
from app.encryption import Encryption
from app.friends.models import Friend
from app.friends.rules import FriendFacts, is_reachable
from app.members.rules import barred_until, standing_no


def reach_facts(session: Session, friend_ids: Collection[int], now: datetime) -> dict[int, ContactFacts]:
    """All that answers and transactions ask: whether LINE would deliver to these friends, by id."""
    session.flush()  # what the session knows of these friends counts
    connection, row = session.connection(), cast(Table, Friend.__table__).c
    query = select(row.id, row.followed_at, row.blocked_at, row.last_wrote_at, row.imported_at)
    rows = connection.execute(query.where(among(connection, row.id, list(friend_ids)))).all()
    return {id_: ContactFacts(is_reachable(FriendFacts(*facts), now)) for id_, *facts in rows}


def contact_facts(
    session: Session, encryption: Encryption, friend_ids: Collection[int], now: datetime
) -> dict[int, ContactFacts]:
    """All that a promotion asks of these friends, by id; what was said counts for the person over all accounts."""
    people = contact_people(session, encryption, friend_ids)
    return {friend_id: _facts(people.person_of[friend_id], friend_id, now) for friend_id in people.asked}


def _facts(person: ContactPerson, friend_id: int, now: datetime) -> ContactFacts:
    account = person.accounts[friend_id]
    ends = [day for day in (barred_until(person.placements), person.barred_until) if day is not None]
    is_friend = account.reach.followed_at is not None or account.reach.imported_at is not None
    return ContactFacts(
        is_reachable=is_reachable(account.reach, now),
        barred_until=max(ends, default=None),
        opted_out_at=standing_no(person.noes, person.yeses),
        has_consent=is_friend or bool(person.yeses),
        snoozed_until=account.snoozed_until,
        is_in_conversation=person.is_in_conversation,
    )
