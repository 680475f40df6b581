"""What the platform answers: a status, a body, headers; refusals in LINE's own words."""

import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiohttp import web

from app.json_text import to_bytes

_LINGER_AND_RESET = struct.pack("ii", 1, 0)


class Answer(NamedTuple):
    """An answer before it becomes a response."""

    status: int
    body: bytes
    headers: Mapping[str, str] = {}
    content_type: str = "application/json"


class Refused(Exception):
    """The call ends here with this answer, and nothing was accepted."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.answer = Answer(status, to_bytes(body), headers or {})


@dataclass(frozen=True)
class Call:
    """One request to LINE's API, its body read."""

    endpoint: str
    request: web.Request
    body: bytes = field(repr=False)
    request_id: str


def refusal(status: int, message: str) -> Refused:
    """A refusal with nothing but a message."""
    return Refused(status, {"message": message})


def ok(body: Any) -> Answer:
    """200 with JSON."""
    return Answer(200, to_bytes(body))


CANNED: Mapping[str, tuple[int, str]] = {
    "500": (500, "Internal server error"),
    "accepted_500": (500, "Internal server error"),
    "429": (429, "The API rate limit has been exceeded. Try again later."),
    "monthly": (429, "You have reached your monthly limit."),
    "401": (
        401,
        "Authentication failed due to the following reason: invalid token. "
        "Confirm that the access token in the authorization header is valid.",
    ),
    "403": (403, "Access to this API is not available for your account"),
}
"""LINE's answers that a fault can give, and that calls can earn."""


def canned(kind: str) -> Refused:
    """One of LINE's fixed refusals."""
    return refusal(*CANNED[kind])


def abort(request: web.Request) -> None:
    """Break the connection with a reset, as a network does that fails."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_AND_RESET)
    transport.abort()
