"""What is written about jobs: imported rows, taps, what was shown. Nothing here commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.bulk import replace_rows
from app.db import Base
from app.importing.running import UpsertCounts
from app.inserting import insert_ignoring, insert_unless_there
from app.jobs.folding import fold_key
from app.jobs.models import Activity, ActivityKind, Impression, Job, JobArea
from app.jobs.queries import newest_impression, newest_kind
from app.jobs.rows import JobRow
from app.jobs.rules import HideReason
from app.jobs.vocabulary import flag_bits, licence_bits


@dataclass(frozen=True, kw_only=True)
class Tap:
    """Who tapped, when, and the event that told us: one event is kept once."""

    friend_id: int
    at: datetime
    event_id: str
    source: str = "line"

    @property
    def external_id(self) -> str:
        """A key of fixed length, whatever LINE or a stranger puts into an event's id."""
        return (
            f"tap:{sha256(f'{self.friend_id}:{self.event_id}'.encode('utf-8', 'replace')).hexdigest()[:40]}"
        )


@dataclass(frozen=True)
class Shown:
    """A job as it was shown to somebody."""

    job_id: int
    parts: Mapping[str, Any] = field(default_factory=dict)
    """What the choice was made of."""
    propensity: float | None = None
    """How likely it was to be shown; None: not drawn by chance."""


def record_activity(
    session: Session, tap: Tap, kind: ActivityKind, job_id: int | None, *, reason: str | None = None
) -> bool:
    """Note what a person did; False when this event was noted before."""
    inserted = insert_unless_there(
        session,
        Activity,
        external_id=tap.external_id,
        friend_id=tap.friend_id,
        kind=kind,
        job_id=job_id,
        reason=reason,
        at=tap.at,
        source=tap.source,
    )
    return inserted is not None


def save_job(session: Session, tap: Tap, job_id: int) -> bool:
    """保存; False when it was saved already."""
    return _switch(session, tap, job_id, on=ActivityKind.SAVE, off=ActivityKind.UNSAVE)


def unsave_job(session: Session, tap: Tap, job_id: int) -> bool:
    """保存 is taken back; False when it was not saved."""
    if newest_kind(session, tap.friend_id, job_id, (ActivityKind.SAVE, ActivityKind.UNSAVE)) is None:
        return False
    return _switch(session, tap, job_id, on=ActivityKind.UNSAVE, off=ActivityKind.SAVE)


def hide_job(session: Session, tap: Tap, job_id: int, *, reason: HideReason | None = None) -> bool:
    """興味なし; False when it was hidden already. A reason told afterwards is noted all the same."""
    if reason is not None:
        return record_activity(session, tap, ActivityKind.HIDE, job_id, reason=reason.value)
    return _switch(session, tap, job_id, on=ActivityKind.HIDE, off=ActivityKind.UNHIDE)


def unhide_job(session: Session, tap: Tap, job_id: int) -> bool:
    """興味なし is taken back; False when it was not hidden."""
    if newest_kind(session, tap.friend_id, job_id, (ActivityKind.HIDE, ActivityKind.UNHIDE)) is None:
        return False
    return _switch(session, tap, job_id, on=ActivityKind.UNHIDE, off=ActivityKind.HIDE)


def view_job(session: Session, tap: Tap, job_id: int) -> None:
    """詳しく: a view, and a click on the newest impression of this job if nobody clicked it yet."""
    if not record_activity(session, tap, ActivityKind.VIEW, job_id):
        return
    newest = newest_impression(session, tap.friend_id, job_id)
    session.execute(
        update(Impression)
        .where(Impression.id == newest, Impression.clicked_at.is_(None))
        .values(clicked_at=tap.at)
        .execution_options(synchronize_session=False)
    )


def record_impressions(session: Session, friend_id: int, shown: Sequence[Shown], at: datetime) -> None:
    """Note which jobs were shown, in order, with what each choice was made of."""
    session.add_all(
        Impression(
            friend_id=friend_id,
            job_id=each.job_id,
            at=at,
            position=position,
            parts=dict(each.parts),
            propensity=each.propensity,
        )
        for position, each in enumerate(shown, start=1)
    )
    session.flush()


def close_job(session: Session, external_id: str, at: datetime) -> bool:
    """End a vacancy; False when it is unknown or was closed by then.

    The same row imported again does not open it; a changed one does, as the site's newer word.
    """
    closed = (
        update(Job)
        .where(Job.external_id == external_id, Job.closed_at.is_(None) | (Job.closed_at > at))
        .values(closed_at=at, updated_at=at)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(closed) is not None


def upsert_jobs(session: Session, rows: Sequence[JobRow], now: datetime) -> UpsertCounts:
    """Write rows with distinct external ids; one whose digest is stored already changes nothing."""
    known = dict(
        session.execute(
            select(Job.external_id, Job.digest).where(Job.external_id.in_([row.external_id for row in rows]))
        ).all()
    )
    changed = [row for row in rows if known.get(row.external_id) != row.digest]
    if changed:
        _write_areas(session, changed, _write_jobs(session, changed, now))
    updated = sum(row.external_id in known for row in changed)
    return UpsertCounts(len(changed) - updated, updated, len(rows) - len(changed))


def _write_jobs(session: Session, rows: Sequence[JobRow], now: datetime) -> dict[str, int]:
    table = Base.metadata.tables[Job.__tablename__]
    return replace_rows(session.connection(), table, [_columns(row, now) for row in rows], "external_id")


def _columns(row: JobRow, now: datetime) -> dict[str, Any]:
    values = row.model_dump(exclude={"prefectures"})
    return values | {
        "flags": flag_bits(row.flags),
        "licences": licence_bits(row.licences),
        "digest": row.digest,
        "fold_key": fold_key(row),
        "updated_at": now,
    }


def _write_areas(session: Session, rows: Sequence[JobRow], ids: Mapping[str, int]) -> None:
    connection = session.connection()
    connection.execute(delete(JobArea).where(JobArea.job_id.in_(ids.values())))
    further = [
        {"job_id": ids[row.external_id], "prefecture": prefecture}
        for row in rows
        for prefecture in row.prefectures
        if prefecture != row.prefecture
    ]
    if further:
        connection.execute(insert_ignoring(session, JobArea), further)


def _switch(session: Session, tap: Tap, job_id: int, *, on: ActivityKind, off: ActivityKind) -> bool:
    """Add `on` unless it is what the friend did last: a double tap is one."""
    if newest_kind(session, tap.friend_id, job_id, (on, off)) is on:
        return False
    return record_activity(session, tap, on, job_id)
