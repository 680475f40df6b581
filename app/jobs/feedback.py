"""What a 興味なし may teach, if the person agrees (pure): from the reason and the job to a change of their wishes.

A change is only ever proposed, never made silently, and only if it leaves something to search for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.areas import area_name, covers, is_area, place_code
from app.jobs.rules import HideReason, JobFacts, JobWishes
from app.jobs.vocabulary import FLAG_NAMES, WAGE_NAMES, JobFlag, WageType
from app.jobs.wages import amount

MOST_YEN = 50_000_000
_STEPS = {WageType.HOUR: 50, WageType.DAY: 500, WageType.MONTH: 10_000, WageType.YEAR: 100_000}
"""What the next better wage is, in yen."""
_PER_YEAR = {WageType.MONTH: 12, WageType.YEAR: 1}
_ABOUT_HOURS = (
    JobFlag.NO_NIGHT,
    JobFlag.WEEKEND_OFF,
    JobFlag.NO_OVERTIME,
    JobFlag.CHILDCARE,
    JobFlag.REMOTE,
)


class Aim(StrEnum):
    """Which wish a change is about."""

    WAGE = "wage"
    AREA = "area"
    OCCUPATION = "occupation"
    FLAG = "flag"


@dataclass(frozen=True)
class WishChange:
    """One more wish. `value`: yen after `wage_type`, a place's code, an occupation, or a flag, as text."""

    aim: Aim
    value: str
    wage_type: WageType | None = None
    """Of a wage."""

    @property
    def words(self) -> str:
        """月給28万円以上, 横浜市中区を除く, 看護助手を除く, 夜勤なし."""
        match self.aim:
            case Aim.WAGE:
                unit = WAGE_NAMES[self.wage_type or WageType.MONTH]
                return f"{unit}{amount(int(self.value))}円以上"
            case Aim.AREA:
                return f"{area_name(int(self.value))}を除く"
            case Aim.OCCUPATION:
                return f"{self.value}を除く"
            case Aim.FLAG:
                return FLAG_NAMES[JobFlag(self.value)]


def proposed_changes(job: JobFacts, reason: HideReason, wishes: JobWishes) -> tuple[WishChange, ...]:
    """What to ask the person: one change to say yes to, several to choose from, or nothing."""
    match reason:
        case HideReason.WAGE:
            return _more_pay(job, wishes)
        case HideReason.PLACE:
            return _without_place(job, wishes)
        case HideReason.HOURS:
            return _better_hours(job, wishes)
        case HideReason.WORK:
            return _without_occupation(job, wishes)
        case HideReason.OTHER:
            return ()


def read_change(aim: str, value: str, unit: str, occupation: str) -> WishChange | None:
    """The change that a tapped button names, each value judged anew; None for anything we would not offer.

    `occupation` is that of the button's job: buttons hold no words of a job.
    """
    is_number = value.isascii() and value.isdigit() and len(value) <= 9
    if aim == Aim.WAGE and is_number and unit in set(WageType) and 0 < int(value) <= MOST_YEN:
        return WishChange(Aim.WAGE, value, WageType(unit))
    if aim == Aim.AREA and is_number and is_area(int(value)):
        return WishChange(Aim.AREA, value)
    if aim == Aim.FLAG and value in set(_ABOUT_HOURS):
        return WishChange(Aim.FLAG, value)
    return WishChange(Aim.OCCUPATION, occupation) if aim == Aim.OCCUPATION and occupation else None


def _more_pay(job: JobFacts, wishes: JobWishes) -> tuple[WishChange, ...]:
    """The next step above the job's lower end, in the unit of the wish, or of the job without a wish."""
    unit = wishes.wage_type or job.wage_type
    paid = _in_unit(job, unit)
    if paid is None:
        return ()
    step = _STEPS[unit]
    wanted = (paid // step + 1) * step
    is_more = wishes.wage_min is None or wanted > wishes.wage_min
    return (WishChange(Aim.WAGE, str(wanted), unit),) if is_more and wanted <= MOST_YEN else ()


def _in_unit(job: JobFacts, unit: WageType) -> int | None:
    if unit is job.wage_type:
        return job.wage_min
    if unit in _PER_YEAR and job.wage_type in _PER_YEAR:
        return job.wage_min * _PER_YEAR[job.wage_type] // _PER_YEAR[unit]
    return None


def _without_place(job: JobFacts, wishes: JobWishes) -> tuple[WishChange, ...]:
    code = place_code(job.prefecture, job.city)
    wished: Sequence[int] = (*wishes.cities, *wishes.prefectures)
    leaves_nothing = bool(wished) and all(covers(code, place) for place in wished)
    if leaves_nothing or code in wishes.excluded_areas:
        return ()
    return (WishChange(Aim.AREA, str(code)),)


def _better_hours(job: JobFacts, wishes: JobWishes) -> tuple[WishChange, ...]:
    wanted = [flag for flag in _ABOUT_HOURS if flag not in job.flags and flag not in wishes.flags]
    if JobFlag.NIGHT_ONLY in wishes.flags:
        wanted = [flag for flag in wanted if flag is not JobFlag.NO_NIGHT]
    return tuple(WishChange(Aim.FLAG, flag.value) for flag in wanted)


def _without_occupation(job: JobFacts, wishes: JobWishes) -> tuple[WishChange, ...]:
    is_all_that_is_wished = bool(wishes.occupations) and set(wishes.occupations) <= {job.occupation}
    if is_all_that_is_wished or job.occupation in wishes.excluded_occupations:
        return ()
    return (WishChange(Aim.OCCUPATION, job.occupation),)
