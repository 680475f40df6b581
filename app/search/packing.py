"""A query as a short text, for buttons: `1caw8.o0.f1`. What comes back is checked, never believed (pure).

Slots are separated by `.`; numbers are written to base 36, those that follow one another as the first one and how
many more: `a3x_m` are the 23 wards of Tokyo. Occupations are their place in the list of canonical
ones, so that list is only appended to; a title outside of it is base64.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby, starmap
from typing import Any

from app.areas import is_area
from app.jobs.vocabulary import OCCUPATION_WORDS, EmploymentType, JobFlag, WageType
from app.search.query import JobQuery

VERSION = "1"
MAX_LENGTH = 200
"""Leaves room in LINE's 300 characters for the rest of a button's data."""
_MOST_YEN = 10**9
_LONGEST_RUN = 99
_LONGEST_TITLE = 100
_TITLES = tuple(OCCUPATION_WORDS)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_UNITS = tuple(WageType)
_KINDS = tuple(EmploymentType)
_FLAGS = tuple(JobFlag)


def packed(query: JobQuery) -> str:
    """The query in at most 200 characters of [A-Za-z0-9_.~=-]; `unpack` gives it back.

    Longer than anybody types, it loses what filters no jobs (station, minutes, days), then its last cities and
    titles, and only at last excluded areas. Whether it has kept its titles: `keeps_titles`.
    """
    slots = {key: write(query) for key, write in _WRITERS.items()}
    for key in "smdr":
        if len(_joined(slots)) > MAX_LENGTH:
            slots[key] = ""
    for key in "coXx":
        while slots[key] and len(_joined(slots)) > MAX_LENGTH:
            slots[key] = slots[key].rpartition("~")[0]
    return _joined(slots)


def unpack(text: str) -> JobQuery | None:
    """The query in such a text; None for anything else, with unknown codes, words or amounts too."""
    if not text.startswith(VERSION) or len(text) > MAX_LENGTH or not text.isascii():
        return None
    slots: dict[str, Any] = {}
    try:
        for part in filter(None, text.removeprefix(VERSION).split(".")):
            name, read = _READERS[part[0]]
            slots[name] = read(part[1:])
        query = JobQuery(**slots)
    except (KeyError, ValueError, IndexError, Error):
        return None
    return query if _is_sound(query) else None


def keeps_titles(query: JobQuery) -> bool:
    """True if a button can carry all of the query's occupations; without them it would search for anything."""
    back = unpack(packed(query))
    return back is not None and back.occupation == query.occupation


def _joined(slots: Mapping[str, str]) -> str:
    return VERSION + ".".join(key + text for key, text in slots.items() if text)


def _is_sound(query: JobQuery) -> bool:
    has_amount = query.salary_min is not None or query.salary_max is not None
    amounts = [amount for amount in (query.salary_min, query.salary_max) if amount is not None]
    codes = [*query.pref, *query.city, *query.exclude_area]
    return (
        has_amount == (query.salary_unit is not None)
        and all(0 < amount <= _MOST_YEN for amount in amounts)
        and amounts == sorted(amounts)
        and all(map(is_area, codes))
        and all(len(codes) > 1 and set(codes) <= set(query.city) for codes in query.readings)
        and query.days_per_week in (None, *range(1, 8))
        and (query.commute_min is None or 0 < query.commute_min <= 300)
    )


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"


def _number(text: str) -> int:
    if not text.isalnum() or len(text) > 13:
        raise ValueError(text)
    return int(text, 36)


def _numbers(values: Iterable[int]) -> str:
    return "~".join(starmap(_run, _runs(values)))


def _runs(values: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Each first number with how many follow it one by one."""
    for _, numbered in groupby(enumerate(sorted(values)), key=lambda each: each[1] - each[0]):
        run = [value for _, value in numbered]
        yield run[0], len(run) - 1


def _run(first: int, more: int) -> str:
    return f"{_base36(first)}_{_base36(more)}" if more else _base36(first)


def _read_numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted(value for part in text.split("~") for value in _read_run(part)))


def _read_run(text: str) -> range:
    first, has_more, more = text.partition("_")
    count = _number(more) if has_more else 0
    if count > _LONGEST_RUN:
        raise ValueError(text)
    return range(_number(first), _number(first) + count + 1)


def _bits(values: Iterable[int]) -> str:
    mask = sum(1 << value for value in values)
    return _base36(mask) if mask else ""


def _read_bits(text: str) -> list[int]:
    mask = _number(text)
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]


def _letters(text: str) -> str:
    return "=" + urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_letters(text: str) -> str:
    raw = text.removeprefix("=")
    word = urlsafe_b64decode(raw + "=" * (-len(raw) % 4)).decode()
    if not word.isprintable() or not 0 < len(word) <= _LONGEST_TITLE:
        raise ValueError(text)
    return word


def _titles(names: Iterable[str]) -> str:
    return "~".join(_base36(_TITLES.index(name)) if name in _TITLES else _letters(name) for name in names)


def _read_titles(text: str) -> tuple[str, ...]:
    return tuple(
        sorted(
            _read_letters(part) if part.startswith("=") else _TITLES[_number(part)]
            for part in text.split("~")
        )
    )


_WRITERS: Mapping[str, Callable[[JobQuery], str]] = {
    "p": lambda query: _bits(query.pref),
    "c": lambda query: _numbers(query.city),
    "x": lambda query: _numbers(query.exclude_area),
    "o": lambda query: _titles(query.occupation),
    "X": lambda query: _titles(query.exclude_occupation),
    "e": lambda query: _bits(map(_KINDS.index, query.employment)),
    "u": lambda query: "" if query.salary_unit is None else _base36(_UNITS.index(query.salary_unit)),
    "l": lambda query: "" if query.salary_min is None else _base36(query.salary_min),
    "h": lambda query: "" if query.salary_max is None else _base36(query.salary_max),
    "f": lambda query: _bits(map(_FLAGS.index, query.flags)),
    "d": lambda query: "" if query.days_per_week is None else _base36(query.days_per_week),
    "m": lambda query: "" if query.commute_min is None else _base36(query.commute_min),
    "s": lambda query: "" if query.station is None else _letters(query.station),
    "r": lambda query: "-".join(map(_numbers, query.readings)),
}
_READERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "p": ("pref", lambda text: tuple(_read_bits(text))),
    "c": ("city", _read_numbers),
    "x": ("exclude_area", _read_numbers),
    "o": ("occupation", _read_titles),
    "X": ("exclude_occupation", _read_titles),
    "e": ("employment", lambda text: tuple(sorted(_KINDS[bit] for bit in _read_bits(text)))),
    "u": ("salary_unit", lambda text: _UNITS[_number(text)]),
    "l": ("salary_min", _number),
    "h": ("salary_max", _number),
    "f": ("flags", lambda text: tuple(_FLAGS[bit] for bit in _read_bits(text))),
    "d": ("days_per_week", _number),
    "m": ("commute_min", _number),
    "s": ("station", _read_letters),
    "r": ("readings", lambda text: tuple(sorted(_read_numbers(part) for part in text.split("-")))),
}
