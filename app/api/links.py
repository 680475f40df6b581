"""ID連携 over the API: what the job site's server does on behalf of the member who is signed in there.

Nothing here links by itself but the member's side of it: the friend's side is proven by LINE, in a browser or
by a signed event (docs/linking.md).
"""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.endpoint import Call, Networked, Reading, Writing
from app.api.problems import Kind, Problem, busy, invalid_field, not_found
from app.api.values import Body, Key, Shown
from app.db import reading, transaction
from app.friends.models import Friend
from app.json_text import from_bytes
from app.line.few_at_once import Busy, FewAtOnce
from app.line.link_token import issue_link_token
from app.line.rules import Reply
from app.links.actions import Ending, unlink
from app.links.by_account import begin_account_link, look_at_account_ticket
from app.links.by_code import issue_code
from app.links.by_login import open_link_session, redeem_handover
from app.links.models import Link
from app.links.rules import LIFE, EndedBy, Refusal, TicketKind, is_return_address
from app.members.models import Member
from app.messaging.channels import ChannelKeys, channel_for, read_channels
from app.messaging.models import Channel
from app.site_keys.scopes import Scope

LINE_CALLS = FewAtOnce()
"""Link tokens that are being asked for in this process."""
Token = Annotated[str, Field(min_length=20, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]
Account = Annotated[
    str | None, Field(max_length=50, description="The official account; null: the default one.")
]
_GONE = {Refusal.EXPIRED, Refusal.USED}
_SAID = {
    Refusal.UNKNOWN: "this was never given out",
    Refusal.EXPIRED: "its time is over",
    Refusal.USED: "it was used before",
    Refusal.NOT_LINKED: "the link has ended meanwhile",
}


class LinkSessionWanted(Body):
    """Whom to link, and where the browser comes back to."""

    member: Key
    return_url: str = Field(max_length=1000, description="On the origin of the account's site address.")
    channel: Account = None


class LinkSession(Shown):
    """Where to send the member's browser."""

    url: str
    expires_at: datetime


class AccountLinkWanted(Body):
    """A friend's ticket, which came to the site as `?goen=…`, and the member who is signed in there."""

    ticket: Token
    member: Key


class AccountLink(Shown):
    """LINE's dialog, where to send the member's browser."""

    url: str


class LinkCodeWanted(Body):
    """For which account."""

    channel: Account = None


class LinkCode(Shown):
    """To be shown to the member and nobody else."""

    code: str
    expires_at: datetime
    chat_url: str | None = Field(
        description="Opens the chat with the code typed in; null: address not known."
    )


class HandoverShown(Body):
    """What came back with `?goen=login&handover=…`."""

    token: Token


class Handover(Shown):
    """Who has logged in."""

    member: str


class LinkShown(Shown):
    """A link that holds."""

    channel: str
    how: str
    at: datetime


class LinksShown(Shown):
    """The member's links, one for each account at most."""

    links: list[LinkShown]


class Unlinked(Shown):
    """How many links have ended."""

    ended: int


def open_session(session: Session, call: Call[LinkSessionWanted]) -> LinkSession:
    """For the button 「LINEと連携」 on the page of a member who is signed in at the site.

    The address works once, for ten minutes; give it to that member's browser only. The browser comes back to
    `return_url` with `goen=linked` or with the reason why not.
    """
    channel = _channel(session, call, call.given.channel)
    if channel.login_channel_id is None:
        raise Problem(Kind.CONFLICT, "this account has no LINE Login channel")
    if not is_return_address(call.given.return_url, channel.site_url):
        raise invalid_field("return_url", "must lie on the origin of the account's site address")
    member_id = _member_id(session, call.given.member)
    token = open_link_session(session, member_id, channel.id, call.given.return_url, call.now)
    url = f"{call.door.settings.base_url}/login/line?{urlencode({'t': token})}"
    return LinkSession(url=url, expires_at=call.now + LIFE[TicketKind.SESSION])


def make_link_code(session: Session, call: Call[LinkCodeWanted]) -> LinkCode:
    """A one-time code for the member's own page, typed or scanned into the chat within ten minutes.

    A new one ends the one before.
    """
    channel = _channel(session, call, call.given.channel)
    made = issue_code(session, _member_id(session, call.path["member"]), channel.id, call.now)
    if isinstance(made, Refusal):
        raise _problem(made)
    return LinkCode(code=made.code, expires_at=made.expires_at, chat_url=_chat_url(call, channel, made.code))


def begin_link(call: Call[AccountLinkWanted]) -> AccountLink:
    """For a browser that came from the chat with a ticket, once its member has signed in and agreed.

    Send it to `url` at once: LINE asks the person, and links only whose chat the ticket is from.
    """
    with reading(call.door.database) as session:
        member_id = _member_id(session, call.given.member)
        ticket = look_at_account_ticket(session, call.given.ticket, call.now)
        if isinstance(ticket, Refusal):
            raise _problem(ticket)
        channel = _channel_with_id(session, call, ticket.channel_id)
        user = session.scalar(select(Friend.line_user_id).where(Friend.id == ticket.friend_id))
    token = _link_token(call, channel, user or "")
    with transaction(call.door.database) as session:
        nonce = begin_account_link(session, call.given.ticket, member_id, call.now)
    if isinstance(nonce, Refusal):
        raise _problem(nonce)
    asked = urlencode({"linkToken": token, "nonce": nonce})
    return AccountLink(url=f"{call.door.settings.line_login_base_url}/dialog/bot/accountLink?{asked}")


def take_handover(session: Session, call: Call[HandoverShown]) -> Handover:
    """Which member has logged in by LINE. The token works once, for one minute.

    Before you sign that member in, check by a value of your own in `return_to` that this browser asked for it.
    """
    member_id = redeem_handover(session, call.given.token, call.now)
    if isinstance(member_id, Refusal):
        raise _problem(member_id)
    external_id = session.scalar(select(Member.external_id).where(Member.id == member_id))
    if external_id is None:
        raise _problem(Refusal.MEMBER_GONE)
    return Handover(member=external_id)


def list_links(session: Session, call: Call[None]) -> LinksShown:
    """Whether, since when and how this member is linked; nothing about the LINE side is told."""
    member_id = _member_id(session, call.path["member"])
    rows = session.execute(
        select(Channel.name, Link.how, Link.at)
        .join(Channel, Channel.id == Link.channel_id)
        .where(Link.member_id == member_id, Link.ended_at.is_(None))
        .order_by(Channel.id)
    )
    return LinksShown(links=[LinkShown(channel=name, how=how, at=at) for name, how, at in rows])


def end_links(session: Session, call: Call[None]) -> Unlinked:
    """For the button 「連携を解除」 on the member's own page: every link ends, and the person is told in the chat.

    Doing it again changes nothing.
    """
    member_id = _member_id(session, call.path["member"])
    ended = unlink(session, Ending(EndedBy.SITE, call.by), call.now, member_id=member_id)
    return Unlinked(ended=len(ended))


def _member_id(session: Session, external_id: str) -> int:
    found = session.execute(select(Member.id, Member.forgotten_at).where(Member.external_id == external_id))
    row = found.one_or_none()
    if row is None:
        raise not_found("member")
    if row.forgotten_at is not None:
        raise _problem(Refusal.MEMBER_GONE)
    return int(row.id)


def _channel(session: Session, call: Call[Any], name: str | None) -> ChannelKeys:
    found = channel_for(read_channels(session, call.door.encryption), name, None)
    if found is None:
        raise invalid_field("channel", "there is no such account")
    return found


def _channel_with_id(session: Session, call: Call[Any], channel_id: int | None) -> ChannelKeys:
    channels = read_channels(session, call.door.encryption)
    return next(channel for channel in channels if channel.id == channel_id)


def _link_token(call: Call[Any], channel: ChannelKeys, line_user_id: str) -> str:
    """LINE's token for this friend. Errors: a problem that says whether another try may help."""
    base_url = call.door.settings.line_api_base_url
    try:
        with LINE_CALLS.turn():
            return _token_in(issue_link_token(base_url, channel.access_token or "", line_user_id))
    except Busy:
        raise busy("as many calls to LINE are waiting as may") from None


def _token_in(reply: Reply) -> str:
    if reply.status == 200:
        token = from_bytes(reply.body).get("linkToken")
        if isinstance(token, str):
            return token
    if reply.status is not None and 400 <= reply.status < 500 and reply.status not in {401, 403, 429}:
        raise Problem(Kind.CONFLICT, f"{Refusal.NOT_A_FRIEND}: LINE links only friends of the account")
    raise Problem(Kind.LINE_FAILED, "LINE gave no link token; trying again may help")


def _chat_url(call: Call[Any], channel: ChannelKeys, code: str) -> str | None:
    if channel.basic_id is None:
        return None
    return f"{call.door.settings.line_link_base_url}/R/oaMessage/{quote(channel.basic_id)}/?{quote(code)}"


def _problem(reason: Refusal) -> Problem:
    if reason is Refusal.MEMBER_GONE:
        return Problem(Kind.GONE, "this member was forgotten")
    return Problem(Kind.GONE if reason in _GONE else Kind.CONFLICT, f"{reason}: {_SAID.get(reason, reason)}")


ENDPOINTS = (
    Writing(
        method="POST",
        path="/link-sessions",
        scope=Scope.LINKS_WRITE,
        summary="Link a member by LINE Login",
        given=LinkSessionWanted,
        answer=LinkSession,
        run=open_session,
    ),
    Networked(
        method="POST",
        path="/account-links",
        scope=Scope.LINKS_WRITE,
        summary="Link a member who came from the chat",
        given=AccountLinkWanted,
        answer=AccountLink,
        run=begin_link,
    ),
    Writing(
        method="POST",
        path="/members/{member}/link-codes",
        scope=Scope.LINKS_WRITE,
        summary="Make a one-time code that links this member",
        given=LinkCodeWanted,
        answer=LinkCode,
        run=make_link_code,
    ),
    Writing(
        method="POST",
        path="/handovers",
        scope=Scope.LINKS_WRITE,
        summary="Who has logged in by LINE",
        given=HandoverShown,
        answer=Handover,
        run=take_handover,
    ),
    Reading(
        method="GET",
        path="/members/{member}/links",
        scope=Scope.LINKS_WRITE,
        summary="The links of a member",
        answer=LinksShown,
        run=list_links,
    ),
    Writing(
        method="DELETE",
        path="/members/{member}/links",
        scope=Scope.LINKS_WRITE,
        summary="Unlink a member",
        answer=Unlinked,
        run=end_links,
    ),
)
