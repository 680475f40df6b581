"""What an answer of LINE means (pure). Which carriers retry is decided in app/messaging/rules.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import orjson

MONTHLY_LIMIT = "monthly limit"
INVALID_REPLY_TOKEN = "Invalid reply token"  # noqa: S105 - LINE's error text, not a secret


class Outcome(StrEnum):
    """How an attempt ended; "may a retry help?" has more answers than yes and no."""

    ACCEPTED = "accepted"
    """2xx, or 409 to our own retry key."""
    NOT_CONNECTED = "not_connected"
    """Nothing left this machine."""
    UNSURE = "unsure"
    """Timeout, reset, 5xx: it may have arrived."""
    TOKEN_INVALID = "token_invalid"  # noqa: S105 - an outcome's name, not a secret
    """400 "Invalid reply token": used, expired or unknown."""
    REJECTED = "rejected"
    """Any other 400, 404, 409, 410, 413, 422: the same request will never pass."""
    NOT_READY = "not_ready"
    """202 for content that LINE is still preparing."""
    UNAUTHORIZED = "unauthorized"
    """401: the channel's sender stops."""
    FORBIDDEN = "forbidden"
    """403: this carrier stops."""
    RATE_LIMITED = "rate_limited"
    """429; not counted as a try."""
    QUOTA_SPENT = "quota_spent"
    """429, monthly limit."""


@dataclass(frozen=True)
class Reply:
    """LINE's answer to one call, or how the call failed without one.

    `status` is None when there was no answer: then `connected` tells whether anything can have left.
    """

    status: int | None
    connected: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    """Lower-case names."""
    body: bytes = field(default=b"", repr=False)
    not_ready: bool = False
    """LINE is still preparing the content (202)."""
    detail: str = ""
    """What went wrong, without personal data: LINE's error text, or the kind of failure."""

    @property
    def request_id(self) -> str | None:
        """LINE's id of this call."""
        return self.headers.get("x-line-request-id")

    @property
    def retry_after_seconds(self) -> float | None:
        """What `Retry-After` asks for, where it is a number of seconds up to an hour."""
        text = self.headers.get("retry-after", "")
        return min(float(text), 3600.0) if text.isascii() and text.isdigit() else None


def outcome_of(reply: Reply) -> Outcome:
    """The meaning of an answer, whatever was sent."""
    if reply.status is None:
        return Outcome.UNSURE if reply.connected else Outcome.NOT_CONNECTED
    if reply.not_ready:
        return Outcome.NOT_READY
    if 200 <= reply.status < 300:
        return Outcome.ACCEPTED
    if reply.status == 409 and "x-line-accepted-request-id" in reply.headers:
        return Outcome.ACCEPTED
    if reply.status == 429:
        return Outcome.QUOTA_SPENT if MONTHLY_LIMIT in reply.detail else Outcome.RATE_LIMITED
    if reply.status == 400 and INVALID_REPLY_TOKEN in reply.detail:
        return Outcome.TOKEN_INVALID
    # A redirect comes from something in between: whether LINE has seen the call, nobody can say.
    is_clear = 400 <= reply.status < 500
    return _BY_STATUS.get(reply.status, Outcome.REJECTED if is_clear else Outcome.UNSURE)


_BY_STATUS = {401: Outcome.UNAUTHORIZED, 403: Outcome.FORBIDDEN}


def error_detail(status: int, body: bytes) -> str:
    """LINE's own words about an error: its message and the first details, without the request's content."""
    try:
        value = orjson.loads(body)
        words = [str(value.get("message", ""))]
        words += [f"{item.get('property')}: {item.get('message')}" for item in value.get("details", [])[:5]]
    except (ValueError, AttributeError, TypeError):
        words = []
    return " · ".join([str(status), *(word for word in words if word)])[:400]
