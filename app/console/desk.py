"""What every page works with: the console's own engines, the clock, and who is asking."""

from dataclasses import dataclass
from datetime import datetime

import flask
from flask import Response, current_app, flash, g

from app.clock import Clock
from app.db import Database
from app.encryption import Encryption
from app.staff.audit import Doer
from app.staff.sessions import SignedIn

EXCEL_MARK = "\ufeff"
"""At the beginning of a CSV file, by which Excel knows UTF-8."""


@dataclass(frozen=True)
class Desk:
    """Put together in factory.py."""

    database: Database
    """Engines of its own: a slow page never takes a connection that webhooks need."""
    clock: Clock
    encryption: Encryption
    secret_keys: tuple[str, ...]
    base_url: str


def desk() -> Desk:
    """Of this application."""
    found: Desk = current_app.extensions["goen.console"]
    return found


def now() -> datetime:
    """Business time."""
    return desk().clock.now()


def signed_in() -> SignedIn:
    """Who is asking; only on pages that need a sign-in."""
    found: SignedIn = g.signed_in
    return found


def doer() -> Doer:
    """The same, as the audit names them."""
    return Doer(staff_id=signed_in().staff_id)


def chosen_channel_id() -> int | None:
    """The account that the switcher in the top bar is set to; None: all of them."""
    chosen = flask.session.get("channel")
    return chosen if isinstance(chosen, int) else None


def toast(sentence: str) -> None:
    """Say on the next page what was done."""
    flash(sentence)


def as_download(text: str, name: str, mimetype: str = "text/csv") -> Response:
    """A file that the browser saves."""
    answer = Response(EXCEL_MARK + text if mimetype == "text/csv" else text, mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
