"""From a query to hard conditions, and to words: what is looked for, what could not be used, what to ask back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.areas import area_name
from app.jobs.rules import JobWishes
from app.jobs.vocabulary import EMPLOYMENT_NAMES, FLAG_NAMES, WAGE_NAMES, JobFlag
from app.jobs.wages import amount
from app.search.folding import folded
from app.search.places import PLACE_NAMES
from app.search.query import JobQuery

MOST_NAMED = 5
"""Places that are named one by one; of more, the rest is counted."""


@dataclass(frozen=True)
class Ambiguity:
    """A name that stands for several places; `choices` are the query as it would be with each of them."""

    name: str
    choices: tuple[tuple[str, JobQuery], ...]
    """The place's full name, such as 東京都府中市, and the refined query."""


def job_wishes(query: JobQuery) -> JobWishes:
    """The hard conditions of a request. All readings of an ambiguous place fit until one is chosen.

    A station filters by its prefecture when no other place was named, for times of travel are not known;
    `unused` says so.
    """
    return JobWishes(
        occupations=query.occupation,
        excluded_occupations=query.exclude_occupation,
        prefectures=_prefectures(query),
        cities=query.city,
        excluded_areas=query.exclude_area,
        employment_types=query.employment,
        wage_type=query.salary_unit,
        wage_min=query.salary_min,
        wage_max=query.salary_max,
        flags=query.flags,
    )


def kept_of(query: JobQuery) -> JobQuery:
    """What of a request can be kept as wishes, which have neither an upper end of pay nor travel or days.

    A station stays as the prefecture that it filters by.
    """
    return replace(
        query,
        pref=_prefectures(query),
        station=None,
        commute_min=None,
        salary_max=None,
        salary_unit=None if query.salary_min is None else query.salary_unit,
        days_per_week=None,
        readings=(),
    )


def not_kept(query: JobQuery) -> tuple[str, ...]:
    """The names of what was said and cannot be kept as a wish."""
    said = (
        ("給与の上限", query.salary_max),
        ("駅", query.station),
        ("通勤時間", query.commute_min),
        ("日数", query.days_per_week),
    )
    return tuple(name for name, value in said if value is not None)


def _prefectures(query: JobQuery) -> tuple[int, ...]:
    if query.station is None or query.pref or query.city:
        return query.pref
    return station_prefectures(query.station)


def station_prefectures(station: str) -> tuple[int, ...]:
    """Where a station of this name may lie; empty when it is not known."""
    codes = PLACE_NAMES.get(folded(station), ())
    return tuple(sorted({code if code < 100 else code // 1000 for code in codes}))


def unused(query: JobQuery) -> tuple[str, ...]:
    """What was said and no job is filtered by, as sentences."""
    said = []
    if query.station is not None or query.commute_min is not None:
        said.append(_about_travel(query))
    if query.days_per_week is not None:
        said.append(f"週{query.days_per_week}日では絞り込めません。日数は求人の詳細でご確認ください。")
    return tuple(said)


def _about_travel(query: JobQuery) -> str:
    if query.station is None:
        return "通勤時間では絞り込めません。勤務地でお確かめください。"
    where = "・".join(map(area_name, station_prefectures(query.station)))
    if not where or query.pref or query.city:
        return f"{query.station}駅からの時間では絞り込めません。勤務地でお確かめください。"
    return f"{query.station}駅からの時間では絞り込めないため、{where}の求人を探しました。"


def describe(query: JobQuery) -> str:
    """What is looked for, in plain words: 横浜市・看護師・夜勤なし・月給30万円以上; empty for an empty query."""
    return "・".join(_parts(query))


def rows(query: JobQuery) -> list[tuple[str, str]]:
    """Each slot that was said with its Japanese name, places in full, for a table."""
    named = (
        ("都道府県", "、".join(map(area_name, query.pref))),
        ("市区町村", "、".join(area_name(code, full=True) for code in query.city)),
        ("除く場所", "、".join(area_name(code, full=True) for code in query.exclude_area)),
        ("駅", query.station or ""),
        ("通勤時間", f"{query.commute_min}分以内" if query.commute_min is not None else ""),
        ("職種", "、".join(query.occupation)),
        ("除く職種", "、".join(query.exclude_occupation)),
        ("雇用形態", "、".join(EMPLOYMENT_NAMES[kind] for kind in query.employment)),
        ("給与", "".join(_pay(query))),
        ("日数", f"週{query.days_per_week}日" if query.days_per_week is not None else ""),
        ("こだわり", "、".join(FLAG_NAMES[flag] for flag in JobFlag if flag in query.flags)),
        ("確認すること", "、".join(f"{each.name}はどこか" for each in ambiguities(query))),
    )
    return [(name, words) for name, words in named if words]


def _parts(query: JobQuery) -> Iterator[str]:
    unsure = {code for codes in query.readings for code in codes}
    yield from _places(tuple(code for code in query.pref + query.city if code not in unsure))
    yield from (_name_of(codes) for codes in query.readings)
    if query.station is not None or query.commute_min is not None:
        start = f"{query.station}駅" if query.station is not None else "通勤"
        minutes = f"{query.commute_min}分以内" if query.commute_min is not None else "周辺"
        yield (
            f"{start}から{minutes}"
            if query.station is not None and query.commute_min is not None
            else start + minutes
        )
    yield from query.occupation
    yield from (EMPLOYMENT_NAMES[kind] for kind in query.employment)
    yield from (FLAG_NAMES[flag] for flag in JobFlag if flag in query.flags)
    yield from _pay(query)
    if query.days_per_week is not None:
        yield f"週{query.days_per_week}日"
    yield from (f"{name}以外" for name in (*_places(query.exclude_area), *query.exclude_occupation))


def _places(codes: Sequence[int]) -> Iterator[str]:
    yield from map(area_name, codes[:MOST_NAMED])
    if len(codes) > MOST_NAMED:
        yield f"ほか{len(codes) - MOST_NAMED}か所"


def _pay(query: JobQuery) -> Iterator[str]:
    if query.salary_unit is None:
        return
    name = WAGE_NAMES[query.salary_unit]
    least, most = query.salary_min, query.salary_max
    if least is not None and most is not None:
        yield f"{name}{amount(least)}〜{amount(most)}円"
    elif least is not None:
        yield f"{name}{amount(least)}円以上"
    elif most is not None:
        yield f"{name}{amount(most)}円以下"


def ambiguities(query: JobQuery) -> tuple[Ambiguity, ...]:
    """The names of places to ask back about, such as 府中市: nothing is guessed."""
    return tuple(_ambiguity(query, codes) for codes in query.readings)


def _ambiguity(query: JobQuery, codes: tuple[int, ...]) -> Ambiguity:
    choices = tuple((area_name(code, full=True), chosen(query, codes, code)) for code in codes)
    return Ambiguity(_name_of(codes), choices)


def _name_of(codes: Sequence[int]) -> str:
    """What the readings of one name have in common, such as 府中市; all their names when it is little."""
    names = [area_name(code) for code in codes]
    return _common_end(names) or "か".join(names[:MOST_NAMED])


def _common_end(names: Sequence[str]) -> str:
    """青葉区 of 横浜市青葉区 and 仙台市青葉区."""
    end = ""
    while all(name.endswith(names[0][-len(end) - 1 :]) for name in names) and len(end) < len(names[0]):
        end = names[0][-len(end) - 1 :]
    end = end.removeprefix("市")
    return end if len(end) > 1 else ""


def chosen(query: JobQuery, codes: tuple[int, ...], code: int) -> JobQuery:
    """The query with one reading of a name in place of all."""
    kept = tuple(each for each in query.city if each == code or each not in codes)
    readings = tuple(each for each in query.readings if each != codes)
    return replace(query, city=kept, readings=tuple(each for each in readings if set(each) <= set(kept)))


def with_title(query: JobQuery, old: str, new: str) -> JobQuery:
    """The query with another occupation in place of an unknown title."""
    return replace(query, occupation=tuple(sorted({*query.occupation, new} - {old})))
