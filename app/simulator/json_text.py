"""JSON in and out: the fast way, and the patient way for what the fast one refuses.

orjson refuses a lone surrogate, which a person's phone can send and a server must survive.
"""

import json
from typing import Any

import orjson


def to_bytes(value: Any) -> bytes:
    """UTF-8 JSON; ASCII with escapes when the text holds a lone surrogate."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def from_bytes(body: bytes) -> Any:
    """The value; ValueError when it is not JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _patiently(body)


def _patiently(body: bytes) -> Any:
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("nested too deeply") from None
