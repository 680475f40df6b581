"""What the simulator knows of the server under test: whether work is due, and what will happen when."""

from collections.abc import Mapping
from typing import Any

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from app.json_text import from_bytes


class UnderTest:
    """The web server, by its address; None: nobody is asked, and nothing is known."""

    def __init__(self, url: str | None) -> None:
        self.url = url

    async def is_all_done(self, session: aiohttp.ClientSession) -> bool:
        """Whether the server says that nothing is due; silence is no."""
        if self.url is None:
            return False
        try:
            async with session.get(f"{self.url}/simulated/due") as response:
                # All that metrics count, and schedules whose minute has come but whose run nobody has begun.
                if response.status == 200:
                    return bool(from_bytes(await response.read())["due"] == 0)
            async with session.get(f"{self.url}/metrics") as response:
                return due_work(await response.text()) == 0
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return False

    async def agenda(self, query: Mapping[str, str]) -> Any:
        """What has happened and what is due (Goen's app/agenda.py); None when nobody says."""
        if self.url is None:
            return None
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
                session.get(f"{self.url}/simulated/agenda", params=dict(query)) as response,
            ):
                return from_bytes(await response.read()) if response.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None


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
