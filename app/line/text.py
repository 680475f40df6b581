"""How LINE counts text, and how text is cleaned and cut to its limits.

Most limits are in UTF-16 code units; labels, postback display text and template texts count graphemes.
"""

from typing import overload

import regex

_GRAPHEME = regex.compile(r"\X")
_UNITS_OF_A_LETTER = 3
_UNSTORABLE = str.maketrans({"\x00": "\ufffd"} | {chr(code): "\ufffd" for code in range(0xD800, 0xE000)})


@overload
def clean_text(text: str) -> str: ...
@overload
def clean_text(text: None) -> None: ...
def clean_text(text: str | None) -> str | None:
    """Members' text as both databases can store it: NUL and lone surrogates become U+FFFD."""
    return None if text is None else text.translate(_UNSTORABLE)


def utf16_length(text: str) -> int:
    """LINE's default unit: a character outside the basic plane counts two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def grapheme_length(text: str) -> int:
    """What a reader sees as one character counts one: a family emoji is 1, not 5."""
    return len(_GRAPHEME.findall(text))


def clip_utf16(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis, in at most `limit` UTF-16 units; no grapheme is torn."""
    if utf16_length(text) <= limit:
        return text
    kept, used = [], 1
    for grapheme in _GRAPHEME.findall(text):
        used += utf16_length(grapheme)
        if used > limit:
            break
        kept.append(grapheme)
    return "".join(kept) + "…"


def clip_graphemes(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis, in at most `limit` graphemes."""
    graphemes = _GRAPHEME.findall(text)
    return text if len(graphemes) <= limit else "".join(graphemes[: limit - 1]) + "…"


def clip_words(text: str, letters: int) -> str:
    """What our own sentence quotes: at most so many letters, and few units for each.

    A letter may carry thousands of combining marks, and would alone fill a message.
    """
    return clip_utf16(clip_graphemes(text, letters), letters * _UNITS_OF_A_LETTER)
