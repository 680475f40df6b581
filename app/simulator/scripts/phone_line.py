"""The simulator's control API as the player of scripts uses it: over HTTP, from any process."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any
from urllib.parse import quote

import requests

_ROOT = "/simulator/api"
_ANSWER_SECONDS = 30.0
_JOURNEY_SECONDS = 900.0


class PhoneRefused(Exception):
    """The phone cannot do that; the text says why."""


class PhoneLine:
    """One simulator. Every method is one call. Errors: PhoneRefused; requests' own when it is not there."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()

    def __enter__(self) -> "PhoneLine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def add_person(self, name: str) -> str:
        """Somebody new; their user id."""
        return str(self._post("/people", {"name": name})["id"])

    def act(self, person: str, what: str, body: Mapping[str, Any] | None = None) -> Any:
        """Anything a person does: follow, text, tap, unsend …"""
        return self._post(f"/people/{quote(person)}/{what}", body or {})

    def chat(self, person: str, *, after: int = 0, wait: float = 0) -> list[dict[str, Any]]:
        """Entries of a chat after one; with `wait`, as soon as the account has said something, or none came."""
        path = f"/people/{quote(person)}/messages?after={after}&wait={wait:g}"
        entries: list[dict[str, Any]] = self._get(path)["entries"]
        return entries

    def menu(self, person: str) -> Mapping[str, Any]:
        """The rich menu that this person sees."""
        found: Mapping[str, Any] = self._get(f"/people/{quote(person)}/menu")
        return found

    def now(self) -> int:
        """Business time in milliseconds."""
        return int(self._get("/clock")["now"])

    def settle(self) -> bool:
        """Wait until nothing is under way; False when that took too long."""
        return bool(self._post("/settle", {})["is_done"])

    def travel(self, body: Mapping[str, Any]) -> None:
        """Move business time, and come back when it is there."""
        self._post("/clock", {**body, "wait": True}, timeout=_JOURNEY_SECONDS)

    def set_faults(self, faults: list[Mapping[str, Any]]) -> None:
        """Replace the faults in force."""
        self._post("/faults", {"faults": faults})

    def set_quota(self, body: Mapping[str, Any]) -> None:
        """Change the month's limit."""
        self._post("/quota", body)

    def redeliver(self, person: str) -> None:
        """LINE delivers this person's last event once more."""
        self._post(f"/people/{quote(person)}/redeliver", {})

    def _get(self, path: str) -> Any:
        return self._read(self._session.get(self._url + _ROOT + path, timeout=_ANSWER_SECONDS))

    def _post(self, path: str, body: Mapping[str, Any], timeout: float = _ANSWER_SECONDS) -> Any:
        return self._read(self._session.post(self._url + _ROOT + path, json=body, timeout=timeout))

    def _read(self, response: requests.Response) -> Any:
        try:
            answer = response.json()
        except ValueError:
            raise PhoneRefused(f"{response.status_code} from {self._url}: is it a simulator?") from None
        if response.status_code >= 400:
            raise PhoneRefused(str(answer.get("message", response.status_code)))
        return answer
