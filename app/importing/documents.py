"""JSON that is one value: a list of any length, read element by element, or one object that fits in memory."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from app.importing.lines import ROW_CHARACTERS

DOCUMENT_CHARACTERS = 64 * 1024 * 1024
_CHUNK = 1 << 20
_BLANK = re.compile(r"\s*")
_BETWEEN = re.compile(r"[\s,]*")


@dataclass(frozen=True)
class Element:
    """One element of a list: where it begins, its text and its value; `is_broken`: nothing follows it."""

    line: int
    original: str
    value: Any = None
    is_broken: bool = False


def list_elements(text: TextIO) -> Iterator[Element]:
    """The elements of the list that the text holds, in bounded memory.

    Where it stops being JSON the last element is broken: what stands behind it cannot be told apart.
    """
    window = _Window(text)
    while window.find_element():
        element = window.take_element()
        yield element
        if element.is_broken:
            return


def read_document(text: TextIO) -> Any:
    """The one value of the text; None for what is no JSON or longer than memory should hold."""
    whole = text.read(DOCUMENT_CHARACTERS + 1)
    if len(whole) > DOCUMENT_CHARACTERS:
        return None
    try:
        return json.loads(whole)
    except (ValueError, RecursionError):
        return None


class _Window:
    """What has been read of a list and not been given yet."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._decoder = json.JSONDecoder()
        self._read = ""
        self._at = 0
        self._line = 1
        self._skip(_BLANK)
        self._move(self._at + 1)

    def find_element(self) -> bool:
        """Go to the next element; False at the closing bracket. Without one, what is next is broken."""
        self._skip(_BETWEEN)
        return self._read[self._at : self._at + 1] != "]"

    def take_element(self) -> Element:
        """The element that begins here."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self._read, self._at)
            except (ValueError, RecursionError):
                if len(self._read) - self._at > ROW_CHARACTERS or not self._read_on():
                    return Element(
                        self._line, self._read[self._at : self._at + ROW_CHARACTERS], is_broken=True
                    )
            else:
                element = Element(self._line, self._read[self._at : end], value)
                self._move(end)
                return element

    def _move(self, to: int) -> None:
        self._line += self._read.count("\n", self._at, to)
        self._at = to

    def _skip(self, what: re.Pattern[str]) -> None:
        while True:
            found = what.match(self._read, self._at)
            self._move(found.end() if found else self._at)
            if self._at < len(self._read) or not self._read_on():
                return

    def _read_on(self) -> bool:
        more = self._text.read(_CHUNK)
        self._read = self._read[self._at :] + more
        self._at = 0
        return bool(more)
