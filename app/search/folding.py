"""One spelling of typed text for look-ups (pure): as long as the text it was made of, so positions agree."""

import unicodedata

LONGEST = 1_000
"""Characters that are read; nobody asks for a job at more length."""

_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_SMALL_KE = {ord("ヶ"): "け", ord("ゖ"): "け", ord("ヵ"): "か"}
_CAPITALS = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_VARIANTS = str.maketrans("龍桧曾澤濱惠﨑鹽嶋髙廣邊邉齋萬", "竜檜曽沢浜恵崎塩島高広辺辺斎万")
_MARKS = str.maketrans(
    {
        **dict.fromkeys("〜∼〰˜⁓∿", "~"),
        **dict.fromkeys("‐‑‒–—―−─━⸺", "-"),
        **dict.fromkeys("×✕✖☓✗✘╳", "×"),
        **dict.fromkeys("，､", "、"),
        "￥": "¥",
        "\\": "¥",
        "／": "/",
    }
)
_TABLE = _KATAKANA | _SMALL_KE | _CAPITALS | _VARIANTS | _MARKS
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f\u00ad")) | dict.fromkeys(
    map(ord, "\t\n\r\v\f\x85\u2028\u2029"), " "
)


def tidied(text: str) -> str:
    """The text as it is quoted: NFKC (half width as full width), in one line, without unseen characters."""
    return unicodedata.normalize("NFKC", text[:LONGEST]).translate(_UNSEEN)[:LONGEST].strip()


def folded(tidy: str) -> str:
    """The same length in one spelling: katakana as hiragana, small letters, 竜 for 龍, ~ and - for their kin."""
    return tidy.translate(_TABLE)


def is_katakana(letter: str) -> bool:
    """True for a letter of a katakana word, the long vowel among them."""
    return "ァ" <= letter <= "ヺ" or letter == "ー"
