"""Titles that look like one nobody knows (pure): by the pairs and triples of letters that they share."""

from collections.abc import Sequence
from functools import lru_cache

from app.jobs.vocabulary import OCCUPATION_WORDS
from app.search.folding import folded, tidied
from app.search.lexicon import LEXICON, Kind
from app.search.misspelt import one_letter_off

SURE_ENOUGH = 0.3
"""Share of common letters from which a title is offered at all."""
NEARLY_AS_GOOD = 0.6
"""Of the best one's likeness: what is less like it is not offered beside it."""


def is_known_title(name: str) -> bool:
    """True for canonical occupations."""
    return name in OCCUPATION_WORDS


def nearest_titles(name: str, others: Sequence[str] = (), *, limit: int = 3) -> tuple[str, ...]:
    """Known titles that look most like this one, the nearest first; empty when none is near.

    `others` are titles of the imported catalogue. The synonyms of a canonical occupation count for it:
    ケアマネージャ → ケアマネジャー.
    """
    wanted = _grams(folded(tidied(name)))
    best: dict[str, float] = {}
    for title, grams in (*_known(), *((other, _grams(folded(tidied(other)))) for other in others)):
        likeness = _likeness(wanted, grams)
        if likeness > best.get(title, SURE_ENOUGH) and title != name:
            best[title] = likeness
    least = NEARLY_AS_GOOD * max(best.values(), default=0.0)
    near = [title for title, likeness in best.items() if likeness >= least]
    alike = sorted(near, key=lambda title: (-best[title], title))
    return tuple(dict.fromkeys((*one_letter_off(name), *alike)))[:limit]


@lru_cache(maxsize=1)
def _known() -> tuple[tuple[str, frozenset[str]], ...]:
    words = ((word.title, text) for text, word in LEXICON.items() if word.kind is Kind.OCCUPATION)
    return tuple((title, _grams(text)) for title, text in words if title in OCCUPATION_WORDS)


def _grams(text: str) -> frozenset[str]:
    """Single letters, pairs and triples, the first and the last letter marked."""
    marked = f"^{text}$"
    parts = (marked[at : at + size] for size in (2, 3) for at in range(len(marked) - size + 1))
    return frozenset((*text, *parts))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's share of common grams, 0–1."""
    return 2 * len(one & other) / (len(one) + len(other))
