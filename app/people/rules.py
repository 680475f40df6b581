"""One profile out of two sides (pure): what the person answered in chat, and what the job site knows.

Nothing is copied from one side to the other: the profile is read whenever it is needed, so that unlinking has
nothing to undo.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Value = str | int | float | bool | list[str] | list[int] | None


class Side(StrEnum):
    """Where something was stated."""

    CHAT = "chat"
    SITE = "site"


@dataclass(frozen=True)
class Stated:
    """A value, when it was stated and where."""

    value: Value = field(repr=False)
    at: datetime
    side: Side


Statements = Mapping[str, Stated]
"""What one side says, by field."""


class Rule(StrEnum):
    """Which of several statements counts."""

    NEWEST = "newest"
    """The newest; at the same moment the person's own words in chat."""
    VERIFIED = "verified"
    """The site's, which has checked it, however old; what chat says only where the site says nothing."""


RULES: Mapping[str, Rule] = {"name": Rule.VERIFIED, "phone": Rule.VERIFIED, "mail": Rule.VERIFIED}
"""By field; every other field goes by the newest."""

TOGETHER: Sequence[tuple[str, ...]] = (("wage_unit", "wage_month", "wage_year", "wage_hour", "wage_day"),)
"""Fields that mean something only with each other: the side that spoke of one of them last gives them all."""


def derive_profile(sides: Iterable[Statements]) -> dict[str, Stated]:
    """The statements that count, by field. An empty statement (None) says nothing."""
    said = [{name: each for name, each in side.items() if each.value is not None} for side in sides]
    profile: dict[str, Stated] = {}
    for names in _groups(said):
        profile |= _spoken_last(names, said)
    return profile


def _groups(said: Sequence[Statements]) -> list[tuple[str, ...]]:
    names = {name for side in said for name in side}
    together = [group for group in TOGETHER if names & set(group)]
    return [*together, *((name,) for name in sorted(names - {name for group in TOGETHER for name in group}))]


def _spoken_last(names: tuple[str, ...], said: Sequence[Statements]) -> dict[str, Stated]:
    """These fields as the side says them whose statement weighs most."""
    sides = [found for side in said if (found := {name: side[name] for name in names if name in side})]
    return max(sides, key=lambda side: max(_weight(name, each) for name, each in side.items()))


def _weight(name: str, stated: Stated) -> tuple[bool, datetime, bool]:
    is_verified = RULES.get(name) is Rule.VERIFIED and stated.side is Side.SITE
    return is_verified, stated.at, stated.side is Side.CHAT
