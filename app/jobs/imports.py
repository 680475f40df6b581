"""Importing a file of jobs: streamed, in short transactions, each row written whole or rejected.

Within one file an external id counts once: a second row with it is rejected, since nobody can say which of
the two is right, and a file imported again must change nothing. Jobs not in the file stay as they are.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from app.db import Database, transaction
from app.jobs.actions import UpsertCounts, upsert_jobs
from app.jobs.files import JobFile, RawRow, open_job_file
from app.jobs.rejections import Rejections, collect_rejections
from app.jobs.rows import JobRow, faults_of, read_job_row

BATCH = 200
"""Rows in one transaction: well under 50 ms on SQLite, where everybody else waits meanwhile."""
_NOTES = 50

Progress = Callable[[int, int], None]
"""Called after each batch with the bytes read and the size of the file."""


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


def import_jobs(
    database: Database, path: Path, *, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Import CSV or JSON lines; `<file>.rejected.csv` appears at the end, if anything was rejected.

    Stopped half-way, it has written whole rows only, and running it again does the rest.
    Errors: ImportRefused when the file as a whole is unusable, then nothing was written.
    """
    with open_job_file(path) as file, collect_rejections(path) as rejections:
        reading = _Reading(rejections)
        totals: Counter[str] = Counter()
        for batch in _batches(reading.rows(file)):
            with transaction(database) as session:
                counts = upsert_jobs(session, batch, now)
            _add(totals, counts)
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


class _Reading:
    """One pass over a file: right rows come out, the others go to the rejections."""

    def __init__(self, rejections: Rejections) -> None:
        self.read = 0
        self.notes: Counter[str] = Counter()
        self._rejections = rejections
        self._lines: dict[str, int] = {}

    def rows(self, file: JobFile) -> Iterator[JobRow]:
        for raw in file.rows:
            self.read += 1
            found = self._check(raw)
            if isinstance(found, JobRow):
                yield found
            else:
                self._rejections.add(raw, found)

    def _check(self, raw: RawRow) -> JobRow | list[tuple[str, str]]:
        """The row, or what is wrong with it as (field, reason)."""
        if raw.broken is not None:
            return [("", raw.broken)]
        notes: list[str] = []
        try:
            row = read_job_row(raw.values, notes)
        except ValidationError as error:
            return list(faults_of(error))
        first = self._lines.setdefault(row.external_id, raw.line)
        if first != raw.line:
            return [("external_id", f"{first}行目と同じ番号です")]
        self._note(notes)
        return row

    def _note(self, notes: list[str]) -> None:
        for note in notes:
            self.notes[note if note in self.notes or len(self.notes) < _NOTES else "そのほか"] += 1


def _batches(rows: Iterator[JobRow]) -> Iterator[list[JobRow]]:
    batch: list[JobRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _add(totals: Counter[str], counts: UpsertCounts) -> None:
    totals.update(inserted=counts.inserted, updated=counts.updated, unchanged=counts.unchanged)
