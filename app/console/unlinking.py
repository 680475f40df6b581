"""Ending a link from the person's page."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from app.console.desk import desk, doer, now, toast
from app.db import transaction
from app.links.actions import Ending, unlink
from app.links.rules import EndedBy

bp = Blueprint("unlinking", __name__)


@bp.post("/people/friends/<int:id_>/unlink")
def end_link(id_: int) -> Response:
    """End this friend's link; the person is told, and the menu follows."""
    with transaction(desk().database) as session:
        ended = unlink(session, Ending(EndedBy.CONSOLE, doer()), now(), friend_id=id_)
    done = "会員連携を解除しました。ご本人にもお知らせします。"
    toast(done if ended else "連携は、すでに解除されていました。")
    return redirect(url_for("console.person.show_person", kind="friends", id_=id_, tab="links"))
