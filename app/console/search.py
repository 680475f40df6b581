"""検索: people and messages, from the box in the top bar."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.console.desk import desk, now
from app.console.pages import show_page
from app.console.paging import ROWS, Place, page_of, read_place
from app.console.people import search_text
from app.console.people_rows import Wanted, found_messages, friend_rows, member_rows
from app.db import reading

bp = Blueprint("search", __name__)
PEOPLE = 10


@bp.get("/search")
def find() -> Response:
    """Friends and members by either name, site's id, phone or mail; messages by their words, a year back."""
    text, sealing = search_text(), desk().encryption
    if not text:
        return show_page("search.html", q="", friends=[], members=[], rows=None)
    place = read_place(request.args.get("after"))
    before = None if place is None else (place.at, place.id)
    with reading(desk().database) as session:
        wanted = Wanted(text=text, in_messages=False)
        friends = friend_rows(session, sealing, wanted, now(), before=None, limit=PEOPLE + 1)
        members = member_rows(session, sealing, wanted, before=None, limit=PEOPLE + 1)
        messages = found_messages(session, text, now(), before=before, limit=ROWS + 1)
    rows = page_of(messages, lambda row: Place(row.at, 0, row.id))
    return show_page("search.html", q=text, friends=friends, members=members, rows=rows, most=PEOPLE)
