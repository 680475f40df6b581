"""What editors work on: one draft for each menu, and two editors at once never overwrite each other unseen."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.inserting import insert_ignoring
from richmenu.models import MenuDraft


def find_draft(session: Session, name: str) -> MenuDraft | None:
    """The draft of a menu; None while nobody has changed anything since its newest version."""
    return session.get(MenuDraft, name)


def lock_draft(session: Session, name: str) -> MenuDraft | None:
    """The same, and until commit nobody else saves it: what is published or planned is what was looked at."""
    return session.scalars(select(MenuDraft).where(MenuDraft.name == name).with_for_update()).one_or_none()


def save_draft_over(
    session: Session,
    name: str,
    body: Mapping[str, Any],
    is_known: Callable[[MenuDraft | None], bool],
    *,
    now: datetime,
    by: int,
) -> MenuDraft | None:
    """Keep the draft in place of the one that its editor has seen; a planned time is given up by it.

    `is_known` says whether the editor has seen this one (None: that there is none). Gives the draft that is
    in the way and keeps it, when somebody else has saved since; else None.
    """
    values = {"body": dict(body), "updated_at": now, "by": by, "publish_at": None}
    stored = lock_draft(session, name)
    if not is_known(stored):
        return stored
    if stored is None:
        made = insert_ignoring(session, MenuDraft).values(name=name, **values).returning(MenuDraft.name)
        return None if session.scalar(made) is not None else session.get_one(MenuDraft, name)
    for key, value in values.items():
        setattr(stored, key, value)
    session.flush()
    return None


def discard_draft(session: Session, name: str) -> None:
    """Nothing is being worked on any more."""
    session.execute(delete(MenuDraft).where(MenuDraft.name == name))


def take_plan_back(session: Session, name: str) -> None:
    """The draft stays, and goes live only when somebody says so."""
    session.execute(update(MenuDraft).where(MenuDraft.name == name).values(publish_at=None))
