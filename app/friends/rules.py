"""Rules about friends (pure): who can be reached."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WROTE_RECENTLY = timedelta(days=7)
"""LINE delivers a push to somebody who wrote to us this lately, even without a follow."""
BREAK = timedelta(days=90)


@dataclass(frozen=True)
class FriendFacts:
    """What decides whether a push can arrive."""

    followed_at: datetime | None
    blocked_at: datetime | None
    last_wrote_at: datetime | None
    imported_at: datetime | None = None
    """Was a friend before Goen: as good as followed."""


def is_reachable(facts: FriendFacts, now: datetime) -> bool:
    """Whether LINE would deliver a push: followed or imported, and not blocked, or wrote within seven days."""
    if facts.blocked_at is not None:
        return False
    wrote_lately = facts.last_wrote_at is not None and now - facts.last_wrote_at <= WROTE_RECENTLY
    return facts.followed_at is not None or facts.imported_at is not None or wrote_lately
