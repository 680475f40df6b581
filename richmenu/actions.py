"""What changes about menus in the database. Nothing here commits; LINE follows by richmenu/sync.py."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.definitions import Definition, load_shipped_definitions, publish_definition
from app.errors import AppError
from app.inserting import insert_ignoring
from app.messaging.waking import wake_workers
from richmenu.loading import check_menu, shipped_menus
from richmenu.models import MenuDraft, MenuPicture
from richmenu.schema import KIND, Menu, menu_from_json, menu_json
from richmenu.uploads import Upload

log = structlog.get_logger(__name__)


class MenuRefused(AppError):
    """A menu with errors was to go live; `message` says which, in words for people."""

    status = 422


class NoSuchVersion(AppError):
    """A version that was never published."""

    status, message = 404, "この版はありません。"


def load_shipped_menus(session: Session, now: datetime) -> list[Definition]:
    """Publish the menus of this release that are new; none on a second run.

    Errors: ValueError when a shipped menu has faults.
    """
    bodies = {name: menu_json(menu) for name, menu in shipped_menus().items()}
    return load_shipped_definitions(session, KIND, bodies, now)


def publish_menu(session: Session, data: Mapping[str, Any], *, now: datetime, by: int | None) -> Definition:
    """Make it the newest version; LINE has it within a minute. Errors: MenuRefused.

    The newest version itself comes back when it says the same already.
    """
    menu = _checked(session, data)
    made = publish_definition(session, KIND, menu.name, menu_json(menu), now=now, by=by)
    wake_workers(session)
    return made


def roll_back_menu(session: Session, name: str, version: int, *, now: datetime, by: int | None) -> Definition:
    """Publish an old version again, as the newest. Errors: NoSuchVersion."""
    query = select(Definition.body).where(
        Definition.kind == KIND, Definition.name == name, Definition.version == version
    )
    body = session.scalars(query).one_or_none()
    if body is None:
        raise NoSuchVersion
    return publish_menu(session, menu_json(menu_from_json(body)), now=now, by=by)


def plan_draft(session: Session, name: str, at: datetime) -> None:
    """Publish the draft at a time. Errors: NoSuchVersion without a draft, MenuRefused while it has errors."""
    draft = session.get(MenuDraft, name)
    if draft is None:
        raise NoSuchVersion
    _checked(session, draft.body)
    draft.publish_at = at


def publish_due_drafts(session: Session, now: datetime) -> list[Definition]:
    """Publish the drafts whose time has come; one that has become faulty meanwhile stays a draft.

    Locked: an editor who saves at this moment comes before, and has taken the time back, or after.
    """
    made = []
    due = select(MenuDraft).where(MenuDraft.publish_at.is_not(None), MenuDraft.publish_at <= now)
    for draft in session.scalars(due.with_for_update()).all():
        draft.publish_at = None
        try:
            made.append(publish_menu(session, draft.body, now=now, by=draft.by))
        except MenuRefused as refused:  # the next look would meet it again, and nothing else would be done
            log.error("planned_menu_refused", menu=draft.name, reason=refused.message)
    return made


def keep_upload(session: Session, upload: Upload, now: datetime) -> str:
    """Store a checked picture; tabs name it by the digest that comes back. The same again is one."""
    values = {
        "sha256": upload.sha256,
        "mime": upload.mime,
        "width": upload.size.width,
        "height": upload.size.height,
        "bytes": upload.body,
        "created_at": now,
    }
    session.execute(insert_ignoring(session, MenuPicture).values(values))
    return upload.sha256


def _checked(session: Session, data: Mapping[str, Any]) -> Menu:
    """The menu as it would go live. Errors: MenuRefused."""
    checked = check_menu(data)
    if checked.menu is None or not checked.may_go_live:
        raise MenuRefused(" ".join(fault.what for fault in checked.faults if fault.is_error))
    _check_pictures(session, checked.menu)
    return checked.menu


def _check_pictures(session: Session, menu: Menu) -> None:
    for tab in menu.tabs:
        picture = session.get(MenuPicture, tab.picture) if tab.picture else None
        if tab.picture and (picture is None or (picture.width, picture.height) != tab.size):
            raise MenuRefused(f"「{tab.title}」の画像がないか、大きさが違います。画像を選び直してください。")
