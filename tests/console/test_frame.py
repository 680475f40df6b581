"""What holds for every page: headers, CSRF, errors, names that try to be markup, seats for webhooks."""

from threading import BoundedSemaphore

import pytest
from flask import Flask, Response
from sqlalchemy import select

from app.console.headers import POLICY
from app.db import Database, reading, transaction
from app.messaging.models import Channel
from app.staff.models import Staff
from app.staff.rules import Role
from tests.console.conftest import SignIn
from tests.console.test_roles import guarded
from tests.console.visiting import PASSWORD, Visitor, make_staff, words_of

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_every_answer_has_the_strict_policy_and_is_not_cached(app: Flask, admin: Visitor) -> None:
    addresses = [address for _endpoint, method, address in guarded(app) if method == "GET"]
    for address in [*addresses, "/console/sign-in", "/console/nowhere/at/all", "/console"]:
        answer = admin.client.get(address)
        assert answer.headers["Content-Security-Policy"] == POLICY, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        assert answer.headers["Cache-Control"] == "no-store", address
        if answer.mimetype == "text/html":
            assert " style=" not in answer.text, address
            assert "<style" not in answer.text, address
            assert " onclick=" not in answer.text, address


def test_files_come_from_this_server_and_may_be_kept(visitor: Visitor) -> None:
    page = visitor.get("/console/sign-in").text
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    for name in (
        "css/bootstrap.min.css",
        "css/font/bootstrap-icons.min.css",
        "css/font/fonts/bootstrap-icons.woff2",
    ):
        answer = visitor.get(f"/console/assets/{name}")
        assert "max-age" in answer.headers["Cache-Control"]
    visitor.get("/console/assets/js/bootstrap.min.js", 404)
    assert visitor.client.get("/console/assets/../bootstrap4/css/bootstrap.min.css").status_code in {302, 404}


@pytest.mark.parametrize("token", ["", "wrong", "IjAi.aaaaaa.bbbb"])
def test_a_request_without_the_pages_token_changes_nothing(
    admin: Visitor, database: Database, token: str
) -> None:
    answer = admin.post("/console/account", 400, csrf_token=token, name="別の名前")
    assert "ページを開き直してください" in answer.text
    with reading(database) as session:
        assert "別の名前" not in session.scalars(select(Staff.name)).all()


def test_a_token_of_another_browser_is_worth_nothing(admin: Visitor, signed_in_as: SignIn) -> None:
    other = signed_in_as(Role.ADMIN)
    admin.post("/console/account", 400, csrf_token=other.token, name="x")


def test_the_webhook_needs_no_token(app: Flask) -> None:
    assert app.test_client().post("/line/webhook", data=b"{}").status_code in {401, 503}


def test_a_name_is_never_markup(app: Flask, database: Database) -> None:
    visitor = Visitor(app)
    visitor.sign_in(make_staff(database, name=EVIL)[1])
    page = visitor.get("/console/account").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_what_was_typed_is_kept_with_the_fault_beside_it(admin: Visitor) -> None:
    page = admin.post("/console/account", 422, name="あ" * 101).text
    assert "100文字まで入力できます。" in page
    assert "あ" * 101 in page
    assert 'aria-describedby="name-hint name-fault"' in page


def test_an_unknown_address_says_so_and_names_the_request(admin: Visitor) -> None:
    answer = admin.get("/console/no-such-page", 404)
    assert "お探しの画面は見つかりませんでした" in answer.text
    assert "受付番号" in answer.text


def test_an_address_that_no_database_takes_is_one_that_is_not_there(admin: Visitor) -> None:
    for path in ("/console/menus/a%00b", "/console/menus/a%00b/versions", "/console/people/a%00b/1"):
        assert "見つかりません" in words_of(admin.get(path, 404))


def test_a_bug_is_a_page_with_the_requests_id_and_nothing_of_the_bug(
    app: Flask, admin: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Response:
        raise RuntimeError("secret detail")

    app.view_functions["console.account.show_account"] = broken
    answer = admin.client.get("/console/account")
    assert answer.status_code == 500
    assert "こちらの不具合です" in answer.text
    assert "secret detail" not in answer.text
    assert caplog.records


def test_when_all_seats_are_taken_a_page_says_so_and_files_still_come(app: Flask, admin: Visitor) -> None:
    seats = BoundedSemaphore(1)
    app.extensions["goen.console.seats"] = seats
    admin.get("/console/account")
    seats.acquire()
    assert "いま混み合っています" in admin.get("/console/account", 503).text
    admin.get("/console/static/console.css")
    seats.release()
    for _ in range(3):
        admin.get("/console/account")


def test_without_a_database_the_console_says_so(app: Flask, admin: Visitor) -> None:
    with app.extensions["goen.console"].database.writer.connect() as connection:
        connection.exec_driver_sql("DROP TABLE staff_session")
        connection.commit()
    assert admin.client.get("/console/account").status_code in {500, 503}


def test_several_accounts_can_be_switched_between(admin: Visitor, database: Database) -> None:
    assert "LINEアカウント" not in words_of(admin.get("/console/account"))
    with transaction(database) as session:
        session.add_all([Channel(name="one", secrets="", title="転職ナビ"), Channel(name="two", secrets="")])
    assert "転職ナビ" in words_of(admin.get("/console/account"))
    answer = admin.post("/console/account/channel", channel="2", next="/console/account")
    assert answer.headers["Location"] == "/console/account"
    assert '<option value="2" selected>two</option>' in admin.get("/console/account").text
    admin.post("/console/account/channel", channel="", next="https://evil.example")
    assert " selected" not in admin.get("/console/account").text


def test_the_start_leads_to_the_console(app: Flask) -> None:
    assert app.test_client().get("/").headers["Location"] == "/console/"


def test_shortcuts_can_be_switched_off(admin: Visitor) -> None:
    assert "data-shortcuts" in admin.get("/console/account").text
    admin.post("/console/account", name="架空 管理")
    assert "data-shortcuts" not in admin.get("/console/account").text


def test_signing_in_with_a_broken_cookie_is_as_without(app: Flask, database: Database) -> None:
    visitor = Visitor(app)
    visitor.client.set_cookie("goen_console", "broken", path="/console")
    visitor.sign_in(make_staff(database)[1], PASSWORD)
