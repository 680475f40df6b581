"""What the pages of linking work with, and what every answer of theirs carries.

Pages for members, who come from the job site or from a chat. No script, nothing from elsewhere, nothing kept
in the browser but a signed cookie for the ten minutes that a log-in takes.
"""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, current_app, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from app.clock import Clock
from app.db import Database
from app.encryption import Encryption
from app.errors import AppError
from app.line.few_at_once import FewAtOnce
from app.line.login import LineLogin, LoginChannel
from app.linking.clicks import ClickWriter
from app.linking.cookie import AttemptCookie
from app.linking.patience import Patience
from app.linking.words import Words, words_for
from app.links.rules import Refusal, with_query
from app.messaging.channels import ChannelKeys, KnownChannels
from app.tracking.links import TrackedLinks

STATIC = "/link/static"
STATUS = {
    Refusal.EXPIRED: 410,
    Refusal.USED: 410,
    Refusal.UNKNOWN: 404,
    Refusal.OFF: 404,
    Refusal.TOO_MANY: 429,
    Refusal.LINE_REFUSED: 502,
    Refusal.LINE_UNREACHABLE: 502,
}
bp = Blueprint(
    "linking", __name__, template_folder="templates", static_folder="static", static_url_path=STATIC
)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class LinkingDoor:
    """Put together in factory.py."""

    database: Database
    channels: KnownChannels
    clock: Clock
    encryption: Encryption
    line: LineLogin
    few: FewAtOnce
    patience: Patience
    cookie: AttemptCookie
    tracked: TrackedLinks
    clicks: ClickWriter
    base_url: str
    line_link_base_url: str
    """Where links begin that open the chat."""

    @property
    def callback(self) -> str:
        """The address that is registered at LINE's login channel."""
        return f"{self.base_url}/login/line/callback"

    def channel(self, channel_id: int | None) -> ChannelKeys | None:
        """The account with this id."""
        return next((each for each in self.channels.current() if each.id == channel_id), None)


def linking_door() -> LinkingDoor:
    """This application's."""
    door: LinkingDoor = current_app.extensions["goen.linking"]
    return door


def login_channel(channel: ChannelKeys | None) -> LoginChannel | None:
    """The account's login channel; None: linking by LINE Login is off there."""
    if channel is None or channel.login_channel_id is None or channel.login_secret is None:
        return None
    return LoginChannel(channel.login_channel_id, channel.login_secret)


def refused(reason: Refusal, return_to: str | None = None) -> Response:
    """A page that says what happened and what to do; `return_to` is the site's, already checked."""
    log.info("link_refused", reason=reason)
    way = None if return_to is None else Way("サイトに戻る", with_query(return_to, goen=reason))
    return said(words_for(reason), STATUS.get(reason, 403), way)


class Way(NamedTuple):
    """A button that leads on."""

    label: str
    address: str


def said(words: Words, status: int = 200, way: Way | None = None) -> Response:
    """A page of words, and the way on where there is one."""
    return Response(render_template("linking/said.html", words=words, way=way), status)


@bp.before_request
def refuse_forms_from_elsewhere() -> Response | None:
    """Another site's script could else send its own ticket through this browser, unseen by the person in it.

    Every browser says where a form comes from; nobody signs in here, so there is no session to bind a token to.
    """
    return refused(Refusal.OTHER_BROWSER) if request.method == "POST" and _is_from_elsewhere() else None


def _is_from_elsewhere() -> bool:
    """By what browsers of today say, or else by the origin, which those of some years ago said already."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None or origin is None:
        return site in {"cross-site", "same-site"}
    ours = (request.host, urlsplit(linking_door().base_url).netloc)
    return urlsplit(origin).netloc not in ours


@bp.after_request
def protect(response: Response) -> Response:
    """Nothing is run, framed or kept. A form may end at LINE and, by LINE's redirect, at the site."""
    forms = "'self' https:" if linking_door().base_url.startswith("https:") else "'self' https: http:"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self'; img-src 'self'; form-action {forms}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Tickets stand in addresses, so no other site is told where one comes from; and with nothing at all a
    # browser would not say by which origin a form of ours was sent.
    response.headers["Referrer-Policy"] = "same-origin"
    if not request.path.startswith(STATIC):
        response.headers["Cache-Control"] = "no-store"
    return response


@bp.errorhandler(AppError)
def say_error(error: AppError) -> Response:
    """What we can say about it ourselves."""
    return said(Words("ただいまご利用いただけません", error.message), error.status)


@bp.errorhandler(SQLAlchemyError)
@bp.errorhandler(TimeoutError)
def say_later(error: Exception) -> Response:
    """The database is slow or away."""
    log.error("page_failed", error=type(error).__name__)
    return said(Words("ただいま混み合っています", "少し時間をおいて、もう一度お試しください。"), 503)
