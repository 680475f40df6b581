"""流入経路 in the console: made, shown, changed, ended; numbers with the unknown apart."""

import pytest
from sqlalchemy import select

from app.clock import Clock, today_in_tokyo
from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.routes.actions import prove_by_code, record_click
from app.routes.queries import find_route
from app.routes.rules import Method, Route
from app.staff.models import Audit
from app.staff.rules import Role
from tests.console.conftest import SignIn
from tests.console.visiting import Visitor, words_of
from tests.routes.conftest import make_person, make_route, ready_channel


@pytest.fixture
def channel(database: Database) -> int:
    return ready_channel(database)


def route_named(database: Database, name: str) -> Route | None:
    with reading(database) as session:
        return find_route(session, name)


def new_form(channel: int, /, **more: object) -> dict[str, object]:
    return {
        "channel": channel,
        "name": "flyer",
        "title": "駅前のちらし",
        "method": "code",
        "promise": "求人をお届けします。",
    } | more


def test_a_route_is_made_and_its_codes_can_be_downloaded(
    admin: Visitor, database: Database, channel: int
) -> None:
    admin.get("/console/routes/new")
    made = admin.post("/console/routes/new", **new_form(channel))
    page = admin.get(made.headers["Location"])
    assert "経路を作りました" in page.text
    assert 'download="flyer.png"' in page.text
    assert 'href="/add/flyer.svg?to=line"' in page.text
    route = route_named(database, "flyer")
    assert route is not None
    assert f"R-{route.code}" in page.text
    assert admin.client.get("/add/flyer.png").mimetype == "image/png"
    with reading(database) as session:
        assert "route.added" in set(session.scalars(select(Audit.action)))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        pytest.param({"title": ""}, "入力してください", id="no title"),
        pytest.param({"name": "Big Name"}, "英小文字", id="no name for an address"),
        pytest.param({"name": "taken"}, "使われています", id="a taken name"),
        pytest.param({"method": "guess"}, "選択肢から", id="no such way"),
        pytest.param({"channel": 999}, "アカウントを選んで", id="no such account"),
        pytest.param({"promise": "あ" * 601}, "600文字", id="a long promise"),
    ],
)
def test_a_fault_stands_at_its_field_and_what_was_typed_is_kept(
    admin: Visitor, database: Database, channel: int, more: dict[str, object], words: str
) -> None:
    make_route(database, channel, "taken")
    admin.get("/console/routes/new")
    page = admin.post("/console/routes/new", 422, **new_form(channel, **more))
    assert words in words_of(page)
    assert "求人をお届けします。" in page.text or "promise" in more
    assert route_named(database, "flyer") is None


def test_a_login_route_needs_a_login_channel(admin: Visitor, database: Database) -> None:
    channel = ready_channel(database, login_channel_id=None)
    admin.get("/console/routes/new")
    page = admin.post("/console/routes/new", 422, **new_form(channel, method="login"))
    assert "LINEログインの設定がありません" in page.text


def test_a_route_is_changed_ended_and_opened_again(admin: Visitor, database: Database, channel: int) -> None:
    before = make_route(database, channel)
    address = f"/console/routes/{before.id}"
    admin.get(f"{address}/edit")
    admin.post(f"{address}/edit", title="別の名前", method="none", promise="")
    after = route_named(database, "seminar")
    assert after is not None
    assert (after.title, after.method, after.code) == ("別の名前", Method.NONE, before.code)
    admin.post(f"{address}/end")
    assert "終了" in words_of(admin.get(address))
    admin.post(f"{address}/reopen")
    assert "受付中" in words_of(admin.get(address))
    with reading(database) as session:
        actions = list(session.scalars(select(Audit.action).where(Audit.subject == f"route:{before.id}")))
    assert actions == ["route.changed", "route.ended", "route.reopened"]


def newly(database: Database, channel: int, number: int) -> Friend:
    """Somebody who has become a friend right now."""
    now = Clock().now()
    today = today_in_tokyo(now)
    return make_person(database, channel, number, created_at=now, followed_at=now, first_followed_on=today)


def test_the_numbers_show_the_unknown_apart(admin: Visitor, database: Database, channel: int) -> None:
    route = make_route(database, channel)
    proven = newly(database, channel, 1)
    newly(database, channel, 2)
    newly(database, channel, 3)
    with transaction(database) as session:
        assert prove_by_code(session, route, proven, Clock().now())
        record_click(session, route.id, Clock().now())
    words = words_of(admin.get("/console/routes?days=7"))
    assert "新しい友だち 3 人。経路が判明 1 人、不明 2 人。" in words
    rows = admin.get("/console/routes.csv?days=7").text.splitlines()
    assert rows[1].endswith("seminar,seminarのQR,受付コードを送ってもらう,1,1,0,0")
    assert rows[2].endswith(",不明,,,2,,")


@pytest.mark.parametrize("title", ["=1+1", "＝1+1", "@SUM(1)"])
def test_a_title_that_looks_like_a_formula_is_text_in_the_csv(
    admin: Visitor, database: Database, channel: int, title: str
) -> None:
    admin.get("/console/routes/new")
    admin.post("/console/routes/new", **new_form(channel, title=title))
    assert f",'{title}," in admin.get("/console/routes.csv").text


def test_looking_at_the_page_in_the_console_is_no_click(
    admin: Visitor, database: Database, channel: int
) -> None:
    route = make_route(database, channel)
    page = admin.get(f"/console/routes/{route.id}")
    assert "/add/seminar?preview=1" in page.text
    admin.client.get("/add/seminar?preview=1", headers={"User-Agent": "Mozilla/5.0 Firefox/150"})
    assert "クリック 0" in words_of(admin.get(f"/console/routes/{route.id}"))


@pytest.mark.parametrize("role", [Role.RECRUITER, Role.EDITOR])
def test_recruiters_look_and_editors_change(
    signed_in_as: SignIn, database: Database, channel: int, role: Role
) -> None:
    route = make_route(database, channel)
    page = signed_in_as(role).get(f"/console/routes/{route.id}")
    assert ("受付を終了する" in page.text) is (role is Role.EDITOR)
