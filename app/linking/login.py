"""LINE Login in the browser: to link a member, to log in at the site, to take a permission back."""

import time

import structlog
from flask import Response, render_template, request

from app.db import reading, transaction
from app.line.addresses import add_link
from app.line.login import Attempt, LineUser, LoginChannel, LoginFailed, new_attempt
from app.linking.cookie import LIFE, Aim, Going
from app.linking.door import Way, bp, linking_door, login_channel, refused, said
from app.linking.words import CAME_BY_ROUTE, LEFT
from app.links.by_login import (
    ProvenFriend,
    hand_over,
    link_by_login,
    look_at_link_session,
    proven_friend,
    start_login,
)
from app.links.rules import Refusal, is_return_address, masked_name, with_query
from app.links.tickets import Ticket
from app.members.models import Member
from app.messaging.channels import ChannelKeys, channel_for
from app.routes.actions import prove_by_login
from app.routes.queries import find_route
from app.visitors import address_of

_CHANGED = {"true": True, "false": False}
log = structlog.get_logger(__name__)


@bp.get("/login/line")
def show_login() -> Response:
    """With a ticket of the site: whom the log-in will link. Without one, straight to LINE: a route, or a log-in."""
    token, route = request.args.get("t"), request.args.get("route")
    if token is not None:
        return _show_session(token)
    return _log_in() if route is None else _come_by_route(route)


@bp.post("/login/line")
def begin_link() -> Response:
    """The person has seen whom it links, and goes on to LINE; the ticket is spent."""
    door = linking_door()
    now = door.clock.now()
    with transaction(door.database) as session:
        started = start_login(session, request.form.get("t", ""), now)
    if isinstance(started, Refusal):
        return refused(started)
    state, ticket = started
    channel = door.channel(ticket.channel_id)
    if channel is None:
        return refused(Refusal.OFF, ticket.return_url)
    return _send_to_line(channel, Aim.LINK, new_attempt(state), ticket.return_url)


@bp.get("/login/line/leave")
def show_leave() -> Response:
    """A page with a button: nobody's permission ends because they were sent to an address."""
    channel = _named_channel()
    if login_channel(channel) is None:
        return refused(Refusal.OFF)
    return Response(render_template("linking/leave.html", channel=request.args.get("channel", "")))


@bp.post("/login/line/leave")
def begin_leave() -> Response:
    """LINE says who this is; then the permission ends."""
    channel = _named_channel()
    if channel is None:
        return refused(Refusal.OFF)
    return _send_to_line(channel, Aim.LEAVE, new_attempt())


@bp.get("/login/line/callback")
def come_back() -> Response:
    """LINE sends the browser back: with a code, or with the reason why there is none."""
    door = linking_door()
    state = request.args.get("state", "")
    going = door.cookie.read(request, state, door.clock.now())
    if going is None:
        return refused(Refusal.OTHER_BROWSER)
    response = _finish(going)
    door.cookie.take(response, state)
    return response


def _show_session(token: str) -> Response:
    door = linking_door()
    with reading(door.database) as session:
        ticket = look_at_link_session(session, token, door.clock.now())
        member = None if isinstance(ticket, Refusal) else session.get(Member, ticket.member_id)
    if isinstance(ticket, Refusal):
        return refused(ticket)
    if member is None or member.forgotten_at is not None:
        return refused(Refusal.MEMBER_GONE, ticket.return_url)
    return _session_page(token, ticket, member)


def _session_page(token: str, ticket: Ticket, member: Member) -> Response:
    door = linking_door()
    channel = door.channel(ticket.channel_id)
    if channel is None or login_channel(channel) is None:
        return refused(Refusal.OFF, ticket.return_url)
    name = None if member.name is None else masked_name(door.encryption.decrypt(member.name))
    back = None if ticket.return_url is None else with_query(ticket.return_url, goen=Refusal.CANCELLED)
    page = render_template("linking/session.html", token=token, name=name, account=channel.title, back=back)
    return Response(page)


def _log_in() -> Response:
    """`return_to` must be the site's; the site gives it something of its own to know its browser by."""
    channel, return_to = _named_channel(), request.args.get("return_to", "")
    if channel is None or login_channel(channel) is None:
        return refused(Refusal.OFF)
    if not is_return_address(return_to, channel.site_url):
        return refused(Refusal.RETURN_ADDRESS)
    return _send_to_line(channel, Aim.LOGIN, new_attempt(), return_to)


def _come_by_route(name: str) -> Response:
    """From a route's own page: LINE says who it is, and offers to add the account."""
    door = linking_door()
    with reading(door.database) as session:
        route = find_route(session, name)
    channel = None if route is None else door.channel(route.channel_id)
    if route is None or channel is None:
        return refused(Refusal.UNKNOWN)
    return _send_to_line(channel, Aim.ROUTE, new_attempt(), route=route.name)


def _named_channel() -> ChannelKeys | None:
    """`channel` names the account; without it the default one."""
    return channel_for(linking_door().channels.current(), request.values.get("channel") or None, None)


def _send_to_line(
    channel: ChannelKeys, aim: Aim, attempt: Attempt, return_to: str | None = None, route: str | None = None
) -> Response:
    door, login = linking_door(), login_channel(channel)
    if login is None:
        return refused(Refusal.OFF, return_to)
    going = Going(aim, channel.id, attempt, door.clock.now() + LIFE, return_to, route)
    offers_friendship = aim in {Aim.LINK, Aim.ROUTE}
    address = door.line.authorize_url(login, attempt, door.callback, bot_prompt=offers_friendship)
    response = Response(status=303, headers={"Location": address})
    door.cookie.give(response, going)
    return response


def _finish(going: Going) -> Response:
    login = login_channel(linking_door().channel(going.channel_id))
    if login is None:
        return refused(Refusal.OFF, going.return_to)
    if "code" not in request.args:
        is_no = request.args.get("error", "").upper() == "ACCESS_DENIED"
        return refused(Refusal.CANCELLED if is_no else Refusal.LINE_REFUSED, going.return_to)
    patience, address = linking_door().patience, address_of(request)
    if patience.is_over(address, time.monotonic()):
        return refused(Refusal.TOO_MANY, going.return_to)
    try:
        proven = _ask_line(login, going)
    except LoginFailed as error:
        log.warning("line_login_failed", why=str(error))
        if not error.reached:
            return refused(Refusal.LINE_UNREACHABLE, going.return_to)
        patience.note_failure(address, time.monotonic())
        return refused(Refusal.LINE_REFUSED, going.return_to)
    return _FINISH[going.aim](going, proven)


def _ask_line(login: LoginChannel, going: Going) -> ProvenFriend:
    """Who it is and whether they are a friend. The access token ends here: nothing of it is kept."""
    door = linking_door()
    with door.few.turn():
        user = door.line.exchange(login, going.attempt, request.args["code"], door.callback, door.clock.now())
        is_friend = door.line.is_friend(user) if going.aim in {Aim.LINK, Aim.ROUTE} else False
        _let_go(login, user, going.aim)
    return ProvenFriend(
        channel_id=going.channel_id,
        line_user_id=user.line_user_id,
        is_friend=is_friend,
        friendship_changed=_CHANGED.get(request.args.get("friendship_status_changed", "")),
    )


def _let_go(login: LoginChannel, user: LineUser, aim: Aim) -> None:
    line = linking_door().line
    if aim is Aim.LEAVE:
        line.deauthorize(login, user)
        return
    try:
        line.revoke(login, user)
    except LoginFailed as error:  # who it is, is known: a token that lives on unused does not undo that
        log.warning("line_token_not_revoked", why=str(error))


def _finish_link(going: Going, proven: ProvenFriend) -> Response:
    door = linking_door()
    with transaction(door.database) as session:
        linked = link_by_login(session, going.attempt.state, proven, door.clock.now())
    if isinstance(linked, Refusal):
        return refused(linked, going.return_to)
    log.info("linked", how="login", link_id=linked.link_id)
    return _back(going, goen="linked", friend="yes" if proven.is_friend else "no")


def _finish_login(going: Going, proven: ProvenFriend) -> Response:
    door = linking_door()
    with transaction(door.database) as session:
        token = hand_over(session, proven, door.clock.now())
    if isinstance(token, Refusal):
        return refused(token, going.return_to)
    return _back(going, goen="login", handover=token)


def _finish_route(going: Going, proven: ProvenFriend) -> Response:
    door = linking_door()
    now = door.clock.now()
    with transaction(door.database) as session:
        route = find_route(session, going.route or "")
        if route is None or route.channel_id != proven.channel_id:
            return refused(Refusal.UNKNOWN)
        friend = proven_friend(session, proven, now)
        prove_by_login(session, route, friend, now, friendship_changed=proven.friendship_changed)
    channel = door.channel(route.channel_id)
    if channel is None or channel.basic_id is None:
        return said(CAME_BY_ROUTE)
    return said(CAME_BY_ROUTE, way=Way("トークを開く", add_link(door.line_link_base_url, channel.basic_id)))


def _finish_leave(going: Going, proven: ProvenFriend) -> Response:
    return said(LEFT)


_FINISH = {
    Aim.LINK: _finish_link,
    Aim.LOGIN: _finish_login,
    Aim.ROUTE: _finish_route,
    Aim.LEAVE: _finish_leave,
}


def _back(going: Going, **values: str) -> Response:
    return Response(status=303, headers={"Location": with_query(going.return_to or "/", **values)})
