"""What went over the wire lately: raw webhooks with their answers, and calls with theirs."""

import re
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_MOST = 20_000


@dataclass
class Crossing:
    """One request and its answer. `status` 0: there was none."""

    seq: int
    kind: str
    """`webhook` or `call`."""
    at: datetime
    """Machine time."""
    method: str
    path: str
    request: bytes
    status: int = 0
    response: bytes = b""
    request_id: str = ""
    retry_key: str = ""
    signature: str = ""
    """Of a webhook: its X-Line-Signature header."""
    note: str = ""
    milliseconds: float = 0.0
    is_over: bool = False

    def to_json(self) -> dict[str, Any]:
        """As the drawer reads it."""
        return {
            "seq": self.seq,
            "kind": self.kind,
            "at": int(self.at.timestamp() * 1000),
            "method": self.method,
            "path": self.path,
            "request": self.request.decode("utf-8", "replace"),
            "status": self.status,
            "response": self.response.decode("utf-8", "replace"),
            "request_id": self.request_id,
            "retry_key": self.retry_key,
            "signature": self.signature,
            "note": self.note,
            "is_over": self.is_over,
            "ms": round(self.milliseconds, 1),
        }


class Wire:
    """The last crossings, long bodies cut."""

    def __init__(self, kept: int) -> None:
        self.crossings: deque[Crossing] = deque(maxlen=kept)
        self._seq = 0

    def begin(self, kind: str, at: datetime, method: str, path: str, request: bytes) -> Crossing:
        """Note a request; the caller fills in the answer with `end`."""
        self._seq += 1
        crossing = Crossing(self._seq, kind, at, method, path, request[:_MOST])
        self.crossings.append(crossing)
        return crossing

    def end(self, crossing: Crossing, status: int, response: bytes, note: str = "") -> None:
        """Note the answer."""
        crossing.status = status
        crossing.response = response[:_MOST]
        crossing.note = note
        crossing.is_over = True


_SECRET = re.compile(
    r"((?:client_secret|access_token|id_token|refresh_token|client_assertion|code_verifier)=)[^&]+"
)


def shown_path(path: str) -> str:
    """Path and query; what gives a right is not shown."""
    return _SECRET.sub(r"\1…", path) if "=" in path else path


def shown_body(content_type: str, body: bytes) -> bytes:
    """A body as the drawer shows it: files by their size, forms without their secrets."""
    if content_type.startswith(("image/", "video/", "audio/")) or content_type == "application/octet-stream":
        return f"({content_type}, {len(body)} bytes)".encode()
    if content_type == "application/x-www-form-urlencoded":
        return _SECRET.sub(r"\1…", body.decode("utf-8", "replace")).encode()
    return body
