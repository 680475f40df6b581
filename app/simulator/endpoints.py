"""What an endpoint is: where it lies, who may call it, how often, and who answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple

from app.simulator.answers import Answer, Call

Handler = Callable[[Call], Answer | Awaitable[Answer]]
BOT = "/v2/bot"


class Limit(NamedTuple):
    """So many calls in so many seconds."""

    calls: float
    seconds: float = 1


@dataclass(frozen=True)
class Endpoint:
    """One of LINE's endpoints. `name` is what faults and the wire log call it."""

    method: str
    path: str
    name: str
    handler: Handler
    limit: Limit | None = None
    """None: as often as most endpoints, `calls_per_second`."""
    takes_retry_key: bool = False
    """Every endpoint but a few refuses the header."""
    needs_token: bool = True
    """False: the handler itself looks at who calls (forms with a secret, people's own tokens)."""


def get(path: str, name: str, handler: Handler, limit: Limit | None = None) -> Endpoint:
    """A question, under /v2/bot."""
    return Endpoint("GET", BOT + path, name, handler, limit)


def post(path: str, name: str, handler: Handler, limit: Limit | None = None) -> Endpoint:
    """An order, under /v2/bot."""
    return Endpoint("POST", BOT + path, name, handler, limit)


def delete(path: str, name: str, handler: Handler, limit: Limit | None = None) -> Endpoint:
    """Taking something away, under /v2/bot."""
    return Endpoint("DELETE", BOT + path, name, handler, limit)
