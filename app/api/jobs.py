"""求人: vacancies as the job site describes them, checked as `goen import-jobs` checks them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.endpoint import Bulk, Call, Reading, Writing
from app.api.pages import read_page
from app.api.problems import Fault, not_found
from app.api.values import Page, PageQuery, Saved, Shown
from app.jobs.actions import close_job, upsert_jobs
from app.jobs.models import Job, JobArea
from app.jobs.rows import JobRow
from app.jobs.vocabulary import EmploymentType, JobFlag, WageType, flags_of, licences_of
from app.site_keys.scopes import Scope


class JobShown(Shown):
    """A vacancy as it is kept: words are the canonical ones, places are codes."""

    external_id: str
    title: str
    employer: str
    occupation: str
    employment: EmploymentType
    prefecture: int
    prefectures: list[int]
    city: int | None
    worksite: str | None
    lat: float | None
    lng: float | None
    wage_type: WageType
    wage_min: int
    wage_max: int | None
    hours: str | None
    holidays: str | None
    flags: list[JobFlag]
    licences: list[str]
    text: str | None
    url: str | None
    image_url: str | None
    opened_on: date
    closed_at: datetime | None
    updated_at: datetime


_COPIED = set(JobShown.model_fields) - {"prefectures", "flags", "licences"}


def put_job(session: Session, call: Call[JobRow]) -> Saved:
    """A new vacancy, or all of a known one anew. Words and places are read as in `goen import-jobs`."""
    upsert_jobs(session, [call.given], call.now)
    return _saved(session, call.given.external_id)


def put_jobs(session: Session, call: Call[None], lines: Sequence[JobRow]) -> list[list[Fault]]:
    """Many vacancies at once; one that is stored already, in the same words, changes nothing."""
    upsert_jobs(session, lines, call.now)
    return [[] for _ in lines]


def close_vacancy(session: Session, call: Call[None]) -> Saved:
    """It is offered to nobody from now on. Closing it again changes nothing; a changed row opens it."""
    external_id = call.path["external_id"]
    close_job(session, external_id, call.now)
    return _saved(session, external_id)


def get_job(session: Session, call: Call[None]) -> JobShown:
    """One vacancy, open or closed."""
    job = session.scalars(select(Job).where(Job.external_id == call.path["external_id"])).one_or_none()
    if job is None:
        raise not_found("job")
    return jobs_shown(session, [job])[0]


def list_jobs(session: Session, call: Call[PageQuery]) -> Page[JobShown]:
    """Vacancies, open and closed, the longest unchanged first."""
    order = (Job.updated_at, Job.id)
    return read_page(session, select(Job), order, call.given, lambda jobs: jobs_shown(session, jobs))


def _saved(session: Session, external_id: str) -> Saved:
    updated_at = session.scalars(select(Job.updated_at).where(Job.external_id == external_id)).one_or_none()
    if updated_at is None:
        raise not_found("job")
    return Saved(external_id=external_id, updated_at=updated_at)


def jobs_shown(session: Session, jobs: Sequence[Job]) -> list[JobShown]:
    """Vacancies as they are told, in the given order."""
    further: dict[int, list[int]] = defaultdict(list)
    areas = select(JobArea.job_id, JobArea.prefecture).where(JobArea.job_id.in_([job.id for job in jobs]))
    for job_id, prefecture in session.execute(areas):
        further[job_id].append(prefecture)
    return [
        JobShown(
            **{name: getattr(job, name) for name in _COPIED},
            prefectures=sorted([job.prefecture, *further[job.id]]),
            flags=sorted(flags_of(job.flags)),
            licences=sorted(licences_of(job.licences)),
        )
        for job in jobs
    ]


ENDPOINTS = (
    Writing(
        method="PUT",
        path="/jobs/{external_id}",
        scope=Scope.JOBS_WRITE,
        summary="Add a vacancy or change it",
        given=JobRow,
        answer=Saved,
        run=put_job,
    ),
    Bulk(
        method="POST",
        path="/jobs/bulk",
        scope=Scope.JOBS_WRITE,
        summary="Add or change many vacancies",
        given=JobRow,
        run=put_jobs,
        key=lambda line: line.external_id,
    ),
    Writing(
        method="POST",
        path="/jobs/{external_id}/close",
        scope=Scope.JOBS_WRITE,
        summary="Close a vacancy",
        answer=Saved,
        run=close_vacancy,
    ),
    Reading(
        method="GET",
        path="/jobs/{external_id}",
        scope=Scope.JOBS_READ,
        summary="Read a vacancy",
        answer=JobShown,
        run=get_job,
    ),
    Reading(
        method="GET",
        path="/jobs",
        scope=Scope.JOBS_READ,
        summary="List vacancies",
        given=PageQuery,
        answer=Page[JobShown],
        run=list_jobs,
    ),
)
