"""Which rows of a board each person has to look at: shelves, each with the people before it.

A shelf is a cell for whoever said what and where; an occupation, a prefecture, or all jobs for the others. A person
stands before several when they wish for several places or occupations.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.recommend.board import PREFECTURES, Board, Part, Top
from app.recommend.crowd import NOTHING, Crowd
from app.recommend.openings import Integers
from app.recommend.points import static_points

_ALL, _OCCUPATION, _PREFECTURE, _CELL = (kind << 24 for kind in range(4))
_CODE_BITS = 32
TOP_ROWS = 1_024
"""Of a shelf with four times as many jobs."""


@dataclass(frozen=True)
class Shelf:
    """Some rows of the board, and who looks at them."""

    code: int
    pairs: slice
    """Of people before this shelf."""


def pairs_of(crowd: Crowd) -> tuple[Integers, Integers]:
    """All pairs of person and shelf, by shelf and then person: (people, codes of shelves)."""
    has_occupation = (crowd.occupations != NOTHING).any(axis=1)
    places = _wished_prefectures(crowd)
    has_place = (crowd.prefectures != 0) | (crowd.cities != NOTHING).any(axis=1)
    found = [_keys(_ALL, np.flatnonzero(~has_occupation & ~has_place))]
    people, where = np.nonzero(places & ~has_occupation[:, None])
    found.append(_keys(_PREFECTURE + where, people))
    for column in crowd.occupations.T:
        is_known = column >= 0
        elsewhere = np.flatnonzero(is_known & ~has_place)
        found.append(_keys(_OCCUPATION + column[elsewhere].astype(np.int64), elsewhere))
        people, where = np.nonzero(places & is_known[:, None])
        found.append(_keys(_CELL + column[people].astype(np.int64) * PREFECTURES + where, people))
    keys = np.unique(np.concatenate(found))
    return keys & ((1 << _CODE_BITS) - 1), keys >> _CODE_BITS


def shelves_of(board: Board, codes: Integers) -> Iterator[Shelf]:
    """The shelves of such pairs, those without rows left out."""
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    for start, end in pairwise([*starts.tolist(), len(codes)]):
        code = int(codes[start])
        if _length(_rows_of(board, code)):
            yield Shelf(code, slice(start, end))


def whole(board: Board, code: int) -> Part:
    """All rows of a shelf. What is a view of the board is made once."""
    known = board.shelves.get(code)
    if known is not None:
        return known
    which = _rows_of(board, code)
    part = _part(board, which, code)
    if isinstance(which, slice):
        board.shelves[code] = part
    return part


def top(board: Board, code: int) -> Top | None:
    """The top of a long shelf, made once; None for a short one."""
    known = board.tops.get(code)
    if known is not None:
        return known
    which = _rows_of(board, code)
    if _length(which) < 4 * TOP_ROWS:
        return None
    numbers, rows = board.numbers[which], board.rows
    if _prefecture_of(code) is None:  # of a job's several rows the main one is looked at
        numbers = numbers[rows.is_main[numbers]]
    if len(numbers) < 4 * TOP_ROWS:
        return None
    keys = static_points(rows.part(numbers)) - rows.ties[numbers]
    best = numbers[np.sort(np.argpartition(keys, -TOP_ROWS)[-TOP_ROWS:])]
    new = numbers[rows.is_new[numbers] & rows.is_main[numbers]]
    board.tops[code] = made = Top(_part(board, best, code), _part(board, new, code))
    return made


def _part(board: Board, which: slice | Integers, code: int) -> Part:
    return Part(board.rows.part(which), board.numbers[which], _prefecture_of(code))


def _length(which: slice | Integers) -> int:
    return which.stop - which.start if isinstance(which, slice) else len(which)


def _keys(codes: Integers | int, people: Integers) -> Integers:
    return (np.asarray(codes, np.int64) << _CODE_BITS) | people.astype(np.int64)


def _wished_prefectures(crowd: Crowd) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """(m, 48): those named, and those of wished cities."""
    bits = np.arange(PREFECTURES, dtype=np.uint64)
    places = crowd.prefectures[:, None] >> bits & np.uint64(1) != 0
    for column in crowd.cities.T:
        codes = np.where(column >= 100, column // 1000, column)
        people = np.flatnonzero((codes > 0) & (codes < PREFECTURES))
        places[people, codes[people]] = True
    return np.asarray(places)


def _rows_of(board: Board, code: int) -> Integers | slice:
    kind, rest = code >> 24 << 24, code & ((1 << 24) - 1)
    if kind == _CELL:
        return board.cell(*divmod(rest, PREFECTURES))
    if kind == _OCCUPATION:
        return board.occupation(rest)
    if kind == _PREFECTURE:
        return board.by_prefecture.get(rest, np.empty(0, np.int64))
    return slice(0, len(board.rows))


def _prefecture_of(code: int) -> int | None:
    kind, rest = code >> 24 << 24, code & ((1 << 24) - 1)
    if kind == _CELL:
        return rest % PREFECTURES
    return rest if kind == _PREFECTURE else None
