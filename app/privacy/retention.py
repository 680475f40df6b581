"""What nobody needs any more is deleted every night, a few hundred rows at a time (docs/personal-data.md).

Raw events and what messages say are emptied by app/messaging/retention.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from app.batches import among_rows, in_batches
from app.clock import Clock
from app.db import Base, Database
from app.privacy.actions import finish_erasures
from app.staff.sessions import LIFE


@dataclass(frozen=True)
class Kept:
    """How long rows of a table are kept after the time in one of their columns."""

    table: str
    since: str
    age: timedelta
    by_machine_time: bool = False
    """Its times are machine time: travel in the demo's time must not end a sign-in."""


DAY = timedelta(days=1)
KEPT: Sequence[Kept] = (
    Kept("activity", "at", 730 * DAY),
    Kept("impression", "at", 396 * DAY),
    Kept("audit", "at", 1826 * DAY),
    Kept("idempotency", "created_at", 2 * DAY, by_machine_time=True),
    Kept("sign_in_try", "at", DAY, by_machine_time=True),
    Kept("staff_session", "began_at", LIFE, by_machine_time=True),
)


def remove_what_is_old(database: Database, now: datetime) -> int:
    """Delete what is past its time, and finish erasures that were broken off; how many rows."""
    real_now = Clock().real_now()
    removed = sum(_remove(database, each, real_now if each.by_machine_time else now) for each in KEPT)
    return removed + finish_erasures(database, now)


def _remove(database: Database, kept: Kept, now: datetime) -> int:
    table = Base.metadata.tables[kept.table]
    since = table.c[kept.since]
    is_old = since < now - kept.age

    def remove(session: Session, rows: Sequence[Row[Any]]) -> int:
        gone = delete(table).where(among_rows(table, rows), is_old).returning(*table.primary_key)
        return len(session.execute(gone).all())

    return in_batches(database, select(*table.primary_key).where(is_old).order_by(since), remove)
