"""What LINE counts: deliveries by day and kind, and messages by aggregation unit. Days are Tokyo's."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.clock import today_in_tokyo

MOST_UNITS = 1000


@dataclass
class Unit:
    """Everything that was sent under one name."""

    people: set[str] = field(default_factory=set)
    by_day: Counter[date] = field(default_factory=Counter)
    """Delivered messages to one person each."""
    people_by_day: dict[date, set[str]] = field(default_factory=dict)


class Tallies:
    """All counts since the start."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Nothing has been sent."""
        self.delivered: dict[tuple[str, date], int] = {}
        self._names: dict[str, list[str]] = {}
        self.units: dict[str, Unit] = {}

    def count(self, kind: str, people: int, now: datetime) -> None:
        """So many people got a message of this kind."""
        key = (kind, today_in_tokyo(now))
        self.delivered[key] = self.delivered.get(key, 0) + people

    def assign(self, body: Mapping[str, Any], user_ids: Iterable[str], now: datetime) -> None:
        """Note a request's unit, if it names one; the 1,001st name of a month is left out without a word."""
        for name in body.get("customAggregationUnits") or ():
            names = self._names.setdefault(f"{today_in_tokyo(now):%Y-%m}", [])
            if name not in names:
                if len(names) >= MOST_UNITS:
                    continue
                names.append(name)
            self._note(self.units.setdefault(name, Unit()), user_ids, today_in_tokyo(now))

    def names(self, now: datetime) -> list[str]:
        """The units of this month, oldest first."""
        return self._names.get(f"{today_in_tokyo(now):%Y-%m}", [])

    def _note(self, unit: Unit, user_ids: Iterable[str], day: date) -> None:
        for user_id in user_ids:
            unit.people.add(user_id)
            unit.by_day[day] += 1
            unit.people_by_day.setdefault(day, set()).add(user_id)
