"""Signed webhook requests, prepared before the clock starts: distinct events, as LINE sends them."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.line.signature import sign
from app.simulator.ids import new_message_id, new_token, new_ulid
from tests.bench.processes import HOST
from tests.stack import SECRET

DESTINATION = "U" + "d" * 32
PEOPLE = 5_000


def write_requests(path: Path, count: int, events: int, port: int = 80) -> None:
    """`count` requests of `events` events each; every request is preceded by its length on a line."""
    with path.open("wb") as file:
        for request in _requests(count, events, port):
            file.write(b"%d\n" % len(request) + request)


def read_requests(path: Path) -> list[bytes]:
    """What `write_requests` wrote."""
    requests, data, at = [], path.read_bytes(), 0
    while at < len(data):
        newline = data.index(b"\n", at)
        size = int(data[at:newline])
        requests.append(data[newline + 1 : newline + 1 + size])
        at = newline + 1 + size
    return requests


def user_id(number: int) -> str:
    """The invented person with this number."""
    return f"U{number:032x}"


def request_bodies(count: int, events: int, people: int = PEOPLE) -> Iterator[bytes]:
    """Bodies only: so many deliveries of so many events, from so many people."""
    choose = random.Random(20261122)
    for _ in range(count):
        content = {
            "destination": DESTINATION,
            "events": [_event(choose.randrange(people)) for _ in range(events)],
        }
        yield json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _requests(count: int, events: int, port: int) -> Iterator[bytes]:
    for body in request_bodies(count, events):
        head = (
            f"POST /line/webhook HTTP/1.1\r\nHost: {HOST}:{port}\r\n"
            "Content-Type: application/json; charset=utf-8\r\nUser-Agent: LineBotWebhook/2.0\r\n"
            f"X-Line-Signature: {sign(body, SECRET)}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


def _event(person: int) -> dict[str, Any]:
    now = time.time_ns() // 1_000_000
    return {
        "type": "message",
        "mode": "active",
        "timestamp": now,
        "webhookEventId": new_ulid(now),
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": user_id(person)},
        "replyToken": new_token(),
        "message": {
            "type": "text",
            "id": new_message_id(),
            "quoteToken": new_token(),
            "markAsReadToken": new_token(),
            "text": "横浜で夜勤のない仕事はありますか",
        },
    }
