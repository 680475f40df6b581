"""`/r/<token>`: from a button in the chat to the job's own page.

The token says who and which job, never where to: the way is the job's address as it is stored now. Nothing
waits for the database to write, and what robots and previews open is not counted.
"""

from flask import Response, request

from app.db import reading
from app.line.addresses import chat_link
from app.linking.door import LinkingDoor, Way, bp, linking_door, said
from app.linking.words import words_for_link
from app.tracking.queries import account_of, find_page
from app.tracking.rules import Refusal
from app.visitors import is_person

STATUS = {Refusal.UNKNOWN: 404, Refusal.EXPIRED: 410, Refusal.CLOSED: 410, Refusal.NO_PAGE: 404}
ASKING_FOR_JOBS = "おすすめの求人"
"""What stands in the field when the chat is opened from here; the person sends it or not."""


@bp.get("/r/<token>")
def follow(token: str) -> Response:
    """Go to the job's page. 404: no such link; 410: it is over, or the job is; 503: the database is away."""
    door = linking_door()
    now = door.clock.now()
    link = door.tracked.read(token, now)
    if isinstance(link, Refusal):
        return _refused(link)
    with reading(door.database) as session:
        page = find_page(session, link, now)
        if isinstance(page, Refusal):
            return _refused(page, _way_back(door, account_of(session, link)))
    if is_person(request):
        door.clicks.note(link, now)
    return Response(status=302, headers={"Location": page, "X-Robots-Tag": "noindex"})


def _refused(reason: Refusal, way: Way | None = None) -> Response:
    return said(words_for_link(reason), STATUS[reason], None if reason is Refusal.UNKNOWN else way)


def _way_back(door: LinkingDoor, basic_id: str | None) -> Way | None:
    if basic_id is None:
        return None
    return Way("LINEのトークに戻る", chat_link(door.line_link_base_url, basic_id, ASKING_FOR_JOBS))
