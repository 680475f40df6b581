"""Which routes a browser has seen today: kept in the browser, signed, and with nothing that names anybody."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer

from app.clock import today_in_tokyo

SALT = "goen.add.seen"
MOST_ROUTES = 50


class SeenToday:
    """Reads and writes the cookie's value."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        # Newest first is our order; the serializer signs with the last.
        self._serializer = URLSafeSerializer(list(reversed(secret_keys)), salt=SALT)

    def read(self, value: str | None, now: datetime) -> frozenset[int]:
        """The ids of routes; none for yesterday's cookie, for somebody else's signature and for rubbish."""
        if value is None:
            return frozenset()
        try:
            day, ids = self._serializer.loads(value)
        except (BadData, ValueError, TypeError):
            return frozenset()
        return frozenset(ids) if day == f"{today_in_tokyo(now)}" else frozenset()

    def write(self, ids: Iterable[int], now: datetime) -> str:
        """The newest routes; a browser that sees more in a day may be counted again."""
        return str(self._serializer.dumps([f"{today_in_tokyo(now)}", sorted(ids)[-MOST_ROUTES:]]))
