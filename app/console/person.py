"""A person's page: friend, member, or both, with tabs. Looking is kept in the audit, once an hour."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.console.desk import desk, doer, now
from app.console.pages import channel_titles, show_page
from app.console.paging import ROWS, page_of, read_id, read_place
from app.console.person_rows import (
    PersonPage,
    consent_lines,
    dates_of,
    link_lines,
    load_person,
)
from app.console.profile_rows import profile_lines
from app.console.timeline_rows import Shown, timeline
from app.db import reading, transaction
from app.members.queries import open_members
from app.routes.queries import origins_of
from app.staff.audit import record_audit, record_view
from app.staff.queries import AuditFilter, audit_rows, staff_names

bp = Blueprint("person", __name__)
KINDS = ("friends", "members")
FIELDS = {"phone": "phone.shown", "mail": "mail.shown"}


def _timeline(session: Session, page: PersonPage) -> dict[str, Any]:
    asked = request.args.get("show", "")
    shown = Shown(asked) if asked in set(Shown) else Shown.ALL
    before = read_place(request.args.get("after"))
    found = timeline(session, page.person, shown, before=before, limit=ROWS + 1)
    return {"rows": page_of(found, lambda item: item.place), "shown": shown}


def _profile(session: Session, page: PersonPage) -> dict[str, Any]:
    return {
        "lines": profile_lines(session, desk().encryption, page.person),
        "dates": dates_of(session, page.person),
    }


def _consents(session: Session, page: PersonPage) -> dict[str, Any]:
    return {"lines": consent_lines(session, page.person)}


def _links(session: Session, page: PersonPage) -> dict[str, Any]:
    return {"lines": link_lines(session, page.person)}


def _audit(session: Session, page: PersonPage) -> dict[str, Any]:
    wanted = AuditFilter(subjects=tuple(_subjects(page)))
    before = read_id(request.args.get("after"))
    found = audit_rows(session, wanted, before=before, limit=ROWS + 1)
    return {"rows": page_of(found, lambda row: row.id), "names": staff_names(session)}


TABS: dict[str, tuple[str, Callable[[Session, PersonPage], dict[str, Any]]]] = {
    "timeline": ("時系列", _timeline),
    "profile": ("希望と回答", _profile),
    "consents": ("同意", _consents),
    "links": ("連携", _links),
    "audit": ("記録", _audit),
}


@bp.get("/people/<kind>/<int:id_>")
def show_person(kind: str, id_: int) -> Response:
    """The tab that the address names."""
    return _page(kind, id_, {})


@bp.post("/people/members/<int:id_>/reveal")
def reveal(id_: int) -> Response:
    """Phone or mail in full, on this one page; the audit keeps who looked."""
    wanted = request.form.get("field", "")
    if wanted not in FIELDS:
        abort(400)
    with transaction(desk().database) as session:
        members = open_members(session, desk().encryption, [id_])
        if not members:
            abort(404)
        record_audit(session, doer(), FIELDS[wanted], f"member:{id_}", now())
    return _page("members", id_, {(id_, wanted): getattr(members[0], wanted) or ""})


def _page(kind: str, id_: int, revealed: dict[tuple[int, str], str]) -> Response:
    if kind not in KINDS:
        abort(404)
    asked = request.args.get("tab", "timeline")
    tab = asked if asked in TABS else "timeline"
    with reading(desk().database) as session:
        page = load_person(session, desk().encryption, kind, id_, now())
        if page is None:
            abort(404)
        rows = TABS[tab][1](session, page)
        around: dict[str, Any] = {
            "origins": origins_of(session, page.person.friend_ids),
            "channels": channel_titles(session),
            "staff": staff_names(session),
        }
    with transaction(desk().database) as session:
        for subject in _subjects(page):
            record_view(session, doer(), subject, now(), action="person.viewed")
    tabs = {name: title for name, (title, _) in TABS.items()}
    return show_page(f"person_{tab}.html", page=page, tab=tab, tabs=tabs, revealed=revealed, **around, **rows)


def _subjects(page: PersonPage) -> list[str]:
    """The person in the audit: as member if they are one, else as friend."""
    if page.person.member_ids:
        return [f"member:{id_}" for id_ in page.person.member_ids]
    return [f"friend:{id_}" for id_ in page.person.friend_ids]
