"""Pages on the way of an account link, from the chat to the site."""

from flask import Response, render_template, request

from app.db import reading
from app.linking.door import bp, linking_door, refused, said
from app.linking.words import DONE
from app.links.by_account import look_at_account_ticket
from app.links.rules import Refusal, with_query


@bp.get("/link/start")
def show_start() -> Response:
    """Where the button in the chat leads: what will happen, and the way to the site. The ticket is not spent."""
    door = linking_door()
    token = request.args.get("t", "")
    with reading(door.database) as session:
        ticket = look_at_account_ticket(session, token, door.clock.now())
    if isinstance(ticket, Refusal):
        return refused(ticket)
    channel = door.channel(ticket.channel_id)
    if channel is None or channel.site_url is None:
        return refused(Refusal.OFF)
    onward = with_query(channel.site_url, goen=token)
    return Response(render_template("linking/start.html", onward=onward, account=channel.title))


@bp.get("/link/done")
def show_done() -> Response:
    """What the site can show beside LINE's dialog: when it is over, and what if nothing comes."""
    return said(DONE)
