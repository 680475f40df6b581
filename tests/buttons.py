"""What can be tapped in a message."""

from collections.abc import Iterator
from typing import Any


def buttons_in(part: Any) -> Iterator[tuple[str, str]]:
    """(label, data) of every postback and picker in a message, in order."""
    if isinstance(part, dict):
        if "data" in part and "label" in part:
            yield part["label"], part["data"]
        for value in part.values():
            yield from buttons_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from buttons_in(value)
