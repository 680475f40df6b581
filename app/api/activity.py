"""What members do on the job site: views, saved jobs, applications, visits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from pydantic import Field, model_validator
from sqlalchemy.orm import Session

from app.api.endpoint import Bulk, Call
from app.api.problems import Fault
from app.api.references import KnownMembers, known_jobs, known_members
from app.api.values import Body, Key, Moment
from app.bulk import insert_rows
from app.db import Base
from app.jobs.models import Activity, ActivityKind
from app.jobs.rules import HideReason
from app.links.reactions import record_site_visits
from app.members.actions import record_visit
from app.site_keys.scopes import Scope

WITHOUT_JOB = {ActivityKind.VISIT, ActivityKind.SEARCH}


class ActivityBody(Body):
    """One thing that a member did. Its `external_id` makes a repetition nothing."""

    external_id: Key
    member: Key
    kind: ActivityKind
    job: Key | None = None
    reason: HideReason | None = Field(None, description="Why a vacancy was hidden.")
    at: Moment

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.job is None and self.kind not in WITHOUT_JOB:
            raise ValueError(f"{self.kind} needs a job")
        if self.reason is not None and self.kind is not ActivityKind.HIDE:
            raise ValueError("only hide has a reason")
        return self


def put_activity(session: Session, call: Call[None], lines: Sequence[ActivityBody]) -> list[list[Fault]]:
    """Things that members did. A visit is the sign of life that counts, also for the friends they are linked to.

    Times ahead of ours count as now.
    """
    members = known_members(session, [line.member for line in lines])
    jobs = known_jobs(session, [line.job for line in lines if line.job is not None])
    faults = [_faults(line, members, jobs) for line in lines]
    right = [line for line, wrong in zip(lines, faults, strict=True) if not wrong]
    # In one order for all, so that two requests at once never wait for each other.
    rows = sorted(
        (_row(line, members.ids, jobs, call.now) for line in right), key=lambda row: str(row["external_id"])
    )
    insert_rows(session.connection(), Base.metadata.tables[Activity.__tablename__], rows)
    visits = sorted((row["at"], row["member_id"]) for row in rows if row["kind"] is ActivityKind.VISIT)
    newest = {member_id: at for at, member_id in visits}
    record_site_visits(session, newest)
    for member_id, at in sorted(newest.items()):
        record_visit(session, member_id, at)
    return faults


def _faults(line: ActivityBody, members: KnownMembers, jobs: Mapping[str, int]) -> list[Fault]:
    faults = [fault for fault in [members.fault(line.member)] if fault is not None]
    if line.job is not None and line.job not in jobs:
        faults.append(Fault("job", "is not a known vacancy"))
    return faults


def _row(
    line: ActivityBody, members: Mapping[str, int], jobs: Mapping[str, int], now: datetime
) -> dict[str, Any]:
    return {
        "external_id": line.external_id,
        "member_id": members[line.member],
        "kind": line.kind,
        "job_id": None if line.job is None else jobs[line.job],
        "reason": line.reason,
        "at": min(line.at, now),
        "source": "site",
    }


ENDPOINTS = (
    Bulk(
        method="POST",
        path="/activity/bulk",
        scope=Scope.ACTIVITY_WRITE,
        summary="Tell what members did on the site",
        given=ActivityBody,
        run=put_activity,
        key=lambda line: line.external_id,
    ),
)
