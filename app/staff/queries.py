"""Reads of staff and of what they did."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import AppError
from app.staff.models import Audit, Staff, StaffSession
from app.staff.rules import Role, fold_mail


@dataclass(frozen=True)
class Account:
    """What a sign-in needs to know."""

    staff_id: int
    password_hash: str = field(repr=False)


@dataclass(frozen=True)
class StaffRow:
    """A staff member in a list."""

    id: int
    name: str
    email: str
    role: Role
    left_on: date | None
    seen_at: datetime | None
    """The last use of a browser that is still signed in."""


def find_account(session: Session, mail: str) -> Account | None:
    """The account of somebody who works here; None for anybody else."""
    query = select(Staff.id, Staff.password_hash).where(
        Staff.email == fold_mail(mail), Staff.left_on.is_(None)
    )
    row = session.execute(query).first()
    return None if row is None else Account(*row)


def find_staff_id(session: Session, mail: str) -> int | None:
    """Whose mail address this is, also of somebody who has left."""
    return session.scalars(select(Staff.id).where(Staff.email == fold_mail(mail))).one_or_none()


def staff_rows(session: Session, staff_id: int | None = None) -> list[StaffRow]:
    """Everybody, those who left last; or only one."""
    seen = (
        select(StaffSession.staff_id, func.max(StaffSession.seen_at).label("seen_at"))
        .group_by(StaffSession.staff_id)
        .subquery()
    )
    query = (
        select(Staff.id, Staff.name, Staff.email, Staff.role, Staff.left_on, seen.c.seen_at)
        .outerjoin(seen, seen.c.staff_id == Staff.id)
        .order_by(Staff.left_on.is_not(None), Staff.name, Staff.id)
    )
    if staff_id is not None:
        query = query.where(Staff.id == staff_id)
    return [
        StaffRow(id_, name, email, Role(role), left_on, seen_at)
        for id_, name, email, role, left_on, seen_at in session.execute(query)
    ]


def staff_names(session: Session) -> dict[int, str]:
    """Names by id, of those who left too: they stand in the history."""
    return dict(session.execute(select(Staff.id, Staff.name)).all())


@dataclass(frozen=True)
class AuditFilter:
    """Which entries; None: any."""

    subjects: tuple[str, ...] | None = None
    staff_id: int | None = None
    action: str | None = None


@dataclass(frozen=True)
class AuditRow:
    """An entry as a page shows it."""

    id: int
    at: datetime
    staff_id: int | None
    api_key_id: int | None
    action: str
    subject: str
    change: dict[str, Any]


def audit_rows(
    session: Session, wanted: AuditFilter, *, before: int | None, limit: int
) -> Sequence[AuditRow]:
    """Entries, the newest first, from below the id `before`."""
    query = select(
        Audit.id, Audit.at, Audit.staff_id, Audit.api_key_id, Audit.action, Audit.subject, Audit.change
    )
    if wanted.subjects is not None:
        query = query.where(Audit.subject.in_(wanted.subjects))
    if wanted.staff_id is not None:
        query = query.where(Audit.staff_id == wanted.staff_id)
    if wanted.action is not None:
        query = query.where(Audit.action == wanted.action)
    if before is not None:
        query = query.where(Audit.id < before)
    return [AuditRow(*row) for row in session.execute(query.order_by(Audit.id.desc()).limit(limit))]


def staff_id_of(session: Session, email: str) -> int:
    """Whose account this address is. Errors: AppError when it is nobody's."""
    staff_id = find_staff_id(session, email)
    if staff_id is None:
        raise AppError(f"there is no staff account {email}")
    return staff_id
