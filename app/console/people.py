"""友だち・会員: the two lists, and their CSV."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

from flask import Blueprint, request, stream_with_context
from werkzeug.wrappers import Response

from app.clock import in_tokyo
from app.console.desk import EXCEL_MARK, chosen_channel_id, desk, doer, now
from app.console.pages import channel_titles, show_page
from app.console.paging import ROWS, page_of, read_id
from app.console.people_rows import LONGEST_SEARCH, FriendRow, Wanted, friend_rows, member_rows
from app.csv_text import harmless
from app.db import reading, transaction
from app.line.text import clean_text
from app.routes.queries import all_routes, origins_of
from app.staff.audit import record_audit

bp = Blueprint("people", __name__)
EXPORTED_AT_ONCE = 1000
UNKNOWN_ROUTE = 0
COLUMNS = ("LINEの名前", "会員番号", "会員名", "アカウント", "状態", "友だち追加", "最後の反応")


@bp.get("/people")
def list_friends() -> Response:
    """友だち, the newest first."""
    wanted = _wanted()
    with reading(desk().database) as session:
        before = read_id(request.args.get("after"))
        found = friend_rows(session, desk().encryption, wanted, now(), before=before, limit=ROWS + 1)
        channels = channel_titles(session)
        origins = origins_of(session, [row.id for row in found])
        routes = all_routes(session, wanted.channel_id)
    rows = page_of(found, lambda row: row.id)
    shown: dict[str, Any] = {
        "origins": origins,
        "rows": rows,
        "wanted": wanted,
        "channels": channels,
        "routes": routes,
        "kind": "friends",
    }
    return show_page("people.html", **shown, states=STATES, state_of=state_of)


@bp.get("/members")
def list_members() -> Response:
    """会員, the newest first."""
    wanted = _wanted()
    with reading(desk().database) as session:
        before = read_id(request.args.get("after"))
        found = member_rows(session, desk().encryption, wanted, before=before, limit=ROWS + 1)
    rows = page_of(found, lambda row: row.id)
    return show_page("people.html", rows=rows, wanted=wanted, channels={}, kind="members")


@bp.get("/people.csv")
def export_friends() -> Response:
    """All friends that the filters leave, without phone and mail. The audit keeps who took them, before they go.

    A page at a time on its way to the browser: they may be a million.
    """
    wanted = _wanted()
    filters = {
        "link": wanted.link,
        "state": wanted.state,
        "route": wanted.route,
        "channel": wanted.channel_id,
    }
    change = {name: value for name, value in filters.items() if value is not None}
    with transaction(desk().database) as session:
        record_audit(session, doer(), "people.exported", "people:friends", now(), change)
    answer = Response(stream_with_context(_csv_of(wanted)), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="friends.csv")
    return answer


def _csv_of(wanted: Wanted) -> Iterator[str]:
    yield f"{EXCEL_MARK}{_csv_lines([COLUMNS])}"
    for rows in _all_friends(wanted):
        yield _csv_lines(_cells(row, channel) for row, channel in rows)


def _csv_lines(rows: Iterable[Sequence[str]]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def _wanted() -> Wanted:
    link, state, route = (request.args.get(name) for name in ("link", "state", "route"))
    return Wanted(
        channel_id=chosen_channel_id(),
        link=link if link in {"linked", "unlinked"} else None,
        state=state if state in STATES else None,
        route=UNKNOWN_ROUTE if route == "unknown" else read_id(route) or None,
        text=search_text(),
    )


STATES = {"followed": "友だち", "blocked": "ブロック", "opted_out": "配信停止", "snoozed": "お休み中"}


def search_text() -> str:
    """What stands in the search box, as the database can take it."""
    return clean_text(request.args.get("q", "").strip())[:LONGEST_SEARCH]


def _all_friends(wanted: Wanted) -> Iterator[list[tuple[FriendRow, str]]]:
    before = None
    while True:
        with reading(desk().database) as session:
            channels = channel_titles(session)
            found = friend_rows(
                session, desk().encryption, wanted, now(), before=before, limit=EXPORTED_AT_ONCE
            )
        yield [(row, channels.get(row.channel_id, "")) for row in found]
        if len(found) < EXPORTED_AT_ONCE:
            return
        before = found[-1].id


def state_of(row: FriendRow) -> str:
    """The one word that matters most for who wants to write to them."""
    if row.blocked_at is not None:
        return STATES["blocked"]
    if row.opted_out_at is not None:
        return STATES["opted_out"]
    if row.snoozed_until is not None and row.snoozed_until > now():
        return STATES["snoozed"]
    return STATES["followed"] if row.followed_at is not None else "未追加"


def _cells(row: FriendRow, channel: str) -> tuple[str, ...]:
    times = [
        in_tokyo(at).isoformat(timespec="seconds") if at else ""
        for at in (row.followed_at, row.last_reaction_at)
    ]
    return (
        row.display_name or "",
        row.external_id or "",
        row.member_name or "",
        channel,
        state_of(row),
        *times,
    )
