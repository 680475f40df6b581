"""Ways on from a search that found nothing (pure): the query without one of its conditions, or in a wider place."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from app.areas import area_name
from app.jobs.vocabulary import FLAG_NAMES
from app.search.query import JobQuery
from app.search.wishes import describe


class Way(NamedTuple):
    """A wider query, and what it does: 夜勤なしを外す, 神奈川県に広げる."""

    label: str
    query: JobQuery


_DROPPED: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("給与の条件を外す", {"salary_min": None, "salary_max": None, "salary_unit": None}),
    ("雇用形態を外す", {"employment": ()}),
    ("「除く」条件を外す", {"exclude_area": (), "exclude_occupation": ()}),
    ("駅の条件を外す", {"station": None, "commute_min": None}),
    ("場所を外す", {"pref": (), "city": (), "readings": ()}),
    ("職種を外す", {"occupation": ()}),
)


def wider_queries(query: JobQuery) -> list[Way]:
    """One condition less each, those first that people give up most easily; none that asks for nothing at all."""
    return [way for way in _ways(query) if way.query != query and describe(way.query)]


def _ways(query: JobQuery) -> Iterator[Way]:
    if query.city:
        prefectures = sorted({code // 1000 for code in query.city}.union(query.pref))
        names = "・".join(map(area_name, prefectures))
        yield Way(f"{names}に広げる", replace(query, pref=tuple(prefectures), city=(), readings=()))
    for flag in query.flags:
        flags = tuple(each for each in query.flags if each is not flag)
        yield Way(f"{FLAG_NAMES[flag]}を外す", replace(query, flags=flags))
    yield from (Way(label, replace(query, **nothing)) for label, nothing in _DROPPED)
