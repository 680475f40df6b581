"""Importing a file of jobs. Jobs that are not in the file stay as they are, unless they shall be closed."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.batches import Progress
from app.db import Database
from app.importing.running import (
    FoundKeys,
    ImportReport,
    Kind,
    UnreadableRow,
    import_file,
    moving,
)
from app.jobs.actions import upsert_jobs
from app.jobs.rows import COLUMNS, JobRow, faults_of, read_job_row

__all__ = ["FoundKeys", "ImportReport", "import_jobs"]


def import_jobs(
    database: Database,
    path: Path,
    *,
    now: datetime,
    progress: Progress | None = None,
    found: FoundKeys | None = None,
) -> ImportReport:
    """Import CSV, JSON lines or a JSON list, of our columns or of schema.org postings (app/importing/running.py).

    `found` is filled with what the file names, for `close_missing_jobs`.
    """
    at = moving(now)
    kind = Kind(COLUMNS, "external_id", _read, lambda session, rows: upsert_jobs(session, rows, at()))
    return import_file(database, path, kind, progress, found)


def _read(values: Mapping[str, Any], notes: list[str]) -> JobRow:
    try:
        return read_job_row(values, notes)
    except ValidationError as error:
        raise UnreadableRow(list(faults_of(error))) from None
