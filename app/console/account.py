"""Signing in and out, and one's own account."""

from datetime import datetime
from typing import Annotated

import flask
from flask import Blueprint, redirect, request, url_for
from pydantic import Field, StringConstraints
from werkzeug.wrappers import Response

from app.console import words
from app.console.desk import desk, doer, now, signed_in, toast
from app.console.forms import Filled, Form, empty_form, read_form
from app.console.guard import COOKIE_ENTRY
from app.console.pages import show_page
from app.console.rules import START, safe_target
from app.db import reading, transaction
from app.staff.actions import change_own_settings, set_password, store_rehashed
from app.staff.audit import Doer, record_audit
from app.staff.passwords import hash_password, is_outdated, is_password, is_same_password
from app.staff.queries import Account, find_account
from app.staff.rules import (
    LONGEST_PASSWORD,
    TRIES_OF_ADDRESS,
    TRIES_OF_MAIL,
    fault_of_password,
    fold_mail,
)
from app.staff.sessions import begin_session, end_session
from app.staff.throttle import Claim, Subject, claim_try, forgive_tries
from app.visitors import address_of

bp = Blueprint("account", __name__)
Password = Annotated[
    str, StringConstraints(strip_whitespace=False, min_length=1, max_length=LONGEST_PASSWORD)
]
WRONG = "メールアドレスかパスワードが違います。もう一度お確かめください。"


class SignInForm(Form):
    """メールアドレスとパスワード."""

    email: str = Field(min_length=1, max_length=254)
    password: Password


class AccountForm(Form):
    """What colleagues see, and own settings."""

    name: str = Field(min_length=1, max_length=100)
    shortcuts: bool = False


class PasswordForm(Form):
    """The old one proves that it is still the same person at the desk."""

    password: Password
    new_password: Password
    new_password_again: Password


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response:
    """サインイン."""
    target = safe_target(request.values.get("next"))
    if flask.g.signed_in is not None:
        return redirect(target)
    if request.method == "GET":
        return _sign_in_page(empty_form(), target)
    form = read_form(SignInForm)
    if form.value is None:
        return _sign_in_page(form, target, 422)
    claim = _claim(form.value.email)
    if claim.wait_until is not None:
        return _sign_in_page(form.refused("", _wait_sentence(claim.wait_until)), target, 429)
    account = _proven_account(form.value.email, form.value.password)
    if account is None:
        return _sign_in_page(form.refused("", WRONG), target, 422)
    _begin(account, form.value, claim)
    return redirect(target)


@bp.post("/sign-out")
def sign_out() -> Response:
    """サインアウト, of this browser."""
    with transaction(desk().database) as session:
        end_session(session, flask.session[COOKIE_ENTRY])
    flask.session.clear()
    return redirect(url_for(".sign_in"))


@bp.get("/account")
def show_account() -> Response:
    """自分の設定."""
    return _account_page(_own_form(), empty_form())


@bp.post("/account")
def save_account() -> Response:
    """The name that colleagues see, and whether shortcuts are on."""
    form = read_form(AccountForm)
    if form.value is None:
        return _account_page(form, empty_form(), 422)
    with transaction(desk().database) as session:
        settings = {"shortcuts": form.value.shortcuts}
        change_own_settings(session, signed_in().staff_id, form.value.name, settings, now())
    toast("設定を保存しました。")
    return redirect(url_for(".show_account"))


@bp.post("/account/password")
def change_password() -> Response:
    """Every other browser of this person is signed out; this one gets a new session."""
    form = _checked(read_form(PasswordForm))
    if form.value is None:
        return _account_page(_own_form(), form, 422)
    hashed, who = hash_password(form.value.new_password), signed_in()
    with transaction(desk().database) as session:
        set_password(session, who.staff_id, hashed, doer(), now(), is_temporary=False)
        token = begin_session(session, who.staff_id, desk().clock.real_now())
    _remember(token)
    toast("パスワードを変更しました。ほかの端末はサインアウトしました。")
    return redirect(START)


@bp.post("/account/channel")
def choose_channel() -> Response:
    """The account switcher of the top bar; empty: all accounts."""
    chosen = request.form.get("channel", "")
    flask.session["channel"] = int(chosen) if chosen.isascii() and chosen.isdigit() else None
    return redirect(safe_target(request.form.get("next")))


def _claim(mail: str) -> Claim:
    """Count this try, or say until when to wait; before anything is hashed."""
    with transaction(desk().database) as session:
        return claim_try(session, _subjects(mail), desk().clock.real_now())


def _subjects(mail: str) -> tuple[Subject, Subject]:
    """The account and the network address, as keyed hashes: what is stored names nobody."""
    hashed = desk().encryption.keyed_hash
    return (
        Subject(hashed("sign-in mail", fold_mail(mail)), TRIES_OF_MAIL),
        Subject(hashed("sign-in address", address_of(request)), TRIES_OF_ADDRESS),
    )


def _proven_account(mail: str, password: str) -> Account | None:
    """Whose password this is. An unknown mail address takes as long as a known one."""
    with reading(desk().database) as session:
        account = find_account(session, mail)
    stored = None if account is None else account.password_hash
    return account if is_password(password, stored) else None


def _begin(account: Account, given: SignInForm, claim: Claim) -> None:
    """A new session in place of any older one of this browser."""
    stored, real_now = account.password_hash, desk().clock.real_now()
    rehashed = hash_password(given.password) if is_outdated(stored) else None
    with transaction(desk().database) as session:
        forgive_tries(session, _subjects(given.email)[0], claim, real_now)
        if rehashed is not None:
            store_rehashed(session, account.staff_id, stored, rehashed)
        token = begin_session(session, account.staff_id, real_now)
        by = Doer(staff_id=account.staff_id)
        record_audit(session, by, "staff.signed_in", f"staff:{account.staff_id}", now())
    _remember(token)


def _remember(token: str) -> None:
    """In the signed cookie; its CSRF token is new as well."""
    flask.session.clear()
    flask.session.permanent = True
    flask.session[COOKIE_ENTRY] = token


def _checked(form: Filled[PasswordForm]) -> Filled[PasswordForm]:
    """The form with what is wrong about the passwords; the old one is throttled as in a sign-in."""
    if form.value is None:
        return form
    given, mail = form.value, signed_in().email
    if given.new_password != given.new_password_again:
        return form.refused("new_password_again", "上と同じパスワードを入力してください。")
    if is_same_password(given.new_password, given.password):
        return form.refused("new_password", "いまと違うパスワードにしてください。")
    fault = fault_of_password(given.new_password, mail)
    if fault is not None:
        return form.refused("new_password", fault)
    claim = _claim(mail)
    if claim.wait_until is not None:
        return form.refused("password", _wait_sentence(claim.wait_until))
    if _proven_account(mail, given.password) is None:
        return form.refused("password", "いまのパスワードが違います。")
    with transaction(desk().database) as session:
        forgive_tries(session, _subjects(mail)[0], claim, desk().clock.real_now())
    return form


def _wait_sentence(until: datetime) -> str:
    wait = words.duration_words(max((until - desk().clock.real_now()).total_seconds(), 1))
    return f"続けて確認できなかったため、いったん止めています。{wait}ほど待ってからお試しください。"


def _own_form() -> Filled[AccountForm]:
    who = signed_in()
    return empty_form(name=who.name, shortcuts=who.settings.get("shortcuts", True))


def _account_page(form: Filled[AccountForm], password: Filled[PasswordForm], status: int = 200) -> Response:
    return show_page("account.html", status, form=form, password=password)


def _sign_in_page(form: Filled[SignInForm], target: str, status: int = 200) -> Response:
    return show_page("sign_in.html", status, form=form, target=target)
