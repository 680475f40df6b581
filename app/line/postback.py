"""Postback data: an action and its values in at most 300 characters, with a version in front.

Old messages keep their buttons for ever, so nothing in it is believed: ids are checked against the person
who tapped, state is read again. Nothing personal goes in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

VERSION = "v1"
MAX_LENGTH = 300


@dataclass(frozen=True)
class Command:
    """What a button asks for: the action's name and its values, all text as tapped."""

    action: str
    values: Mapping[str, str] = field(default_factory=dict)

    def integer(self, key: str) -> int | None:
        """A value as a small non-negative integer; None when it is missing or anything else."""
        text = self.values.get(key, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def pack(action: str, **values: str | int) -> str:
    """Data for a button, such as `v1:survey.answer?session=12&question=area`.

    Errors: ValueError when it would be longer than LINE's 300 characters.
    """
    data = f"{VERSION}:{action}" + (f"?{urlencode(values)}" if values else "")
    if len(data) > MAX_LENGTH:
        raise ValueError(f"postback data of {action} is {len(data)} characters long, {MAX_LENGTH} at most")
    return data


def unpack(data: str) -> Command | None:
    """The command in a tapped button's data; None for rubbish and for versions that we never made."""
    version, _, rest = data.partition(":")
    action, _, query = rest.partition("?")
    if version != VERSION or not action or len(data) > MAX_LENGTH:
        return None
    try:
        values = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="replace"))
    except ValueError:
        return None
    return Command(action, values)
