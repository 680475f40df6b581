"""Importing a file of members: new ones are added, known ones (by external id) get what the file says."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.batches import Progress
from app.db import Database, reading
from app.encryption import Encryption
from app.importing.running import ImportReport, Kind, UpsertCounts, import_file, moving
from app.members.actions import upsert_members
from app.members.values import MemberData
from app.people.member_rows import COLUMNS, read_member_row
from app.staff.models import Staff


def import_members(
    database: Database, encryption: Encryption, path: Path, *, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Import CSV or JSON lines (app/importing/running.py). Members that are not in the file stay as they are."""
    with reading(database) as session:
        staff = select(Staff.email, Staff.id).where(Staff.left_on.is_(None))
        recruiters = dict(session.execute(staff).all())

    at = moving(now)

    def write(session: Session, rows: Sequence[MemberData]) -> UpsertCounts:
        done = upsert_members(session, encryption, rows, at())
        return UpsertCounts(done.inserted, done.updated, done.unchanged)

    kind = Kind(COLUMNS, "external_id", lambda values, _: read_member_row(values, recruiters), write)
    return import_file(database, path, kind, progress)
