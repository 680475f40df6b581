"""The time machine: moves business time forward by writing the clock file, in steps, as work gets done."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from app.clock import Clock
from app.simulator.config import SimulatorConfig

STEP_SECONDS = 15 * 60
MOST_SECONDS = 3 * 366 * 24 * 3600
_LOOK_SECONDS = 0.05


class NoTimeMachine(Exception):
    """Time cannot be moved now; the text says why."""


class TimeMachine:
    """Weeks happen in order: each step waits until nothing is due, or for two seconds."""

    def __init__(self, config: SimulatorConfig, on_change: Callable[[], None]) -> None:
        self._config = config
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
                    await self._wait_until_done(session)
                    step = min(STEP_SECONDS, self.seconds_left)
                    write_offset(clock_file, int(self._clock.offset().total_seconds()) + step)
                    self.seconds_left -= step
                    self._on_change()
                await self._wait_until_done(session)
        finally:
            self.seconds_left = 0
            self._on_change()

    async def _wait_until_done(self, session: aiohttp.ClientSession) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._config.step_wait_seconds):
                while not await self._is_all_done(session):
                    await asyncio.sleep(_LOOK_SECONDS)

    async def _is_all_done(self, session: aiohttp.ClientSession) -> bool:
        """Whether the server says that nothing is due; silence is no."""
        if self._config.app_url is None:
            return False
        try:
            async with session.get(f"{self._config.app_url}/metrics") as response:
                return due_work(await response.text()) == 0
        except (aiohttp.ClientError, TimeoutError):
            return False


def due_work(metrics: str) -> float | None:
    """The sum of `goen_work_due` in a Prometheus page; None when it is not there."""
    try:
        found = [
            sample.value
            for family in text_string_to_metric_families(metrics)
            for sample in family.samples
            if sample.name == "goen_work_due"
        ]
    except ValueError:
        return None
    return sum(found) if found else None


def write_offset(clock_file: Path, seconds: int) -> None:
    """Replace the file at once, so that no reader ever sees half a number."""
    fresh = clock_file.with_name(f"{clock_file.name}.new")
    fresh.write_text(f"{seconds}\n", encoding="ascii")
    fresh.replace(clock_file)
