"""Rules about friends (pure): who can be reached, and the three words that always work."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

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


class Command(StrEnum):
    """Words that work at any time, by text and by menu."""

    OPT_OUT = "配信停止"
    BREAK = "お休み"
    RESUME = "再開"


_SPELLINGS = {
    "配信停止": Command.OPT_OUT,
    "配信をやめる": Command.OPT_OUT,
    "お休み": Command.BREAK,
    "おやすみ": Command.BREAK,
    "再開": Command.RESUME,
    "配信再開": Command.RESUME,
}


def read_command(text: str) -> Command | None:
    """One of the three words, in any width and with the usual marks around it; None for anything else."""
    return _SPELLINGS.get(plain(text))


def plain(text: str) -> str:
    """A text without case, width, spaces and closing marks, to be compared with words."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(folded.split()).strip("。.!?、,「」『』\"'")
