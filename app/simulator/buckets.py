"""LINE's rate limits: one token bucket per endpoint."""

from time import monotonic


class Bucket:
    """Holds one second's worth of calls and fills up again evenly."""

    def __init__(self, per_second: float) -> None:
        self._rate = per_second
        self._left = per_second
        self._at = monotonic()

    def take(self) -> bool:
        """Whether one more call may pass now."""
        now = monotonic()
        self._left = min(self._rate, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
