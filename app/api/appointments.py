"""予定: consultations, interviews and seminars that reminders are sent for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.endpoint import Call, Reading, Writing
from app.api.friends import FriendName, friend_names
from app.api.pages import read_page
from app.api.problems import invalid_field, not_found
from app.api.references import check_member, external_ids_of, find_friend
from app.api.values import Body, Key, Moment, Page, PageQuery, Shown, Word
from app.members.actions import upsert_appointment
from app.members.models import Appointment
from app.members.values import AppointmentData, AppointmentKind, AppointmentState
from app.site_keys.scopes import Scope


class AppointmentBody(Body):
    """An appointment of a member, or of a friend whom nobody knows as a member."""

    external_id: Key
    member: Key | None = None
    friend: FriendName | None = None
    kind: AppointmentKind
    starts_at: Moment
    place: Word | None = None
    state: AppointmentState = AppointmentState.PLANNED

    @model_validator(mode="after")
    def _is_of_one(self) -> Self:
        if (self.member is None) == (self.friend is None):
            raise ValueError("name either a member or a friend")
        return self


class AppointmentSaved(Shown):
    """It is written; another version means that reminders of the old time or place have ended."""

    external_id: str
    version: int
    updated_at: datetime


class AppointmentShown(Shown):
    """An appointment as it is kept."""

    external_id: str
    member: str | None
    friend: FriendName | None
    kind: AppointmentKind
    starts_at: datetime
    place: str | None
    state: AppointmentState
    version: int = Field(description="Counts up with each change of time or place.")
    updated_at: datetime


def put_appointment(session: Session, call: Call[AppointmentBody]) -> AppointmentSaved:
    """A new appointment, or a known one as it is now: moved, confirmed, cancelled."""
    given = call.given
    if given.member is not None:
        check_member(session, given.member)
    data = AppointmentData(
        external_id=given.external_id,
        member=given.member,
        friend_id=_friend_id(session, given.friend),
        kind=given.kind,
        starts_at=given.starts_at,
        place=given.place,
        state=given.state,
    )
    upsert_appointment(session, data, call.now)
    session.flush()
    row = _find(session, given.external_id)
    return AppointmentSaved(external_id=given.external_id, version=row.version, updated_at=row.updated_at)


def get_appointment(session: Session, call: Call[None]) -> AppointmentShown:
    """One appointment."""
    return _shown(session, [_find(session, call.path["external_id"])])[0]


def list_appointments(session: Session, call: Call[PageQuery]) -> Page[AppointmentShown]:
    """Appointments that the site has made, the longest unchanged first."""
    rows = select(Appointment).where(Appointment.external_id.is_not(None))
    order = (Appointment.updated_at, Appointment.id)
    return read_page(session, rows, order, call.given, lambda found: _shown(session, found))


def _friend_id(session: Session, name: FriendName | None) -> int | None:
    if name is None:
        return None
    found = find_friend(session, name.channel, name.line_user_id)
    if found is None:
        raise invalid_field("friend", "is not a friend of this account")
    return found.id


def _find(session: Session, external_id: str) -> Appointment:
    found = session.scalars(select(Appointment).where(Appointment.external_id == external_id)).one_or_none()
    if found is None:
        raise not_found("appointment")
    return found


def _shown(session: Session, rows: Sequence[Appointment]) -> list[AppointmentShown]:
    members = external_ids_of(session, {row.member_id for row in rows})
    friends = friend_names(session, {row.friend_id for row in rows})
    return [
        AppointmentShown(
            external_id=row.external_id or "",
            member=members.get(row.member_id),
            friend=friends.get(row.friend_id),
            kind=AppointmentKind(row.kind),
            starts_at=row.starts_at,
            place=row.place,
            state=AppointmentState(row.state),
            version=row.version,
            updated_at=row.updated_at,
        )
        for row in rows
    ]


ENDPOINTS = (
    Writing(
        method="PUT",
        path="/appointments/{external_id}",
        scope=Scope.APPOINTMENTS_WRITE,
        summary="Add an appointment or change it",
        given=AppointmentBody,
        answer=AppointmentSaved,
        run=put_appointment,
    ),
    Reading(
        method="GET",
        path="/appointments/{external_id}",
        scope=Scope.APPOINTMENTS_READ,
        summary="Read an appointment",
        answer=AppointmentShown,
        run=get_appointment,
    ),
    Reading(
        method="GET",
        path="/appointments",
        scope=Scope.APPOINTMENTS_READ,
        summary="List appointments",
        given=PageQuery,
        answer=Page[AppointmentShown],
        run=list_appointments,
    ),
)
