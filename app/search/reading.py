"""From a typed request to a `JobQuery` (pure): folding, one scan over a lexicon, and a few expressions.

Nothing is guessed: a name with several readings keeps all of them, a title that is not known stays as written.
"""

import re

from app.areas import covers
from app.jobs.vocabulary import JobFlag
from app.search.amounts import small_number
from app.search.background import drop_background
from app.search.flags import settled
from app.search.folding import folded, tidied
from app.search.locating import locate
from app.search.misspelt import add_misspelt_titles
from app.search.pay import read_pay
from app.search.query import JobQuery
from app.search.scanning import Found, Place, mark_excluded, scan, take_departure
from app.search.stations import is_near_station, read_minutes
from app.search.unknown_titles import add_unknown_titles

_DAYS = re.compile(
    r"(?<!毎)週(?:間)?(?:に|で|は)?\s?(?P<n>[1-7一二三四五六七])(?!\d|[.,]\d|\s?(?:時間|万|h|か月|ヶ月|け月"
    r"|交代|交替|間))(?!年|(?:日|回)?(?:の|は|だけ|で)?(?:りもーと|在宅|出社|てれわ))"
)
_OF_SOMETHING_ELSE = re.compile(
    r"(?:夜勤|当直|おんこーる|残業|在宅|りもーと|てれわーく|出社)(?:は|が|も|を)?$"
)
"""夜勤は週1まで: how often that may be, not how many days one works."""
_SPELT_DAYS = {
    "週いち": 1,
    "週イチ": 1,
    "しゅういち": 1,
    "しゅうに": 2,
    "しゅうさん": 3,
    "しゅうよん": 4,
    "しゅうご": 5,
}
_MANY_TITLES = 12
"""More than these nobody means."""


def read_request(text: str) -> JobQuery:
    """What the text asks for; an empty query for anything that asks for nothing. Never raises."""
    tidy = tidied(text)
    plain = folded(tidy)
    found = scan(plain, tidy)
    take_departure(found, plain, tidy)
    add_unknown_titles(found, plain, tidy)
    add_misspelt_titles(found, plain, tidy)
    mark_excluded(found, plain)
    drop_background(found, plain)
    locate(found.places, plain)
    return _query(found, plain)


def _query(found: Found, text: str) -> JobQuery:
    excluded = sorted({code for place in found.places if place.is_excluded for code in place.codes})
    wanted = [place for place in found.places if not (place.is_excluded or place.is_locator)]
    codes = {
        code for place in wanted for code in place.codes if not any(covers(area, code) for area in excluded)
    }
    minutes = _minutes(found, text)
    pay = read_pay(text)
    return JobQuery(
        pref=tuple(sorted(code for code in codes if code < 100)),
        city=tuple(sorted(code for code in codes if code > 100)),
        exclude_area=tuple(excluded),
        station=found.station.name if found.station else None,
        commute_min=minutes,
        occupation=_titles(found, is_excluded=False),
        exclude_occupation=_titles(found, is_excluded=True),
        employment=tuple(sorted({each.kind for each in found.employment})),
        salary_min=pay.least if pay else None,
        salary_max=pay.most if pay else None,
        salary_unit=pay.unit if pay else None,
        days_per_week=_days(text),
        flags=settled(found.flags),
        readings=_readings(wanted, codes),
    )


def _minutes(found: Found, text: str) -> int | None:
    if found.station is not None and found.station.minutes is not None:
        return found.station.minutes
    if "分" not in text and "時間" not in text:
        return None
    if found.station is None and is_near_station(text):
        found.flags.add(JobFlag.NEAR_STATION)
        return None
    return read_minutes(text)


def _titles(found: Found, *, is_excluded: bool) -> tuple[str, ...]:
    """A title that is refused in one place and wanted in another is wanted: only its surroundings are refused."""
    wanted = {title.name for title in found.titles if not title.is_excluded}
    refused = {title.name for title in found.titles} - wanted
    return tuple(sorted(refused if is_excluded else wanted))[:_MANY_TITLES]


def _days(text: str) -> int | None:
    if "週" not in text:
        return next((days for words, days in _SPELT_DAYS.items() if words in text), None)
    for match in _DAYS.finditer(text):
        if _OF_SOMETHING_ELSE.search(text, max(0, match.start() - 8), match.start()) is None:
            return small_number(match["n"])
    return next((days for words, days in _SPELT_DAYS.items() if words in text), None)


def _readings(wanted: list[Place], codes: set[int]) -> tuple[tuple[int, ...], ...]:
    """The names of which only one place is meant, and still several are possible."""
    possible = {
        tuple(code for code in place.codes if code in codes)
        for place in wanted
        if not place.is_group and len(place.codes) > 1
    }
    return tuple(sorted(each for each in possible if len(each) > 1))
