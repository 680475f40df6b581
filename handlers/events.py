"""LINE's webhook events as our own small frozen values, read field by field from the stored JSON.

The SDK's event classes turn an unknown shape into an event without its user; these keep what is there and
let what is odd fall through to `Other` (docs/decisions/0001-storage-and-queue.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Event:
    """What every event has. `at` is when it happened, never later than its arrival."""

    webhook_event_id: str
    kind: str
    at: datetime
    received_at: datetime
    line_user_id: str | None = None
    source: str | None = None
    """user, group, room, or None: some events have no source."""
    place_id: str | None = None
    """The group or room, where the source is one."""
    reply_token: str | None = field(default=None, repr=False)
    is_standby: bool = False


@dataclass(frozen=True, kw_only=True)
class Follow(Event):
    """友だち追加, or ブロック解除 when `is_unblocked`."""

    is_unblocked: bool = False


@dataclass(frozen=True, kw_only=True)
class MessageEvent(Event):
    """A message from the person; `message_kind` is LINE's: text, image, sticker, location …"""

    message_id: str
    message_kind: str


@dataclass(frozen=True, kw_only=True)
class Text(MessageEvent):
    """Written text, cleaned so that both databases can store it."""

    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class File(MessageEvent):
    """An image, video, audio or file; `at_line` is False when the content lies on another host."""

    file_name: str | None = field(default=None, repr=False)
    at_line: bool = True


@dataclass(frozen=True, kw_only=True)
class Location(MessageEvent):
    """A place the person sent."""

    address: str | None = field(default=None, repr=False)
    latitude: float | None = field(default=None, repr=False)
    longitude: float | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Postback(Event):
    """A tapped button: its data as it came, and what a picker added (`params`)."""

    data: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Unsend(Event):
    """送信取消: the stored copy must go too."""

    message_id: str


@dataclass(frozen=True, kw_only=True)
class AccountLink(Event):
    """The end of an account link dialog; `result` is ok or failed."""

    result: str
    nonce: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Delivery(Event):
    """A notification message arrived; `tag` is ours, or the hashed phone number."""

    tag: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Other(Event):
    """Unfollow, groups, and every kind or shape that we do not know."""
