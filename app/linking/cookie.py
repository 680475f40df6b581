"""The signed cookie of one log-in attempt: what binds LINE's answer to the browser that asked.

One cookie for each attempt, named after its state, so that two tabs do not disturb each other.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from flask import Request, Response
from itsdangerous import BadData, URLSafeSerializer

from app.line.login import Attempt

LIFE = timedelta(minutes=10)
PATH = "/login/line"
_NAME_LENGTH = 16


class Aim(StrEnum):
    """What the log-in is for."""

    LINK = "link"
    LOGIN = "login"
    ROUTE = "route"
    """To add the account as a friend, and to say by which route one came."""
    LEAVE = "leave"
    """To take back the permission that LINE keeps for our login channel."""


@dataclass(frozen=True)
class Going:
    """A browser on its way to LINE and back."""

    aim: Aim
    channel_id: int
    attempt: Attempt
    until: datetime
    return_to: str | None = field(default=None, repr=False)
    route: str | None = None
    """The name of the route that this began at."""


class AttemptCookie:
    """Writes and reads the cookies."""

    def __init__(self, secret_keys: Sequence[str], *, is_secure: bool) -> None:
        """`secret_keys`: newest first. `is_secure`: whether we are reached by https."""
        self._serializer = URLSafeSerializer(
            list(reversed(secret_keys)),  # the last one signs
            salt="goen line login attempt",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )
        self._is_secure = is_secure

    def give(self, response: Response, going: Going) -> None:
        """Lax: it comes along when LINE sends the browser back, and with no other site's forms or pictures."""
        response.set_cookie(
            _name(going.attempt.state),
            self._serializer.dumps(_written(going)),
            max_age=int(LIFE.total_seconds()),
            path=PATH,
            secure=self._is_secure,
            httponly=True,
            samesite="Lax",
        )

    def read(self, request: Request, state: str, now: datetime) -> Going | None:
        """The attempt that this browser began with this state; None for another browser, or when it is old."""
        try:
            going = _read(self._serializer.loads(request.cookies.get(_name(state), "")))
        except (BadData, KeyError, TypeError, ValueError):
            return None
        is_same = hmac.compare_digest(going.attempt.state.encode(), state.encode("utf-8", "replace"))
        return going if is_same and now < going.until else None

    def take(self, response: Response, state: str) -> None:
        """The attempt is over."""
        response.delete_cookie(_name(state), path=PATH, secure=self._is_secure, httponly=True, samesite="Lax")


def _name(state: str) -> str:
    digest = hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()
    return f"goen_login_{digest[:_NAME_LENGTH]}"


def _written(going: Going) -> dict[str, object]:
    return {
        "aim": going.aim,
        "channel": going.channel_id,
        "until": going.until.isoformat(),
        "return_to": going.return_to,
        "route": going.route,
        **asdict(going.attempt),
    }


def _read(value: dict[str, str]) -> Going:
    return Going(
        aim=Aim(value["aim"]),
        channel_id=int(value["channel"]),
        attempt=Attempt(value["state"], value["nonce"], value["verifier"]),
        until=datetime.fromisoformat(value["until"]),
        return_to=value["return_to"],
        route=value["route"],
    )
