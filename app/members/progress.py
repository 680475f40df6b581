"""Where a member stands: running applications and coming appointments."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.members.models import Application, Appointment
from app.members.values import AppointmentKind, AppointmentState, Stage

_ENDED = (Stage.REJECTED, Stage.WITHDRAWN)
_COMING = (AppointmentState.PLANNED, AppointmentState.CONFIRMED)
MOST_SHOWN = 5


class RunningApplication(NamedTuple):
    """応募 that is not over."""

    job_id: int | None
    stage: Stage
    stage_at: datetime


class ComingAppointment(NamedTuple):
    """予定 that is ahead."""

    kind: AppointmentKind
    starts_at: datetime
    place: str | None


def running_applications(session: Session, member_id: int) -> list[RunningApplication]:
    """The last that moved first, a handful at most."""
    query = select(Application.job_id, Application.stage, Application.stage_at).where(
        Application.member_id == member_id, Application.stage.not_in(_ENDED)
    )
    rows = session.execute(query.order_by(Application.stage_at.desc(), Application.id).limit(MOST_SHOWN))
    return [RunningApplication(job_id, Stage(stage), at) for job_id, stage, at in rows]


def coming_appointments(
    session: Session, friend_id: int, member_id: int | None, now: datetime
) -> list[ComingAppointment]:
    """The next first, of the friend and of the member they are."""
    theirs = [Appointment.friend_id == friend_id]
    if member_id is not None:
        theirs.append(Appointment.member_id == member_id)
    query = select(Appointment.kind, Appointment.starts_at, Appointment.place).where(
        or_(*theirs), Appointment.starts_at >= now, Appointment.state.in_(_COMING)
    )
    rows = session.execute(query.order_by(Appointment.starts_at, Appointment.id).limit(MOST_SHOWN))
    return [ComingAppointment(AppointmentKind(kind), at, place) for kind, at, place in rows]
