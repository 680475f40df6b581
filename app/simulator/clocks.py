"""The time machine: moves business time forward by writing the clock file, in steps, as work gets done."""

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import aiohttp

from app.clock import Clock
from app.simulator.config import SimulatorConfig
from app.simulator.under_test import UnderTest

STEP_SECONDS = 15 * 60
MOST_SECONDS = 3 * 366 * 24 * 3600
_LOOK_SECONDS = 0.05


class NoTimeMachine(Exception):
    """Time cannot be moved now; the text says why."""


class TimeMachine:
    """Weeks happen in order: each step waits until nothing is due, or for two seconds."""

    def __init__(self, config: SimulatorConfig, under_test: UnderTest, on_change: Callable[[], None]) -> None:
        self._config = config
        self._under_test = under_test
        self._clock = Clock(config.clock_file)
        self._on_change = on_change
        self._task: asyncio.Task[None] | None = None
        self.seconds_left = 0

    def state(self) -> dict[str, object]:
        """Business time in milliseconds, the offset, and how far a journey still has to go."""
        return {
            "now": int(self._clock.now().timestamp() * 1000),
            "offset": int(self._clock.offset().total_seconds()),
            "has_clock_file": self._config.clock_file is not None,
            "is_running": self._is_running(),
            "seconds_left": self.seconds_left,
        }

    def start(self, seconds: int) -> asyncio.Task[None]:
        """Begin a journey; NoTimeMachine without a clock file, backwards, too far, or during another."""
        if self._config.clock_file is None:
            raise NoTimeMachine("GOEN_CLOCK_FILE is not set: business time cannot be moved")
        if not 0 < seconds <= MOST_SECONDS:
            raise NoTimeMachine(f"advance_seconds is a whole number from 1 to {MOST_SECONDS}")
        if self._is_running():
            raise NoTimeMachine("a journey is under way")
        self.seconds_left = seconds
        self._task = asyncio.get_running_loop().create_task(self._travel(self._config.clock_file))
        return self._task

    def seconds_until(self, milliseconds: int) -> int:
        """Whole seconds from business time now to a moment, so that it has come at the end."""
        return math.ceil((milliseconds - self._clock.now().timestamp() * 1000) / 1000)

    async def settle(self, seconds: float) -> bool:
        """Wait until the server has nothing to do; False when that takes too long, True if nobody is asked."""
        if self._under_test.url is None:
            return True
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=1)) as session:
            return await self._wait_until_done(session, seconds)

    def stop(self) -> None:
        """End the journey with the step it is at."""
        self.seconds_left = 0

    def _is_running(self) -> bool:
        return self._task is not None and not self._task.done()

    async def close(self) -> None:
        """Stop where we are."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _travel(self, clock_file: Path) -> None:
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=1)) as session:
                while self.seconds_left:
                    await self._wait_until_done(session, self._config.step_wait_seconds)
                    step = min(STEP_SECONDS, self.seconds_left)
                    write_offset(clock_file, int(self._clock.offset().total_seconds()) + step)
                    self.seconds_left -= step
                    self._on_change()
                await self._wait_until_done(session, self._config.step_wait_seconds)
        finally:
            self.seconds_left = 0
            self._on_change()

    async def _wait_until_done(self, session: aiohttp.ClientSession, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not await self._under_test.is_all_done(session):
                    await asyncio.sleep(_LOOK_SECONDS)
                return True
        return False


def write_offset(clock_file: Path, seconds: int) -> None:
    """Replace the file at once, so that no reader ever sees half a number."""
    fresh = clock_file.with_name(f"{clock_file.name}.new")
    fresh.write_text(f"{seconds}\n", encoding="ascii")
    fresh.replace(clock_file)
