"""JSON in and out: the fast way, and the patient way for what the fast one refuses.

orjson refuses a lone surrogate, which a person's phone can send and a server must survive, and integers of
more than 64 bits. NUL and lone surrogates are escapes in what is written, so that PostgreSQL takes it.
"""

import json
from collections.abc import Callable
from typing import Any

import orjson


def to_bytes(value: Any, default: Callable[[Any], Any] | None = None) -> bytes:
    """Compact UTF-8; ASCII where the fast writer refuses. `default` writes what is no JSON.

    Errors: TypeError, RecursionError.
    """
    try:
        return orjson.dumps(value, default=default)
    except TypeError:
        return json.dumps(value, default=default, separators=(",", ":")).encode("ascii")


def to_text(value: Any, default: Callable[[Any], Any] | None = None) -> str:
    """The same as text."""
    return to_bytes(value, default).decode()


def from_bytes(body: bytes | str) -> Any:
    """The value; ValueError when it is not JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _patiently(body)


def _patiently(body: bytes | str) -> Any:
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("nested too deeply") from None
