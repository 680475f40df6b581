"""Where a tracked link leads now."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.friends.models import Friend
from app.jobs.models import Job
from app.jobs.queries import find_open_job
from app.line.addresses import WEB, is_address
from app.messaging.models import Channel
from app.tracking.rules import Refusal, TrackedLink


def find_page(session: Session, link: TrackedLink, now: datetime) -> str | Refusal:
    """The job's own address as it is stored at this moment, or why there is none; nothing of a request is in it."""
    job = find_open_job(session, link.job_id, now)
    if job is None:
        is_known = session.scalars(select(Job.id).where(Job.id == link.job_id)).first() is not None
        return Refusal.CLOSED if is_known else Refusal.UNKNOWN
    return job.url if job.url is not None and is_address(job.url, WEB) else Refusal.NO_PAGE


def account_of(session: Session, link: TrackedLink) -> str | None:
    """The basic id, with its @, of the account whose friend the link was given to; None: LINE has not told it yet."""
    account = select(Channel.basic_id).join(Friend, Friend.channel_id == Channel.id)
    return session.scalars(account.where(Friend.id == link.friend_id)).one_or_none()
