"""Rendering: a page gets plain rows, and the frame around it what this person may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, g, make_response, render_template
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import TOKYO
from app.console import reasons, words
from app.console.access import may_open
from app.console.desk import chosen_channel_id, desk, now
from app.console.navigation import Entry, entries_for
from app.console.paging import address_with
from app.db import reading
from app.messaging.models import Channel
from app.staff.sessions import SignedIn


@dataclass(frozen=True)
class Frame:
    """Around every page of somebody who is signed in."""

    who: SignedIn
    role_word: str
    entries: list[Entry]
    channels: dict[int, str]
    """Only where there are several."""
    chosen_channel_id: int | None
    shortcuts: bool
    may_search: bool


def show_page(template: str, status: int = 200, **rows: Any) -> Response:
    """Render `template` with these rows. It runs outside of any transaction and can never query."""
    at = now()
    helpers = {
        "when": lambda time: _time_tag(time, at),
        "csrf_field": _csrf_field,
        "words": words,
        "reasons": reasons,
        "tokyo": TOKYO,
        "address_with": address_with,
        "now": at,
        "may": _may,
    }
    return make_response(render_template(f"console/{template}", frame=_frame(), **helpers, **rows), status)


def _may(endpoint: str) -> bool:
    """Whether the page should offer this view to who is asking."""
    who: SignedIn | None = g.get("signed_in")
    return who is not None and may_open(who.role, endpoint)


def channel_titles(session: Session) -> dict[int, str]:
    """What people call each account, by id."""
    query = select(Channel.id, Channel.title, Channel.name).order_by(Channel.id)
    return {id_: title or name for id_, title, name in session.execute(query)}


def _frame() -> Frame | None:
    who: SignedIn | None = g.get("signed_in")
    if who is None:
        return None
    with reading(desk().database) as session:
        channels = channel_titles(session)
    return Frame(
        who=who,
        role_word=words.ROLE_WORDS[who.role],
        entries=entries_for(who.role),
        channels=channels if len(channels) > 1 else {},
        chosen_channel_id=chosen_channel_id(),
        shortcuts=bool(who.settings.get("shortcuts", True)),
        may_search=may_open(who.role, "console.search.find"),
    )


def _csrf_field() -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def _time_tag(at: datetime | None, current: datetime) -> Markup:
    if at is None:
        return escape(words.MISSING)
    tag = Markup('<time datetime="{}">{}</time>')
    return tag.format(words.iso_words(at), words.time_words(at, current))
