"""Many seekers as arrays: what a block of people wants, in the form in which it is compared with a board."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from app.jobs.rules import JobWishes, needs_no_licence, night_flags, other_flags
from app.jobs.vocabulary import EmploymentType, JobFlag, flag_bits, held_licences, licence_bits
from app.recommend.board import EMPLOYMENT_BIT, MOST_YEN, PREFECTURES, Board, Floats
from app.recommend.openings import EMPLOYMENTS, UNITS, Integers
from app.recommend.ports import Seeker
from app.recommend.rules import HISTORY

NOTHING = -2
"""Fills up a list of numbers; equal to no number of a board, NO_CITY (-1) included."""
ALL_LICENCES = 2**63 - 1
LEANING_STEP = 64
"""Leanings are counted in such parts of a point, so that their sums are exact."""


@dataclass(frozen=True, eq=False)
class Crowd:
    """Columns of m seekers. Lists of different lengths are filled up with NOTHING."""

    occupations: Integers
    """(m, ·) wished ones by their number on the board; a wished one that it does not have is -3."""
    prefectures: npt.NDArray[np.uint64]
    """Bits of the wished prefectures."""
    cities: Integers
    """(m, ·) wished municipalities; a code below 100 is a prefecture."""
    forbidden: npt.NDArray[np.uint32]
    """Bits that `Rows.lacks` must not have: wished flags, unwished employment."""
    forbidden_licences: npt.NDArray[np.uint64]
    units: Integers
    """Of the wished pay, 0: none; columns of `Rows.reach`."""
    floors: Integers
    ceilings: Integers
    forbidden_places: npt.NDArray[np.uint64]
    """Bits of excluded prefectures."""
    forbidden_cities: Integers
    """(m, ·)"""
    forbidden_occupations: Integers
    """(m, ·)"""
    excluded: Integers
    """(m, ·) indexes of jobs in the board's openings."""
    history: Integers
    """(m, HISTORY) rows of the model, -1: none."""
    strengths: Floats
    """(m, HISTORY)"""
    leanings: Floats
    """(m, flags) points."""
    hidden_employers: Integers
    """(m, ·)"""
    hidden_occupations: Integers
    """(m, ·)"""
    hidden_places: Integers
    """(m, ·) municipalities or prefectures."""
    seeds: npt.NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.units)

    def part(self, which: slice | Integers) -> "Crowd":
        """Some of these people; a slice copies nothing."""
        return Crowd(*[getattr(self, name)[which] for name in _COLUMNS])


_COLUMNS = tuple(column.name for column in fields(Crowd))


def crowd_of(board: Board, seekers: Sequence[Seeker]) -> Crowd:
    """Seekers as arrays, in their order."""
    wishes = [seeker.wishes for seeker in seekers]
    occupations, employers = board.occupation_numbers, board.openings.employer_numbers
    return Crowd(
        occupations=_lists([[occupations.get(name, -3) for name in each.occupations] for each in wishes]),
        prefectures=_bits(each.prefectures for each in wishes),
        cities=_lists([each.cities for each in wishes]),
        forbidden=np.array([_forbidden(each.flags, each.employment_types) for each in wishes], np.uint32),
        forbidden_licences=np.array(
            [_forbidden_licences(each.flags, each.licences) for each in wishes], np.uint64
        ),
        units=np.array([_unit(each) for each in wishes], np.int64),
        floors=np.array([min(each.wage_min or 0, MOST_YEN) for each in wishes], np.int32),
        ceilings=np.array([_ceiling(each) for each in wishes], np.int32),
        forbidden_places=_bits(tuple(code for code in each.excluded_areas if code < 100) for each in wishes),
        forbidden_cities=_lists([[code for code in each.excluded_areas if code >= 100] for each in wishes]),
        forbidden_occupations=_numbers(wishes, lambda each: each.excluded_occupations, occupations),
        excluded=_excluded(board, seekers),
        **_histories(board, seekers),
        leanings=_leanings(seekers),
        hidden_employers=_numbers(seekers, lambda each: each.feedback.employers, employers),
        hidden_occupations=_numbers(seekers, lambda each: each.feedback.occupations, occupations),
        hidden_places=_lists([each.feedback.cities for each in seekers]),
        seeds=np.array([each.seed % 2**64 for each in seekers], np.uint64),
    )


def _lists(lists: Sequence[Collection[int]]) -> Integers:
    """(m, longest) filled up with NOTHING."""
    lengths = np.fromiter(map(len, lists), np.int64, len(lists))
    values = np.fromiter(chain.from_iterable(lists), np.int64, int(lengths.sum()))
    return _filled(lengths, values)


def _filled(lengths: Integers, values: Integers) -> Integers:
    """One list after the other becomes (m, longest)."""
    filled = np.full((len(lengths), lengths.max(initial=0)), NOTHING, np.int32)
    filled[np.arange(filled.shape[1]) < lengths[:, None]] = values
    return filled


def _numbers(who: Sequence[Any], names: Callable[[Any], Iterable[str]], known: Any) -> Integers:
    """Names as numbers of the board; those that it does not have are left out."""
    return _lists([[known[name] for name in names(each) if name in known] for each in who])


def _bits(codes: Iterable[tuple[int, ...]]) -> npt.NDArray[np.uint64]:
    """Bit 63 stands for every code that is no prefecture: it was wished, and nothing lies there."""
    return np.array([_or(each) for each in codes], np.uint64)


@lru_cache(1 << 12)
def _or(codes: tuple[int, ...]) -> int:
    bits = 0
    for code in codes:
        bits |= 1 << (code if 0 < code < PREFECTURES else 63)
    return bits


@lru_cache(1 << 12)
def _forbidden(flags: tuple[JobFlag, ...], employments: tuple[EmploymentType, ...]) -> int:
    """The wished flags, and the employments besides the wished ones."""
    wishes = JobWishes(flags=flags)
    bits = flag_bits(night_flags(wishes) | other_flags(wishes))
    unwished = [number for number, kind in enumerate(EMPLOYMENTS) if kind not in employments]
    return bits | sum(1 << EMPLOYMENT_BIT + number for number in unwished if employments)


@lru_cache(1 << 12)
def _forbidden_licences(flags: tuple[JobFlag, ...], held: tuple[str, ...] | None) -> int:
    if needs_no_licence(JobWishes(flags=flags)):
        return ALL_LICENCES
    return 0 if held is None else ALL_LICENCES ^ licence_bits(held_licences(held))


def _unit(wishes: JobWishes) -> int:
    return 0 if wishes.wage_type is None else UNITS.index(wishes.wage_type) + 1


def _ceiling(wishes: JobWishes) -> int:
    return MOST_YEN if wishes.wage_max is None else min(max(wishes.wage_max, 0), MOST_YEN)


def _excluded(board: Board, seekers: Sequence[Seeker]) -> Integers:
    """With every twin of an excluded job: it is the same vacancy."""
    lists = [seeker.excluded for seeker in seekers]
    if board.twins:
        lists = [ids.union(*_twins_of(board, ids)) for ids in lists]
    lengths = np.fromiter(map(len, lists), np.int64, len(lists))
    ids = np.fromiter(chain.from_iterable(lists), np.int64, int(lengths.sum()))
    at = board.indexes_of(ids)
    return _filled(lengths, np.where(at < 0, NOTHING, at))


def _twins_of(board: Board, ids: frozenset[int]) -> Iterator[list[int]]:
    for job_id in ids & board.twins.keys():
        yield board.openings.job_ids[board.twins[job_id]].tolist()


def _histories(board: Board, seekers: Sequence[Seeker]) -> dict[str, Any]:
    """The rows of the model that each has seen; what the model does not know says nothing."""
    ids = np.full((len(seekers), HISTORY), -1, np.int64)
    strengths = np.zeros((len(seekers), HISTORY), np.float32)
    histories = [seeker.history[:HISTORY] for seeker in seekers]
    lengths = np.fromiter(map(len, histories), np.int64, len(histories))
    is_there = np.arange(HISTORY) < lengths[:, None]
    ids[is_there] = [seen.job_id for history in histories for seen in history]
    strengths[is_there] = [seen.strength for history in histories for seen in history]
    rows = board.signals.rows_of(ids.ravel()).reshape(ids.shape)
    return {"history": rows, "strengths": np.where(rows >= 0, strengths, 0).astype(np.float32)}


_FLAGS = {flag: number for number, flag in enumerate(JobFlag)}


def _leanings(seekers: Sequence[Seeker]) -> Floats:
    points = np.zeros((len(seekers), len(JobFlag)), np.float32)
    for row, seeker in zip(points, seekers, strict=True):
        for flag, each in seeker.leanings.items():
            row[_FLAGS[flag]] = each
    return np.asarray(np.rint(points * LEANING_STEP) / LEANING_STEP, np.float32)
