"""From LINE's stored JSON to our own event values; whatever is odd becomes `Other`, never an error."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from app.line.text import clean_text
from app.messaging.inbox import InboxEntry
from handlers.events import (
    AccountLink,
    Delivery,
    Event,
    File,
    Follow,
    Location,
    MessageEvent,
    Other,
    Postback,
    Text,
    Unsend,
)

FILES = frozenset({"image", "video", "audio", "file"})
MAX_TEXT = 5000
MAX_REPLY_TOKEN = 200
"""As much as an outbox row holds; LINE's have 32 characters."""


def read_event(entry: InboxEntry) -> Event:
    """The event that this row holds."""
    raw = _object(json.loads(entry.payload))
    source = _object(raw.get("source"))
    common: dict[str, Any] = {
        "webhook_event_id": entry.webhook_event_id,
        "kind": _text(raw.get("type")) or "",
        "at": entry.event_at,
        "received_at": entry.received_at,
        "line_user_id": entry.line_user_id,
        "source": _text(source.get("type")),
        "place_id": _text(source.get("groupId")) or _text(source.get("roomId")),
        "reply_token": _short_text(raw.get("replyToken"), MAX_REPLY_TOKEN),
        "is_standby": raw.get("mode") == "standby",
    }
    key, reader = _READERS.get(common["kind"], ("", None))
    event = None if reader is None else reader(_object(raw.get(key)), common)
    return event or Other(**common)


def _follow(body: Mapping[str, Any], common: Mapping[str, Any]) -> Event:
    return Follow(**common, is_unblocked=body.get("isUnblocked") is True)


def _postback(body: Mapping[str, Any], common: Mapping[str, Any]) -> Event | None:
    data = _text(body.get("data"))
    params = {key: value for key, value in _object(body.get("params")).items() if isinstance(value, str)}
    return None if data is None else Postback(**common, data=data, params=params)


def _unsend(body: Mapping[str, Any], common: Mapping[str, Any]) -> Event | None:
    message_id = _id(body.get("messageId"))
    return None if message_id is None else Unsend(**common, message_id=message_id)


def _message(body: Mapping[str, Any], common: Mapping[str, Any]) -> Event | None:
    message_id, kind = _id(body.get("id")), _text(body.get("type"))
    if message_id is None or kind is None:
        return None
    common = {**common, "message_id": message_id, "message_kind": kind[:20]}
    text = body.get("text")
    if kind == "text" and isinstance(text, str):
        return Text(**common, text=clean_text(text)[:MAX_TEXT])
    if kind in FILES:
        at_line = _object(body.get("contentProvider")).get("type", "line") == "line"
        return File(**common, file_name=_text(body.get("fileName")), at_line=at_line)
    if kind == "location":
        latitude, longitude = _degrees(body.get("latitude"), 90), _degrees(body.get("longitude"), 180)
        address = _text(body.get("address"))
        return Location(**common, address=address, latitude=latitude, longitude=longitude)
    return MessageEvent(**common)


def _delivery(body: Mapping[str, Any], common: Mapping[str, Any]) -> Event | None:
    tag = _text(body.get("data"))
    return None if tag is None else Delivery(**common, tag=tag)


def _account_link(body: Mapping[str, Any], common: Mapping[str, Any]) -> Event | None:
    result, nonce = _text(body.get("result")), _text(body.get("nonce"))
    return None if result is None or nonce is None else AccountLink(**common, result=result, nonce=nonce)


Reader = Callable[[Mapping[str, Any], Mapping[str, Any]], Event | None]
_READERS: dict[str, tuple[str, Reader | None]] = {
    "follow": ("follow", _follow),
    "message": ("message", _message),
    "postback": ("postback", _postback),
    "unsend": ("unsend", _unsend),
    "delivery": ("delivery", _delivery),
    "accountLink": ("link", _account_link),
}
"""LINE's event type -> the key of its own object, and who reads that."""


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return clean_text(value) if isinstance(value, str) and value else None


def _short_text(value: object, most: int) -> str | None:
    text = _text(value)
    return text if text is not None and len(text) <= most else None


def _id(value: object) -> str | None:
    return _short_text(value, 40)


def _degrees(value: object, most: int) -> float | None:
    """A latitude or longitude; None for what lies on no globe, such as NaN or a number of 400 digits."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
        return None
    return float(value)
