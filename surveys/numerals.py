"""Amounts and days as people write them (pure): 25万円, 三十万, 1,500 · 2026/4/1, 4月1日, 来月."""

import re
import unicodedata
from datetime import date, timedelta

from app.search.amounts import number_of

_NUMERAL = re.compile(r"(?!万|億)(?:[0-9][0-9,]*(?:\.[0-9]+)?|[〇零一二三四五六七八九]+|[十百千万億])+")
_RUN = re.compile(r"[0-9〇零一二三四五六七八九十百千万億][0-9,.〇零一二三四五六七八九十百千万億]*")
_AROUND = re.compile(
    r"(?:円|くらい|ぐらい|位|程度|以上|から|より上|より|ほど|約|だいたい|最低|できれば|希望|額|時給|日給|月給|月収|年収|年俸|月|年"
    r"|時|日|人|件|時間|です|ます|お願いします|おねがいします|が|は|を|で|に|いい|良い|あれば|ほしい|欲しい|[~〜、。!・¥\\+])*"
)
_TOO_LARGE = 10**12
_FULL_DAY = re.compile(r"(\d{4})[/\-.年](\d{1,2})[/\-.月](\d{1,2})日?")
_ERA_DAY = re.compile(r"(?:令和|R)(\d{1,2}|元)[年.](\d{1,2})[月.](\d{1,2})日?", re.IGNORECASE)
_SHORT_DAY = re.compile(r"(\d{1,2})[/\-.月](\d{1,2})日?")
_DAY_TAIL = re.compile(r"(?:頃|ごろ|から|以降|に|です|お願いします|[。!])+$")
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")


def read_number(text: str) -> int | None:
    """The one whole number that a text states, with nothing but small words around it; None otherwise."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    runs = _RUN.findall(plain)
    if len(runs) != 1 or len(plain) > 60:
        return None
    before, _, after = plain.partition(runs[0])
    if not (_AROUND.fullmatch(before) and _AROUND.fullmatch(after)):
        return None
    return _numeral(runs[0])


def _numeral(run: str) -> int | None:
    number = number_of(run) if _NUMERAL.fullmatch(run) else None
    if number is None or number != number.to_integral_value() or number >= _TOO_LARGE:
        return None
    return int(number)


def read_day(text: str, today: date) -> date | None:
    """The day a text names, 1900–2100; without a year the next one from today on. None when it names none."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))[:40]
    plain = _DAY_TAIL.sub("", plain)
    if plain in _SPOKEN_DAYS:
        return _spoken_day(plain, today)
    if match := _FULL_DAY.fullmatch(plain) or _EIGHT_DIGITS.fullmatch(plain):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _ERA_DAY.fullmatch(plain):
        year = 2018 + (1 if match[1] == "元" else int(match[1]))
        return _day(year, int(match[2]), int(match[3]))
    if match := _SHORT_DAY.fullmatch(plain):
        return _next_day(int(match[1]), int(match[2]), today)
    return None


_SPOKEN_DAYS = {"今日": 0, "本日": 0, "明日": 1, "あした": 1, "明後日": 2, "あさって": 2, "来月": None}


def _spoken_day(word: str, today: date) -> date:
    days = _SPOKEN_DAYS[word]
    if days is None:
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return today + timedelta(days=days)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 1900 <= year <= 2100 else None


def _next_day(month: int, day: int, today: date) -> date | None:
    """This year's or the next one; 29 February may be up to eight years away."""
    days = (_day(year, month, day) for year in range(today.year, today.year + 9))
    return next((found for found in days if found is not None and found >= today), None)
