"""Endpoints that count: deliveries a day, aggregation units, insights (line-platform facts, 2.1, 2.5, 6.4).

LINE gives no number under 20, and none about a single person; neither does this. What nobody here can do,
such as being of an age, is unknown. A message that was delivered counts as seen.
"""

from datetime import date, timedelta
from typing import Any

from app.simulator.answers import Answer, Call, ok, refusal
from app.simulator.endpoints import Endpoint, Limit, get
from app.simulator.menus.shelf import Shelf
from app.simulator.pagers import Pager
from app.simulator.platform import Friendship, Platform
from app.simulator.queries import day_of, invalid_parameter, is_ready, span_of
from app.simulator.tallies import Tallies, Unit

LEAST_SHOWN = 20
_HOURLY = Limit(60, 3600)
_UNKNOWN = {
    "genders": [{"gender": "unknown", "percentage": 100.0}],
    "ages": [{"age": "unknown", "percentage": 100.0}],
    "areas": [{"area": "unknown", "percentage": 100.0}],
    "appTypes": [{"appType": "others", "percentage": 100.0}],
    "subscriptionPeriods": [{"subscriptionPeriod": "unknown", "percentage": 100.0}],
}


class Counts:
    """Numbers about everybody."""

    def __init__(self, platform: Platform, tallies: Tallies, shelf: Shelf) -> None:
        self._platform = platform
        self._tallies = tallies
        self._shelf = shelf
        self._pager = Pager("customAggregationUnits", 100, 100)

    def endpoints(self) -> list[Endpoint]:
        """Counts as often as anything; insights sixty times an hour."""
        kinds = "{kind:reply|push|multicast|broadcast|pnp|pnp/templated}"
        menu = "/insight/richmenu/{richMenuId}/{what:summary|daily}"
        return [
            get("/message/delivery/" + kinds, "delivery", self.delivered),
            get("/message/aggregation/info", "aggregation", self.unit_count),
            get("/message/aggregation/list", "aggregation", self.unit_names),
            get("/insight/message/event/aggregation", "insight", self.of_unit, _HOURLY),
            get("/insight/message/delivery", "insight", self.deliveries, _HOURLY),
            get("/insight/followers", "insight", self.followers, _HOURLY),
            get("/insight/demographic", "insight", self.demographics, _HOURLY),
            get(menu, "insight", self.of_menu, _HOURLY),
        ]

    def reset(self) -> None:
        """No list is half read."""
        self._pager.reset()

    def delivered(self, call: Call) -> Answer:
        """How many people got something of one kind on one day."""
        day = day_of(call)
        if not self._is_ready(day):
            return ok({"status": "unready"})
        return ok({"status": "ready", "success": self._count(call.request.match_info["kind"], day)})

    def unit_count(self, call: Call) -> Answer:
        """How many names were used this month."""
        names = self._tallies.names(self._platform.clock.now())
        return ok({"numOfCustomAggregationUnits": len(names)})

    def unit_names(self, call: Call) -> Answer:
        """The names of this month, in pages."""
        now = self._platform.clock.now()
        return ok(self._pager.page(call, self._tallies.names(now), now))

    def of_unit(self, call: Call) -> Answer:
        """What became of everything under one name, up to 31 days."""
        name = call.request.query.get("customAggregationUnit", "")
        if not name:
            raise invalid_parameter("customAggregationUnit")
        first, last = span_of(call, timedelta(days=30))
        unit = self._tallies.units.get(name, Unit())
        days = [day for day in unit.by_day if first <= day <= last]
        people = set[str]().union(*(unit.people_by_day[day] for day in days))
        seen = _shown(len(people))
        overview = {"uniqueImpression": seen, "uniqueClick": None, **_NOT_PLAYED_BY}
        impressions = sum(unit.by_day[day] for day in days)
        message = {"seq": 1, "impression": impressions if seen else None, "uniqueImpression": seen}
        messages = [message | _NOT_PLAYED | _NOT_PLAYED_BY] if days else []
        return ok({"overview": overview, "messages": messages, "clicks": []})

    def deliveries(self, call: Call) -> Answer:
        """One day, by how it was sent."""
        day = day_of(call)
        if not self._is_ready(day):
            return ok({"status": "unready"})
        kinds = {"apiPush": "push", "apiMulticast": "multicast", "apiReply": "reply"}
        body: dict[str, Any] = {name: self._count(kind, day) for name, kind in kinds.items()}
        body["pnpNoticeMessage"] = self._count("pnp", day) + self._count("pnp/templated", day)
        return ok({"status": "ready", **body})

    def followers(self, call: Call) -> Answer:
        """Everybody who ever added the account, and who blocks it; as of now, whatever day is asked for."""
        if not self._is_ready(day_of(call)):
            return ok({"status": "unready"})
        friends, blocks = self._friends(), self._blocks()
        return ok(
            {"status": "ready", "followers": friends + blocks, "targetedReaches": friends, "blocks": blocks}
        )

    def demographics(self, call: Call) -> Answer:
        """From 20 people on: all unknown."""
        is_available = self._friends() >= LEAST_SHOWN
        return ok({"available": True, **_UNKNOWN} if is_available else {"available": False})

    def of_menu(self, call: Call) -> Answer:
        """Only the id: fewer than 20 people have tapped."""
        menu_id = call.request.match_info["richMenuId"]
        if menu_id not in self._shelf.menus:
            raise refusal(404, "richmenu not found")
        span_of(call, timedelta(days=395))
        return ok({"richMenuId": menu_id})

    def _is_ready(self, day: date) -> bool:
        return is_ready(day, self._platform.clock.now())

    def _count(self, kind: str, day: date) -> int:
        return self._tallies.delivered.get((kind, day), 0)

    def _friends(self) -> int:
        return sum(person.friendship is Friendship.FRIEND for person in self._platform.people.values())

    def _blocks(self) -> int:
        return sum(person.friendship is Friendship.BLOCKED for person in self._platform.people.values())


_NOT_PLAYED = dict.fromkeys(("mediaPlayed", *(f"mediaPlayed{part}Percent" for part in (25, 50, 75, 100))))
_NOT_PLAYED_BY = {"uniqueMediaPlayed": None, "uniqueMediaPlayed100Percent": None}


def _shown(people: int) -> int | None:
    """A number of people as LINE gives it away."""
    return people if people >= LEAST_SHOWN else None
