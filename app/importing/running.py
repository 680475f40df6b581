"""Importing a file: streamed, in short transactions, each row written whole or rejected.

Within one file a key counts once: a second row with it is rejected, since nobody can say which of the two is
right, and a file imported again must change nothing. What is not in the file stays as it is; whoever wants it
otherwise looks at `FoundKeys` afterwards.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from app.batches import Progress
from app.db import Database, transaction
from app.importing.files import Columns, ImportFile, RawRow, open_import_file
from app.importing.rejections import Rejections, collect_rejections

BATCH = 200
"""Rows in one transaction: well under 50 ms on SQLite, where everybody else waits meanwhile."""
STEP_SECONDS = 10
_NOTES = 50
_Row = TypeVar("_Row")
Faults = Sequence[tuple[str, str]]
"""What is wrong with a row: (field, reason), the field empty when the row as a whole is meant."""


class UnreadableRow(Exception):
    """A row that is not right; `faults` says why."""

    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self.faults = faults


@dataclass(frozen=True)
class UpsertCounts:
    """What became of a batch of rows."""

    inserted: int
    updated: int
    unchanged: int


@dataclass(frozen=True)
class Kind(Generic[_Row]):
    """What is imported: its columns, how a row is read, what names it, and how a batch is written."""

    columns: Columns
    key: str
    """The column that names a row."""
    read: Callable[[Mapping[str, Any], list[str]], _Row]
    """Adds what it leaves out of a row to the list. Errors: UnreadableRow."""
    write: Callable[[Session, Sequence[_Row]], UpsertCounts]


@dataclass
class FoundKeys:
    """What a file names, in right rows and in rejected ones: a row with a fault is not gone."""

    keys: set[str] = field(default_factory=set)
    unknown: int = 0
    """Rows that could not be read as one, or not their number: nobody can say what they name."""


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What became of a file: read = inserted + updated + unchanged + rejected."""

    read: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int
    rejected_path: Path | None
    """The rejected rows with line, field and reason; None when there are none."""
    ignored_columns: tuple[str, ...]
    notes: tuple[tuple[str, int], ...]
    """What was left out of rows that were imported, and how often."""

    def lines(self) -> list[str]:
        """The report for people."""
        names = ("read", "inserted", "updated", "unchanged", "rejected")
        lines = [", ".join(f"{name} {getattr(self, name)}" for name in names)]
        lines += [f"{count}× {note}" for note, count in self.notes]
        if self.ignored_columns:
            lines.append(f"Columns that mean nothing here: {', '.join(self.ignored_columns)}")
        return lines


def moving(now: datetime, seconds: Callable[[], float] = time.monotonic) -> Callable[[], datetime]:
    """The time of each batch of an import that began at `now`, in steps of ten seconds.

    Who reads changes goes back a minute (docs/api.md): rows must not become visible with an older time than that.
    """
    began = seconds()
    return lambda: now + timedelta(seconds=(seconds() - began) // STEP_SECONDS * STEP_SECONDS)


def import_file(
    database: Database,
    path: Path,
    kind: Kind[_Row],
    progress: Progress | None = None,
    found: FoundKeys | None = None,
) -> ImportReport:
    """Import CSV or JSON; `<file>.rejected.csv` appears at the end, if anything was rejected.

    Stopped half-way, it has written whole rows only, and running it again does the rest. `progress` hears of
    bytes; `found` is filled with what the file names. Errors: ImportRefused when the file as a whole is
    unusable, then nothing was written.
    """
    with open_import_file(path, kind.columns) as file, collect_rejections(path) as rejections:
        reading = _Reading(kind, rejections, found or FoundKeys())
        totals: Counter[str] = Counter()
        for batch in _batches(reading.rows(file)):
            with transaction(database) as session:
                counts = kind.write(session, batch)
            totals.update(vars(counts))
            if progress is not None:
                progress(file.done, file.size)
        return ImportReport(
            read=reading.read,
            inserted=totals["inserted"],
            updated=totals["updated"],
            unchanged=totals["unchanged"],
            rejected=rejections.rows,
            rejected_path=rejections.path if rejections.rows else None,
            ignored_columns=file.ignored_columns,
            notes=tuple(reading.notes.most_common()),
        )


class _Reading(Generic[_Row]):
    """One pass over a file: right rows come out, the others go to the rejections."""

    def __init__(self, kind: Kind[_Row], rejections: Rejections, found: FoundKeys) -> None:
        self.read = 0
        self.notes: Counter[str] = Counter()
        self._kind = kind
        self._rejections = rejections
        self._found = found
        self._places: dict[str, tuple[int, int]] = {}

    def rows(self, file: ImportFile) -> Iterator[_Row]:
        """The right rows, while the file is read."""
        for raw in file.rows:
            self.read += 1
            try:
                yield self._check(raw)
            except UnreadableRow as error:
                self._rejections.add(raw, error.faults)

    def _check(self, raw: RawRow) -> _Row:
        if raw.broken is not None:
            self._found.unknown += 1
            raise UnreadableRow([("", raw.broken)])
        notes: list[str] = []
        row = self._read(raw, notes)
        place = (self.read, raw.line)
        first = self._places.setdefault(getattr(row, self._kind.key), place)
        if first != place:
            raise UnreadableRow([(self._kind.key, f"{first[1]}行目と同じ番号です")])
        for note in notes:
            self.notes[note if note in self.notes or len(self.notes) < _NOTES else "そのほか"] += 1
        return row

    def _read(self, raw: RawRow, notes: list[str]) -> _Row:
        key = self._kind.key
        try:
            row = self._kind.read(raw.values, notes)
        except UnreadableRow as error:
            if any(field == key for field, _ in error.faults):
                self._found.unknown += 1
            else:
                self._found.keys.add(str(raw.values[key]).strip())
            raise
        self._found.keys.add(getattr(row, key))
        return row


def _batches(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    batch: list[_Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
