"""Hard conditions as SQL: each says what `unmet_conditions` says of a job that was read."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, not_, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.areas import cities_in, covers
from app.clock import today_in_tokyo
from app.db import BigInt, UtcDateTime
from app.jobs.models import Job, JobArea
from app.jobs.rules import JobWishes, needs_no_licence, night_flags, other_flags
from app.jobs.vocabulary import WageType, flag_bits, held_licences, licence_bits
from app.jobs.wages import wage_ceiling, wage_floor

_ALL_BITS = 2**63 - 1
_TWIN = aliased(Job)
"""Made once: an alias copies the whole mapping."""


def is_open_now(now: datetime, job: type[Job] = Job) -> ColumnElement[bool]:
    """Jobs that opened on this day in Tokyo or before and have not closed; `job`: Job or an alias of it."""
    return _is_open(today_in_tokyo(now), now, job)


def is_newest_twin(now: datetime) -> ColumnElement[bool]:
    """That no newer open job is this one again (app/jobs/folding.py): what every list asks of its jobs."""
    return ~_newer_twin(today_in_tokyo(now), now).exists()


def _is_open(
    today: date | ColumnElement[date], now: datetime | ColumnElement[datetime], job: type[Job]
) -> ColumnElement[bool]:
    return and_(job.opened_on <= today, or_(job.closed_at.is_(None), job.closed_at > now))


def _newer_twin(today: date | ColumnElement[date], now: datetime | ColumnElement[datetime]) -> Select[int]:
    return select(_TWIN.id).where(
        _TWIN.fold_key == Job.fold_key,
        tuple_(_TWIN.opened_on, _TWIN.id) > tuple_(Job.opened_on, Job.id),
        _is_open(today, now, _TWIN),
    )


_TODAY = bindparam("today", type_=Date())
_NOW = bindparam("now", type_=UtcDateTime())
_NEWEST = bindparam("newest", type_=BigInt)
WAS_LISTED = and_(
    _is_open(_TODAY, _NOW, Job),
    ~_newer_twin(_TODAY, _NOW).where(_TWIN.id <= _NEWEST).exists(),
    Job.id <= _NEWEST,
)
"""Both of these as they stood at a moment, when `newest` was the greatest id of a job. Made once, since a search asks
it again and again; `moment` gives its values."""


def moment(now: datetime, newest: int) -> dict[str, Any]:
    """The values of WAS_LISTED."""
    return {"today": today_in_tokyo(now), "now": now, "newest": newest}


def conditions(wishes: JobWishes) -> Iterator[ColumnElement[bool]]:
    """What a job must meet, one condition at a time; nothing for wishes without any."""
    if wishes.prefectures or wishes.cities:
        yield _place_condition(wishes.prefectures, wishes.cities)
    if wishes.excluded_areas:
        yield _outside(wishes.excluded_areas)
    if wishes.occupations:
        yield Job.occupation.in_(wishes.occupations)
    if wishes.excluded_occupations:
        yield Job.occupation.not_in(wishes.excluded_occupations)
    if wishes.employment_types:
        yield Job.employment.in_(wishes.employment_types)
    if wishes.wage_type is not None:
        yield from _wage_conditions(wishes.wage_type, wishes)
    yield from _flag_conditions(wishes)


def _place_condition(prefectures: Sequence[int], cities: Sequence[int]) -> ColumnElement[bool]:
    places: list[ColumnElement[bool]] = []
    if prefectures:
        further = select(JobArea.job_id).where(JobArea.prefecture.in_(prefectures))
        places += [Job.prefecture.in_(prefectures), Job.id.in_(further)]
    if cities:
        places.append(and_(Job.city.is_not(None), Job.city.in_(_covered(cities))))
    return or_(*places)


def _outside(excluded: Sequence[int]) -> ColumnElement[bool]:
    prefectures = [code for code in excluded if code < 100]
    cities = [code for code in excluded if code >= 100]
    return not_(_place_condition(prefectures, cities))


def _covered(wanted: Sequence[int]) -> list[int]:
    """The codes themselves and those of every place that lies in one of them, such as wards."""
    known = {
        city.code
        for code in wanted
        for city in cities_in(code if code < 100 else code // 1000)
        if covers(code, city.code)
    }
    return sorted(known.union(wanted))


def _wage_conditions(wished: WageType, wishes: JobWishes) -> Iterator[ColumnElement[bool]]:
    for offered in WageType:
        other_unit = Job.wage_type != offered
        if wishes.wage_min is not None:
            floor = wage_floor(wished, wishes.wage_min, offered)
            if floor is not None:
                yield or_(other_unit, Job.wage_min >= floor)
        if wishes.wage_max is not None:
            ceiling = wage_ceiling(wished, wishes.wage_max, offered)
            if ceiling is not None:
                yield or_(other_unit, Job.wage_min <= ceiling)


def _flag_conditions(wishes: JobWishes) -> Iterator[ColumnElement[bool]]:
    wanted = flag_bits(night_flags(wishes) | other_flags(wishes))
    if wanted:
        yield Job.flags.bitwise_and(wanted) == wanted
    if needs_no_licence(wishes):
        yield Job.licences == 0
    if wishes.licences is not None:
        held = licence_bits(held_licences(wishes.licences))
        yield Job.licences.bitwise_and(_ALL_BITS ^ held) == 0
