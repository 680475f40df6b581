"""What a person wants and what a job is, as plain values, and the rules that compare them (pure)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from app.areas import area_name, covers, is_area
from app.clock import today_in_tokyo
from app.jobs.vocabulary import (
    EMPLOYMENT_NAMES,
    FLAG_NAMES,
    LICENCES,
    EmploymentType,
    JobFlag,
    WageType,
    held_licences,
)
from app.jobs.wages import is_certain, wage_ceiling, wage_floor, wage_reason

__all__ = [
    "EMPLOYMENT_NAMES",
    "Condition",
    "EmploymentType",
    "HideReason",
    "JobFacts",
    "JobWishes",
    "WageType",
    "is_open",
    "met_conditions",
    "needs_no_licence",
    "night_flags",
    "other_flags",
    "reasons",
    "unmet_conditions",
]


@dataclass(frozen=True)
class JobWishes:
    """Hard conditions of one person; an empty or None one was not given and filters nothing."""

    occupations: tuple[str, ...] = ()
    """Canonical occupation names, such as 看護師."""
    excluded_occupations: tuple[str, ...] = ()
    prefectures: tuple[int, ...] = ()
    """JIS codes 1–47."""
    cities: tuple[int, ...] = ()
    """JIS municipality codes without check digit; a designated city (14100) includes its wards."""
    excluded_areas: tuple[int, ...] = ()
    """Codes of both kinds; a job that may be worked in one of them is ruled out."""
    employment_types: tuple[EmploymentType, ...] = ()
    wage_type: WageType | None = None
    wage_min: int | None = None
    """Yen per `wage_type`; compared with the lower end of a job's range."""
    wage_max: int | None = None
    """Yen per `wage_type`; a job whose lower end is above it is ruled out."""
    licences: tuple[str, ...] | None = None
    """What the person holds; None: not asked, so jobs are not filtered by it."""
    flags: tuple[JobFlag, ...] = ()
    """What a job must say of itself. `night_ok` filters nothing: it is an offer, not a wish; `no_license` asks
    for a job that requires no licence, whatever its flags say."""


@dataclass(frozen=True, kw_only=True)
class JobFacts:
    """One vacancy as it was read; amounts are whole yen per `wage_type`."""

    id: int
    external_id: str
    title: str
    employer: str
    occupation: str
    employment: EmploymentType
    prefecture: int
    """JIS code of the main place of work."""
    prefectures: tuple[int, ...]
    """All prefectures where one can work, the main one among them."""
    city: int | None
    worksite: str | None
    wage_type: WageType
    wage_min: int
    wage_max: int | None
    hours: str | None
    holidays: str | None
    flags: frozenset[JobFlag]
    licences: frozenset[str]
    """Canonical licences that are all required."""
    text: str | None
    url: str | None
    image_url: str | None
    opened_on: date
    closed_at: datetime | None


class Condition(StrEnum):
    """A hard condition, in the order in which met ones are told."""

    PLACE = "place"
    NIGHT = "night"
    WAGE = "wage"
    OCCUPATION = "occupation"
    EMPLOYMENT = "employment"
    LICENCE = "licence"
    FLAGS = "flags"
    EXCLUDED_PLACE = "excluded_place"
    EXCLUDED_OCCUPATION = "excluded_occupation"


class HideReason(StrEnum):
    """Why a person does not want a job (興味なし)."""

    WAGE = "wage"
    PLACE = "place"
    HOURS = "hours"
    WORK = "work"
    OTHER = "other"


def is_open(job: JobFacts, now: datetime) -> bool:
    """True from the day in Tokyo on which it opens until the moment it closes."""
    return job.opened_on <= today_in_tokyo(now) and (job.closed_at is None or now < job.closed_at)


def night_flags(wishes: JobWishes) -> frozenset[JobFlag]:
    """What is wished about nights: 夜勤なし, 夜勤専従."""
    return _NIGHT.intersection(wishes.flags)


def other_flags(wishes: JobWishes) -> frozenset[JobFlag]:
    """The wished flags that a job must carry, besides those about nights and licences."""
    return frozenset(wishes.flags) - _NOT_CARRIED


def needs_no_licence(wishes: JobWishes) -> bool:
    """True: only jobs that require no licence at all."""
    return JobFlag.NO_LICENSE in wishes.flags


_NIGHT = frozenset({JobFlag.NO_NIGHT, JobFlag.NIGHT_ONLY})
_NOT_CARRIED = _NIGHT | {JobFlag.NIGHT_OK, JobFlag.NO_LICENSE}


def without_avoided(asked: JobWishes, known: JobWishes) -> JobWishes:
    """What is asked for just now, without what the person is known to avoid, unless it asks for just that."""
    places = (*asked.cities, *asked.prefectures)
    areas = [area for area in known.excluded_areas if not any(covers(area, place) for place in places)]
    titles = [title for title in known.excluded_occupations if title not in asked.occupations]
    return replace(
        asked,
        excluded_areas=tuple(dict.fromkeys((*asked.excluded_areas, *areas))),
        excluded_occupations=tuple(dict.fromkeys((*asked.excluded_occupations, *titles))),
    )


def unmet_conditions(job: JobFacts, wishes: JobWishes) -> tuple[Condition, ...]:
    """The wishes that rule this job out, in the order of `Condition`; empty: it fits."""
    is_broken = {
        Condition.PLACE: bool(wishes.prefectures or wishes.cities) and _wished_place(job, wishes) is None,
        Condition.NIGHT: not job.flags.issuperset(night_flags(wishes)),
        Condition.WAGE: not _may_pay(job, wishes),
        Condition.OCCUPATION: bool(wishes.occupations) and job.occupation not in wishes.occupations,
        Condition.EMPLOYMENT: bool(wishes.employment_types) and job.employment not in wishes.employment_types,
        Condition.LICENCE: not _may_hold(job, wishes),
        Condition.FLAGS: not job.flags.issuperset(other_flags(wishes)),
        Condition.EXCLUDED_PLACE: _is_excluded_place(job, wishes.excluded_areas),
        Condition.EXCLUDED_OCCUPATION: job.occupation in wishes.excluded_occupations,
    }
    return tuple(condition for condition in Condition if is_broken[condition])


def met_conditions(job: JobFacts, wishes: JobWishes) -> tuple[Condition, ...]:
    """The wishes that this job certainly meets, in the order of `Condition`."""
    return tuple(condition for condition, _ in _met(job, wishes))


def reasons(job: JobFacts, wishes: JobWishes) -> tuple[str, ...]:
    """What fits, in words that are each true of this job: 希望の横浜市, 夜勤なし, 月給25万円以上."""
    return tuple(words for _, words in _met(job, wishes))


def _met(job: JobFacts, wishes: JobWishes) -> list[tuple[Condition, str]]:
    words = {
        Condition.PLACE: _place_reason(job, wishes),
        Condition.NIGHT: _flags_reason(job, night_flags(wishes)),
        Condition.WAGE: _wage_reason(job, wishes),
        Condition.OCCUPATION: f"希望の{job.occupation}" if job.occupation in wishes.occupations else None,
        Condition.EMPLOYMENT: _employment_reason(job, wishes),
        Condition.LICENCE: _licence_reason(job, wishes),
        Condition.FLAGS: _flags_reason(job, other_flags(wishes)),
    }
    return [(condition, text) for condition, text in words.items() if text is not None]


def _wished_place(job: JobFacts, wishes: JobWishes) -> int | None:
    """The code of the wish that this job's place meets, the narrowest first."""
    if job.city is not None:
        for city in wishes.cities:
            if covers(city, job.city):
                return city
    return next((code for code in wishes.prefectures if code in job.prefectures), None)


def _place_reason(job: JobFacts, wishes: JobWishes) -> str | None:
    code = _wished_place(job, wishes)
    return f"希望の{area_name(code)}" if code is not None and is_area(code) else None


def _is_excluded_place(job: JobFacts, excluded: tuple[int, ...]) -> bool:
    places = job.prefectures if job.city is None else (*job.prefectures, job.city)
    return any(covers(area, place) for area in excluded for place in places)


def _flags_reason(job: JobFacts, wished: frozenset[JobFlag]) -> str | None:
    """夜勤なし; 土日休み・駅近: those of the wished flags that the job carries."""
    met = [FLAG_NAMES[flag] for flag in JobFlag if flag in wished and flag in job.flags]
    return "・".join(met) or None


def _may_pay(job: JobFacts, wishes: JobWishes) -> bool:
    if wishes.wage_type is None:
        return True
    floor = ceiling = None
    if wishes.wage_min is not None:
        floor = wage_floor(wishes.wage_type, wishes.wage_min, job.wage_type)
    if wishes.wage_max is not None:
        ceiling = wage_ceiling(wishes.wage_type, wishes.wage_max, job.wage_type)
    return (floor is None or job.wage_min >= floor) and (ceiling is None or job.wage_min <= ceiling)


def _wage_reason(job: JobFacts, wishes: JobWishes) -> str | None:
    if wishes.wage_type is None or not wishes.wage_min:
        return None
    if not (is_certain(wishes.wage_type, job.wage_type) and _may_pay(job, wishes)):
        return None
    return wage_reason(wishes.wage_type, wishes.wage_min, job.wage_type)


def _employment_reason(job: JobFacts, wishes: JobWishes) -> str | None:
    return EMPLOYMENT_NAMES[job.employment] if job.employment in wishes.employment_types else None


def _may_hold(job: JobFacts, wishes: JobWishes) -> bool:
    if needs_no_licence(wishes) and job.licences:
        return False
    return wishes.licences is None or job.licences <= held_licences(wishes.licences)


def _licence_reason(job: JobFacts, wishes: JobWishes) -> str | None:
    # A job that names none may have forgotten to: only what it says is a reason.
    if needs_no_licence(wishes) and JobFlag.NO_LICENSE in job.flags:
        return FLAG_NAMES[JobFlag.NO_LICENSE]
    if wishes.licences is None or not job.licences or not _may_hold(job, wishes):
        return None
    return f"{'・'.join(name for name in LICENCES if name in job.licences)}の資格を活かせる"
