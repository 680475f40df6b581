"""From a verified webhook body to rows of the inbox (the only writing that the webhook door does)."""

import json
import re
from binascii import crc32
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from math import isfinite
from operator import itemgetter
from typing import Any, TypeGuard, cast

import orjson
from sqlalchemy import Connection, Table

from app.bulk import insert_rows
from app.json_text import to_text
from app.messaging.event_rules import InboxStatus
from app.messaging.models import InboxEvent

LANES = 64
LONGEST_INT = 4000
_NUMBERS = bytes(48 if 48 <= byte < 58 else 58 if byte in b":[,- \t\r\n" else 120 for byte in range(256))
_LONG_NUMBER = b":" + b"0" * 19
"""In a body translated by `_NUMBERS`: a number of at least 19 digits, which may need more than 64 bits."""
_EVENT_ID = re.compile(r"[0-9A-Za-z_-]{1,60}", re.ASCII)
_USER_ID = re.compile(r"U[0-9a-f]{32}", re.ASCII)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)

TABLE = cast(Table, InboxEvent.__table__)

InboxRow = dict[str, Any]


class NotEvents(ValueError):
    """A signed body that is not JSON with an `events` list."""


def read_body(body: bytes) -> dict[str, Any]:
    """The signed body as data: an object with a list `events` of objects. Errors: NotEvents."""
    try:
        value = _parsed(body)
    except (ValueError, RecursionError):
        raise NotEvents from None
    if not isinstance(value, dict) or not isinstance(value.get("events"), list):
        raise NotEvents
    return value


def _parsed(body: bytes) -> Any:
    """Exactly what was sent: the fast parser would round long numbers, and refuses lone surrogates."""
    if _LONG_NUMBER not in body.translate(_NUMBERS):
        with suppress(ValueError):
            return orjson.loads(body)
    return json.loads(body, parse_int=_int_or_text, parse_float=_float_or_text, parse_constant=_refuse)


def _int_or_text(digits: str) -> int | str:
    """Python reads no number of over 4,300 digits; it is odd, but it is JSON, and is kept as text."""
    return int(digits) if len(digits) < LONGEST_INT else digits


def _float_or_text(digits: str) -> float | str:
    value = float(digits)
    return value if isfinite(value) else digits


def _refuse(constant: str) -> Any:
    """`NaN` and `Infinity` are Python's, not JSON's."""
    raise ValueError(constant)


def inbox_rows(channel_id: int, events: Sequence[Any], received_at: datetime) -> list[InboxRow]:
    """A row for each event, however odd inside. Errors: NotEvents for one nested too deep to be written."""
    latest = received_at.timestamp() * 1000
    return [_inbox_row(channel_id, event, received_at, latest) for event in events]


def write_events(connection: Connection, rows: Sequence[InboxRow]) -> None:
    """Store events; one that is already there is silently nothing. A request waits for this.

    In one order everywhere: two processes with the same events would wait for each other otherwise.
    """
    ordered = sorted(rows, key=itemgetter("channel_id", "webhook_event_id"))
    insert_rows(connection, TABLE, ordered)


def _inbox_row(channel_id: int, event: Any, received_at: datetime, latest: float) -> InboxRow:
    fields = event if isinstance(event, dict) else {}
    event_id = fields.get("webhookEventId")
    try:
        payload = to_text(event)
        if not isinstance(event_id, str) or not _EVENT_ID.fullmatch(event_id):
            event_id = _digest(fields, payload)
    except RecursionError:
        raise NotEvents from None
    line_user_id = _person(fields.get("source"))
    return {
        "channel_id": channel_id,
        "webhook_event_id": event_id,
        "lane": crc32(f"{channel_id}:{line_user_id or event_id}".encode()) % LANES,
        "line_user_id": line_user_id,
        "event_at": _clamped(fields.get("timestamp"), received_at, latest),
        "received_at": received_at,
        "payload": payload,
        "status": InboxStatus.WAITING,
        "due_at": received_at,
    }


def _digest(fields: dict[str, Any], payload: str) -> str:
    """An id for an event without one: the same content gives the same id, also when delivered again."""
    content = {key: value for key, value in fields.items() if key != "deliveryContext"}
    text_ = json.dumps(content, sort_keys=True, separators=(",", ":")) if content else payload
    return f"sha256:{sha256(text_.encode()).hexdigest()}"


def _person(source: Any) -> str | None:
    """The user of a one-to-one chat; of groups and rooms nothing personal is kept."""
    if not isinstance(source, dict) or source.get("type") != "user":
        return None
    user_id = source.get("userId")
    return user_id if is_user_id(user_id) else None


def is_user_id(value: Any) -> TypeGuard[str]:
    """True for what has the shape of LINE's user ids."""
    return isinstance(value, str) and _USER_ID.fullmatch(value) is not None


def _clamped(timestamp: Any, received_at: datetime, latest: float) -> datetime:
    """The event's own time, but never later than its arrival: nobody stays active by an event from 2099."""
    if isinstance(timestamp, bool) or not isinstance(timestamp, int | float):
        return received_at
    if not 0 <= timestamp <= latest:
        return received_at if timestamp > 0 else _EARLIEST
    return datetime.fromtimestamp(timestamp / 1000, UTC)
