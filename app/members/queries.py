"""Who is known to the job site, found by what names them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.encryption import Encryption
from app.errors import AppError
from app.members.models import Member


class UnknownMember(AppError):
    """The site's id names nobody here."""

    status = 404
    message = "この番号の会員はいません。"


@dataclass(frozen=True)
class OpenMember:
    """A member with name, phone and mail readable."""

    id: int
    external_id: str
    name: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    """E.164."""
    mail: str | None = field(repr=False)
    facts: Mapping[str, Any] = field(repr=False)
    recruiter_id: int | None
    last_visit_at: datetime | None
    created_at: datetime
    updated_at: datetime


def find_member_id(session: Session, external_id: str) -> int | None:
    """Our id of the member whom the site calls this."""
    return session.scalar(select(Member.id).where(Member.external_id == external_id))


def member_id_of(session: Session, external_id: str) -> int:
    """The same. Errors: UnknownMember."""
    found = find_member_id(session, external_id)
    if found is None:
        raise UnknownMember
    return found


def members_with_phone(session: Session, sealing: Encryption, phone: str) -> list[int]:
    """Ids of those who gave this number (E.164): several, when the site knows somebody twice."""
    keys = sealing.keyed_hashes("phone", phone)
    return list(session.scalars(select(Member.id).where(Member.phone_key.in_(keys)).order_by(Member.id)))


def members_with_mail(session: Session, sealing: Encryption, mail: str) -> list[int]:
    """Ids of those who gave this address, as `read_mail` folds it."""
    keys = sealing.keyed_hashes("mail", mail)
    return list(session.scalars(select(Member.id).where(Member.mail_key.in_(keys)).order_by(Member.id)))


def open_members(session: Session, sealing: Encryption, ids: Collection[int]) -> list[OpenMember]:
    """These members in readable form, by id; whoever shows them to people writes the audit."""
    rows = session.scalars(select(Member).where(Member.id.in_(ids)).order_by(Member.id))
    return [open_member(row, sealing) for row in rows]


def open_member(row: Member, sealing: Encryption) -> OpenMember:
    """One row in readable form."""
    return OpenMember(
        id=row.id,
        external_id=row.external_id,
        name=opened(row.name, sealing),
        phone=opened(row.phone, sealing),
        mail=opened(row.mail, sealing),
        facts=row.facts,
        recruiter_id=row.recruiter_id,
        last_visit_at=row.last_visit_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def opened(token: str | None, sealing: Encryption) -> str | None:
    """The text of a token; None stays None."""
    return None if token is None else sealing.decrypt(token)
