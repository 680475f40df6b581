"""Signing in and out: proof, throttling, rotation, where it leads, and what a cookie can do."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select, update

from app.clock import Clock
from app.db import Database, reading, transaction
from app.staff.actions import NewStaff, add_staff, change_role, leave_staff, set_password
from app.staff.audit import NOBODY
from app.staff.models import Audit, SignInTry, Staff, StaffSession
from app.staff.passwords import NOBODYS_HASH, hash_password, is_outdated, is_password
from app.staff.rules import TRIES_OF_MAIL, Role
from app.staff.sessions import IDLE, LIFE, SEEN_EVERY, begin_session, find_signed_in, keep_session
from tests.console.visiting import PASSWORD, Visitor, make_staff, running_console, words_of

A_SECOND = timedelta(seconds=1)
NEW = "another invented password"


def test_the_right_password_opens_the_page_that_was_wanted(visitor: Visitor, database: Database) -> None:
    email = make_staff(database)[1]
    wanted = visitor.client.get("/console/account?tab=1").headers["Location"]
    assert wanted == "/console/sign-in?next=/console/account?tab%3D1"
    answer = visitor.sign_in(email.upper(), target="/console/account?tab=1")
    assert answer.headers["Location"] == "/console/account?tab=1"
    assert visitor.get("/console/sign-in", 302).headers["Location"] == "/console/"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/console/", "//evil.example/console/", "/\\evil.example", "/console/\\..\\..\\x",
        "javascript:alert(1)", "/console/../login/line", "/other", "/console//evil.example", "/console/\tx", "",
    ],
)  # fmt: skip
def test_a_sign_in_leads_nowhere_else(visitor: Visitor, database: Database, target: str) -> None:
    answer = visitor.sign_in(make_staff(database)[1], target=target)
    assert answer.headers["Location"] == "/console/"


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(
    visitor: Visitor, database: Database
) -> None:
    email = make_staff(database)[1]
    wrong = words_of(visitor.sign_in(email, "wrong", 422))
    unknown = words_of(visitor.sign_in("nobody@goen.example", "wrong", 422))
    assert wrong == unknown
    assert "メールアドレスかパスワードが違います" in wrong


def test_nobodys_hash_costs_what_a_real_one_costs() -> None:
    assert not is_outdated(NOBODYS_HASH)
    assert not is_password("anything", None)


def test_passwords_are_the_same_on_every_keyboard() -> None:
    stored = hash_password("ｐａｓｓ ワード１２３４")
    assert is_password("pass ワード1234", stored)
    assert not is_password("pass ワード1235", stored)
    assert stored.startswith("$argon2id$")


def test_spaces_belong_to_a_password(visitor: Visitor, database: Database) -> None:
    visitor.sign_in(make_staff(database)[1], f" {PASSWORD} ", 422)


def test_too_many_tries_must_wait_even_with_the_right_password(visitor: Visitor, database: Database) -> None:
    email = make_staff(database)[1]
    for _ in range(TRIES_OF_MAIL):
        visitor.sign_in(email, "wrong", 422)
    answer = visitor.sign_in(email, PASSWORD, 429)
    assert "ほど待ってからお試しください" in words_of(answer)
    with transaction(database) as session:
        session.execute(update(SignInTry).values(at=Clock().real_now() - timedelta(minutes=1)))
    visitor.sign_in(email)
    with reading(database) as session:
        assert session.scalars(select(func.count()).select_from(SignInTry)).one() == TRIES_OF_MAIL


def test_what_is_stored_of_a_failed_try_names_nobody(visitor: Visitor, database: Database) -> None:
    visitor.sign_in("nobody@goen.example", "wrong", 422)
    with reading(database) as session:
        subjects = session.scalars(select(SignInTry.subject)).all()
    assert len(subjects) == 2
    assert all(len(subject) == 64 and "@" not in subject for subject in subjects)


def test_every_sign_in_makes_a_new_session_and_a_new_csrf_token(visitor: Visitor, database: Database) -> None:
    email = make_staff(database)[1]
    visitor.get("/console/sign-in")
    before = visitor.token
    visitor.sign_in(email)
    cookie = visitor.client.get_cookie("goen_console", path="/console")
    assert cookie is not None
    visitor.post("/console/sign-out", 400, csrf_token=before)
    visitor.post("/console/sign-out")
    visitor.client.set_cookie("goen_console", cookie.value, path="/console")
    visitor.get("/console/account", 302)  # the old cookie is worth nothing after signing out


def test_the_cookie_is_for_the_console_alone(app: Flask, database: Database) -> None:
    email = make_staff(database)[1]
    header = Visitor(app).sign_in(email).headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/console", "SameSite=Lax"} <= {part.strip() for part in header.split(";")}
    assert "Secure" not in header
    with running_console(database, BASE_URL="https://goen.example") as behind_https:
        assert "Secure" in behind_https.test_client().get("/console/sign-in").headers["Set-Cookie"]


def test_a_new_secret_key_signs_nobody_out(app: Flask, database: Database) -> None:
    visitor = Visitor(app)
    visitor.sign_in(make_staff(database)[1])
    cookie = visitor.client.get_cookie("goen_console", path="/console")
    assert cookie is not None
    keys = "a-new-invented-secret-key,an-invented-secret-key-for-tests"
    with running_console(database, SECRET_KEY=keys) as rotated:
        later = Visitor(rotated)
        later.client.set_cookie("goen_console", cookie.value, path="/console")
        later.token = visitor.token
        answer = later.post("/console/account", 400, name="x")
        assert "ページを開き直してください" in answer.text
        later.get("/console/account")
        later.post("/console/account", name="新しい名前")


def test_a_changed_role_counts_at_once_and_who_has_left_is_out(
    visitor: Visitor, database: Database, app: Flask
) -> None:
    make_staff(database)
    staff_id, email = make_staff(database)
    visitor.sign_in(email)
    assert "管理者" in visitor.get("/console/account").text
    with transaction(database) as session:
        change_role(session, staff_id, Role.EDITOR, NOBODY, Clock().now())
    assert "編集者" in visitor.get("/console/account").text
    with transaction(database) as session:
        leave_staff(session, staff_id, NOBODY, Clock().now())
    visitor.get("/console/account", 302)
    Visitor(app).sign_in(email, PASSWORD, 422)


def test_a_temporary_password_must_be_changed_first(visitor: Visitor, database: Database, app: Flask) -> None:
    email = make_staff(database, is_temporary=True)[1]
    other = Visitor(app)
    other.sign_in(email)
    visitor.sign_in(email)
    assert visitor.get("/console/", 302).headers["Location"] == "/console/account"
    form = {"password": PASSWORD, "new_password": NEW, "new_password_again": NEW}
    visitor.post("/console/account/password", 422, **form | {"password": "wrong"})
    visitor.post("/console/account/password", 422, **form | {"new_password_again": "other"})
    visitor.post(
        "/console/account/password", 422, **form | {"new_password": "short", "new_password_again": "short"}
    )
    same = {"new_password": PASSWORD, "new_password_again": PASSWORD}
    visitor.post("/console/account/password", 422, **form | same)  # whoever gave it knows it
    page = visitor.post("/console/account/password", 422, **form | {"new_password_again": "other"})
    assert NEW not in page.text
    visitor.post("/console/account/password", **form)
    visitor.get("/console/")
    other.get("/console/account", 302)  # other browsers are signed out
    Visitor(app).sign_in(email, PASSWORD, 422)
    Visitor(app).sign_in(email, NEW)


def test_a_weak_hash_is_made_anew_at_the_next_sign_in(visitor: Visitor, database: Database) -> None:
    staff_id, email = make_staff(database)
    from_weak = hash_with_little_memory(PASSWORD)
    assert is_outdated(from_weak)
    with transaction(database) as session:
        set_password(session, staff_id, from_weak, NOBODY, Clock().now(), is_temporary=False)
    visitor.sign_in(email)
    with reading(database) as session:
        stored = session.scalars(select(Staff.password_hash).where(Staff.id == staff_id)).one()
    assert not is_outdated(stored)
    assert is_password(PASSWORD, stored)


def test_a_session_ends_by_time(database: Database) -> None:
    staff_id, _ = make_staff(database)
    began = Clock().real_now()
    with transaction(database) as session:
        token = begin_session(session, staff_id, began)

    def is_signed_in(after: timedelta) -> bool:
        with reading(database) as session:
            return find_signed_in(session, token, began + after) is not None

    assert is_signed_in(IDLE - A_SECOND)
    assert not is_signed_in(IDLE)
    used = timedelta(0)
    while used + IDLE - SEEN_EVERY < LIFE:
        used += IDLE - SEEN_EVERY
        with transaction(database) as session:
            keep_session(session, token, began + used)
    assert is_signed_in(LIFE - A_SECOND)
    assert not is_signed_in(LIFE)
    with reading(database) as session:
        assert token not in session.scalars(select(StaffSession.token_hash)).all()


def test_a_sign_in_is_in_the_audit(visitor: Visitor, database: Database) -> None:
    staff_id, email = make_staff(database)
    visitor.sign_in(email)
    with reading(database) as session:
        found = session.execute(
            select(Audit.staff_id, Audit.subject).where(Audit.action == "staff.signed_in")
        )
        assert found.all() == [(staff_id, f"staff:{staff_id}")]


def test_another_name_of_ones_own_is_in_the_audit_and_the_same_one_is_not(
    visitor: Visitor, database: Database
) -> None:
    staff_id, email = make_staff(database, name="架空 一子")
    visitor.sign_in(email)
    for name in ("架空 一子", "架空 二子"):
        visitor.get("/console/account")
        visitor.post("/console/account", 302, name=name)
    with reading(database) as session:
        found = session.execute(select(Audit.staff_id, Audit.subject).where(Audit.action == "staff.renamed"))
        assert found.all() == [(staff_id, f"staff:{staff_id}")]


def test_an_address_of_somebody_who_was_here_cannot_be_added_again(database: Database) -> None:
    _, email = make_staff(database)
    new = NewStaff(f" {email.upper()} ", "別の人", Role.EDITOR, "x")
    with pytest.raises(Exception, match="すでに登録"), transaction(database) as session:
        add_staff(session, new, NOBODY, Clock().now())


def hash_with_little_memory(password: str) -> str:
    return PasswordHasher(time_cost=1, memory_cost=64).hash(password)
