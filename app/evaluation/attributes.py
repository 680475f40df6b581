"""What any column of any board's jobs says, as words (pure)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.recommend.wording import text_words

NOT_SAID = {"", "na", "n/a", "nan", "null", "none", "-"}
NO_CONTENT = {"url", "image_url", "opened_on", "closed_at"}
"""Columns of an imported job that do not describe the work."""
_SEPARATORS = re.compile(r"[,;|、・/\n\t]+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_LONGEST, _LONGEST_NAME = 1_000, 60
_CODE_DIGITS = 4
"""A number so long is likely a code, and means the same in the column beside."""


def attribute_fields(values: Mapping[str, Any]) -> list[list[str]]:
    """A field for each column that says something: its whole value, the parts of a list, words of a text."""
    return [
        list(dict.fromkeys(_words(column, _text(value))))
        for column, value in values.items()
        if column not in NO_CONTENT and _text(value).casefold() not in NOT_SAID
    ]


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return "" if value is None else str(value).strip()[:_LONGEST]


def _words(column: str, text: str) -> Iterator[str]:
    if len(text) <= _LONGEST_NAME:
        yield f"{column}={text}"
    parts = [part.strip() for part in _SEPARATORS.split(text)]
    if len(parts) > 1:
        yield from (f"{column}={part}" for part in parts if part and len(part) <= _LONGEST_NAME)
    yield from (f"#{part}" for part in parts if part.isdigit() and len(part) >= _CODE_DIGITS)
    if _NUMBER.fullmatch(text):
        yield from _rounded(column, text)
    elif not all(_NUMBER.fullmatch(part) for part in parts):
        yield from text_words(text)


def _rounded(column: str, number: str) -> Iterator[str]:
    """So that 35.681 and 35.690 have something in common."""
    if "." in number:
        yield from (f"{column}~{float(number):.{digits}g}" for digits in (2, 3))
