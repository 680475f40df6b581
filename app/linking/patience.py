"""Codes that LINE refuses are slowed down by network address, so that nobody makes this server ask LINE without end.

Kept in memory, for each web process: whoever sends junk costs no write. What LINE accepts counts nothing, since
many people of a mobile network share one address.
"""

import threading
from collections import OrderedDict, deque

MOST_FAILURES = 20
WINDOW_SECONDS = 600.0
MOST_ADDRESSES = 10_000
"""The one that failed longest ago is forgotten first."""


class Patience:
    """Counts the refused codes of the last minutes. `now` is a monotonic time in seconds."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._changing = threading.Lock()

    def is_over(self, address: str, now: float) -> bool:
        """Whether so much was refused from there lately that LINE is not asked again for now."""
        with self._changing:
            times = self._failures.get(address, deque())
            return len(times) == MOST_FAILURES and now - times[0] < WINDOW_SECONDS

    def note_failure(self, address: str, now: float) -> None:
        """LINE has refused what came from there."""
        with self._changing:
            times = self._failures.setdefault(address, deque(maxlen=MOST_FAILURES))
            times.append(now)
            self._failures.move_to_end(address)
            if len(self._failures) > MOST_ADDRESSES:
                self._failures.popitem(last=False)
