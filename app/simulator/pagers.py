"""Long lists in pages: `next` of one answer is `start` of the next call, for a day."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from app.simulator.answers import Call
from app.simulator.queries import invalid_parameter, number_of

_LIFE = timedelta(hours=24)


class Pager:
    """Continuation tokens of one endpoint."""

    def __init__(self, key: str, usual: int, most: int) -> None:
        self._key = key
        self._usual = usual
        self._most = most
        self.reset()

    def reset(self) -> None:
        """No list is half read."""
        self._places: dict[str, tuple[int, datetime]] = {}

    def page(self, call: Call, items: Sequence[str], now: datetime) -> dict[str, Any]:
        """One page under its key, and `next` if there is more."""
        limit = number_of(call, "limit", self._usual, self._most)
        start = self._place(call, now)
        body: dict[str, Any] = {self._key: list(items[start : start + limit])}
        if start + limit < len(items):
            body["next"] = secrets.token_urlsafe(12)
            self._places[body["next"]] = (start + limit, now)
        return body

    def _place(self, call: Call, now: datetime) -> int:
        start = call.request.query.get("start")
        if start is None:
            return 0
        place = self._places.get(start)
        if place is None or now - place[1] > _LIFE:
            raise invalid_parameter("start")
        return place[0]
