"""The month's messages that the account's plan has."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from app.clock import in_tokyo


@dataclass
class Quota:
    """Messages a month; `limit` None: no target limit set."""

    limit: int | None = None
    used: Counter[str] = field(default_factory=Counter)
    """By month in Tokyo."""

    def has_room(self, now: datetime, count: int) -> bool:
        """Whether this many more may go out this month."""
        return self.limit is None or self.spent(now) + count <= self.limit

    def spend(self, now: datetime, count: int) -> None:
        """Count delivered recipients."""
        self.used[f"{in_tokyo(now):%Y-%m}"] += count

    def spent(self, now: datetime) -> int:
        """Used up this month."""
        return self.used[f"{in_tokyo(now):%Y-%m}"]
