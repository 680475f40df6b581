"""The lines of a text file, counted, bounded, and able to step back to the second line of a failed row."""

from collections import deque
from typing import TextIO

ROW_CHARACTERS = 1_000_000
"""Longer rows are refused; a usual row is a hundredth of it."""
ROW_LINES = 2_000


class RowTooLong(Exception):
    """A row passed the bounds, most likely because a quote never closes."""


class Lines:
    """Iterates over physical lines; those given since the last `take_row` or `drop_line` are one row's."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._number = 0
        self._ahead: deque[tuple[int, str]] = deque()
        self._row: list[tuple[int, str]] = []
        self._characters = 0

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        """The next line with its end. Errors: RowTooLong."""
        numbered = self._ahead.popleft() if self._ahead else self._read()
        if numbered is None:
            raise StopIteration
        self._row.append(numbered)
        self._characters += len(numbered[1])
        if len(self._row) > ROW_LINES or self._characters > ROW_CHARACTERS:
            raise RowTooLong
        return numbered[1]

    def first_line(self) -> str:
        """The first line of the file that is not blank; empty when the first lines are."""
        for _ in range(ROW_LINES):
            numbered = self._read()
            if numbered is None:
                break
            self._ahead.append(numbered)
            if numbered[1].strip():
                return numbered[1]
        return ""

    def take_row(self) -> tuple[int, str]:
        """Number of the row's first line, and its text as it stands in the file."""
        number = self._row[0][0]
        original = "".join(line for _, line in self._row).rstrip("\r\n")
        self._start_row()
        return number, original

    def drop_line(self) -> tuple[int, str]:
        """Give up the first line of the row and step back to the second."""
        (number, line), *rest = self._row
        self._ahead.extendleft(reversed(rest))
        self._start_row()
        return number, line.rstrip("\r\n")

    def _start_row(self) -> None:
        self._row = []
        self._characters = 0

    def _read(self) -> tuple[int, str] | None:
        line = self._text.readline(ROW_CHARACTERS + 1)
        if not line:
            return None
        self._number += 1
        end = line
        while len(end) > ROW_CHARACTERS and not end.endswith(("\n", "\r")):
            end = self._text.readline(ROW_CHARACTERS + 1)  # the rest of a line that is refused anyway
        return self._number, line
