"""Who looks at a list, and what they are not to be shown again: what they hid or applied to, and its twins."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.jobs.models import Activity, ActivityKind, Job
from app.members.models import Application

HIDING = (ActivityKind.HIDE, ActivityKind.UNHIDE)


@dataclass(frozen=True)
class Onlooker:
    """All sides of one person."""

    friend_ids: tuple[int, ...] = ()
    member_ids: tuple[int, ...] = ()


def refused_keys(onlooker: Onlooker) -> Select[str]:
    """Fold keys of the jobs that the person hid last or applied to, here or on the site: for `not_in`."""
    theirs = or_(Activity.friend_id.in_(onlooker.friend_ids), Activity.member_id.in_(onlooker.member_ids))
    nth = func.row_number().over(
        partition_by=Activity.job_id, order_by=(Activity.at.desc(), Activity.id.desc())
    )
    newest = (
        select(Activity.job_id, Activity.kind, nth.label("nth"))
        .where(theirs, Activity.job_id.is_not(None), Activity.kind.in_(HIDING))
        .subquery()
    )
    hidden = select(newest.c.job_id).where(newest.c.nth == 1, newest.c.kind == ActivityKind.HIDE)
    told = select(Activity.job_id).where(theirs, Activity.kind == ActivityKind.APPLY)
    applied = select(Application.job_id).where(Application.member_id.in_(onlooker.member_ids))
    job = aliased(Job)
    return select(job.fold_key).where(or_(job.id.in_(hidden), job.id.in_(told), job.id.in_(applied)))


def unrefused_ids(session: Session, job_ids: Collection[int], onlooker: Onlooker) -> frozenset[int]:
    """Those of these jobs that the person may be shown."""
    kept = select(Job.id).where(Job.id.in_(job_ids), Job.fold_key.not_in(refused_keys(onlooker)))
    return frozenset(session.scalars(kept))
