"""Rules about members (pure): how long somebody placed by us is left alone, and what they said of promotion."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.members.values import Contract

LEFT_ALONE_YEARS = 2
_COUNTS = frozenset({Contract.PERMANENT, Contract.UNKNOWN})


@dataclass(frozen=True)
class PlacementFacts:
    """One placement. When the person left the job plays no part, so it is not here."""

    start_on: date
    contract: Contract
    by_us: bool


def barred_until(placements: Iterable[PlacementFacts]) -> date | None:
    """The last day on which these placements forbid promotion; None: none of them ever did.

    Those by us in a permanent job, an unknown contract counting as one: up to and including the same day two
    years after the start. From the day we know of it, not from the start: who is about to begin is not lured away.
    """
    ends = [two_years_after(each.start_on) for each in placements if each.by_us and each.contract in _COUNTS]
    return max(ends, default=None)


def two_years_after(day: date) -> date:
    """The same day two years later; the 29th of February becomes the 1st of March."""
    year = day.year + LEFT_ALONE_YEARS
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def standing_no(noes: Iterable[datetime], yeses: Iterable[datetime]) -> datetime | None:
    """The newest no, unless a yes came after it; at the same moment a no is stronger."""
    no = max(noes, default=None)
    yes = max(yeses, default=None)
    return None if no is None or (yes is not None and yes > no) else no
