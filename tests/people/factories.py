"""Members, links and what surrounds them, valid by default; everybody in here is invented."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from app.db import Database, transaction
from app.encryption import Encryption
from app.friends.models import Friend
from app.links.models import Link
from app.members.actions import upsert_member
from app.members.values import MemberData

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # noon in Tokyo
SEALING = Encryption(["a-key-that-is-long"])
_numbers = count(1)


def make_member(database: Database, sealing: Encryption = SEALING, **given: Any) -> int:
    """A member of the job site; our id."""
    values: dict[str, Any] = {"external_id": f"M-{next(_numbers)}"} | given
    with transaction(database) as session:
        return upsert_member(session, sealing, MemberData(**values), NOW)


def make_link(database: Database, member_id: int, friend: Friend, at: datetime = NOW) -> int:
    """A link that holds; its id."""
    with transaction(database) as session:
        link = Link(member_id=member_id, friend_id=friend.id, channel_id=friend.channel_id, how="code", at=at)
        session.add(link)
        session.flush()
        return link.id
