"""A click on a tracked link is written down. Nothing here commits."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.announcements.actions import Announcement, Kind, announce
from app.friends.actions import record_reaction
from app.friends.models import Friend
from app.inserting import insert_unless_there
from app.jobs.models import Activity, ActivityKind, Impression, Job
from app.tracking.rules import TrackedLink


def record_click(session: Session, link: TrackedLink, at: datetime) -> bool:
    """The friend opened the job's page; False when they had done so before, or are forgotten.

    Every click is a reaction of theirs; one for each job counts as a click, and is told to the job site.
    """
    friend = session.scalars(
        select(Friend).where(Friend.id == link.friend_id, Friend.forgotten_at.is_(None)).with_for_update()
    ).one_or_none()
    if friend is None:
        return False
    record_reaction(friend, at, wrote=False)
    _mark_shown(session, link, at)
    if not _is_first(session, link, at):
        return False
    _tell_site(session, friend, link, at)
    return True


def _mark_shown(session: Session, link: TrackedLink, at: datetime) -> None:
    session.execute(
        update(Impression)
        .where(
            Impression.id == link.impression_id,
            Impression.friend_id == link.friend_id,
            Impression.job_id == link.job_id,
            Impression.clicked_at.is_(None),
        )
        .values(clicked_at=at)
        .execution_options(synchronize_session=False)
    )


def _is_first(session: Session, link: TrackedLink, at: datetime) -> bool:
    inserted = insert_unless_there(
        session,
        Activity,
        external_id=_key(link),
        friend_id=link.friend_id,
        kind=ActivityKind.CLICK,
        job_id=link.job_id,
        at=at,
        source="line",
    )
    return inserted is not None


def _key(link: TrackedLink) -> str:
    """Unique for friend and job, and like no id of the job site."""
    return f"click:{sha256(f'{link.friend_id}:{link.job_id}'.encode()).hexdigest()[:40]}"


def _tell_site(session: Session, friend: Friend, link: TrackedLink, at: datetime) -> None:
    job = session.scalars(select(Job.external_id).where(Job.id == link.job_id)).one()
    data = {"job": job, "tap": "apply", "reason": None}
    cause = f"click:{link.friend_id}:{link.job_id}"
    announce(session, Announcement(Kind.JOB_TAPPED, friend.channel_id, friend.id, cause, data), at)
