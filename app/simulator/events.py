"""Webhook events with all fields that LINE gives them (line-platform facts, 1.4–1.7)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.simulator.ids import new_token, new_ulid
from app.simulator.platform import Platform

Event = dict[str, Any]
REPLIABLE = frozenset(
    {"message", "follow", "join", "memberJoined", "postback", "videoPlayComplete", "beacon", "accountLink"}
)
_QUOTABLE = frozenset({"text", "image", "video", "sticker"})


def new_event(platform: Platform, source: Mapping[str, str], kind: str, **more: Any) -> Event:
    """An event that happens now, with a reply token where LINE gives one.

    `source`: LINE's own source object; the reply goes to its group or room, else to its user.
    """
    now = platform.clock.now()
    event = _bare_event(now, kind, {"source": dict(source), **more})
    if kind in REPLIABLE:
        chat = source.get("groupId") or source.get("roomId") or source["userId"]
        event["replyToken"] = platform.add_reply_token(chat, now)
    return event


def sourceless_event(platform: Platform, kind: str, **more: Any) -> Event:
    """An event of which LINE does not say whose it is: `delivery`, and an account link that failed."""
    return _bare_event(platform.clock.now(), kind, more)


def _bare_event(now: datetime, kind: str, more: Mapping[str, Any]) -> Event:
    milliseconds = int(now.timestamp() * 1000)
    return {
        "type": kind,
        "mode": "active",
        "timestamp": milliseconds,
        "webhookEventId": new_ulid(milliseconds),
        "deliveryContext": {"isRedelivery": False},
        **more,
    }


def user_source(user_id: str) -> dict[str, str]:
    """A one-to-one chat."""
    return {"type": "user", "userId": user_id}


def group_source(group_id: str, user_id: str | None = None) -> dict[str, str]:
    """A group, and who did it, where LINE says so."""
    return {"type": "group", "groupId": group_id} | ({"userId": user_id} if user_id else {})


def follow_fields(*, is_unblocked: bool) -> dict[str, Any]:
    """What a follow event has besides."""
    return {"follow": {"isUnblocked": is_unblocked}}


def as_received(message: Mapping[str, Any]) -> dict[str, Any]:
    """A person's message as the webhook carries it: with the tokens that LINE adds."""
    tokens = {"markAsReadToken": new_token()}
    if message["type"] in _QUOTABLE:
        tokens["quoteToken"] = new_token()
    return {**message, **tokens}
