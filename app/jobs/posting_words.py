"""The loose ways in which schema.org lets a value be written: one or many, a text or a thing with a name (pure)."""

import html
import re
from typing import Any

_LINE_ENDS = re.compile(r"<(?:br|/p|/li|/div|/tr|/h[1-6])\b[^>]*>", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]*>")
_BLANK_LINES = re.compile(r"\n\s*\n\s*")


def all_of(value: Any) -> list[Any]:
    """A value that may be a list, as one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def first_of(value: Any) -> Any:
    """A value that may be a list: the first of it; None when there is none."""
    return next(iter(all_of(value)), None)


def name_of(value: Any) -> str | None:
    """A text, or what a thing is called; None when it says nothing."""
    found = first_of(value)
    if isinstance(found, dict):
        found = first_of(found.get("name", found.get("@value")))
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    return str(found).strip() or None


def plain_text(text: str) -> str:
    """Text without HTML: ends of blocks become ends of lines."""
    plain = html.unescape(_TAGS.sub("", _LINE_ENDS.sub("\n", text)))
    return _BLANK_LINES.sub("\n\n", plain).strip()
