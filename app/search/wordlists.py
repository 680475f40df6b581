"""The word lists of this package (app/search/words): plain text, so that they can be read and added to.

A line is `name: word word …` or only words; a line that begins with # is a remark.
"""

from collections.abc import Iterator
from pathlib import Path

_FOLDER = Path(__file__).with_name("words")


def words_by_name(file: str) -> dict[str, tuple[str, ...]]:
    """Each line's name with its words, as they are written."""
    pairs = (line.partition(":") for line in _lines(file))
    return {name.strip(): tuple(words.split()) for name, _, words in pairs}


def words_in(file: str) -> tuple[str, ...]:
    """All words of a list without names."""
    return tuple(word for line in _lines(file) for word in line.split())


def _lines(file: str) -> Iterator[str]:
    text = (_FOLDER / file).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
