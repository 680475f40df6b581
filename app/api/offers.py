"""A vacancy offered to somebody, with what fits: what searches and recommendations answer with."""

from collections.abc import Mapping, Sequence

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.jobs import JobShown, jobs_shown
from app.api.values import Shown
from app.jobs.models import Job


class Offer(Shown):
    """An open vacancy and why it is offered."""

    job: JobShown
    reasons: list[str] = Field(description="In Japanese, for people; each is true of the vacancy.")


def offers_of(session: Session, job_ids: Sequence[int], reasons: Mapping[int, Sequence[str]]) -> list[Offer]:
    """These jobs in this order."""
    jobs = {job.id: job for job in session.scalars(select(Job).where(Job.id.in_(job_ids)))}
    shown = jobs_shown(session, [jobs[id_] for id_ in job_ids])
    return [Offer(job=job, reasons=list(reasons[id_])) for id_, job in zip(job_ids, shown, strict=True)]
