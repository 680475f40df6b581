"""Jobs that a person is through with: nothing shows them again."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.jobs.models import Activity, ActivityKind
from app.links.queries import member_of
from app.members.models import Application

_HIDING = (ActivityKind.HIDE, ActivityKind.UNHIDE)


def jobs_done_with(session: Session, friend_id: int) -> frozenset[int]:
    """Ids of the jobs that this friend, or the member they are, has applied to, or hidden and not taken back."""
    member_id = member_of(session, friend_id)
    theirs = [Activity.friend_id == friend_id]
    if member_id is not None:
        theirs.append(Activity.member_id == member_id)
    done = (
        select(Activity.job_id, Activity.kind)
        .where(or_(*theirs), Activity.kind.in_((*_HIDING, ActivityKind.APPLY)))
        .order_by(Activity.at, Activity.id)
    )
    rows = session.execute(done.where(Activity.job_id.is_not(None))).all()
    last = {job_id: kind for job_id, kind in rows if kind in _HIDING}
    hidden = {job_id for job_id, kind in last.items() if kind is ActivityKind.HIDE}
    applied = {job_id for job_id, kind in rows if kind is ActivityKind.APPLY}
    if member_id is not None:
        to = select(Application.job_id).where(Application.member_id == member_id)
        applied |= set(session.scalars(to.where(Application.job_id.is_not(None))))
    return frozenset(job_id for job_id in hidden | applied if job_id is not None)
