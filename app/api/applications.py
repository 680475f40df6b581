"""応募: each member's way through a vacancy."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.endpoint import Call, Reading, Writing
from app.api.pages import read_page
from app.api.problems import not_found
from app.api.references import check_member, external_ids_of, job_named
from app.api.values import Body, Key, Moment, Page, PageQuery, Saved, Shown
from app.jobs.models import Job
from app.members.actions import upsert_application
from app.members.models import Application
from app.members.values import ApplicationData, Stage
from app.site_keys.scopes import Scope


class ApplicationBody(Body):
    """Where an application stands, and since when; an older word than the last changes nothing."""

    external_id: Key
    member: Key
    job: Key | None = None
    stage: Stage
    stage_at: Moment


class ApplicationShown(Shown):
    """An application as it is kept."""

    external_id: str
    member: str
    job: str | None
    stage: Stage
    stage_at: datetime
    updated_at: datetime


def put_application(session: Session, call: Call[ApplicationBody]) -> Saved:
    """A new application, or its next stage. Stages may come in any order: the newest `stage_at` counts."""
    given = call.given
    check_member(session, given.member)
    data = ApplicationData(
        external_id=given.external_id,
        member=given.member,
        stage=given.stage,
        stage_at=min(given.stage_at, call.now),
        job_id=job_named(session, given.job),
    )
    upsert_application(session, data, call.now)
    row = _find(session, given.external_id)
    return Saved(external_id=row.external_id, updated_at=row.updated_at)


def get_application(session: Session, call: Call[None]) -> ApplicationShown:
    """One application."""
    return _shown(session, [_find(session, call.path["external_id"])])[0]


def list_applications(session: Session, call: Call[PageQuery]) -> Page[ApplicationShown]:
    """Applications, the longest unchanged first."""
    order = (Application.updated_at, Application.id)
    return read_page(session, select(Application), order, call.given, lambda rows: _shown(session, rows))


def _find(session: Session, external_id: str) -> Application:
    found = session.scalars(select(Application).where(Application.external_id == external_id)).one_or_none()
    if found is None:
        raise not_found("application")
    return found


def _shown(session: Session, rows: Sequence[Application]) -> list[ApplicationShown]:
    members = external_ids_of(session, {row.member_id for row in rows})
    jobs_query = select(Job.id, Job.external_id).where(Job.id.in_({row.job_id for row in rows}))
    jobs: dict[int | None, str] = dict(session.execute(jobs_query).all())
    return [
        ApplicationShown(
            external_id=row.external_id,
            member=members[row.member_id],
            job=jobs.get(row.job_id),
            stage=Stage(row.stage),
            stage_at=row.stage_at,
            updated_at=row.updated_at,
        )
        for row in rows
    ]


ENDPOINTS = (
    Writing(
        method="PUT",
        path="/applications/{external_id}",
        scope=Scope.APPLICATIONS_WRITE,
        summary="Add an application or move it on",
        given=ApplicationBody,
        answer=Saved,
        run=put_application,
    ),
    Reading(
        method="GET",
        path="/applications/{external_id}",
        scope=Scope.APPLICATIONS_READ,
        summary="Read an application",
        answer=ApplicationShown,
        run=get_application,
    ),
    Reading(
        method="GET",
        path="/applications",
        scope=Scope.APPLICATIONS_READ,
        summary="List applications",
        given=PageQuery,
        answer=Page[ApplicationShown],
        run=list_applications,
    ),
)
