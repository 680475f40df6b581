"""What a measurement asks of the simulated LINE over HTTP."""

from dataclasses import dataclass
from typing import Any

import requests

from tests.bench.processes import HOST

LINE_LATENCY_MS = 50


@dataclass(frozen=True)
class SimulatedLine:
    """The simulator in its own process."""

    port: int

    def add_friends(self, count: int) -> list[str]:
        """So many people who are friends already; their user ids."""
        found = self._post("people", {"count": count, "following": True})
        return [person["id"] for person in found["people"]]

    def be_late(self, milliseconds: float) -> None:
        """Every call is answered so much later."""
        self._post("faults", {"latency_ms": milliseconds})

    def totals(self) -> dict[str, dict[str, int]]:
        """`accepted` by endpoint, `refused` by status."""
        found: dict[str, dict[str, int]] = self._get("counters?totals=1")
        return found

    def chat(self, user_id: str) -> list[dict[str, Any]]:
        """What was said, oldest first: `from` user or bot, `at` in milliseconds."""
        entries: list[dict[str, Any]] = self._get(f"people/{user_id}/chat")["entries"]
        return entries

    def menu_of(self, user_id: str) -> str | None:
        """LINE's id of the rich menu that somebody sees."""
        seen = self._get(f"people/{user_id}/menu")["menu"]
        return None if seen is None else str(seen["id"])

    def say(self, user_id: str, text: str) -> None:
        """Somebody writes."""
        self._post(f"people/{user_id}/text", {"text": text})

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = requests.post(f"http://{HOST}:{self.port}/simulator/api/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def _get(self, path: str) -> Any:
        answer = requests.get(f"http://{HOST}:{self.port}/simulator/api/{path}", timeout=30)
        answer.raise_for_status()
        return answer.json()
