"""What a typed request asks for, as one value."""

from dataclasses import dataclass
from typing import Any

from app.jobs.vocabulary import EmploymentType, JobFlag, WageType

EMPLOYMENT_WORDS = {
    EmploymentType.FULL_TIME: "正社員",
    EmploymentType.CONTRACT: "契約社員",
    EmploymentType.TEMPORARY: "派遣",
    EmploymentType.PART_TIME: "パート",
    EmploymentType.OUTSOURCED: "業務委託",
}
"""As the JSON says them."""


@dataclass(frozen=True)
class JobQuery:
    """The slots of a request; empty or None: not said. Lists are sorted and hold nothing twice."""

    pref: tuple[int, ...] = ()
    """JIS codes 1–47."""
    city: tuple[int, ...] = ()
    """JIS municipality codes without check digit; every reading of a name that has several."""
    exclude_area: tuple[int, ...] = ()
    """Codes of both kinds."""
    station: str | None = None
    """Without 駅."""
    commute_min: int | None = None
    occupation: tuple[str, ...] = ()
    """Canonical names; a title that is none of them stands as written."""
    exclude_occupation: tuple[str, ...] = ()
    employment: tuple[EmploymentType, ...] = ()
    salary_min: int | None = None
    """Yen per `salary_unit`."""
    salary_max: int | None = None
    salary_unit: WageType | None = None
    """Present exactly when one of the amounts is."""
    days_per_week: int | None = None
    flags: tuple[JobFlag, ...] = ()
    readings: tuple[tuple[int, ...], ...] = ()
    """Codes in `city` that one name stands for: it was one of them that was meant."""

    def as_json(self) -> dict[str, Any]:
        """Only the slots that were said; {} when none was."""
        slots = {
            "pref": list(self.pref),
            "city": list(self.city),
            "exclude_area": list(self.exclude_area),
            "station": self.station,
            "commute_min": self.commute_min,
            "occupation": list(self.occupation),
            "exclude_occupation": list(self.exclude_occupation),
            "employment": sorted(EMPLOYMENT_WORDS[kind] for kind in self.employment),
            "salary_min": self.salary_min,
            "salary_max": self.salary_max,
            "salary_unit": None if self.salary_unit is None else self.salary_unit.value,
            "days_per_week": self.days_per_week,
            "flags": sorted(flag.value for flag in self.flags),
        }
        return {name: value for name, value in slots.items() if value not in (None, [])}
