"""監査記録: who did what to whom, written in the same transaction as the deed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.inserting import insert_unless_there
from app.staff.models import Audit


@dataclass(frozen=True)
class Doer:
    """Who did it: a staff member, a key of the API, or, with neither, the person concerned or Goen itself."""

    staff_id: int | None = None
    api_key_id: int | None = None


NOBODY = Doer()


def record_audit(
    session: Session,
    by: Doer,
    action: str,
    subject: str,
    now: datetime,
    change: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry. `subject` is such as `friend:12`; `change` holds nothing personal."""
    session.add(
        Audit(
            at=now,
            staff_id=by.staff_id,
            api_key_id=by.api_key_id,
            action=action,
            subject=subject,
            change=dict(change or {}),
        )
    )


def record_view(session: Session, by: Doer, subject: str, now: datetime, *, action: str) -> None:
    """A look at a person, or at a list of people: one entry per staff member, subject and hour."""
    insert_unless_there(
        session,
        Audit,
        at=now,
        staff_id=by.staff_id,
        action=action,
        subject=subject,
        change={},
        once_key=f"{by.staff_id}:{subject}:{now:%Y%m%d%H}",
    )
