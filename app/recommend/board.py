"""The open jobs as arrays, so laid out that a person's candidates are a few slices.

A row is a job at one of its places; rows are sorted by cell, which is occupation × prefecture. Somebody who wants
看護師 in 神奈川 or 東京 is served by two slices, and nobody ever looks at all jobs. A job of several places has a
row in each of its cells and is folded again when lists are merged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.recommend.openings import Integers, Openings
from app.recommend.signals import Signals

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
PREFECTURES = 48
"""JIS codes are 1–47: cell = occupation × 48 + prefecture."""
EMPLOYMENT_BIT = 16
"""In `Rows.lacks` types of employment come after the flags, from this bit on."""
MOST_YEN = 2**31 - 2


@dataclass(frozen=True, eq=False)
class Rows:
    """Columns of some rows. Shapes: (w,) unless it says otherwise."""

    jobs: Integers
    """Index of the job in the board's `openings`."""
    ids: Integers
    occupations: Integers
    is_main: Bools
    """The job's first row: for whoever did not say where."""
    is_place: Bools
    """The job names this row's prefecture as a place of work; else only its city lies there."""
    cities: Integers
    """The municipality where it lies in this row's prefecture, else NO_CITY."""
    parents: Integers
    """The designated city of `cities`."""
    all_cities: Integers
    """The municipality wherever it lies."""
    all_parents: Integers
    homes: Integers
    """The main prefecture."""
    places: npt.NDArray[np.uint64]
    """Bits of all prefectures of the job, its city's too."""
    lacks: npt.NDArray[np.uint32]
    """Bits of the flags that it does not carry, and of its employment."""
    carries: Floats
    """(w, flags) 1 where the job carries the flag."""
    licences: npt.NDArray[np.uint64]
    employers: Integers
    reach: Integers
    """(w, 5) by the unit of a wish (0: none): the highest floor that this pay may meet."""
    least: Integers
    """(w, 5) by the unit of a wish: the lowest ceiling that allows this pay."""
    fresh: Floats
    popular: Floats
    is_new: Bools
    vectors: Floats
    """(w, d) ALS factors, then content."""
    ties: npt.NDArray[np.float64]
    """What is taken off, far below any difference of scores, so that the lower job id comes first."""

    def __len__(self) -> int:
        return len(self.jobs)

    def part(self, which: slice | Integers) -> "Rows":
        """Some of these rows; a slice copies nothing."""
        return Rows(*[getattr(self, name)[which] for name in _COLUMNS])


_COLUMNS = tuple(column.name for column in fields(Rows))


@dataclass(frozen=True, eq=False)
class Part:
    """Some rows of a board."""

    rows: Rows
    numbers: Integers
    """Of these rows on the board."""
    prefecture: int | None
    """Of all of them; None: they are of several."""

    def __len__(self) -> int:
        return len(self.numbers)


class Top(NamedTuple):
    """What of a long shelf is enough for most people of whom only wishes are known."""

    best: Part
    """The first by freshness and popularity, each job once."""
    new: Part
    """All jobs that may be drawn by chance."""


@dataclass(frozen=True, eq=False)
class Board:
    """All open jobs with what a model says of them; but for `shelves` and `tops` nothing in it changes."""

    openings: Openings
    rows: Rows
    cells: Integers
    """(rows,) occupation × 48 + prefecture, rising."""
    numbers: Integers
    """(rows,) 0, 1, 2 …"""
    shelves: dict[int, Part]
    """Parts of the board that were looked at before, by the code of app/recommend/shelves.py: views, no copies."""
    tops: dict[int, Top]
    """The same for long shelves."""
    by_prefecture: Mapping[int, Integers]
    """The rows of a prefecture, over all occupations."""
    occupation_numbers: Mapping[str, int]
    named_places: npt.NDArray[np.uint64]
    """(openings,) bits of the prefectures where a job can be worked."""
    twins: Mapping[int, Integers]
    """By job id, open or not: the indexes of all open jobs that are the same vacancy."""
    signals: Signals
    neighbours: Integers
    """(signals + 1, K) indexes of jobs in `openings`, their number: none. The last row is of no job."""
    neighbour_weights: Floats
    """(signals + 1, K) points for a strength of 1."""
    factor_share: int
    """How many of the vectors' dimensions are ALS factors; the others are content."""

    def cell(self, occupation: int, prefecture: int) -> slice:
        """The rows of one cell."""
        return self._between(occupation * PREFECTURES + prefecture, 1)

    def occupation(self, occupation: int) -> slice:
        """The rows of an occupation, in all prefectures."""
        return self._between(occupation * PREFECTURES, PREFECTURES)

    def indexes_of(self, job_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Where jobs stand in `openings`; -1 for one that is not open."""
        known = self.openings.job_ids
        if not len(known):
            return np.full(len(job_ids), -1, np.int64)
        at = np.minimum(np.searchsorted(known, job_ids), len(known) - 1)
        return np.where(known[at] == job_ids, at, -1)

    def _between(self, first: int, count: int) -> slice:
        start, end = np.searchsorted(self.cells, (first, first + count))
        return slice(int(start), int(end))
