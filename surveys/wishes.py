"""From the answers of the 希望条件 survey to the hard conditions of a job search (pure)."""

from collections.abc import Mapping

from app.jobs.rules import EmploymentType, JobWishes, WageType
from app.jobs.vocabulary import JobFlag

PREFERENCES = "preferences"
"""The name of the survey whose answers are job wishes."""
NEWCOMER = "newcomer"
NO_LICENCE = "none"
NO_NIGHT = "none"


def job_wishes(answers: Mapping[str, object]) -> JobWishes:
    """The wishes in the newest answers by question key; what is missing, skipped or odd filters nothing.

    Only the amount that belongs to the chosen unit counts, whatever older amounts are still there.
    """
    areas = [code for code in _items(answers.get("area")) if isinstance(code, int)]
    wage_type = _wage_type(answers.get("wage_unit"))
    amount = answers.get(f"wage_{wage_type.value}") if wage_type else None
    return JobWishes(
        occupations=tuple(_texts(answers.get("occupation"))),
        prefectures=tuple(code for code in areas if code < 100),
        cities=tuple(code for code in areas if code >= 100),
        employment_types=_employment_types(answers.get("employment")),
        wage_type=wage_type if isinstance(amount, int) else None,
        wage_min=amount if isinstance(amount, int) else None,
        licences=_licences(answers.get("licence")),
        flags=(JobFlag.NO_NIGHT,) if answers.get("night") == NO_NIGHT else (),
    )


def _items(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _texts(value: object) -> list[str]:
    return [item for item in _items(value) if isinstance(item, str) and item]


def _wage_type(value: object) -> WageType | None:
    return next((unit for unit in WageType if unit.value == value), None)


def _employment_types(value: object) -> tuple[EmploymentType, ...]:
    given = set(_texts(value))
    return tuple(kind for kind in EmploymentType if kind.value in given)


def _licences(value: object) -> tuple[str, ...] | None:
    """None: not asked or skipped; empty: the person holds none."""
    if value is None:
        return None
    return tuple(name for name in _texts(value) if name != NO_LICENCE)
