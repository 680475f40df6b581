"""Shapes of what stands in a text message: LINE emoji, and the placeholders of textV2."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.simulator.checks.shapes import FINE, INVALID, ByType, Fault, Faults, Record, Text, Whole, fault

MOST_SUBSTITUTIONS = 100
MOST_EACH = 20
"""Mentions in one message, and emoji in one message."""

_KEY = re.compile(r"[0-9a-zA-Z_]{1,20}")
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_IDS: Mapping[str, Text] = {"productId": Text(100), "emojiId": Text(100)}
_USER = Record({"userId": Text(33)}, ("userId",))
EMOJI = Record({"index": Whole(), **_IDS}, ("index", "productId", "emojiId"))
MENTION = Record({"mentionee": ByType({"user": _USER, "all": Record({})})}, ("mentionee",))
EMOJI_IN_TEXT = Record(_IDS, ("productId", "emojiId"))


def emojis_rule(message: Mapping[str, Any]) -> Faults:
    """Each emoji stands at a `$`, counted in UTF-16 units."""
    if not message.get("emojis"):
        return FINE
    units = message["text"].encode("utf-16-le", "surrogatepass")
    for number, emoji in enumerate(message["emojis"]):
        at = emoji["index"] * 2
        if units[at : at + 2] != b"$\x00":
            return fault("The emoji's index does not point to a '$'", "emojis", number, "index")
    return FINE


class Substitution:
    """What the `{key}` placeholders of a textV2 message stand for."""

    one = ByType({"mention": MENTION, "emoji": EMOJI_IN_TEXT})

    def faults(self, value: Any) -> Faults:
        """At most 100, 20 of a kind, each with a key that LINE takes."""
        if not isinstance(value, dict) or len(value) > MOST_SUBSTITUTIONS:
            return fault(INVALID)
        found: list[Fault] = []
        for key, inner in value.items():
            wrong = self.one.faults(inner) if _KEY.fullmatch(key) else fault(INVALID)
            found.extend(each._replace(parts=(key, *each.parts)) for each in wrong)
        return found or _too_many_of_a_kind(value)


def _too_many_of_a_kind(substitution: Mapping[str, Any]) -> Faults:
    kinds = [each["type"] for each in substitution.values()]
    return fault(INVALID) if any(kinds.count(kind) > MOST_EACH for kind in set(kinds)) else FINE


def placeholders_rule(message: Mapping[str, Any]) -> Faults:
    """Every placeholder stands for something; a brace of its own is written twice."""
    substitution = message.get("substitution") or {}
    for key in _placeholders(message["text"]):
        if key not in substitution:
            return fault(INVALID, "text")
    return FINE


def _placeholders(text: str) -> Iterator[str | None]:
    """The keys in the text; None for a brace that is neither doubled nor around a key."""
    for found in _BRACES.finditer(text):
        if found.group() not in {"{{", "}}"}:
            yield found.group(1)
