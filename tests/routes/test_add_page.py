"""`/add/<route>`: the page, its codes, what is counted, and what can never happen."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.clock import today_in_tokyo
from app.db import Database, reading, transaction
from app.factory import close_app, create_app
from app.messaging.models import Channel
from app.routes.actions import end_route
from app.routes.queries import RouteFigures, route_report
from app.routes.rules import Method
from app.settings import Settings
from tests.routes.conftest import NOW, make_route, ready_channel
from tests.stack import KEY

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1"
BASE = "https://goen.example"


@pytest.fixture
def client(database: Database) -> Iterator[FlaskClient]:
    """A browser on the same database."""
    url = database.reader.url.render_as_string(hide_password=False)
    settings = Settings.from_env({"DATABASE_URL": url, "SECRET_KEY": KEY, "BASE_URL": BASE})
    app = create_app(settings)
    yield app.test_client()
    close_app(app)


def look(client: FlaskClient, path: str = "/add/seminar", **headers: str) -> TestResponse:
    return client.get(path, base_url=BASE, headers={"User-Agent": PHONE} | headers, buffered=True)


def clicks(client: FlaskClient, database: Database, channel: int) -> int:
    today = today_in_tokyo(client.application.extensions["goen.adding"].clock.now())
    with reading(database) as session:
        figures = route_report(session, channel, today, today).figures
    return sum(row.clicks for row in figures.values())


@pytest.mark.parametrize(
    ("method", "target", "words"),
    [
        pytest.param(Method.NONE, "https://line.me/R/ti/p/%40000simul", "友だち追加する", id="plain"),
        pytest.param(Method.CODE, "https://line.me/R/oaMessage/%40000simul/?", "そのまま送信", id="code"),
        pytest.param(Method.LOGIN, "/login/line?route=seminar", "LINEログイン", id="login"),
    ],
)
def test_the_page_promises_and_leads_to_line(
    client: FlaskClient, database: Database, channel: int, method: Method, target: str, words: str
) -> None:
    route = make_route(database, channel, method=method)
    page = look(client)
    assert page.status_code == 200
    assert f'href="{target}' in page.text
    for expected in (words, "無料の相談会にご案内します。", "ごえん（架空）", "配信停止"):
        assert expected in page.text
    assert route.title not in page.text
    assert (f">R-{route.code}<" in page.text) is (method is Method.CODE)


def test_a_page_is_shown_though_nobody_can_count_it(
    client: FlaskClient, database: Database, channel: int
) -> None:
    make_route(database, channel)
    with locked_visits(database):
        page = look(client)
    assert page.status_code == 200
    assert "LINEのトークを開く" in page.text
    assert "Set-Cookie" not in page.headers, "the next look may be counted"
    assert clicks(client, database, channel) == 0
    look(client)
    assert clicks(client, database, channel) == 1


@contextmanager
def locked_visits(database: Database) -> Iterator[None]:
    """Somebody writes, and does not come to an end."""
    with transaction(database) as session:
        if not database.is_sqlite:
            session.execute(text("LOCK TABLE route_visit IN ACCESS EXCLUSIVE MODE"))
        yield


def test_without_a_database_the_page_says_so(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {"DATABASE_URL": f"sqlite:///{tmp_path}/without-tables.db", "SECRET_KEY": KEY, "BASE_URL": BASE}
    )
    app = create_app(settings)
    page = look(app.test_client())
    close_app(app)
    assert (page.status_code, "混み合っています" in page.text) == (503, True)


def test_the_page_is_strict_and_needs_no_script(
    client: FlaskClient, database: Database, channel: int
) -> None:
    make_route(database, channel)
    page = look(client)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"]
    assert look(client, "/add/static/add.css").status_code == 200


def test_what_staff_write_is_text_and_nothing_else(
    client: FlaskClient, database: Database, channel: int
) -> None:
    make_route(database, channel, promise='<script>alert(1)</script>"><img src=x>')
    page = look(client)
    assert "<script" not in page.text
    assert "<img src=x" not in page.text


def test_one_browser_is_one_click_a_day_and_route(
    client: FlaskClient, database: Database, channel: int
) -> None:
    make_route(database, channel)
    make_route(database, channel, "other")
    for path in ("/add/seminar", "/add/seminar", "/add/other", "/add/seminar"):
        assert look(client, path).status_code == 200
    assert clicks(client, database, channel) == 2
    cookie = client.get_cookie("goen_add", domain="goen.example", path="/add")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.secure
    assert cookie.same_site == "Lax"


def test_a_forged_cookie_is_no_cookie(client: FlaskClient, database: Database, channel: int) -> None:
    make_route(database, channel)
    client.set_cookie("goen_add", "WyIyMDI2Il0.forged", domain="goen.example", path="/add")
    look(client)
    assert clicks(client, database, channel) == 1


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"User-Agent": "facebookexternalhit/1.1;line-poker/1.0"}, id="LINE's preview"),
        pytest.param({"User-Agent": "Googlebot/2.1"}, id="a search engine"),
        pytest.param({"User-Agent": ""}, id="no agent"),
        pytest.param({"Sec-Purpose": "prefetch;prerender"}, id="a browser that guesses"),
        pytest.param({"Sec-Fetch-Dest": "iframe"}, id="staff who look at it in the console"),
    ],
)
def test_who_is_not_a_person_is_not_counted(
    client: FlaskClient, database: Database, channel: int, headers: dict[str, str]
) -> None:
    make_route(database, channel)
    assert look(client, **headers).status_code == 200
    assert clicks(client, database, channel) == 0


def test_asking_for_the_head_or_a_preview_is_no_click(
    client: FlaskClient, database: Database, channel: int
) -> None:
    make_route(database, channel)
    assert client.head("/add/seminar", headers={"User-Agent": PHONE}).status_code == 200
    assert look(client, "/add/seminar?preview").status_code == 200
    assert clicks(client, database, channel) == 0


def test_an_ended_route_explains_and_counts_nothing(
    client: FlaskClient, database: Database, channel: int
) -> None:
    make_route(database, channel)
    with transaction(database) as session:
        end_route(session, "seminar", NOW)
    page = look(client)
    assert page.status_code == 410
    assert "受付は終了しました" in page.text
    assert "line.me" not in page.text
    assert clicks(client, database, channel) == 0


@pytest.mark.parametrize(
    "path", ["/add/unknown", "/add/unknown.png", "/add/Seminar", "/add/seminar.gif", "/add/a%00b"]
)
def test_an_unknown_route_is_a_polite_404(client: FlaskClient, database: Database, path: str) -> None:
    page = look(client, path)
    assert page.status_code == 404
    assert "見つかりません" in page.text


def test_before_line_has_told_the_id_the_page_says_so(client: FlaskClient, database: Database) -> None:
    make_route(database, ready_channel(database, basic_id=None))
    page = look(client)
    assert page.status_code == 503
    assert "準備中" in page.text


def test_an_account_that_lost_its_login_channel_asks_for_the_code(
    client: FlaskClient, database: Database, channel: int
) -> None:
    make_route(database, channel, method=Method.LOGIN)
    with transaction(database) as session:
        session.get_one(Channel, channel).login_channel_id = None
    assert "/R/oaMessage/" in look(client).text


@pytest.mark.parametrize(
    "query", ["next=https://evil.example", "to=https://evil.example", "url=//evil.example"]
)
def test_nothing_in_the_address_changes_where_the_button_leads(
    client: FlaskClient, database: Database, channel: int, query: str
) -> None:
    make_route(database, channel)
    page = look(client, f"/add/seminar?{query}")
    assert page.status_code == 200
    assert "evil.example" not in page.text


@pytest.mark.parametrize(
    ("kind", "mime", "start"), [("png", "image/png", b"\x89PNG"), ("svg", "image/svg+xml", b"<?xml")]
)
@pytest.mark.parametrize("query", ["", "?to=line"])
def test_the_code_is_a_picture_to_print(
    client: FlaskClient, database: Database, channel: int, kind: str, mime: str, start: bytes, query: str
) -> None:
    make_route(database, channel)
    picture = look(client, f"/add/seminar.{kind}{query}")
    assert (picture.status_code, picture.mimetype) == (200, mime)
    assert BytesIO(picture.data).read(len(start)) == start
    assert clicks(client, database, channel) == 0


def test_the_figures_of_a_route_without_anything_are_zero() -> None:
    assert RouteFigures() == RouteFigures(0, 0, 0, 0)
