"""From the answers of the 希望条件 and こだわり条件 surveys to the hard conditions of a job search, and back (pure)."""

from collections.abc import Mapping
from typing import Any

from app.jobs.feedback import Aim, WishChange
from app.jobs.rules import EmploymentType, JobWishes, WageType
from app.jobs.vocabulary import JobFlag
from surveys.rules import Value

PREFERENCES = "preferences"
EXTRAS = "extras"
WISH_SURVEYS = (PREFERENCES, EXTRAS)
"""The surveys whose answers are job wishes; no two of their questions have the same key."""
NEWCOMER = "newcomer"
NO_LICENCE = "none"
NO_NIGHT = "none"
_NIGHTS = {JobFlag.NO_NIGHT: NO_NIGHT, JobFlag.NIGHT_ONLY: "only", JobFlag.NIGHT_OK: "ok"}


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
        flags=_flags(answers),
        excluded_areas=tuple(code for code in _items(answers.get("exclude_area")) if isinstance(code, int)),
        excluded_occupations=tuple(_texts(answers.get("exclude_occupation"))),
    )


def wish_answers(wishes: JobWishes) -> dict[str, dict[str, Value]]:
    """The answers by survey that say these wishes and nothing else; licences are left as they are.

    What is not wished is answered with an empty list: nobody said こだわらない or 夜勤もできる, but unlike no
    answer it counts against older words of the job site too. The upper end of pay is left out, for
    no question asks for it.
    """
    unit = wishes.wage_type if wishes.wage_min is not None else None
    wage: dict[str, Value] = {"wage_unit": [] if unit is None else unit.value}
    if unit is not None:
        wage[f"wage_{unit.value}"] = wishes.wage_min
    return {
        PREFERENCES: {
            "occupation": wishes.occupations[0] if len(wishes.occupations) == 1 else [*wishes.occupations],
            "area": [*wishes.prefectures, *wishes.cities],
            "employment": [kind.value for kind in wishes.employment_types],
            **wage,
            "night": next((answer for flag, answer in _NIGHTS.items() if flag in wishes.flags), []),
        },
        EXTRAS: {
            "flags": [flag.value for flag in wishes.flags if flag is not JobFlag.NIGHT_OK],
            "exclude_area": [*wishes.excluded_areas],
            "exclude_occupation": [*wishes.excluded_occupations],
        },
    }


def change_answers(change: WishChange, known: Mapping[str, object]) -> tuple[str, dict[str, Value]]:
    """The survey and the answers that add one wish to what is known of a person."""
    match change.aim:
        case Aim.WAGE:
            unit = change.wage_type or WageType.MONTH
            return PREFERENCES, {"wage_unit": unit.value, f"wage_{unit.value}": int(change.value)}
        case Aim.AREA:
            return EXTRAS, {"exclude_area": _with(known.get("exclude_area"), int(change.value))}
        case Aim.OCCUPATION:
            return EXTRAS, {"exclude_occupation": _with(known.get("exclude_occupation"), change.value)}
        case Aim.FLAG if change.value == JobFlag.NO_NIGHT and "night" in known:
            return PREFERENCES, {"night": NO_NIGHT}  # where the question was asked its answer is the one
        case Aim.FLAG:
            return EXTRAS, {"flags": _with(known.get("flags"), change.value)}


def _with(value: object, added: str | int) -> Value:
    items: list[Any] = [item for item in _items(value) if isinstance(item, type(added))]
    return items if added in items else [*items, added]


def _flags(answers: Mapping[str, object]) -> tuple[JobFlag, ...]:
    given = set(_texts(answers.get("flags")))
    if answers.get("night") == NO_NIGHT:
        given.add(JobFlag.NO_NIGHT)
    return tuple(flag for flag in JobFlag if flag.value in given)


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
