"""Titles with one letter wrong that stand alone between other words (pure): 事無 東京, 一般事部.

They are kept as they were written, so that the chat asks what was meant instead of leaving them out unseen.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from app.jobs.vocabulary import OCCUPATION_WORDS
from app.search.folding import folded, tidied
from app.search.lexicon import LEXICON, Kind
from app.search.scanning import Found, Title
from app.search.wordlists import words_in

LONGEST_TEXT = 200
"""Letters beyond which nobody lists words."""
SHORT = 2
"""Of titles as short as this only the usual ones count: half of any word is one letter away from some title."""
_BREAKS = r"\s、,。・/|!?！？「」()"
_ALONE = re.compile(
    rf"(?<![^{_BREAKS}での])(?P<name>[一-鿿々][一-鿿々ァ-ヺー]{{1,9}})"
    rf"(?=$|[{_BREAKS}]|(?:の|で|を|が|は|に|希望|募集)(?:$|[{_BREAKS}]|お?仕事|求人|募集|探|働))"
)
_A_PLACE_OR_FIELD = re.compile(r"..[系科部室院所店課学員車長]")
"""美容系, 看護科: no slips, but where or in what field."""


def add_misspelt_titles(found: Found, text: str, tidy: str) -> None:
    """Add what stands alone, touches no known word, and is one letter away from a known title."""
    if len(text) > LONGEST_TEXT:
        return
    taken = [*found.spans, *((title.start, title.end) for title in found.titles)]
    for match in _ALONE.finditer(tidy):
        start, end = match.span("name")
        is_free = all(end <= first or last <= start for first, last in taken)
        if is_free and _is_slip(match["name"]):
            found.titles.append(Title(match["name"], start, end))
    found.titles.sort(key=lambda title: title.start)


def _is_slip(name: str) -> bool:
    if name in _ordinary() or _A_PLACE_OR_FIELD.fullmatch(name):
        return False
    return bool(one_letter_off(name))


def one_letter_off(name: str) -> tuple[str, ...]:
    """The canonical titles that are this one but for one letter, in the order of their list: 事無 → 一般事務."""
    near = {title for shape in _shapes(folded(tidied(name))) for title in _by_shape().get(shape, ())}
    return tuple(title for title in OCCUPATION_WORDS if title in near and title != name)


@lru_cache(maxsize=1)
def _by_shape() -> dict[str, set[str]]:
    titles: dict[str, set[str]] = defaultdict(set)
    short = {word for name, words in OCCUPATION_WORDS.items() for word in (name, *words)}
    for text, word in LEXICON.items():
        is_title = word.kind is Kind.OCCUPATION and word.title in OCCUPATION_WORDS
        if is_title and (len(text) > SHORT or text in short):
            for shape in _shapes(text):
                titles[shape].add(word.title)
    return titles


def _shapes(text: str) -> Iterator[str]:
    """The word with each of its letters left open in turn."""
    return (f"{text[:at]}?{text[at + 1 :]}" for at in range(len(text)))


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    return frozenset(words_in("ordinary.txt"))
