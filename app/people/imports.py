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
from app.members.actions import add_new_consents, upsert_members
from app.people.member_rows import COLUMNS, ImportedMember, read_member_row
from app.staff.models import Staff


def import_members(
    database: Database, encryption: Encryption, path: Path, *, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Import CSV or JSON lines (app/importing/running.py). Members that are not in the file stay as they are."""
    with reading(database) as session:
        staff = select(Staff.email, Staff.id).where(Staff.left_on.is_(None))
        recruiters = dict(session.execute(staff).all())

    at = moving(now)

    def write(session: Session, rows: Sequence[ImportedMember]) -> UpsertCounts:
        now = at()
        done = upsert_members(session, encryption, [row.data for row in rows], now)
        said = [each.of(done.ids[row.data.external_id], now) for row in rows for each in row.consents]
        agreed = add_new_consents(session, said) - done.touched
        return UpsertCounts(done.inserted, done.updated + len(agreed), done.unchanged - len(agreed))

    kind = Kind(COLUMNS, "external_id", lambda values, _: read_member_row(values, recruiters), write)
    return import_file(database, path, kind, progress)
