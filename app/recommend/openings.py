"""The open jobs as columns: what a board is made of, whether it comes from the database or is invented."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

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

    def __len__(self) -> int:
        return len(self.job_ids)


@lru_cache(maxsize=1)
def _parents() -> Mapping[int, int]:
    return {city.code: city.parent for city in CITIES if city.parent is not None}


def parents_of(cities: Integers) -> npt.NDArray[np.int32]:
    """For each municipality the designated city that it is a ward of; NO_CITY where there is none."""
    codes, places = np.unique(cities, return_inverse=True)
    parents = _parents()
    found = np.array([parents.get(int(code), NO_CITY) for code in codes], np.int32)
    return found[places]
