"""What of a channel's sender stands still, and until when (pure; times are seconds of the loop's clock)."""

from app.line.rules import Outcome
from app.messaging.rules import Carrier

STOP_SECONDS = 60.0
"""After 401 or 403: how long until one more try shows whether somebody has mended it."""
RATE_LIMIT_SECONDS = 0.5
"""After a 429 without Retry-After."""
EVERYTHING = frozenset(Carrier)


class Standstill:
    """401 stops every carrier of the channel, 403 and a rate limit stop one."""

    def __init__(self, stop_seconds: float = STOP_SECONDS) -> None:
        self._stop_seconds = stop_seconds
        self._until: dict[Carrier, float] = {}

    def note(self, carrier: Carrier, outcome: Outcome, retry_after: float | None, now: float) -> None:
        """What an answer of LINE stops. A stop that is longer already stays."""
        match outcome:
            case Outcome.UNAUTHORIZED:
                self._stop(EVERYTHING, now + self._stop_seconds)
            case Outcome.FORBIDDEN:
                self._stop({carrier}, now + self._stop_seconds)
            case Outcome.RATE_LIMITED:
                # Not by the pace: a row that slept there would outlive its lease, and a worker its SIGTERM.
                self._stop({carrier}, now + (retry_after or RATE_LIMIT_SECONDS))

    def stopped(self, now: float) -> frozenset[Carrier]:
        """The carriers by which nothing may leave now."""
        return frozenset(carrier for carrier, until in self._until.items() if now < until)

    def is_stopped(self, carrier: Carrier, now: float) -> bool:
        """Whether nothing may leave by this one now."""
        return now < self._until.get(carrier, 0.0)

    def _stop(self, carriers: frozenset[Carrier] | set[Carrier], until: float) -> None:
        for carrier in carriers:
            self._until[carrier] = max(until, self._until.get(carrier, 0.0))
