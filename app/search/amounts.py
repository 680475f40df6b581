"""Numbers as people write them in a sentence (pure): 1,500 · 23万5千 · 四百万 · 二〇 · 1.5k."""

import re
from decimal import Decimal

KANJI = "〇零一二三四五六七八九十百千"
_DIGITS = {"〇": 0, "零": 0} | {digit: n for n, digit in enumerate("一二三四五六七八九", start=1)}
_SMALL = {"十": 10, "百": 100, "千": 1_000, "k": 1_000}
_LARGE = {"万": 10_000, "億": 100_000_000}
_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|[〇零一二三四五六七八九]+|[十百千k万億]")
_MAN = re.compile(r"まん|萬")

_ENDS = r"(?=[円以程位前超台未]|[^一-鿿]|$)"
"""千 of 千五百円 and not of 千葉: no other letter of a word follows."""
_KANJI_RUN = rf"[{KANJI}]+{_ENDS}"
RUN = (
    rf"(?:\d(?:[\d,]*\d)?(?:\.\d+)?|[{KANJI}]+(?=\s?[万億])|{_KANJI_RUN})"
    rf"(?:\s?(?:万|まん)(?:\s?\d(?:[\d,]*\d)?千?(?:\d百)?|{_KANJI_RUN})?|千(?:\d百)?{_ENDS}|千\s?万"
    rf"|百\s?万|\s?億(?:\d+万)?|k(?![a-z]))?"
)
"""A regular expression for one number, with spaces only before its units."""


def number_of(run: str) -> Decimal | None:
    """The number that a run of such characters writes; None when it is none."""
    total = part = Decimal(0)
    number: Decimal | None = None
    for token in _TOKEN.findall(_MAN.sub("万", run)):
        if token in _LARGE:
            total, part, number = total + (part + (number or 0)) * _LARGE[token], Decimal(0), None
        elif token in _SMALL:
            part, number = part + (1 if number is None else number) * _SMALL[token], None
        elif number is not None:
            return None
        else:
            number = _written(token)
    return total + part + (number or 0)


def small_number(text: str) -> int | None:
    """A whole number such as 30, 三十 or 二〇; None for anything else."""
    number = number_of(text)
    return int(number) if number is not None and number == number.to_integral_value() else None


def _written(token: str) -> Decimal:
    if token[0] in _DIGITS:
        return Decimal("".join(str(_DIGITS[digit]) for digit in token))
    return Decimal(token.replace(",", ""))
