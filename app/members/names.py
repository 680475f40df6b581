"""Names as they are looked for (pure): whoever types 山田, はなこ or ﾔﾏﾀﾞ finds the same people."""

import unicodedata

MOST_PARTS = 6
"""Of a name; the whole is found by all of it."""
_HIRAGANA = {code: code - 0x60 for code in (*range(ord("ァ"), ord("ヶ") + 1), ord("ヽ"), ord("ヾ"))}


def words_of_name(text: str) -> list[str]:
    """The words between spaces, each once, in one spelling: NFKC, small letters, katakana as hiragana."""
    return list(dict.fromkeys(_folded(text).split()))


def whole_name(text: str) -> str:
    """All of it in the same spelling, without spaces; empty when there is nothing but spaces."""
    return "".join(_folded(text).split())


def spellings_of_name(text: str) -> list[str]:
    """What a name is found by, each once: the whole, and each of its first parts."""
    spellings = [whole_name(text), *words_of_name(text)[:MOST_PARTS]]
    return [each for each in dict.fromkeys(spellings) if each]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_HIRAGANA)
