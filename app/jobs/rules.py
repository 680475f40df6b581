"""What a person wants and what a job is, as plain values, and the rules that compare them (pure)."""

from dataclasses import dataclass
from enum import StrEnum


class EmploymentType(StrEnum):
    """雇用形態."""

    FULL_TIME = "full_time"
    CONTRACT = "contract"
    TEMPORARY = "temporary"
    PART_TIME = "part_time"
    OUTSOURCED = "outsourced"


EMPLOYMENT_NAMES = {
    EmploymentType.FULL_TIME: "正社員",
    EmploymentType.CONTRACT: "契約社員",
    EmploymentType.TEMPORARY: "派遣",
    EmploymentType.PART_TIME: "パート・アルバイト",
    EmploymentType.OUTSOURCED: "業務委託",
}


class WageType(StrEnum):
    """The unit of a wage; amounts are whole yen."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class JobWishes:
    """Hard conditions of one person; an empty or None one was not given and filters nothing."""

    occupations: tuple[str, ...] = ()
    """Canonical occupation names, such as 看護師."""
    prefectures: tuple[int, ...] = ()
    """JIS codes 1–47."""
    cities: tuple[int, ...] = ()
    """JIS municipality codes without check digit; a designated city (14100) includes its wards."""
    employment_types: tuple[EmploymentType, ...] = ()
    wage_type: WageType | None = None
    wage_min: int | None = None
    """Yen per `wage_type`."""
    licences: tuple[str, ...] | None = None
    """What the person holds; None: not asked, so jobs are not filtered by it."""
    no_night: bool = False
    """True: 夜勤なし only."""
