"""The blueprint `/console`, put together: pages, what runs before them, errors, headers, cookies."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, NoReturn

from flask import Blueprint, Flask, abort

from app.console import (
    account,
    api_keys,
    assets,
    audit,
    failures,
    guard,
    jobs,
    menu_editor,
    menu_files,
    menus,
    people,
    person,
    routes,
    search,
    settings,
    staff,
    today,
    unlinking,
)
from app.console.desk import Desk
from app.console.errors import HANDLERS
from app.console.headers import add_headers
from app.staff.sessions import LIFE

PAGES = (
    assets.bp,
    account.bp,
    today.bp,
    search.bp,
    people.bp,
    person.bp,
    jobs.bp,
    unlinking.bp,
    menus.bp,
    menu_editor.bp,
    menu_files.bp,
    routes.bp,
    failures.bp,
    settings.bp,
    api_keys.bp,
    audit.bp,
    staff.bp,
)

bp = Blueprint(
    "console",
    __name__,
    url_prefix="/console",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
for _page in PAGES:
    bp.register_blueprint(_page)
for _check in (
    guard.take_seat,
    guard.learn_who_is_asking,
    guard.refuse_who_may_not,
    guard.refuse_odd_addresses,
    guard.refuse_forged_requests,
):
    bp.before_request(_check)
bp.teardown_request(guard.give_seat_back)
bp.after_app_request(add_headers)
for _error, _handler in HANDLERS.items():
    bp.register_error_handler(_error, _handler)


@bp.route("/<path:address>", methods=["GET", "POST"])
def nowhere(address: str) -> NoReturn:
    """Any other address under /console: 404, and only for those who are signed in."""
    abort(404)


def _version() -> str:
    """Of all the console's own files: a changed one has another address, and no browser keeps the old one."""
    digest = sha256()
    for path in sorted((Path(__file__).parent / "static").rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


VERSION = _version()


@bp.app_url_defaults
def name_version(endpoint: str, values: dict[str, Any]) -> None:
    """Style and scripts carry it in their address."""
    if endpoint == "console.static":
        values.setdefault("v", VERSION)


def open_console(app: Flask, desk: Desk) -> None:
    """Register the console with its settings: the cookie is for /console only, no script can read it."""
    app.secret_key = desk.secret_keys[0]
    app.config.update(
        SECRET_KEY_FALLBACKS=list(desk.secret_keys[1:]),
        SESSION_COOKIE_NAME="goen_console",
        SESSION_COOKIE_PATH="/console",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=desk.base_url.startswith("https://"),
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=LIFE,
        SESSION_REFRESH_EACH_REQUEST=False,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
        # The other doors prove their requests otherwise (signature, key, ticket): the console asks by itself.
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    guard.csrf.init_app(app)
    app.extensions["goen.console"] = desk
    app.extensions["goen.console.seats"] = BoundedSemaphore(guard.SEATS)
    app.register_blueprint(bp)
