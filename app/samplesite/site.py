"""The pages of a small invented job site: registration, sign-in, my page, vacancies, and everything with LINE.

Read it together with docs/linking.md: it does what a real site's server has to do.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlencode

import segno
from flask import Blueprint, Flask, Response, abort, current_app, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from app.samplesite.goen import Goen, GoenFailed
from app.samplesite.people import People, Person
from app.samplesite.words import OCCUPATIONS, OUTCOMES, PREFECTURES

JOBS_SHOWN = 12
bp = Blueprint("site", __name__)
View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class Site:
    """What the pages work with."""

    goen: Goen
    people: People
    url: str
    """This site's own address."""


def create_site(site: Site, secret_key: str) -> Flask:
    """The site as a web application."""
    app = Flask(__name__)
    app.secret_key = secret_key
    app.config.update(
        SESSION_COOKIE_NAME="sample_site", SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax"
    )
    app.extensions["site"] = site
    app.register_blueprint(bp)
    app.register_error_handler(GoenFailed, _say_failure)
    app.context_processor(lambda: {"person": _person(), "csrf": _csrf()})
    return app


@bp.before_request
def check_form() -> None:
    """Every form carries this browser's own token."""
    if request.method == "POST" and not hmac.compare_digest(request.form.get("csrf", ""), _csrf()):
        abort(400, "form")


@bp.after_request
def protect(response: Response) -> Response:
    """No script, nothing from elsewhere."""
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def signed_in(view: View) -> View:
    """For members only; whoever is not signed in comes back here afterwards."""

    @wraps(view)
    def checked(*given: object, **named: object) -> ResponseReturnValue:
        if _person() is None:
            session["next"] = request.full_path if request.method == "GET" else "/mypage"
            return redirect("/signin", 303)
        return view(*given, **named)

    return checked


@bp.get("/")
def show_top() -> ResponseReturnValue:
    """A few vacancies."""
    return render_template("top.html", jobs=_site().goen.jobs(JOBS_SHOWN))


@bp.get("/jobs/<path:job>")
def show_job(job: str) -> ResponseReturnValue:
    """One vacancy; Goen hears which member has looked at it."""
    found, person = _site().goen.job(job), _person()
    if person is not None:
        _site().goen.tell_view(person.member, job)
    return render_template("job.html", job=found)


@bp.get("/signup")
def show_sign_up() -> ResponseReturnValue:
    """The form, filled in with an invented person; nobody is given a number that begins with 080-0000."""
    number = secrets.randbelow(10_000)
    invented = {
        "name": "見本 花子",
        "mail": f"hanako-{number:04}@example.com",
        "phone": f"080-0000-{number:04}",
    }
    return _sign_up_page(invented)


@bp.post("/signup")
def sign_up() -> ResponseReturnValue:
    """Register; with LINE, signing up, linking and befriending are one step."""
    given = {name: request.form.get(name, "").strip() for name in ("name", "mail", "phone")}
    password = request.form.get("password", "")
    if not all(given.values()) or len(password) < 8:
        return _sign_up_page(given, "すべて入力してください。パスワードは8文字以上です。"), 422
    person = _site().people.register(**given, password=password)
    if person is None:
        return _sign_up_page(given, "このメールアドレスは登録済みです。ログインしてください。"), 422
    _site().goen.put_member(person.member, {**given, "facts": _facts()})
    _sign_in(person)
    return _to_line(person) if request.form.get("with_line") else redirect("/mypage?done=signup", 303)


@bp.get("/signin")
def show_sign_in() -> ResponseReturnValue:
    """By password, or by LINE."""
    return render_template("signin.html", said=OUTCOMES.get(request.args.get("goen", "")))


@bp.post("/signin")
def sign_in() -> ResponseReturnValue:
    """By password."""
    mail, password = request.form.get("mail", "").strip(), request.form.get("password", "")
    person = _site().people.find_by_password(mail, password)
    if person is None:
        return render_template("signin.html", said="メールアドレスかパスワードが違います。", mail=mail), 422
    return redirect(_sign_in(person), 303)


@bp.post("/signout")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    session.clear()
    return redirect("/", 303)


@bp.get("/mypage")
@signed_in
def show_my_page() -> ResponseReturnValue:
    """Whether LINE is linked, and every way to link or to part."""
    person = _known_person()
    outcome = request.args.get("goen") or request.args.get("done") or ""
    is_linked = _site().goen.is_linked(person.member)
    return render_template("mypage.html", is_linked=is_linked, said=OUTCOMES.get(outcome))


@bp.post("/line/link")
@signed_in
def link_by_login() -> ResponseReturnValue:
    """「LINEと連携」: our server asks for a session, this browser goes there."""
    return _to_line(_known_person())


@bp.post("/line/code")
@signed_in
def show_code() -> ResponseReturnValue:
    """「ワンタイムコード」: shown to its member only, with a QR code that opens the chat."""
    made = _site().goen.link_code(_known_person().member)
    qr = segno.make(made["chat_url"] or made["code"], error="m").svg_data_uri(scale=5, border=2)
    return render_template("code.html", code=made["code"], chat_url=made["chat_url"], qr=qr)


@bp.post("/line/unlink")
@signed_in
def unlink() -> ResponseReturnValue:
    """「連携を解除」."""
    _site().goen.unlink(_known_person().member)
    return redirect("/mypage?done=unlinked", 303)


@bp.get("/mypage/line")
@signed_in
def show_account_link() -> ResponseReturnValue:
    """Somebody comes from the chat with a ticket: is this really who is signed in here?"""
    return render_template("accountlink.html", ticket=request.args.get("goen", ""))


@bp.post("/mypage/line")
@signed_in
def link_account() -> ResponseReturnValue:
    """The member agrees; LINE asks once more, and knows whose chat the ticket is from."""
    address = _site().goen.account_link(request.form.get("ticket", ""), _known_person().member)
    return redirect(address, 303)


@bp.get("/line/login")
def begin_login() -> ResponseReturnValue:
    """「LINEでログイン」: a value of our own comes back with the answer, so that nobody slips us another's."""
    session["line_login"] = secrets.token_urlsafe(16)
    back = f"{_site().url}/line/back?mine={session['line_login']}"
    return redirect(f"{_site().goen.url}/login/line?{urlencode({'return_to': back})}", 303)


@bp.get("/line/back")
def end_login() -> ResponseReturnValue:
    """LINE has said who it is, Goen knows which member: sign them in, if it was this browser that asked."""
    mine = session.pop("line_login", None)
    if mine is None or not hmac.compare_digest(request.args.get("mine", ""), mine):
        abort(400, "login")
    if request.args.get("goen") != "login":
        return redirect(f"/signin?goen={request.args.get('goen', '')}", 303)
    person = _site().people.find_member(_site().goen.redeem(request.args.get("handover", "")))
    if person is None:
        return redirect("/signin?goen=not_linked", 303)
    return redirect(_sign_in(person), 303)


def _site() -> Site:
    site: Site = current_app.extensions["site"]
    return site


def _person() -> Person | None:
    number = session.get("person")
    return _site().people.find(number) if isinstance(number, int) else None


def _known_person() -> Person:
    person = _person()
    if person is None:
        abort(403)
    return person


def _csrf() -> str:
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(16)
    return str(session["csrf"])


def _sign_in(person: Person) -> str:
    """A fresh session; where the person was going."""
    onward = str(session.get("next") or "/mypage")
    session.clear()
    session["person"] = person.id
    return onward


def _to_line(person: Person) -> ResponseReturnValue:
    return redirect(_site().goen.link_session(person.member, f"{_site().url}/mypage"), 303)


def _sign_up_page(given: dict[str, str], wrong: str | None = None) -> str:
    choices = {"prefectures": PREFECTURES, "occupations": OCCUPATIONS}
    return render_template("signup.html", given=given, wrong=wrong, **choices)


def _facts() -> dict[str, object]:
    """What the form says of wishes, in the names of Goen's API."""
    facts: dict[str, object] = {}
    if request.form.get("area", "").isdecimal():
        facts["area"] = [int(request.form["area"])]
    if request.form.get("occupation") in OCCUPATIONS:
        facts["occupation"] = request.form["occupation"]
    return facts


def _say_failure(error: GoenFailed) -> ResponseReturnValue:
    said = OUTCOMES["expired"] if error.status == 410 else error.words
    return render_template("failed.html", said=said), 502
