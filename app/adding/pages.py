"""`/add/<route>`: what one gets for adding the account, the button and the QR code.

Nothing here redirects: the button is LINE's own link, so that a phone opens its app at once, or our login
page. Opening the page is a click of nobody in particular; who came by the route is proven later or never.
"""

from dataclasses import dataclass

import structlog
from flask import Blueprint, Response, abort, current_app, make_response, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app.adding.seen import SeenToday
from app.clock import Clock
from app.db import Database, reading, transaction
from app.qr import qr_png, qr_svg
from app.routes.actions import record_click
from app.routes.queries import account_of, find_route
from app.routes.rules import Account, Method, Route, line_link, prefilled_text, working_method
from app.visitors import is_person

COOKIE = "goen_add"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
PICTURE_FRESH_SECONDS = 300
log = structlog.get_logger(__name__)
bp = Blueprint(
    "adding", __name__, template_folder="templates", static_folder="static", static_url_path="/add/static"
)


@dataclass(frozen=True)
class AddingDoor:
    """What the pages need, put together in factory.py."""

    database: Database
    clock: Clock
    seen: SeenToday
    base_url: str
    line_link_base_url: str


@bp.get("/add/<name>")
def show(name: str) -> Response:
    """The page. 404: no such route; 410: it has ended; 503: LINE has not told the account's id yet."""
    route, account = _found(name)
    if not route.is_open:
        return _page("ended.html", 410, account=account)
    target = _target(route, account)
    if target is None:
        return _page("soon.html", 503, account=account)
    method = working_method(route, account)
    text = prefilled_text(route.code) if method is Method.CODE else None
    shown = {"account": account, "route": route, "method": method.value, "target": target, "text": text}
    return _counted(_page("show.html", 200, **shown), route)


@bp.get("/add/<name>.<any(png, svg):kind>")
def picture(name: str, kind: str) -> Response:
    """The route's QR code: of its page, which counts the click, or with `?to=line` of the chat itself."""
    route, account = _found(name)
    address = f"{_door().base_url}{url_for('adding.show', name=route.name)}"
    if request.args.get("to") == "line":
        address = line_link(route, account, _door().line_link_base_url) or address
    body, mime = (qr_png(address), "image/png") if kind == "png" else (qr_svg(address), "image/svg+xml")
    response = Response(body, mimetype=mime)
    response.cache_control.max_age = PICTURE_FRESH_SECONDS
    response.headers.set("Content-Disposition", "inline", filename=f"{route.name}.{kind}")
    return response


@bp.after_request
def say_what_a_browser_may(response: Response) -> Response:
    """Strict: no script, nothing from elsewhere."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.errorhandler(HTTPException)
def say_politely(error: HTTPException) -> Response:
    """Somebody mistyped, or the link is from elsewhere."""
    return _page("unknown.html", error.code or 500)


@bp.errorhandler(SQLAlchemyError)
@bp.errorhandler(TimeoutError)
def say_later(error: Exception) -> Response:
    """The database is slow or away."""
    log.error("page_failed", error=type(error).__name__)
    return _page("busy.html", 503)


def _door() -> AddingDoor:
    door: AddingDoor = current_app.extensions["goen.adding"]
    return door


def _found(name: str) -> tuple[Route, Account]:
    with reading(_door().database) as session:
        route = find_route(session, name)
        if route is None:
            abort(404)
        return route, account_of(session, route.channel_id)


def _target(route: Route, account: Account) -> str | None:
    """Where the button leads: LINE's own host, or our own login; nothing of it comes from the request."""
    if working_method(route, account) is Method.LOGIN:
        return f"/login/line?route={route.name}"
    return line_link(route, account, _door().line_link_base_url)


def _page(template: str, status: int, **values: object) -> Response:
    response = make_response(render_template(f"adding/{template}", **values), status)
    response.cache_control.no_store = True
    return response


def _counted(response: Response, route: Route) -> Response:
    """A person's first look today counts; what robots, previews and staff look at does not."""
    door = _door()
    now = door.clock.now()
    seen = door.seen.read(request.cookies.get(COOKIE), now)
    if not is_person(request) or "preview" in request.args or route.id in seen:
        return response
    try:
        with transaction(door.database) as session:
            record_click(session, route.id, now)
    except (SQLAlchemyError, TimeoutError) as error:  # a click is worth less than the person who clicks
        log.warning("click_not_counted", route=route.id, error=type(error).__name__)
        return response
    response.set_cookie(
        COOKIE,
        door.seen.write(seen | {route.id}, now),
        max_age=24 * 60 * 60,
        path="/add",
        httponly=True,
        samesite="Lax",
        secure=door.base_url.startswith("https://"),
    )
    return response
