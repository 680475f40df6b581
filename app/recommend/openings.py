"""The open jobs as columns: what a board is made of, whether it comes from the database or is invented."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from app.areas import CITIES
from app.jobs.vocabulary import EmploymentType, WageType

Integers = npt.NDArray[np.integer[Any]]
UNITS = tuple(WageType)
EMPLOYMENTS = tuple(EmploymentType)
NO_CITY = -1


@dataclass(frozen=True, eq=False)
class Openings:
    """Every array has one entry for each job, in rising order of `job_ids`."""

    job_ids: Integers
    employers: Integers
    """Numbers of employers: the same number is the same employer."""
    employer_numbers: Mapping[str, int]
    occupations: Integers
    """Indexes into `occupation_names`."""
    occupation_names: tuple[str, ...]
    employments: Integers
    """Indexes into EMPLOYMENTS."""
    prefectures: Integers
    """The main place, JIS code."""
    all_prefectures: npt.NDArray[np.uint64]
    """Bit p: it can be worked in prefecture p."""
    cities: Integers
    """JIS code; NO_CITY where none is named."""
    units: Integers
    """Indexes into UNITS."""
    wages: Integers
    """The lower end, yen per unit."""
    flags: Integers
    """Bits in the order of JobFlag."""
    licences: npt.NDArray[np.uint64]
    """Bits in the order of LICENCES; all are required."""
    opened: Integers
    """The day, as a number that grows by one a day."""
    folds: Integers
    """The same number: one vacancy that is on the site more than once."""
    former: Sequence[tuple[int, int]] = ()
    """Jobs that are there under another id: closed ones, and older twins. (job id, its number in `folds`)."""

    def __len__(self) -> int:
        return len(self.job_ids)


class OpeningRow(NamedTuple):
    """What is asked of the database for each open job."""

    id: int
    employer: str
    occupation: str
    employment: str
    prefecture: int
    city: int | None
    wage_type: str
    wage_min: int
    flags: int
    licences: int
    opened_on: date
    fold_key: str


def openings_of(
    rows: Sequence[OpeningRow],
    areas: Sequence[tuple[int, int]],
    former: Sequence[tuple[int, str]] = (),
) -> Openings:
    """Rows in rising order of id as columns.

    `areas` are (job, prefecture) of the further places, `former` (job, fold key) of jobs that no list shows.
    """
    columns: dict[str, Any] = {name: [row[n] for row in rows] for n, name in enumerate(OpeningRow._fields)}
    ids = np.array(columns["id"], np.int64)
    employers, employer_numbers = _numbered(columns["employer"])
    occupations, occupation_numbers = _numbered(columns["occupation"])
    prefectures = np.array(columns["prefecture"], np.int64)
    first: dict[str, int] = {}
    folds = [first.setdefault(key, n) for n, key in enumerate(columns["fold_key"])]
    return Openings(
        job_ids=ids,
        employers=employers,
        employer_numbers=employer_numbers,
        occupations=occupations,
        occupation_names=tuple(occupation_numbers),
        employments=_among(columns["employment"], EMPLOYMENTS),
        prefectures=prefectures,
        all_prefectures=_with_areas(ids, prefectures, areas),
        cities=np.array([NO_CITY if city is None else city for city in columns["city"]], np.int32),
        units=_among(columns["wage_type"], UNITS),
        wages=np.array(columns["wage_min"], np.int64),
        flags=np.array(columns["flags"], np.int64),
        licences=np.array(columns["licences"], np.uint64),
        opened=np.array([day.toordinal() for day in columns["opened_on"]], np.int64),
        folds=np.array(folds, np.int64),
        former=[(job_id, first[key]) for job_id, key in former if key in first],
    )


def _numbered(names: Any) -> tuple[Integers, dict[str, int]]:
    """Numbers of names in the order in which they first come."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int32), numbers


def _among(words: Any, known: Sequence[str]) -> Integers:
    index = {str(word): number for number, word in enumerate(known)}
    return np.array([index[word] for word in words], np.int64)


def _with_areas(
    ids: Integers, prefectures: Integers, areas: Sequence[tuple[int, int]]
) -> npt.NDArray[np.uint64]:
    bits = np.uint64(1) << prefectures.astype(np.uint64)
    if len(areas) and len(ids):
        jobs, further = np.array(areas, np.int64).T
        at = np.minimum(np.searchsorted(ids, jobs), len(ids) - 1)
        is_open = ids[at] == jobs
        np.bitwise_or.at(bits, at[is_open], np.uint64(1) << further[is_open].astype(np.uint64))
    return bits


@lru_cache(maxsize=1)
def _parents() -> Mapping[int, int]:
    return {city.code: city.parent for city in CITIES if city.parent is not None}


def parents_of(cities: Integers) -> npt.NDArray[np.int32]:
    """For each municipality the designated city that it is a ward of; NO_CITY where there is none."""
    codes, places = np.unique(cities, return_inverse=True)
    parents = _parents()
    found = np.array([parents.get(int(code), NO_CITY) for code in codes], np.int32)
    return found[places]
