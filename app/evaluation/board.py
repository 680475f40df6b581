"""A board and its log as arrays: jobs with their words and places, and what members did with them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from app.errors import AppError
from app.evaluation.files import ActivityLine, JobLine, read_activity, read_jobs
from app.recommend.contents import word_matrix
from app.recommend.fitting.content import BUCKETS
from app.recommend.fitting.pairs import Events
from app.recommend.signals import Floats, Integers
from app.recommend.strengths import STRENGTHS

NOWHERE = -1
_NOTES = 5
_EPOCH = date(1970, 1, 1).toordinal()
_DAY_SECONDS = 86_400


class NothingToEvaluate(AppError):
    """The files hold too little to hold anything out."""


@dataclass(frozen=True, eq=False)
class Board:
    """n jobs (those of the activity alone come last, without a word), m members, and all events."""

    words: csr_array
    """(n, F)"""
    opened: Floats
    """(n,) days since 1970; NaN: unknown."""
    prefectures: Integers
    """(n,) numbers; NOWHERE: unknown."""
    cities: Integers
    """(n,) numbers, a city of another prefecture being another one."""
    events: Events
    members: int
    notes: tuple[str, ...]
    """What a reader of the figures should know about the files."""

    @property
    def jobs(self) -> int:
        """n"""
        return int(self.words.shape[0])

    @property
    def knows_places(self) -> bool:
        """True when a place is known for most jobs."""
        return bool((self.prefectures >= 0).mean() > 0.5) if self.jobs else False


def read_board(jobs: Path, activity: Path) -> Board:
    """Read both files. Errors: ImportRefused, UnreadableFile, NothingToEvaluate."""
    listed = _Jobs()
    words = word_matrix(listed.fields_of(read_jobs(jobs)), BUCKETS)
    told, kinds = _Log(listed), Counter[str]()
    told.read(read_activity(activity, kinds))
    if not told.days:
        raise NothingToEvaluate("評価できる行動(閲覧・保存・クリック・応募)がありません")
    n = len(listed.rows)
    words.resize((n, BUCKETS))
    return Board(
        words=words,
        opened=np.array(listed.opened + [np.nan] * (n - len(listed.opened))),
        prefectures=_padded(listed.prefectures, n),
        cities=_padded(listed.cities, n),
        events=told.events(),
        members=len(told.members),
        notes=(*_kind_notes(kinds), *told.notes(n - len(listed.opened))),
    )


class _Jobs:
    """Numbers for jobs and places, in the order in which they are first named."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.opened: list[float] = []
        self.prefectures: list[int] = []
        self.cities: list[int] = []
        self._places: dict[tuple[str, ...], int] = {}

    def fields_of(self, jobs: Iterable[JobLine]) -> Iterator[list[list[str]]]:
        for job in jobs:
            self.rows[job.key] = len(self.rows)
            self.opened.append(np.nan if job.opened_on is None else float(job.opened_on.toordinal() - _EPOCH))
            self.prefectures.append(self._place(job.prefecture))
            self.cities.append(self._place(job.prefecture or "", job.city))
            yield job.fields

    def _place(self, *names: str | None) -> int:
        if names[-1] is None or names[-1].casefold() == "na":
            return NOWHERE
        return self._places.setdefault(tuple(str(name) for name in names), len(self._places))


class _Log:
    def __init__(self, jobs: _Jobs) -> None:
        self.members: dict[str, int] = {}
        self.days: list[float] = []
        self.ignored: Counter[str] = Counter()
        self._jobs = jobs
        self._persons: list[int] = []
        self._rows: list[int] = []
        self._strengths: list[float] = []

    def read(self, lines: Iterable[ActivityLine]) -> None:
        for line in lines:
            strength = STRENGTHS.get(line.kind, 0.0)
            if not strength:
                self.ignored[line.kind.value] += 1
                continue
            self._persons.append(self.members.setdefault(line.member, len(self.members)))
            self._rows.append(self._jobs.rows.setdefault(line.job, len(self._jobs.rows)))
            self._strengths.append(strength)
            self.days.append(np.nan if line.at is None else _days(line.at))

    def events(self) -> Events:
        return Events(
            np.array(self._persons, np.int64),
            np.array(self._rows, np.int64),
            np.array(self._strengths),
            np.array(self.days),
        )

    def notes(self, unlisted: int) -> Iterator[str]:
        for kind, count in self.ignored.items():
            yield f"{count} rows of the kind {kind} say nothing about what is wanted and were left out"
        if unlisted:
            yield f"{unlisted} jobs of the activity are not in the file of jobs: nothing is known of their content"


def _kind_notes(kinds: Counter[str]) -> Iterator[str]:
    for word, count in kinds.most_common(_NOTES):
        yield f"{count} rows of the kind {word!r} were counted as views"


def _padded(numbers: list[int], n: int) -> Integers:
    return np.array(numbers + [NOWHERE] * (n - len(numbers)), np.int64)


def _days(at: datetime) -> float:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() / _DAY_SECONDS
