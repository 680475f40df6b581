"""What happens to staff accounts. Nothing here commits; each change leaves an audit entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import today_in_tokyo
from app.errors import AppError
from app.inserting import insert_unless_there
from app.staff.audit import Doer, record_audit
from app.staff.models import Staff
from app.staff.rules import Role, fold_mail
from app.staff.sessions import end_sessions_of


class StaffExists(AppError):
    """Somebody has this mail address already, or had it and left."""

    status, message = 409, "このメールアドレスは、すでに登録されています。"


class StaffUnknown(AppError):
    """There is nobody of this id who still works here."""

    status, message = 404, "この担当者は見つかりませんでした。"


class LastAdmin(AppError):
    """Without an admin nobody could let anybody in again."""

    status, message = 409, "管理者がいなくなるため、変更できません。先に別の方を管理者にしてください。"


@dataclass(frozen=True)
class NewStaff:
    """Who is to be let in."""

    email: str
    name: str
    role: Role
    password_hash: str = field(repr=False)
    password_is_temporary: bool = True
    """Somebody else knows it: the person must choose another one first."""


def add_staff(session: Session, new: NewStaff, by: Doer, now: datetime) -> int:
    """Make an account; its id. Errors: StaffExists."""
    staff_id = insert_unless_there(
        session,
        Staff,
        email=fold_mail(new.email),
        name=new.name,
        password_hash=new.password_hash,
        role=new.role,
        shifts={},
        settings={"password_is_temporary": True} if new.password_is_temporary else {},
        created_at=now,
    )
    if staff_id is None:
        raise StaffExists
    record_audit(session, by, "staff.added", f"staff:{staff_id}", now, {"role": new.role})
    return staff_id


def change_role(session: Session, staff_id: int, role: Role, by: Doer, now: datetime) -> None:
    """Give another role; it counts from the person's next click on. Errors: StaffUnknown, LastAdmin."""
    admins = _locked_admins(session)
    row = _working(session, staff_id)
    if row.role == role:
        return
    if admins == [staff_id]:
        raise LastAdmin
    record_audit(session, by, "staff.role_changed", f"staff:{staff_id}", now, {"from": row.role, "to": role})
    row.role = role


def leave_staff(session: Session, staff_id: int, by: Doer, now: datetime) -> None:
    """The person has left: signed out everywhere, and cannot sign in again. Errors: StaffUnknown, LastAdmin."""
    admins = _locked_admins(session)
    row = _working(session, staff_id)
    if admins == [staff_id]:
        raise LastAdmin
    row.left_on = today_in_tokyo(now)
    end_sessions_of(session, staff_id)
    record_audit(session, by, "staff.left", f"staff:{staff_id}", now)


def set_password(
    session: Session, staff_id: int, password_hash: str, by: Doer, now: datetime, *, is_temporary: bool
) -> None:
    """A new password; every browser of this person is signed out. Errors: StaffUnknown."""
    row = _working(session, staff_id)
    row.password_hash = password_hash
    row.settings = {**row.settings, "password_is_temporary": is_temporary}
    end_sessions_of(session, staff_id)
    action = "staff.password_reset" if is_temporary else "staff.password_changed"
    record_audit(session, by, action, f"staff:{staff_id}", now)


def store_rehashed(session: Session, staff_id: int, old_hash: str, new_hash: str) -> None:
    """The same password under today's parameters, unless it was changed meanwhile."""
    session.execute(
        update(Staff)
        .where(Staff.id == staff_id, Staff.password_hash == old_hash)
        .values(password_hash=new_hash)
        .execution_options(synchronize_session=False)
    )


def change_own_settings(
    session: Session, staff_id: int, name: str, settings: Mapping[str, Any], now: datetime
) -> None:
    """The name that colleagues see, and own settings of the console. Errors: StaffUnknown."""
    row = _working(session, staff_id)
    if row.name != name:
        record_audit(session, Doer(staff_id=staff_id), "staff.renamed", f"staff:{staff_id}", now)
    row.name = name
    row.settings = {**row.settings, **settings}


def _working(session: Session, staff_id: int) -> Staff:
    row = session.get(Staff, staff_id, with_for_update=True)
    if row is None or row.left_on is not None:
        raise StaffUnknown
    return row


def _locked_admins(session: Session) -> list[int]:
    """Who is an admin, nobody else's to change until commit: two cannot demote each other at once."""
    query = select(Staff.id).where(Staff.role == Role.ADMIN, Staff.left_on.is_(None)).order_by(Staff.id)
    return list(session.scalars(query.with_for_update()))
