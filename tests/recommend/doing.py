"""What people do with jobs, as rows."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from app.db import Database, reading, transaction
from app.jobs.models import Activity, ActivityKind, Impression, Job
from tests.jobs.factories import make_row, store_jobs
from tests.recommend.world import NOW

_numbers = count(1)


def make_jobs(database: Database, *external_ids: str, **values: Any) -> list[int]:
    """Jobs that differ in title and employer; their ids."""
    rows = [
        make_row(
            **{"external_id": name, "title": f"架空の求人 {name}", "employer": f"架空法人 {name}"} | values
        )
        for name in external_ids
    ]
    store_jobs(database, *rows)
    with reading(database) as session:
        ids = dict(session.execute(select(Job.external_id, Job.id)).all())
    return [ids[name] for name in external_ids]


def do(
    database: Database,
    kind: ActivityKind,
    job_id: int,
    *,
    friend_id: int | None = None,
    member_id: int | None = None,
    days_ago: float = 0,
    reason: str | None = None,
) -> None:
    """One activity."""
    with transaction(database) as session:
        session.add(
            Activity(
                external_id=f"a{next(_numbers)}",
                friend_id=friend_id,
                member_id=member_id,
                kind=kind,
                job_id=job_id,
                reason=reason,
                at=ago(days_ago),
                source="line",
            )
        )


def show(database: Database, friend_id: int, job_id: int, *, days_ago: float) -> None:
    """One impression."""
    with transaction(database) as session:
        session.add(
            Impression(
                friend_id=friend_id, job_id=job_id, at=ago(days_ago), position=1, parts={"conditions": []}
            )
        )


def ago(days: float) -> datetime:
    """Before NOW."""
    return NOW - timedelta(days=days)
