"""What belongs together on the wire: which call followed which event, and who signed what.

Worked out when somebody looks, from the kept crossings: a platform under load pays nothing for it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.json_text import from_bytes
from app.line.signature import is_signed
from app.simulator.config import SimulatorConfig
from app.simulator.wire import Crossing

FOLLOWS_WITHIN = timedelta(seconds=60)
"""A call to the same person counts as an answer to their last event for so long, by machine time."""
_USER = re.compile(rb"U[0-9a-f]{32}")
_REPLY_TOKEN = re.compile(rb'"replyToken"\s*:\s*"([^"]+)"')
_CONTENT = re.compile(r"/message/(\d+)/content")


@dataclass
class _Seen:
    """What is known up to a crossing."""

    tokens: dict[bytes, str] = field(default_factory=dict)
    """Reply token → event id."""
    messages: dict[str, str] = field(default_factory=dict)
    people: dict[bytes, tuple[str, datetime]] = field(default_factory=dict)
    """User id → their last event, and when it went out."""


def told(crossings: Iterable[Crossing], config: SimulatorConfig, after: int = 0) -> list[dict[str, Any]]:
    """The crossings after a number as the drawer reads them.

    Webhooks have `events` (id, type, user, words) and `signed` (valid, secret); calls have `cause`, an event's
    id or null, and `is_certain`: by its reply token or message id, not only by person and time.
    """
    seen, found = _Seen(), []
    for crossing in tuple(crossings):
        more = _webhook(crossing, seen, config) if crossing.kind == "webhook" else _cause(crossing, seen)
        if crossing.seq > after:
            found.append(crossing.to_json() | more)
    return found


def _webhook(crossing: Crossing, seen: _Seen, config: SimulatorConfig) -> dict[str, Any]:
    try:
        events = from_bytes(crossing.request)["events"] if crossing.request else []
    except (ValueError, TypeError, KeyError):
        events = []
    for event in events:
        _learn(event, crossing.at, seen)
    return {"events": [_event(event) for event in events], "signed": _signed(crossing, config)}


def _learn(event: Mapping[str, Any], at: datetime, seen: _Seen) -> None:
    event_id = str(event.get("webhookEventId"))
    if event.get("replyToken"):
        seen.tokens[str(event["replyToken"]).encode()] = event_id
    if "id" in event.get("message", {}):
        seen.messages[event["message"]["id"]] = event_id
    user = event.get("source", {}).get("userId")
    if user is not None:
        seen.people[user.encode()] = (event_id, at)


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    message = event.get("message", {})
    words = message.get("text") or message.get("type") or event.get("postback", {}).get("data") or ""
    return {
        "id": event.get("webhookEventId"),
        "type": event.get("type"),
        "user": event.get("source", {}).get("userId"),
        "words": str(words)[:80],
        "is_redelivery": event.get("deliveryContext", {}).get("isRedelivery", False),
    }


def _signed(crossing: Crossing, config: SimulatorConfig) -> dict[str, Any]:
    """Whether the signature is one that a server with our secrets must take, and by which of them."""
    secrets: Sequence[str] = (config.channel_secret, *config.older_secrets)
    for number, secret in enumerate(secrets):
        if crossing.signature and is_signed(crossing.request, crossing.signature, (secret,)):
            return {"is_valid": True, "secret": number, "ends": secret[-4:]}
    return {"is_valid": False, "secret": None, "ends": ""}


def _cause(crossing: Crossing, seen: _Seen) -> dict[str, Any]:
    token = _REPLY_TOKEN.search(crossing.request)
    if token is not None and token[1] in seen.tokens:
        return {"cause": seen.tokens[token[1]], "is_certain": True}
    content = _CONTENT.search(crossing.path)
    if content is not None and content[1] in seen.messages:
        return {"cause": seen.messages[content[1]], "is_certain": True}
    people = set(_USER.findall(crossing.path.encode() + b" " + crossing.request))
    if len(people) == 1:
        event_id, at = seen.people.get(people.pop(), ("", crossing.at))
        if event_id and crossing.at - at <= FOLLOWS_WITHIN:
            return {"cause": event_id, "is_certain": False}
    return {"cause": None, "is_certain": False}
