"""リッチメニュー: the list, what versions there are, and publishing: now, at a time, or an old one again."""

from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, abort, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.clock import TOKYO, in_tokyo
from app.console.desk import desk, doer, now, signed_in, toast
from app.console.menu_files import page_of, picture_address, stamp_of
from app.console.pages import show_page
from app.db import reading, transaction
from app.definitions import Definition
from app.staff.audit import record_audit
from app.staff.queries import staff_names
from richmenu.actions import MenuRefused, plan_draft, publish_menu, roll_back_menu
from richmenu.drafts import discard_draft, find_draft, lock_draft, take_plan_back
from richmenu.faults import MenuFault
from richmenu.figures import friends_by_menu, sync_problems, taps_by_area, taps_by_menu
from richmenu.loading import check_menu
from richmenu.models import MenuDraft
from richmenu.queries import menu_versions, newest_menus
from richmenu.rules import MEMBERS, NEWCOMERS, PLACED
from richmenu.schema import Menu, Tab, menu_from_json, menu_json

bp = Blueprint("menus", __name__)
PEOPLE_WORDS = {
    NEWCOMERS: "会員連携していない方(はじめに表示されるメニュー)",
    MEMBERS: "会員連携した方",
    PLACED: "当社の紹介で入社してから2年以内の方",
}
TAP_DAYS = 28
DRAWN = 4
"""So many versions are shown with their pictures."""
PUBLISHED = "リッチメニューを公開しました。1分ほどで順に切り替わります。"


class Line(NamedTuple):
    """One menu of the list."""

    menu: Menu
    version: int
    published_at: datetime
    people: str
    friends: int
    taps: int
    draft: MenuDraft | None
    picture: str | None


class Version(NamedTuple):
    """One version of a menu."""

    made: Definition
    menu: Menu
    by: str | None
    pictures: list["Picture"]
    """Of the newest ones; the older ones are a link away."""


class Picture(NamedTuple):
    """One tab as it looks."""

    tab: Tab
    address: str | None


@bp.get("/menus")
def list_menus() -> Response:
    """Every menu: who gets it, how often it is tapped, and what is being worked on."""
    with reading(desk().database) as session:
        friends, taps = friends_by_menu(session), taps_by_menu(session, now(), TAP_DAYS)
        lines = [
            Line(
                menu,
                made.version,
                made.published_at,
                PEOPLE_WORDS.get(menu.name, "だれにも表示されていません"),
                friends.get(menu.name, 0),
                taps.get(menu.name, 0),
                _changed_draft(session, made),
                picture_address(menu.tabs[0]),
            )
            for made, menu in newest_menus(session)
        ]
        problems = sync_problems(session)
    return show_page("menus/list.html", lines=lines, problems=problems, tap_days=TAP_DAYS)


@bp.get("/menus/<name>/versions")
def list_versions(name: str) -> Response:
    """All versions with their pictures, and the way back to each."""
    with reading(desk().database) as session:
        versions = menu_versions(session, name) or abort(404)
        names, taps = staff_names(session), taps_by_area(session, name, now(), TAP_DAYS)
    rows = []
    for number, made in enumerate(versions):
        menu = menu_from_json(made.body)
        rows.append(Version(made, menu, names.get(made.by or 0), _pictures(menu) if number < DRAWN else []))
    return show_page("menus/versions.html", name=name, rows=rows, taps=taps, tap_days=TAP_DAYS)


@bp.get("/menus/<name>/publish")
def show_publish(name: str) -> AnyResponse:
    """Old beside new, who gets it, what is wrong: before anything goes live."""
    with reading(desk().database) as session:
        newest, draft = _newest(session, name), find_draft(session, name)
        count = friends_by_menu(session).get(name, 0)
        names = staff_names(session)
    if draft is None:
        toast("公開していない変更はありません。")
        return redirect(url_for("console.menu_editor.edit", name=name))
    return _publish_page(newest, draft, count, names)


@bp.post("/menus/<name>/publish")
def publish(name: str) -> AnyResponse:
    """Now, or at a time of this form; only what the page has shown."""
    at = _time_asked()
    with transaction(desk().database) as session:
        draft = lock_draft(session, name) or abort(404)
        if stamp_of(draft) != request.form.get("stamp"):
            toast("画面を開いたあとに下書きが変わりました。内容を確認してから、もう一度公開してください。")
            return redirect(url_for(".show_publish", name=name))
        if at is not None:
            plan_draft(session, name, at)
            record_audit(session, doer(), "menu.planned", f"menu:{name}", now(), {"at": at.isoformat()})
        else:
            made = publish_menu(session, draft.body, now=now(), by=signed_in().staff_id)
            discard_draft(session, name)
            change = {"version": made.version}
            record_audit(session, doer(), "menu.published", f"menu:{name}", now(), change)
    toast(PUBLISHED if at is None else f"{_time_words(at)}に公開します。それまでは取りやめられます。")
    return redirect(url_for(".list_versions" if at is None else ".list_menus", name=name))


@bp.post("/menus/<name>/unplan")
def unplan(name: str) -> AnyResponse:
    """The draft stays, its time is given up."""
    with transaction(desk().database) as session:
        take_plan_back(session, name)
        record_audit(session, doer(), "menu.unplanned", f"menu:{name}", now())
    toast("日時を決めた公開を取りやめました。下書きは残っています。")
    return redirect(url_for(".list_menus"))


@bp.post("/menus/<name>/discard")
def discard(name: str) -> AnyResponse:
    """Back to what is live."""
    with transaction(desk().database) as session:
        discard_draft(session, name)
        record_audit(session, doer(), "menu.draft_discarded", f"menu:{name}", now())
    toast("下書きを消しました。いま公開しているメニューから編集できます。")
    return redirect(url_for("console.menu_editor.edit", name=name))


@bp.post("/menus/<name>/versions/<int:version>/restore")
def restore(name: str, version: int) -> AnyResponse:
    """An old version goes live again, as a new one."""
    with transaction(desk().database) as session:
        made = roll_back_menu(session, name, version, now=now(), by=signed_in().staff_id)
        change = {"version": made.version, "from": version}
        record_audit(session, doer(), "menu.rolled_back", f"menu:{name}", now(), change)
    toast(f"版{version}に戻しました。1分ほどで順に切り替わります。")
    return redirect(url_for(".list_versions", name=name))


def _newest(session: Session, name: str) -> Definition:
    versions = menu_versions(session, name)
    return versions[0] if versions else abort(404)


def _changed_draft(session: Session, made: Definition) -> MenuDraft | None:
    """The draft, unless it says what is live already."""
    draft = find_draft(session, made.name)
    is_same = draft is not None and draft.body == menu_json(menu_from_json(made.body))
    return None if is_same else draft


def _publish_page(newest: Definition, draft: MenuDraft, count: int, names: dict[int, str]) -> Response:
    checked = check_menu(draft.body)
    return show_page(
        "menus/publish.html",
        old=menu_from_json(newest.body),
        old_version=newest.version,
        old_pictures=_pictures(menu_from_json(newest.body)),
        new=checked.menu,
        new_pictures=_pictures(checked.menu) if checked.menu is not None else [],
        draft=draft,
        editor=names.get(draft.by or 0),
        stamp=stamp_of(draft),
        errors=_sentences(checked.faults, draft, are_errors=True),
        warnings=_sentences(checked.faults, draft, are_errors=False),
        people=PEOPLE_WORDS.get(newest.name, "だれにも表示されていません"),
        count=count,
        least=f"{in_tokyo(now()):%Y-%m-%dT%H:%M}",
    )


def _pictures(menu: Menu) -> list[Picture]:
    return [Picture(tab, picture_address(tab)) for tab in menu.tabs]


def _sentences(faults: tuple[MenuFault, ...], draft: MenuDraft, *, are_errors: bool) -> list[str]:
    return [f"{page_of(fault, draft.body)}{fault.what}" for fault in faults if fault.is_error is are_errors]


def _time_asked() -> datetime | None:
    """None: now. Errors: MenuRefused for a time that has passed or is none."""
    if request.form.get("when") != "later":
        return None
    try:
        at = datetime.fromisoformat(request.form.get("at", "")).replace(tzinfo=TOKYO)
    except ValueError:
        raise MenuRefused("公開する日時を入力してください。") from None
    if at <= now():
        raise MenuRefused("公開する日時は、いまより後にしてください。")
    return at


def _time_words(at: datetime) -> str:
    local = in_tokyo(at)
    return f"{local.month}/{local.day}({'月火水木金土日'[local.weekday()]}) {local.hour}:{local.minute:02}"
