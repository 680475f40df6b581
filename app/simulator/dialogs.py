"""Pages that stand for LINE's own in a browser: plain HTML, made here, which say that they are not LINE."""

from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

from app.simulator.answers import Answer, Call
from app.simulator.platform import Person, Platform

COOKIE = "simulated_person"
"""Whose browser this is; the phone sets it, and a dialog that was answered."""
_STATES = {"friend": "友だち", "blocked": "ブロック中", "none": "友だちではない"}


def browser_of(call: Call, platform: Platform) -> Person | None:
    """Whose browser asks, where it has said so."""
    return platform.people.get(call.request.cookies.get(COOKIE, ""))


def cookie_of(person: Person) -> str:
    """The header's value that makes a browser this person's."""
    return f"{COOKIE}={person.id}; Path=/; HttpOnly; SameSite=Lax"


def page(title: str, *body: str, status: int = 200, leads_to: str = "") -> Answer:
    """A dialog. `leads_to`: where its form may end, which a browser must be told beforehand."""
    parts = urlsplit(leads_to)
    # Any port of that host: a callback on this machine may send the browser on to the site beside it.
    target = f" {parts.scheme}://{parts.hostname}:*" if parts.netloc else ""
    policy = (
        f"default-src 'none'; style-src 'self'; form-action 'self'{target}; "
        "base-uri 'none'; frame-ancestors 'self'"
    )
    html = (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}（シミュレーター）</title>"
        '<link rel="stylesheet" href="/static/dialogs.css"></head><body>'
        '<p class="banner" role="note" data-testid="banner">これは LINE ではありません（シミュレーター）</p>'
        f"<main><h1>{escape(title)}</h1>{''.join(body)}</main></body></html>"
    )
    return Answer(status, html.encode(), {"Content-Security-Policy": policy}, content_type="text/html")


def paragraph(text: str) -> str:
    """Words."""
    return f"<p>{escape(text)}</p>"


def listing(items: Iterable[str]) -> str:
    """Words, one below the other."""
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def form(action: str, *fields: str) -> str:
    """A form that posts to this address."""
    return f'<form method="post" action="{escape(action)}">{"".join(fields)}</form>'


def people_field(people: Iterable[Person], chosen: Person | None) -> str:
    """Which invented person this is."""
    rows = [
        f'<label><input type="radio" name="person" value="{escape(person.id)}" required'
        f"{' checked' if person is chosen else ''}> {escape(person.name)}"
        f" <small>{_STATES[person.friendship]}</small></label>"
        for person in people
    ]
    if not rows:
        return paragraph("まだ誰もいません。先にシミュレーターの画面で人を追加してください。")
    return f"<fieldset><legend>どの人（架空）として進みますか</legend>{''.join(rows)}</fieldset>"


def checkbox(name: str, label: str, *, is_checked: bool) -> str:
    """A choice."""
    checked = " checked" if is_checked else ""
    return f'<label><input type="checkbox" name="{name}" value="1"{checked}> {escape(label)}</label>'


def buttons(*named: tuple[str, str]) -> str:
    """Ways to go on: value and label. `deny` needs no person."""
    rows = [
        f'<button name="decision" value="{value}"{" formnovalidate" if value == "deny" else ""}>'
        f"{escape(label)}</button>"
        for value, label in named
    ]
    return f'<div class="buttons">{"".join(rows)}</div>'
