"""Scripted faults: which call goes wrong, how, and how often."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SENDS = frozenset({"reply", "push", "multicast"})
ENDPOINTS = frozenset(
    SENDS
    | {"validate", "profile", "content", "webhook", "send", "*"}
    | {"notification", "sms", "link_token", "link_dialog", "info", "loading", "quota", "consumption"}
    | {"preview", "transcoding", "leave", "followers", "mark_read", "delivery", "aggregation", "insight"}
    | {"webhook.get", "webhook.set", "webhook.test"}
    | {f"login.{what}" for what in ("authorize", "token", "verify", "revoke", "deauthorize")}
    | {f"login.{what}" for what in ("userinfo", "profile", "friendship", "certs", "discovery")}
    | {f"token.{what}" for what in ("stateless", "issue", "verify", "revoke")}
    | {f"richmenu.{what}" for what in ("list", "create", "validate", "upload", "download", "get", "delete")}
    | {
        f"richmenu.{what}"
        for what in ("default", "link", "of", "unlink", "bulk", "batch", "progress", "alias")
    }
)
CALL_KINDS = frozenset(
    {"500", "429", "401", "403", "monthly", "timeout", "reset", "accepted_lost", "accepted_500", "slow"}
)
WEBHOOK_KINDS = frozenset({"twice", "lost_answer", "drop", "forged", "older_secret"})


class BadFault(ValueError):
    """A fault that makes no sense; the text says why."""


@dataclass
class Fault:
    """One scripted fault.

    `kind`: an answer LINE could give; `timeout` (held, not accepted), `reset` (connection aborted, not
    accepted), `accepted_lost` (accepted, then aborted), `accepted_500`, `slow` (only late); for webhooks
    `twice`, `lost_answer` (LINE does not see the answer, so it redelivers), `drop`, `forged` (signed with a
    secret that is nobody's) and `older_secret` (signed with the secret before the last rotation).
    `endpoint`: `send` is whatever reaches a person first, `*` any call.
    `times`: how often, None for until cleared; `after`: how many calls pass first; `latency_ms`: wait before.
    """

    endpoint: str
    kind: str
    times: int | None = 1
    after: int = 0
    probability: float = 1.0
    latency_ms: float = 0
    hits: int = 0

    def to_json(self) -> dict[str, Any]:
        """As it was given, and how often it struck."""
        return dict(vars(self))


def read_fault(data: Mapping[str, Any]) -> Fault:
    """A fault from JSON; BadFault when a word or number in it is not possible."""
    try:
        fault = Fault(**data)
    except TypeError as error:
        raise BadFault(str(error)) from None
    kinds = WEBHOOK_KINDS if fault.endpoint == "webhook" else CALL_KINDS
    if fault.endpoint not in ENDPOINTS or fault.kind not in kinds:
        raise BadFault(f"{fault.kind!r} is not a fault of {fault.endpoint!r}")
    if not 0 <= fault.probability <= 1 or fault.after < 0 or fault.latency_ms < 0:
        raise BadFault("probability is 0 to 1; after and latency_ms are not negative")
    if fault.times is not None and fault.times < 1:
        raise BadFault("times is at least 1, or null for until cleared")
    return fault


class Faults:
    """All faults in force, asked in the order they were set; the first that strikes wins."""

    def __init__(self) -> None:
        self.scripted: list[Fault] = []
        self.latency_ms: float = 0
        """For every call to the platform."""
        self._random = random.Random(20261122)  # noqa: S311 - repeatable on purpose, nothing secret

    def set(self, faults: list[Fault], latency_ms: float = 0) -> None:
        """Replace what was in force."""
        self.scripted = faults
        self.latency_ms = latency_ms

    def add(self, fault: Fault) -> None:
        """One more, beside those that have not struck as often as they should."""
        left = [each for each in self.scripted if each.times is None or each.hits < each.times]
        self.scripted = [*left, fault]

    def be_late(self, latency_ms: object) -> None:
        """Every call is answered so much later; BadFault when that is no time."""
        if isinstance(latency_ms, bool) or not isinstance(latency_ms, int | float) or latency_ms < 0:
            raise BadFault("latency_ms is a number, and not negative")
        self.latency_ms = latency_ms

    def strike(self, endpoint: str) -> Fault | None:
        """The fault that this call meets, counted as one of its times."""
        for fault in self.scripted:
            if self._strikes(fault, endpoint):
                fault.hits += 1
                return fault
        return None

    def _strikes(self, fault: Fault, endpoint: str) -> bool:
        if not _is_meant(fault.endpoint, endpoint) or (fault.times is not None and fault.hits >= fault.times):
            return False
        if fault.after > 0:
            fault.after -= 1
            return False
        return fault.probability >= 1 or self._random.random() < fault.probability


def _is_meant(wanted: str, endpoint: str) -> bool:
    if wanted == "send":
        return endpoint in SENDS
    return wanted == endpoint or (wanted == "*" and endpoint != "webhook")
