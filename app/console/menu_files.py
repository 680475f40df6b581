"""Pictures of menus, and small things that the pages of menus share."""

from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, abort, url_for
from sqlalchemy.orm import Session

from app.console.desk import desk
from app.db import reading
from richmenu.draw import draw_preview
from richmenu.faults import MenuFault
from richmenu.models import MenuDraft, MenuPicture
from richmenu.queries import menu_versions
from richmenu.rules import letter
from richmenu.schema import Tab, menu_from_json

bp = Blueprint("menu_files", __name__)
A_DAY = 24 * 60 * 60
FIELD_WORDS = {"label": "文字", "note": "小さい文字", "icon": "アイコン", "action": "動作"}


@bp.get("/menus/pictures/<sha256>")
def send_upload(sha256: str) -> Response:
    """A picture that was uploaded."""
    with reading(desk().database) as session:
        return _kept(*_upload(session, sha256))


@bp.get("/menus/<name>/versions/<int:version>/<key>.png")
def send_version(name: str, version: int, key: str) -> Response:
    """A tab of a published version: uploaded or drawn."""
    with reading(desk().database) as session:
        found = next((each for each in menu_versions(session, name) if each.version == version), None)
        tab = menu_from_json(found.body).tab(key) if found is not None else None
        return _kept(*_picture(session, tab or abort(404)))


def picture_address(tab: Tab) -> str | None:
    """What an `img` shows: the address of the uploaded picture, or the drawn one itself. None: not drawable.

    The drawn one comes with the page: ten requests for pictures would take the seats of what people do.
    """
    if tab.picture:
        return url_for("console.menu_files.send_upload", sha256=tab.picture)
    try:
        return f"data:image/png;base64,{b64encode(drawn(tab)).decode()}"
    except KeyError:
        return None


def drawn(tab: Tab) -> bytes:
    """The tab's picture; the same tab is drawn once. Errors: KeyError for an icon that is none."""
    return _drawn(tab.model_dump_json())


def stamp_of(draft: MenuDraft | None) -> str:
    """What tells one state of a draft from the next; empty: there is none."""
    return draft.updated_at.isoformat() if draft is not None else ""


def page_of(fault: MenuFault, body: Mapping[str, Any]) -> str:
    """Where a fault is, for people: `お仕事 ボタンC 文字: `; empty where its words say it."""
    where = fault.where
    if len(where) < 2 or where[0] != "tabs" or not isinstance(where[1], int):
        return ""
    title = _title(body.get("tabs"), where[1])
    if len(where) < 4 or "ボタン" in fault.what or not isinstance(where[3], int):
        return f"{title}: "
    field = FIELD_WORDS.get(str(where[4]), "") if len(where) > 4 else ""
    return f"{title} ボタン{letter(where[3])} {field}: "


def _title(tabs: object, index: int) -> str:
    """What the tab is called; a draft may hold anything."""
    tab = tabs[index] if isinstance(tabs, list) and index < len(tabs) else None
    return str(tab.get("title") or "タブ") if isinstance(tab, dict) else "タブ"


@lru_cache(maxsize=128)
def _drawn(text: str) -> bytes:
    return draw_preview(Tab.model_validate_json(text))


def _picture(session: Session, tab: Tab) -> tuple[bytes, str]:
    if tab.picture:
        return _upload(session, tab.picture)
    try:
        return drawn(tab), "image/png"
    except KeyError:
        abort(404)


def _upload(session: Session, sha256: str) -> tuple[bytes, str]:
    picture = session.get(MenuPicture, sha256) or abort(404)
    return picture.content, picture.mime


def _kept(body: bytes, mime: str) -> Response:
    """A version never changes."""
    response = Response(body, mimetype=mime)
    response.cache_control.private = True
    response.cache_control.max_age = A_DAY
    return response
