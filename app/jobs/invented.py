"""A believable catalogue and people that do not exist: the same seed gives the same ones.

All are marked: external ids begin with INVENTED-, employers and names end in (架空), texts say so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from app.areas import City, area_name, cities_in
from app.jobs.invented_words import (
    BACK_NAMES,
    FRONT_NAMES,
    GIVEN_NAMES,
    HOURLY_FLOORS,
    PREFECTURE_WEIGHTS,
    TRADES,
    WAGE_FACTORS,
    Trade,
)
from app.jobs.rows import JobRow, read_job_row
from app.jobs.vocabulary import EMPLOYMENT_NAMES, EmploymentType, JobFlag

MARK = "(架空)"
JOBS_PER_EMPLOYER = 2
_TRADE_STEPS = list(accumulate(trade.weight for trade in TRADES))
_PREFECTURES = tuple(PREFECTURE_WEIGHTS)
_PREFECTURE_STEPS = list(accumulate(PREFECTURE_WEIGHTS.values()))
_EMPLOYMENTS = {
    EmploymentType.FULL_TIME: 55,
    EmploymentType.PART_TIME: 28,
    EmploymentType.CONTRACT: 9,
    EmploymentType.TEMPORARY: 8,
}
_BY_HOUR = {EmploymentType.PART_TIME, EmploymentType.TEMPORARY}
_PERKS = {
    JobFlag.INEXPERIENCED_OK: "未経験の方にも、先輩がはじめから教えます。",
    JobFlag.NO_OVERTIME: "残業は月に5時間ほどです。",
    JobFlag.CHILDCARE: "時短勤務ができ、お子さまの急なお休みにも対応しています。",
    JobFlag.DORM: "寮・社宅があります。",
    JobFlag.CAR_OK: "車で通勤でき、駐車場は無料です。",
    JobFlag.NEAR_STATION: "最寄り駅から徒歩5分以内です。",
    JobFlag.NEW_OPEN: "新しく開いたばかりの職場です。",
    JobFlag.REMOTE: "仕事に慣れたら、在宅で働けます。",
    JobFlag.NO_LICENSE: "資格は必要ありません。",
}
_CITIES = {
    code: tuple(city for city in cities_in(code) if city.name.endswith(("市", "区")))
    for code in PREFECTURE_WEIGHTS
}
_PARENTS = {city.parent for cities in _CITIES.values() for city in cities}


@dataclass(frozen=True)
class InventedPerson:
    """Somebody who does not exist, for friends and members of the demo."""

    name: str
    occupation: str
    prefecture: int
    city: int


@dataclass(frozen=True)
class _Employer:
    name: str
    trade: Trade
    city: City


def invented_jobs(seed: int, count: int, *, today: date) -> Iterator[JobRow]:
    """`count` jobs that opened in the 60 days up to `today`; some close in the coming weeks."""
    random = Random(f"jobs {seed}")  # noqa: S311 - repeatable on purpose, nothing secret
    employers = [_employer(random) for _ in range(max(1, count // JOBS_PER_EMPLOYER))]
    for number in range(1, count + 1):
        key = f"INVENTED-{seed}-{number:06}"
        values = _job(random, random.choice(employers), today)
        yield read_job_row(values | {"external_id": key, "url": f"https://example.com/jobs/{key}"}, [])


def invented_people(seed: int, count: int) -> Iterator[InventedPerson]:
    """`count` people, each with an occupation and the place where they live."""
    random = Random(f"people {seed}")  # noqa: S311 - repeatable on purpose, nothing secret
    for _ in range(count):
        city = _city(random)
        name = f"{random.choice(GIVEN_NAMES)}{MARK}"
        yield InventedPerson(name, _trade(random).occupation, city.prefecture, city.code)


def _trade(random: Random) -> Trade:
    [trade] = random.choices(TRADES, cum_weights=_TRADE_STEPS)
    return trade


def _city(random: Random) -> City:
    [prefecture] = random.choices(_PREFECTURES, cum_weights=_PREFECTURE_STEPS)
    return random.choice([city for city in _CITIES[prefecture] if city.code not in _PARENTS])


def _employer(random: Random) -> _Employer:
    trade = _trade(random)
    place = f"{random.choice(FRONT_NAMES)}{random.choice(BACK_NAMES)}"
    return _Employer(f"{place}{random.choice(trade.places)}{MARK}", trade, _city(random))


def _job(random: Random, employer: _Employer, today: date) -> dict[str, Any]:
    trade, city = employer.trade, employer.city
    [employment] = random.choices(tuple(_EMPLOYMENTS), weights=tuple(_EMPLOYMENTS.values()))
    flags = _flags(random, trade, employment)
    opened_on = today - timedelta(days=min(int(random.expovariate(1 / 18)), 60))
    return {
        "title": _title(random, trade, employment, flags),
        "employer": employer.name,
        "occupation": trade.occupation,
        "employment": employment.value,
        "prefecture": city.prefecture,
        "prefectures": _other_prefectures(random, flags),
        "city": city.code,
        **_wage(random, trade, employment, city.prefecture),
        "hours": _hours(employment, flags),
        "holidays": _holidays(random, flags),
        "flags": [flag.value for flag in flags],
        "licences": list(_licences(trade, flags)),
        "text": _text(trade, city, flags),
        "opened_on": opened_on.isoformat(),
        "closed_at": _closing(random, today),
    }


def _flags(random: Random, trade: Trade, employment: EmploymentType) -> list[JobFlag]:
    chances = {
        JobFlag.WEEKEND_OFF: trade.weekend,
        JobFlag.REMOTE: trade.remote,
        JobFlag.NO_OVERTIME: 0.25,
        JobFlag.INEXPERIENCED_OK: trade.novice,
        JobFlag.CHILDCARE: 0.4 if employment is EmploymentType.PART_TIME else 0.15,
        JobFlag.DORM: 0.06,
        JobFlag.CAR_OK: 0.3,
        JobFlag.NEAR_STATION: 0.25,
        JobFlag.NEW_OPEN: 0.05,
        JobFlag.NO_LICENSE: 0.9 if not trade.licences else 0.35 if trade.occupation == "介護職" else 0.0,
    }
    chosen = [flag for flag, chance in chances.items() if random.random() < chance]
    return [_night(random, trade), *chosen]


def _night(random: Random, trade: Trade) -> JobFlag:
    if random.random() >= trade.night:
        return JobFlag.NO_NIGHT
    return JobFlag.NIGHT_ONLY if random.random() < 0.12 else JobFlag.NIGHT_OK


def _licences(trade: Trade, flags: list[JobFlag]) -> tuple[str, ...]:
    return () if JobFlag.NO_LICENSE in flags else trade.licences


def _wage(random: Random, trade: Trade, employment: EmploymentType, prefecture: int) -> dict[str, Any]:
    factor = WAGE_FACTORS.get(prefecture, 0.96) * random.uniform(0.96, 1.06)
    if employment in _BY_HOUR:
        low, high = (round(yen * factor, -1) for yen in trade.hour)
        floor = HOURLY_FLOORS.get(prefecture, 1_100)
        least = max(int(low), floor)
        return {"wage_type": "hour", "wage_min": least, "wage_max": max(int(high), least)}
    low, high = (round(yen * factor / 5_000) * 5_000 for yen in trade.month)
    if trade.occupation in {"ITエンジニア", "営業"} and random.random() < 0.3:
        return {"wage_type": "year", "wage_min": low * 14, "wage_max": high * 14}
    return {"wage_type": "month", "wage_min": low, "wage_max": high}


def _title(random: Random, trade: Trade, employment: EmploymentType, flags: list[JobFlag]) -> str:
    department = random.choice(trade.departments)
    what = f"{trade.occupation}({department})" if department else trade.occupation
    points = {
        JobFlag.NO_NIGHT: "日勤のみ" if trade.night else "",
        JobFlag.NIGHT_ONLY: "夜勤専従",
        JobFlag.WEEKEND_OFF: "土日休み",
        JobFlag.REMOTE: "在宅可",
        JobFlag.INEXPERIENCED_OK: "未経験歓迎",
        JobFlag.NEAR_STATION: "駅近",
        JobFlag.NEW_OPEN: "オープニング",
    }
    said = [points[flag] for flag in flags if points.get(flag)][:2]
    return " / ".join([f"{what} {EMPLOYMENT_NAMES[employment]}", *said])


def _hours(employment: EmploymentType, flags: list[JobFlag]) -> str:
    if JobFlag.NIGHT_ONLY in flags:
        return "夜勤のみ 16:30〜翌9:30(休憩120分)"
    if JobFlag.NIGHT_OK in flags:
        return "二交代制 日勤 8:30〜17:30、夜勤 16:30〜翌9:30"
    if employment is EmploymentType.PART_TIME:
        return "9:00〜16:00の間で1日4時間から、週3日から"
    return "8:30〜17:30(休憩60分)、日勤のみ"


def _holidays(random: Random, flags: list[JobFlag]) -> str:
    if JobFlag.WEEKEND_OFF in flags:
        return f"土日休み、年間休日{random.choice((118, 120, 122, 125))}日"
    return f"シフト制(月{random.choice((8, 9, 10))}日休み)、年間休日{random.choice((105, 108, 110, 114))}日"


def _text(trade: Trade, city: City, flags: list[JobFlag]) -> str:
    night = {
        JobFlag.NO_NIGHT: "夜勤はありません。",
        JobFlag.NIGHT_OK: "夜勤は月に4回ほどです。",
        JobFlag.NIGHT_ONLY: "夜勤専従で、月に9回ほどの勤務です。",
    }[flags[0]]
    perks = "".join(_PERKS[flag] for flag in flags if flag in _PERKS)
    return f"{area_name(city.code)}の職場です。{trade.duties}{night}{perks}\n※この求人は架空のものです。"


def _other_prefectures(random: Random, flags: list[JobFlag]) -> list[int]:
    """Half of the remote jobs can be worked from all around Tokyo."""
    return [11, 12, 13, 14] if JobFlag.REMOTE in flags and random.random() < 0.5 else []


def _closing(random: Random, today: date) -> str | None:
    return (today + timedelta(days=random.randint(5, 60))).isoformat() if random.random() < 0.3 else None
