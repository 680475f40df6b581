"""Where a tracked link leads now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.friends.models import Friend
from app.jobs.models import Job
from app.jobs.queries import find_open_job
from app.line.addresses import WEB, is_address
from app.messaging.models import Channel
from app.tracking.rules import Refusal, TrackedLink


@dataclass(frozen=True)
class Target:
    """The job's own page, or why there is none; and the account of the friend, for the way back."""

    page: str | Refusal
    basic_id: str | None
    """Of the account, with its @. None: nobody is known by this link, or LINE has not told it yet."""


def find_target(session: Session, link: TrackedLink, now: datetime) -> Target:
    """The address is the job's, as it is stored at this moment; nothing of a request is in it."""
    account = select(Channel.basic_id).join(Friend, Friend.channel_id == Channel.id)
    basic_id = session.scalars(account.where(Friend.id == link.friend_id)).one_or_none()
    return Target(_page(session, link.job_id, now), basic_id)


def _page(session: Session, job_id: int, now: datetime) -> str | Refusal:
    job = find_open_job(session, job_id, now)
    if job is None:
        is_known = session.scalars(select(Job.id).where(Job.id == job_id)).first() is not None
        return Refusal.CLOSED if is_known else Refusal.UNKNOWN
    return job.url if job.url is not None and is_address(job.url, WEB) else Refusal.NO_PAGE
