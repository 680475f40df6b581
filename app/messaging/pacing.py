"""Pacing below LINE's rate limits: the generic cell rate algorithm, one pace per endpoint.

One sender per channel turns LINE's per-channel limit into this in-process one; no host has to ask another.
"""

import asyncio
import math

TICK_SECONDS = 0.005
"""Waits end together on ticks of this length: ten calls for one turn of the loop instead of ten turns."""


class Pace:
    """Lets at most `per_second` calls start, evenly, with a small burst after idle time."""

    def __init__(self, per_second: float, *, burst_seconds: float = 0.05) -> None:
        self._interval = 1.0 / per_second
        self._tolerance = burst_seconds
        self._next_at = 0.0
        """When the next call would start at a perfectly even pace."""

    def reserve(self, now: float) -> float:
        """Take the next place; seconds to wait until it comes (0.0: at once)."""
        starts_at = max(self._next_at, now - self._tolerance)
        self._next_at = starts_at + self._interval
        return max(0.0, starts_at - now)

    async def wait(self) -> None:
        """Take a place and wait for it, and for the tick that follows."""
        now = asyncio.get_running_loop().time()
        delay = self.reserve(now)
        if delay > 0:
            await asyncio.sleep(math.ceil((now + delay) / TICK_SECONDS) * TICK_SECONDS - now)
