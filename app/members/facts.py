"""What a site may tell us of a member: an allowed list, and nothing that may not be collected (pure).

The names are those of the survey questions that ask the same, so that site and chat meet in one profile.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.areas import is_area
from app.errors import InvalidFields
from app.line.text import clean_text
from app.members.values import FactValue

WORD_LENGTH = 100
MOST_WORDS = 30
MOST_YEN = 10**9


class _Refused(Exception):
    """Why a value is none of this fact's."""


def read_facts(given: Mapping[str, Any]) -> dict[str, FactValue]:
    """The facts, checked; None empties one.

    Errors: InvalidFields naming each fact that is unknown or unreadable as `facts.<name>`.
    """
    read: dict[str, FactValue] = {}
    faults = []
    for name, value in given.items():
        try:
            read[name] = _read(name, value)
        except _Refused as error:
            faults.append((f"facts.{clean_text(str(name))[:40]}", str(error)))
    if faults:
        raise InvalidFields(*faults)
    return read


def _read(name: str, value: Any) -> FactValue:
    if name not in FACTS:
        raise _Refused("知らない項目です")
    return None if value is None else FACTS[name](value)


def _word(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Refused("文字で書いてください")
    if len(value) > WORD_LENGTH:
        raise _Refused(f"長すぎます({WORD_LENGTH}文字まで)")
    return clean_text(value).strip()


def _words(value: Any) -> list[str]:
    return [_word(item) for item in _items(value)]


def _codes(value: Any) -> list[int]:
    codes = _items(value)
    if not all(type(code) is int and is_area(code) for code in codes):
        raise _Refused("都道府県か市区町村のコード(整数。合併した市区町村は今のもの)で書いてください")
    return codes


def _items(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST_WORDS:
        raise _Refused(f"{MOST_WORDS}個までの一覧にしてください")
    return value


def _yen(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MOST_YEN:
        raise _Refused("円の整数で書いてください")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Refused("true か false で書いてください")
    return value


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise _Refused("日付で書いてください(例: 2026-11-30)") from None


def _one_of(*choices: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in choices:
            raise _Refused(f"{'、'.join(choices)} のどれかにしてください")
        return str(value)

    return read


def _some_of(*choices: str) -> Callable[[Any], list[str]]:
    choose = _one_of(*choices)

    def read(value: Any) -> list[str]:
        return [choose(item) for item in _items(value)]

    return read


FACTS: Mapping[str, Callable[[Any], FactValue]] = {
    "occupation": _word,
    "area": _codes,
    "employment": _some_of("full_time", "contract", "temporary", "part_time", "outsourced"),
    "wage_unit": _one_of("month", "year", "hour", "day", "any"),
    "wage_month": _yen,
    "wage_year": _yen,
    "wage_hour": _yen,
    "wage_day": _yen,
    "timing": _one_of("now", "three_months", "half_year", "year", "open"),
    "licence": _words,
    "night": _one_of("none", "ok", "only"),
    "urgency": _one_of("now", "soon", "later", "browsing"),
    "situation": _one_of("working", "leaving", "away", "student"),
    "leave_on": _day,
    "registered_on": _day,
    "consulted": _flag,
    "resume_filled": _flag,
}
"""Name → what reads it."""
