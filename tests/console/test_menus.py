"""リッチメニュー in the console: drafts, looks, publishing, versions; the editor itself is in test_menu_editor."""

import json
import re
from copy import deepcopy
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.clock import Clock, in_tokyo
from app.db import Database, reading, transaction
from app.messaging.counts import count_up
from app.staff.models import Audit
from app.staff.rules import Role
from richmenu.actions import load_shipped_menus, publish_due_drafts
from richmenu.figures import TAPS
from richmenu.models import MenuDraft
from richmenu.queries import menu_versions
from richmenu.schema import menu_from_json
from tests.console.conftest import SignIn
from tests.console.visiting import Visitor, words_of
from tests.factories import make_channel

MENU = "/console/menus/members"


@pytest.fixture(autouse=True)
def shipped(database: Database) -> None:
    """The menus of this release."""
    with transaction(database) as session:
        load_shipped_menus(session, Clock().now())


class Editor:
    """What the editor's page sends, from one browser."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        page = visitor.get(MENU).text
        found = re.search(r'(?s)id="menu-data">(.*?)</script>', page)
        assert found is not None
        self.data = json.loads(unescape(found[1]))
        self.menu: dict[str, Any] = self.data["menu"]
        self.stamp: str = self.data["stamp"]

    def send(self, what: str, **more: Any) -> TestResponse:
        value = {"menu": self.menu, "stamp": self.stamp, "tab": "main"} | more
        headers = {"X-CSRFToken": self.data["csrf"]}
        return self.visitor.client.post(f"{MENU}/{what}", json=value, headers=headers)

    def save(self, status: int = 200) -> dict[str, Any]:
        answer = self.send("draft")
        assert answer.status_code == status, answer.text
        value: dict[str, Any] = answer.get_json()
        if status == 200:
            self.stamp = value["stamp"]
        return value

    def publish(self, **form: str) -> TestResponse:
        self.visitor.get(f"{MENU}/publish")
        return self.visitor.post(f"{MENU}/publish", **({"stamp": self.stamp, "when": "now"} | form))


@pytest.fixture
def editor(admin: Visitor) -> Editor:
    return Editor(admin)


def areas(editor: Editor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = editor.menu["tabs"][0]["areas"]
    return found


def versions(database: Database) -> list[int]:
    with reading(database) as session:
        return [each.version for each in menu_versions(session, "members")]


def test_a_draft_is_kept_and_opened_again(editor: Editor, admin: Visitor) -> None:
    areas(editor)[2]["label"] = "新しい求人"
    editor.save()
    again = Editor(admin)
    assert areas(again)[2]["label"] == "新しい求人"
    assert again.stamp == editor.stamp


def test_two_editors_at_once_are_told_and_nothing_is_lost(
    editor: Editor, signed_in_as: SignIn, database: Database
) -> None:
    other = Editor(signed_in_as(Role.EDITOR))
    areas(editor)[2]["label"] = "先の人"
    editor.save()
    areas(other)[2]["label"] = "後の人"
    refused = other.save(409)
    assert refused["by"] == "架空 管理"
    with reading(database) as session:
        draft = session.get_one(MenuDraft, "members")
    assert draft.body["tabs"][0]["areas"][2]["label"] == "先の人"
    other.stamp = refused["stamp"]
    other.save()


def test_the_look_has_the_rules_of_publishing_and_the_picture(editor: Editor) -> None:
    answer = editor.send("look").get_json()
    assert answer["faults"] == []
    assert answer["gaps"] == []
    assert answer["picture"].startswith("data:image/png;base64,")


@pytest.mark.parametrize(
    ("change", "words", "is_error"),
    [
        pytest.param({"x": 100}, "重なっています", True, id="overlap"),
        pytest.param({"x": -10}, "はみ出して", True, id="outside"),
        pytest.param({"label": ""}, "ボタンC 文字", True, id="no words"),
        pytest.param({"action": {"type": "uri", "uri": "x"}}, "ボタンC 動作", True, id="no address"),
        pytest.param({"action": {"type": "tab", "tab": "none"}}, "がありません", True, id="no such tab"),
        pytest.param({"width": 600}, "押しても何も起きない", False, id="a gap"),
        pytest.param({"width": 200}, "押しにくい", False, id="small"),
    ],
)
def test_faults_come_in_words_that_name_the_button(
    editor: Editor, change: dict[str, Any], words: str, is_error: bool
) -> None:
    areas(editor)[2].update(change)
    faults = editor.send("look").get_json()["faults"]
    assert any(words in fault["what"] and fault["is_error"] is is_error for fault in faults), faults


def test_a_long_bar_says_by_how_much(editor: Editor) -> None:
    editor.menu["bar"] = "あ" * 17
    (fault,) = editor.send("look").get_json()["faults"]
    assert fault["what"] == "メニューバーの文字は14文字までです(いま17文字)。"


@pytest.mark.parametrize("body", [{}, {"menu": 1}, {"menu": {"name": "placed"}}, []])
def test_what_is_no_menu_is_refused(editor: Editor, body: Any) -> None:
    headers = {"X-CSRFToken": editor.data["csrf"]}
    for what in ("look", "draft"):
        answer = editor.visitor.client.post(f"{MENU}/{what}", json=body, headers=headers)
        assert answer.status_code == 400


def test_without_its_token_nothing_is_saved(editor: Editor, database: Database) -> None:
    answer = editor.visitor.client.post(f"{MENU}/draft", json={"menu": editor.menu, "stamp": ""})
    assert answer.status_code == 400
    with reading(database) as session:
        assert session.get(MenuDraft, "members") is None


def test_publishing_makes_a_version_audits_it_and_ends_the_draft(editor: Editor, database: Database) -> None:
    areas(editor)[2]["label"] = "新しい求人"
    editor.save()
    page = editor.visitor.get(f"{MENU}/publish")
    assert "会員連携した方" in page.text
    assert "公開する内容" in page.text
    answer = editor.publish()
    assert (
        "公開しました。1分ほどで順に切り替わります。" in editor.visitor.get(answer.headers["Location"]).text
    )
    assert versions(database) == [2, 1]
    with reading(database) as session:
        newest = menu_from_json(menu_versions(session, "members")[0].body)
        assert session.get(MenuDraft, "members") is None
        assert "menu.published" in set(session.scalars(select(Audit.action)))
    assert newest.tabs[0].areas[2].label == "新しい求人"


def test_a_draft_with_errors_cannot_go_live(editor: Editor, database: Database) -> None:
    areas(editor)[2]["x"] = 100
    editor.save()
    page = editor.visitor.get(f"{MENU}/publish")
    assert "直すと公開できます" in page.text
    answer = editor.visitor.post(f"{MENU}/publish", 422, stamp=editor.stamp, when="now")
    assert "重なっています" in words_of(answer)
    assert versions(database) == [1]


def test_only_what_was_shown_goes_live(editor: Editor, database: Database) -> None:
    editor.save()
    shown = editor.stamp
    areas(editor)[2]["label"] = "あとの変更"
    editor.save()
    editor.publish(stamp=shown)
    assert versions(database) == [1]


def test_a_time_is_planned_taken_back_and_kept_by_the_clock(editor: Editor, database: Database) -> None:
    areas(editor)[2]["label"] = "明日から"
    editor.save()
    at = Clock().now() + timedelta(days=1)
    form = {"when": "later", "at": f"{in_tokyo(at):%Y-%m-%dT%H:%M}"}
    editor.publish(**form)
    assert "に公開します" in editor.visitor.get("/console/menus").text
    editor.visitor.post(f"{MENU}/unplan")
    with transaction(database) as session:
        assert publish_due_drafts(session, at) == []
    editor.publish(**form)
    with transaction(database) as session:
        assert publish_due_drafts(session, at - timedelta(minutes=2)) == []
        assert len(publish_due_drafts(session, at)) == 1
    assert versions(database) == [2, 1]


@pytest.mark.parametrize("at", ["", "nonsense", "2020-01-01T10:00"])
def test_a_time_that_is_none_or_has_passed_is_refused(editor: Editor, database: Database, at: str) -> None:
    editor.save()
    editor.visitor.get(f"{MENU}/publish")
    editor.visitor.post(f"{MENU}/publish", 422, stamp=editor.stamp, when="later", at=at)
    assert versions(database) == [1]


def test_an_old_version_goes_live_again_as_a_new_one(editor: Editor, database: Database) -> None:
    before = deepcopy(editor.menu)
    areas(editor)[2]["label"] = "新しい求人"
    editor.save()
    editor.publish()
    editor.visitor.get(f"{MENU}/versions")
    editor.visitor.post(f"{MENU}/versions/1/restore")
    assert versions(database) == [3, 2, 1]
    assert Editor(editor.visitor).menu == before
    editor.visitor.post(f"{MENU}/versions/9/restore", 404)


def test_a_discarded_draft_is_gone(editor: Editor, admin: Visitor) -> None:
    before = deepcopy(editor.menu)
    areas(editor)[2]["label"] = "やめる"
    editor.save()
    admin.get(MENU)
    admin.post(f"{MENU}/discard")
    assert Editor(admin).menu == before


def picture(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "#E6F5EC").save(out, "PNG")
    return out.getvalue()


def send_picture(editor: Editor, body: bytes) -> TestResponse:
    headers = {"X-CSRFToken": editor.data["csrf"]}
    form = {"picture": (BytesIO(body), "menu.png")}
    return editor.visitor.client.post(f"{MENU}/pictures", data=form, headers=headers)


def test_a_picture_is_uploaded_and_shown(editor: Editor) -> None:
    answer = send_picture(editor, picture(1200, 810))
    found = answer.get_json()
    assert (answer.status_code, found["width"], found["height"]) == (200, 1200, 810)
    shown = editor.visitor.get(f"/console/menus/pictures/{found['picture']}")
    assert shown.mimetype == "image/png"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(picture(700, 400), "幅は800〜2500px", id="narrow"),
        pytest.param(picture(800, 200), "高さは250px以上", id="low"),
        pytest.param(picture(1000, 1000), "縦に長すぎます", id="tall"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PNGかJPEG", id="another kind"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(100), "読めません", id="broken"),
    ],
)
def test_a_picture_that_line_would_refuse_is_refused_with_the_reason(
    editor: Editor, body: bytes, words: str
) -> None:
    answer = send_picture(editor, body)
    assert answer.status_code == 422
    assert words in " ".join(answer.get_json()["faults"])


def test_pictures_of_versions(editor: Editor) -> None:
    assert editor.visitor.get(f"{MENU}/versions/1/main.png").mimetype == "image/png"
    for path in ("versions/9/main.png", "versions/1/none.png"):
        editor.visitor.get(f"{MENU}/{path}", 404)


def test_taps_are_shown_at_their_buttons(editor: Editor, database: Database) -> None:
    channel = make_channel(database)
    with transaction(database) as session:
        count_up(session, channel, TAPS, "members/main/C", Clock().now(), by=42)
        count_up(session, channel, TAPS, "placed/main/A", Clock().now(), by=7)
    assert "C おすすめ 42" in words_of(editor.visitor.get(f"{MENU}/versions"))
    assert "42回" in editor.visitor.get("/console/menus").text


def test_recruiters_do_not_change_menus(signed_in_as: SignIn) -> None:
    signed_in_as(Role.RECRUITER).get("/console/menus", 403)
