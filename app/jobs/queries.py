"""Reads: jobs that fit hard conditions, a friend's saved ones, one open job."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from app.jobs.conditions import is_open_now
from app.jobs.models import Activity, ActivityKind, Impression, Job, JobArea
from app.jobs.rules import JobFacts
from app.jobs.vocabulary import flags_of, licences_of

PER_EMPLOYER = 2


def facts_of(session: Session, job_ids: Sequence[int]) -> list[JobFacts]:
    """Jobs by their ids, in that order; unknown ones are left out."""
    if not job_ids:
        return []
    found = {job.id: job for job in session.scalars(select(Job).where(Job.id.in_(job_ids)))}
    return _facts(session, [found[job_id] for job_id in job_ids if job_id in found])


def find_open_job(session: Session, job_id: int, now: datetime) -> JobFacts | None:
    """The job if it is open now; None for a closed or unknown one."""
    jobs = session.scalars(select(Job).where(Job.id == job_id, is_open_now(now))).all()
    return next(iter(_facts(session, jobs)), None)


def saved_jobs(session: Session, friend_id: int, *, limit: int, now: datetime) -> list[JobFacts]:
    """Open jobs that the friend has saved and not hidden since, the last saved first."""
    newest = _newest(friend_id, (ActivityKind.SAVE, ActivityKind.UNSAVE)).subquery()
    saved = (
        select(Job)
        .join(newest, newest.c.job_id == Job.id)
        .where(newest.c.nth == 1, newest.c.kind == ActivityKind.SAVE, is_open_now(now))
        .where(Job.fold_key.not_in(_fold_keys(_hidden(friend_id))))
        .order_by(newest.c.at.desc(), Job.id.desc())
        .limit(limit)
    )
    once: dict[str, Job] = {}
    for job in session.scalars(saved):
        once.setdefault(job.fold_key, job)
    return _facts(session, list(once.values()))


def newest_kind(
    session: Session, friend_id: int, job_id: int, kinds: Sequence[ActivityKind]
) -> ActivityKind | None:
    """Which of these the friend did last with the job; None: none of them."""
    return session.scalars(
        select(Activity.kind)
        .where(Activity.friend_id == friend_id, Activity.job_id == job_id, Activity.kind.in_(kinds))
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(1)
    ).first()


def newest_impression(session: Session, friend_id: int, job_id: int) -> int | None:
    """The last showing of a job to a friend; None: never shown in a list."""
    newest = select(func.max(Impression.id))
    return session.scalars(newest.where(Impression.friend_id == friend_id, Impression.job_id == job_id)).one()


def saved_ids(session: Session, friend_id: int, job_ids: Sequence[int]) -> frozenset[int]:
    """Those of these jobs that the friend has saved."""
    newest = _newest(friend_id, (ActivityKind.SAVE, ActivityKind.UNSAVE)).subquery()
    saved = select(newest.c.job_id).where(newest.c.nth == 1, newest.c.kind == ActivityKind.SAVE)
    return frozenset(session.scalars(saved.where(newest.c.job_id.in_(job_ids))))


def find_occupation(session: Session, job_id: int) -> str | None:
    """A job's occupation, of a closed one too; None for an unknown one."""
    return session.scalars(select(Job.occupation).where(Job.id == job_id)).one_or_none()


def known_occupations(session: Session) -> frozenset[str]:
    """Every occupation that a job has ever been described with."""
    return frozenset(session.scalars(select(Job.occupation).distinct()))


def job_titles(session: Session, job_ids: Sequence[int]) -> dict[int, str]:
    """What jobs are called, closed ones too."""
    return dict(session.execute(select(Job.id, Job.title).where(Job.id.in_(job_ids))).all())


def _fold_keys(ids: Select[int | None]) -> Select[str]:
    """Of these jobs: who hid one, or applied to it, has done so with its twins."""
    chosen = aliased(Job)
    return select(chosen.fold_key).where(chosen.id.in_(ids))


def _newest(friend_id: int, kinds: Sequence[ActivityKind]) -> Select[int | None, ActivityKind, datetime, int]:
    """What the friend did with each job; `nth` 1 is the newest."""
    nth = func.row_number().over(
        partition_by=Activity.job_id, order_by=(Activity.at.desc(), Activity.id.desc())
    )
    return select(Activity.job_id, Activity.kind, Activity.at, nth.label("nth")).where(
        Activity.friend_id == friend_id, Activity.job_id.is_not(None), Activity.kind.in_(kinds)
    )


def _hidden(friend_id: int) -> Select[int | None]:
    newest = _newest(friend_id, (ActivityKind.HIDE, ActivityKind.UNHIDE)).subquery()
    return select(newest.c.job_id).where(newest.c.nth == 1, newest.c.kind == ActivityKind.HIDE)


def _facts(session: Session, jobs: Sequence[Job]) -> list[JobFacts]:
    further: dict[int, list[int]] = defaultdict(list)
    rows = session.execute(
        select(JobArea.job_id, JobArea.prefecture).where(JobArea.job_id.in_([job.id for job in jobs]))
    )
    for job_id, prefecture in rows:
        further[job_id].append(prefecture)
    return [_job_facts(job, tuple(sorted([job.prefecture, *further[job.id]]))) for job in jobs]


def _job_facts(job: Job, prefectures: tuple[int, ...]) -> JobFacts:
    return JobFacts(
        id=job.id,
        external_id=job.external_id,
        title=job.title,
        employer=job.employer,
        occupation=job.occupation,
        employment=job.employment,
        prefecture=job.prefecture,
        prefectures=prefectures,
        city=job.city,
        worksite=job.worksite,
        wage_type=job.wage_type,
        wage_min=job.wage_min,
        wage_max=job.wage_max,
        hours=job.hours,
        holidays=job.holidays,
        flags=flags_of(job.flags),
        licences=licences_of(job.licences),
        text=job.text,
        url=job.url,
        image_url=job.image_url,
        opened_on=job.opened_on,
        closed_at=job.closed_at,
    )
