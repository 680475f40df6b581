"""The only reader of the wall clock.

Two clocks: business time (quiet hours, due times, ages) and machine time (leases, pacing, timeouts).
They are equal unless a clock file, which only the demo and tests use, holds an offset in seconds.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True)
class Clock:
    """Business time and machine time, both aware UTC.

    `offset_file` holds seconds to add to business time; None or a missing file means no offset.
    """

    offset_file: Path | None = field(default=None)

    def real_now(self) -> datetime:
        """Machine time: leases, age of a retry key, pacing, timeouts, sign-in sessions."""
        return datetime.now(UTC)

    def now(self) -> datetime:
        """Business time: quiet hours, due times, caps, ages, life of reply tokens."""
        return self.real_now() + self.offset()

    def offset(self) -> timedelta:
        """How far business time runs ahead of machine time."""
        if self.offset_file is None:
            return timedelta(0)
        try:
            text = self.offset_file.read_text(encoding="ascii")
        except FileNotFoundError:
            return timedelta(0)
        return timedelta(seconds=int(text.strip() or "0"))


def in_tokyo(at: datetime) -> datetime:
    """The same instant on the clocks of Tokyo; dates and business rules are computed on this."""
    return at.astimezone(TOKYO)


def today_in_tokyo(now: datetime) -> date:
    """The calendar day in Tokyo at this instant."""
    return in_tokyo(now).date()
