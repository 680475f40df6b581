"""What the platform has accepted and does a moment later, as LINE does with 202."""

import asyncio
from collections.abc import Callable


class Later:
    """Acts that wait for their moment, in real time; all are forgotten at a reset."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: set[asyncio.TimerHandle] = set()

    def do(self, act: Callable[[], None]) -> None:
        """Do this soon; needs the running loop."""

        def run() -> None:
            self._waiting.discard(handle)
            act()

        handle = asyncio.get_running_loop().call_later(self._seconds, run)
        self._waiting.add(handle)

    def forget(self) -> None:
        """Do nothing of what still waits."""
        for handle in self._waiting:
            handle.cancel()
        self._waiting.clear()
