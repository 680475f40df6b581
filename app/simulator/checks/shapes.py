"""Shapes of JSON values, and what LINE would say about a value that does not fit.

A shape is a frozen value with one method, `faults(value)`. The happy path gives the shared empty tuple and
builds no text: the simulator is the peer in benchmarks. A fault knows its place as parts from the root; who
answers a request writes them as `messages[0].text` (plain fields) or `/body/contents/0` (Flex).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol
from urllib.parse import urlsplit

import regex

Parts = tuple[str | int, ...]
_GRAPHEME = regex.compile(r"\X")
INVALID = "invalid property"
EMPTY = "May not be empty"


class Fault(NamedTuple):
    """One thing that LINE refuses: where, from the root of what was checked, and LINE's words."""

    parts: Parts
    message: str


Faults = Sequence[Fault]
FINE: Faults = ()


class Shape(Protocol):
    """What a value must look like."""

    def faults(self, value: Any) -> Faults:
        """Everything wrong with the value; empty when it fits."""
        ...


def fault(message: str, *parts: str | int) -> list[Fault]:
    """One fault, at the value itself or below it."""
    return [Fault(parts, message)]


def below(part: str | int, faults: Faults) -> list[Fault]:
    """The same faults seen from one level higher."""
    return [Fault((part, *each.parts), each.message) for each in faults]


def _utf16(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _graphemes(text: str) -> int:
    return len(_GRAPHEME.findall(text))


@dataclass(frozen=True)
class Text:
    """A text; length in UTF-16 units, or in graphemes (labels, titles, texts of templates)."""

    most: int
    least: int = 1
    unit: Literal["utf16", "grapheme"] = "utf16"
    words: str = ""
    """What LINE says instead of its usual words, where it has others."""

    def faults(self, value: Any) -> Faults:
        """Type, emptiness (spaces only is empty) and length."""
        if not isinstance(value, str):
            return fault(self.words or INVALID)
        if self.least and (not value or value.isspace()):
            return fault(self.words or EMPTY)
        if len(value) * 2 <= self.most:
            return FINE
        length = _utf16(value) if self.unit == "utf16" else _graphemes(value)
        if length > self.most:
            return fault(self.words or f"Length must be between 0 and {self.most}")
        return FINE


@dataclass(frozen=True)
class Choice:
    """One of some words."""

    of: frozenset[str]

    def faults(self, value: Any) -> Faults:
        """Anything else is an invalid property."""
        return FINE if isinstance(value, str) and value in self.of else fault(INVALID)


def choice(*words: str) -> Choice:
    """One of these words."""
    return Choice(frozenset(words))


@dataclass(frozen=True)
class Written:
    """A text of a certain form, such as a colour, or one of some keywords."""

    form: str
    keywords: frozenset[str] = frozenset()
    words: str = INVALID
    compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "compiled", re.compile(self.form))

    def faults(self, value: Any) -> Faults:
        """The whole text must be of the form."""
        if not isinstance(value, str):
            return fault(self.words)
        return FINE if value in self.keywords or self.compiled.fullmatch(value) else fault(self.words)


@dataclass(frozen=True)
class Address:
    """An address with one of some schemes, percent-encoded."""

    most: int = 2000
    schemes: frozenset[str] = frozenset({"https"})
    words: str = "invalid uri"

    def faults(self, value: Any) -> Faults:
        """Pictures are https only; whatever is not ASCII should have been percent-encoded."""
        if not isinstance(value, str):
            return fault(self.words)
        if not value:
            return fault(EMPTY)
        if len(value) > self.most:
            return fault(f"Length must be between 0 and {self.most}")
        return FINE if self._is_possible(value) else fault(self.words)

    def _is_possible(self, value: str) -> bool:
        if not value.isascii() or any(character <= " " or character == "\x7f" for character in value):
            return False
        try:
            parts = urlsplit(value)
        except ValueError:
            return False
        is_web = parts.scheme in {"http", "https"}
        return parts.scheme in self.schemes and bool(parts.netloc if is_web else value.partition(":")[2])


@dataclass(frozen=True)
class Whole:
    """A whole number."""

    least: int = 0
    most: int = 2**31 - 1

    def faults(self, value: Any) -> Faults:
        """True and 1.5 are not whole numbers."""
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        return FINE if is_whole and self.least <= value <= self.most else fault(INVALID)


@dataclass(frozen=True)
class Number:
    """A number, whole or not."""

    least: float
    most: float

    def faults(self, value: Any) -> Faults:
        """True is not a number."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return FINE if is_number and self.least <= value <= self.most else fault(INVALID)


@dataclass(frozen=True)
class Flag:
    """true or false."""

    def faults(self, value: Any) -> Faults:
        """1 and "true" are neither."""
        return FINE if isinstance(value, bool) else fault(INVALID)


@dataclass(frozen=True)
class Items:
    """A list."""

    of: Shape
    most: int
    least: int = 1

    def faults(self, value: Any) -> Faults:
        """The number of items, then each item."""
        if not isinstance(value, list):
            return fault(INVALID)
        if not self.least <= len(value) <= self.most:
            return fault(f"Size must be between {self.least} and {self.most}")
        found: list[Fault] = []
        for index, item in enumerate(value):
            faults = self.of.faults(item)
            if faults:
                found.extend(below(index, faults))
        return found


Rule = Callable[[Mapping[str, Any]], Faults]


@dataclass(frozen=True)
class Record:
    """An object with named fields.

    `closed`: an unknown field is refused (Flex), instead of being overlooked (everything else).
    `rule`: a rule over several fields; asked only when each field for itself is fine.
    """

    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    closed: bool = False
    rule: Rule | None = None
    missing: str = EMPTY

    def faults(self, value: Any) -> Faults:
        """Missing fields, unknown ones, each field, then the rule over all."""
        if not isinstance(value, dict):
            return fault(INVALID)
        found: list[Fault] = []
        for name in self.required:
            if value.get(name) is None:
                found.append(Fault((name,), self.missing))
        for name, inner in value.items():
            if inner is not None:
                found.extend(self._field_faults(name, inner))
        if not found and self.rule is not None:
            return self.rule(value)
        return found

    def _field_faults(self, name: str, value: Any) -> Faults:
        shape = self.fields.get(name)
        if shape is None:
            return fault("unknown field", name) if self.closed and name != "type" else FINE
        faults = shape.faults(value)
        return below(name, faults) if faults else FINE


@dataclass(frozen=True)
class ByType:
    """An object whose `type` says which record it is."""

    records: Mapping[str, Shape]
    words: str = INVALID

    def faults(self, value: Any) -> Faults:
        """An unknown or missing type is named at `type`."""
        if not isinstance(value, dict):
            return fault(INVALID)
        kind = value.get("type")
        record = self.records.get(kind) if isinstance(kind, str) else None
        if record is None:
            return fault("must be specified" if kind is None else self.words, "type")
        return record.faults(value)
