"""Reading a typed request: the reader against looking the same words up in plainer ways."""

import json
import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from app.search.folding import folded, tidied
from app.search.lexicon import LEXICON
from app.search.reading import read_request
from tests.bench.results import Bench, Result, Target, number, percentile

SENTENCES = Path(__file__).resolve().parent.parent / "search" / "sentences.jsonl"
MOST_MICROSECONDS = 200


def measure(bench: Bench) -> Result:
    """Rounds of all ways in turn over the regression table's sentences."""
    texts = [json.loads(line)["text"] for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    rounds, peers = (3, texts[::20]) if bench.quick else (10, texts[::3])
    alternation = re.compile("|".join(map(re.escape, sorted(LEXICON, key=len, reverse=True))))
    ways: Sequence[tuple[str, Callable[[str], object], Sequence[str]]] = (
        ("NFKC alone", lambda text: unicodedata.normalize("NFKC", text), texts),
        ("the reader: every slot", read_request, texts),
        ("one expression of all its words, no slots", lambda text: alternation.findall(_plain(text)), peers),
        (
            "every word sought by `in`, no slots",
            _sought,
            peers,
        ),
    )
    took: dict[str, list[float]] = {name: [] for name, _, _ in ways}
    for _ in range(rounds):
        for name, read, said in ways:
            took[name].append(_microseconds(read, said))
    each = [median(_microseconds(read_request, [text]) for _ in range(rounds)) for text in texts]
    whole = median(took["the reader: every slot"])
    return Result(
        name="parse",
        title=f"Reading a typed request, {len(texts)} sentences",
        columns=("way", "µs a sentence", "over the reader"),
        rows=[
            (name, number(median(times), 1), f"{median(times) / whole:.1f}x") for name, times in took.items()
        ],
        targets=[
            Target("a whole request, median of rounds", whole, MOST_MICROSECONDS, " µs", at_most=True),
            Target(
                "99 of 100 sentences, each its median of rounds",
                percentile(each, 0.99),
                MOST_MICROSECONDS,
                " µs",
                at_most=True,
            ),
        ],
        reading=(
            f"The lexicon has {len(LEXICON):,} words. The reader looks up the words that begin with the next two "
            "letters; the peers only find words: without pay, negation, places' readings or stations."
        ),
        growth="Linear in the length of the text, which is cut at 1,000 letters; the number of words hardly matters.",
    )


def _sought(text: str) -> list[str]:
    plain = _plain(text)
    return [word for word in LEXICON if word in plain]


def _plain(text: str) -> str:
    return folded(tidied(text))


def _microseconds(read: Callable[[str], object], texts: Sequence[str]) -> float:
    """A sentence's mean."""
    begun = time.perf_counter()
    for text in texts:
        read(text)
    return (time.perf_counter() - begun) / len(texts) * 1e6
