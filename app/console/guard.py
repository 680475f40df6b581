"""Before and after every request of the console: seats, who is asking, what they may open, CSRF."""

from threading import BoundedSemaphore

import flask
from flask import abort, current_app, g, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from app.console.access import OPEN, may_open
from app.console.desk import desk
from app.db import reading, transaction
from app.staff.sessions import SEEN_EVERY, SignedIn, find_signed_in, keep_session

SEATS = 3
"""So many pages are made at once in one process: the other threads of gunicorn are left to webhooks."""
SEAT_SECONDS = 0.2
COOKIE_ENTRY = "staff"
"""Of the signed cookie: whose session it is."""
MOST_UPLOAD_BYTES = 4 * 1024 * 1024
"""More than LINE takes, so that the answer can say by how much it is too large."""
UPLOADS = frozenset({"console.menu_editor.upload"})
FILES = frozenset({"console.static", "console.assets.send_asset"})
csrf = CSRFProtect()


def take_seat() -> None:
    """However many consoles are open, or slow: webhooks keep their threads."""
    if request.endpoint in FILES:
        return
    seats: BoundedSemaphore = current_app.extensions["goen.console.seats"]
    if not seats.acquire(timeout=SEAT_SECONDS):
        abort(503)
    g.seats = seats


def give_seat_back(_error: BaseException | None) -> None:
    """Whatever came of the request."""
    seats: BoundedSemaphore | None = g.pop("seats", None)
    if seats is not None:
        seats.release()


def learn_who_is_asking() -> None:
    """Set `g.signed_in`, None for nobody."""
    g.signed_in = None
    token = flask.session.get(COOKIE_ENTRY)
    if request.endpoint in FILES or not isinstance(token, str):
        return
    real_now = desk().clock.real_now()
    with reading(desk().database) as session:
        g.signed_in = find_signed_in(session, token, real_now)
    if g.signed_in is not None and real_now - g.signed_in.seen_at >= SEEN_EVERY:
        with transaction(desk().database) as session:
            keep_session(session, token, real_now)


def refuse_who_may_not() -> Response | None:
    """The one place where roles are checked. A view without an entry in ACCESS is open to nobody."""
    if request.endpoint in OPEN:
        return None
    who: SignedIn | None = g.signed_in
    if who is None:
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("console.account.sign_in", next=target))
    if not may_open(who.role, request.endpoint):
        abort(403)
    if who.must_change_password and request.blueprint != "console.account":
        return redirect(url_for("console.account.show_account"))
    return None


def refuse_odd_addresses() -> None:
    """What no database takes names nothing that there is."""
    if any("\x00" in value for value in (request.view_args or {}).values() if isinstance(value, str)):
        abort(404)


def refuse_forged_requests() -> None:
    """CSRF, on every request of the console that changes something, also before signing in.

    It reads the form, so the bound of an upload is set here: a view would come too late.
    """
    if request.endpoint in UPLOADS:
        request.max_content_length = MOST_UPLOAD_BYTES
    csrf.protect()
