"""The menu editor: its page, and the small JSON answers that it asks for while somebody is editing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request, url_for
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from app.clock import in_tokyo
from app.console.desk import desk, now, signed_in
from app.console.menu_files import page_of, picture_address, stamp_of
from app.console.pages import show_page
from app.console.words import clock_words
from app.db import reading, transaction
from app.definitions import newest_definitions
from app.staff.queries import staff_names
from richmenu.actions import keep_upload
from richmenu.commands import COMMANDS
from richmenu.drafts import find_draft, save_draft_over
from richmenu.loading import check_menu
from richmenu.models import MenuDraft
from richmenu.presets import PRESETS
from richmenu.queries import menu_versions
from richmenu.rules import gaps
from richmenu.schema import Tab, Tone, menu_from_json, menu_json
from richmenu.uploads import BadUpload, read_upload
from surveys.queries import KIND as SURVEY

bp = Blueprint("menu_editor", __name__)
MOST_JSON_BYTES = 256 * 1024
TONE_WORDS = {
    Tone.GREEN: "緑",
    Tone.BLUE: "青",
    Tone.AMBER: "黄",
    Tone.RED: "赤",
    Tone.GREY: "灰",
    Tone.STRONG: "濃い緑",
}
ICON_WORDS = {
    "stars": "おすすめ",
    "search": "探す",
    "briefcase-fill": "仕事",
    "bookmark-heart-fill": "保存",
    "heart-fill": "ハート",
    "calendar2-check-fill": "予定",
    "chat-dots-fill": "相談",
    "telephone-fill": "電話",
    "envelope-fill": "手紙",
    "sliders": "条件",
    "gear-fill": "設定",
    "person-vcard-fill": "プロフィール",
    "person-fill": "人",
    "people-fill": "人々",
    "person-x-fill": "連携解除",
    "link-45deg": "連携",
    "bell-fill": "お知らせ",
    "bell-slash-fill": "お知らせ停止",
    "cup-hot-fill": "お休み",
    "emoji-smile-fill": "笑顔",
    "question-circle-fill": "使い方",
    "info-circle-fill": "案内",
    "house-fill": "家",
    "building-fill": "会社",
    "hospital-fill": "病院",
    "geo-alt-fill": "場所",
    "map-fill": "地図",
    "train-front-fill": "電車",
    "car-front-fill": "車",
    "yen-sign": "円",
    "cash-coin": "給与",
    "file-earmark-text-fill": "書類",
    "clipboard-check-fill": "確認",
    "pencil-fill": "書く",
    "camera-fill": "写真",
    "gift-fill": "特典",
    "star-fill": "星",
    "trophy-fill": "人気",
    "moon-stars-fill": "夜勤",
    "sun-fill": "日勤",
    "arrow-left-circle-fill": "戻る",
}


@dataclass(frozen=True)
class Asked:
    """What the editor sends: the menu as it stands, and which draft it believes to change."""

    menu: Mapping[str, Any]
    tab: str
    stamp: str


@bp.get("/menus/<name>")
def edit(name: str) -> Response:
    """The page, with the draft or what is live."""
    with reading(desk().database) as session:
        newest = next(iter(menu_versions(session, name)), None) or abort(404)
        draft = find_draft(session, name)
        surveys = [(each.name, each.name) for each in newest_definitions(session, SURVEY)]
    menu = menu_from_json(newest.body)
    known = draft.body if draft is not None else menu_json(menu)
    data = {
        "menu": known,
        "stamp": stamp_of(draft),
        "csrf": generate_csrf(),
        "addresses": _addresses(name),
        "presets": _presets(),
        "words": _words(surveys),
    }
    return show_page("menus/editor.html", menu=menu, version=newest.version, draft=draft, data=data)


@bp.post("/menus/<name>/look")
def look(name: str) -> Response:
    """Faults by the rules of publishing, what no area covers, and the picture of the tab that is shown."""
    asked = _asked(name)
    checked = check_menu(asked.menu)
    tab = checked.menu.tab(asked.tab) if checked.menu is not None else None
    return jsonify(
        faults=[
            {
                "where": fault.where,
                "what": page_of(fault, asked.menu) + fault.what,
                "is_error": fault.is_error,
            }
            for fault in checked.faults
        ],
        gaps=[bounds._asdict() for bounds in _gaps(tab)],
        picture=picture_address(tab) if tab is not None else None,
    )


@bp.post("/menus/<name>/draft")
def save(name: str) -> tuple[Response, int]:
    """Keep the draft; 409 with who was first when somebody else has saved since."""
    asked = _asked(name)
    with transaction(desk().database) as session:
        if not menu_versions(session, name):
            abort(404)
        at, by = now(), signed_in().staff_id
        other = save_draft_over(
            session, name, asked.menu, lambda stored: stamp_of(stored) == asked.stamp, now=at, by=by
        )
        if other is not None:
            return jsonify(_other(session, other)), 409
        draft = find_draft(session, name)
    return jsonify(stamp=stamp_of(draft), at=clock_words(in_tokyo(at))), 200


@bp.post("/menus/<name>/pictures")
def upload(name: str) -> tuple[Response, int]:
    """A picture for a tab; 422 with the reasons when LINE would refuse it."""
    file = request.files.get("picture") or abort(400)
    try:
        found = read_upload(file.read())
    except BadUpload as bad:
        return jsonify(faults=bad.faults), 422
    with transaction(desk().database) as session:
        keep_upload(session, found, now())
    return jsonify(picture=found.sha256, **found.size._asdict()), 200


def _asked(name: str) -> Asked:
    request.max_content_length = MOST_JSON_BYTES
    value = request.get_json(silent=True)
    value = value if isinstance(value, dict) else {}
    menu = value.get("menu")
    if not isinstance(menu, dict) or menu.get("name") != name:
        abort(400)
    return Asked(menu, str(value.get("tab", "")), str(value.get("stamp", "")))


def _gaps(tab: Tab | None) -> list[Any]:
    return gaps([area.bounds for area in tab.areas], tab.size) if tab is not None else []


def _other(session: Session, draft: MenuDraft) -> dict[str, str]:
    name = staff_names(session).get(draft.by or 0, "ほかの担当者")
    return {"by": name, "at": clock_words(in_tokyo(draft.updated_at)), "stamp": stamp_of(draft)}


def _addresses(name: str) -> dict[str, str]:
    return {
        "look": url_for(".look", name=name),
        "save": url_for(".save", name=name),
        "upload": url_for(".upload", name=name),
        "publish": url_for("console.menus.show_publish", name=name),
    }


def _presets() -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": preset.title,
            "size": preset.size._asdict(),
            "areas": [area._asdict() for area in preset.areas],
        }
        for name, preset in PRESETS.items()
    ]


def _words(surveys: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "tones": [[tone.value, word] for tone, word in TONE_WORDS.items()],
        "icons": list(ICON_WORDS.items()),
        "commands": [
            {"name": name, "title": command.title, "values": list(command.values.items())}
            for name, command in COMMANDS.items()
        ],
        "surveys": surveys,
    }
