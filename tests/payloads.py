"""Webhook JSON as LINE sends it, with invented people."""

import json
from itertools import count
from typing import Any

_numbers = count(1)
BOT = "U" + "b" * 32


def user_id(number: int) -> str:
    """An invented LINE user id."""
    return f"U{number:032x}"


def event(kind: str = "message", *, user: str | None = None, **fields: Any) -> dict[str, Any]:
    """One event with all common fields; a text message unless `kind` and fields say otherwise."""
    number = next(_numbers)
    common = {
        "type": kind,
        "mode": "active",
        "timestamp": 1763780000000,
        "webhookEventId": f"01INVENTED{number:016}",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": user or user_id(number)},
        "replyToken": f"token{number}",
    }
    own: dict[str, Any] = {"message": text_content(number)} if kind == "message" else {}
    return {**common, **own, **fields}


def text_content(number: int, text: str = "こんにちは") -> dict[str, Any]:
    """The `message` of a text event."""
    return {"id": f"4687895778{number:08}", "type": "text", "quoteToken": "q", "text": text}


def body_of(*events: Any, destination: str = BOT) -> bytes:
    """A delivery's raw body."""
    return json.dumps({"destination": destination, "events": events}).encode()
