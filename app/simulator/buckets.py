"""LINE's rate limits: one token bucket per endpoint."""

from collections.abc import Callable
from time import monotonic


class Bucket:
    """Holds one span's worth of calls and fills up again evenly."""

    def __init__(self, calls: float, seconds: float = 1, now: Callable[[], float] = monotonic) -> None:
        self._most = calls
        self._rate = calls / seconds
        self._now = now
        self._left = calls
        self._at = now()

    def take(self) -> bool:
        """Whether one more call may pass now."""
        now = self._now()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def fill(self) -> None:
        """As if nobody had called."""
        self._left = self._most
