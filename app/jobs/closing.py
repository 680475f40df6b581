"""Closing what a whole catalogue no longer names."""

from datetime import datetime

from sqlalchemy import or_, select, update

from app.db import Database, reading, transaction
from app.importing.files import ImportRefused
from app.importing.running import FoundKeys, moving
from app.jobs.models import Job

MOST_SHARE = 0.5
"""More than this of all open jobs is hardly ever gone at once: rather the file is not the whole catalogue."""
BATCH = 200


def close_missing_jobs(database: Database, found: FoundKeys, now: datetime, *, many: bool = False) -> int:
    """Close every job that is open or will open and that the file did not name; how many were closed.

    One that a later file names again opens again, even with the same row. Errors: ImportRefused, with nothing
    closed, when rows of the file could not be read at all, or when more than half would go and not `many`.
    """
    if found.unknown:
        raise ImportRefused(
            f"読めない行が{found.unknown:,}行あり、どの求人がなくなったか分かりません。求人は終了していません。"
        )
    with reading(database) as session:
        is_open = or_(Job.closed_at.is_(None), Job.closed_at > now)
        rows = session.execute(select(Job.id, Job.external_id).where(is_open)).all()
    gone = [id_ for id_, external_id in rows if external_id not in found.keys]
    if len(gone) > MOST_SHARE * len(rows) and not many:
        raise ImportRefused(
            f"募集中の{len(rows):,}件のうち{len(gone):,}件がファイルにありません。半分を超えるため、終了していません。"
            "ファイルがすべての求人を含むと確かめてから、--yes-close-many を付けて実行してください。"
        )
    at = moving(now)
    for start in range(0, len(gone), BATCH):
        _close(database, gone[start : start + BATCH], at())
    return len(gone)


def _close(database: Database, ids: list[int], at: datetime) -> None:
    closed = update(Job).where(Job.id.in_(ids)).values(closed_at=at, updated_at=at, digest="")
    with transaction(database) as session:
        session.execute(closed.execution_options(synchronize_session=False))
