"""会員連携 in the chat: the way to it, the typed code, LINE's confirmation, and 連携解除."""

from datetime import datetime
from urllib.parse import quote

from sqlalchemy.orm import Session

from app.friends.commands import plain
from app.friends.messages import linking_is_off
from app.friends.models import Friend
from app.line.limits import Message
from app.line.messages import with_choices
from app.line.postback import Command
from app.links.actions import Ending, Linked, unlink
from app.links.by_account import confirm_account_link, end_account_link, offer_account_link
from app.links.by_code import link_by_code
from app.links.by_login import has_permitted_login
from app.links.messages import (
    account_link_refused,
    already_linked,
    ask_to_unlink,
    code_hint,
    code_refused,
    ended_elsewhere,
    link_is_kept,
    linked_choices,
    linked_text,
    not_linked,
    offer_link,
    replaced_by_another,
    unlinked,
)
from app.links.models import Link
from app.links.queries import member_of, open_link_of
from app.links.rules import EndedBy, Refusal, read_code
from app.messaging.models import Channel
from app.messaging.outbox import OutboxRow
from app.staff.audit import NOBODY
from handlers.context import Answer, Context, PostbackHandler, Surroundings
from handlers.events import AccountLink, Event, Postback, Text
from handlers.jobs import jobs_for_friend

LINK_WORDS = frozenset({"会員連携", "会員連携する", "id連携", "連携", "連携する"})
UNLINK_WORDS = frozenset(
    {
        "連携解除",
        "連携を解除",
        "連携を解除する",
        "連携をやめる",
        "会員連携解除",
        "会員連携を解除",
        "id連携解除",
    }
)


def answer_by_text(event: Text, ctx: Context) -> Answer | None:
    """A one-time code, or one of the two wishes in words; None for anything else."""
    code = read_code(event.text)
    if code is not None:
        return _answer_to_code(code, ctx)
    words = plain(event.text)
    if words in UNLINK_WORDS:
        return _ask_to_unlink(ctx, EndedBy.CHAT)
    return ask_to_link(ctx) if words in LINK_WORDS else None


def ask_to_link(ctx: Context) -> Answer:
    """会員連携: the button that opens our page, or what this account has instead."""
    if member_of(ctx.session, ctx.friend.id) is not None:
        return already_linked()
    channel = ctx.session.get_one(Channel, ctx.friend.channel_id)
    if channel.site_url is not None and ctx.surroundings.base_url:
        token = offer_account_link(ctx.session, ctx.friend, ctx.now)
        return offer_link(f"{ctx.surroundings.base_url}/link/start?t={token}")
    return [code_hint()] if channel.login_channel_id is not None else linking_is_off()


def linked_answer(ctx: Context, *, replaced_member: bool = False, replaced_line: bool = False) -> Answer:
    """What a new link brings, at once: the news, and the first jobs for this person."""
    news = linked_text(replaced_member=replaced_member, replaced_line=replaced_line)
    *first, last = jobs_for_friend(ctx)
    return [news, *first, with_choices(last, linked_choices())]


def on_account_link(event: Event, ctx: Context) -> Answer:
    """LINE has confirmed the person: the nonce says which member they are."""
    if not isinstance(event, AccountLink) or event.result != "ok":
        return []
    linked = confirm_account_link(ctx.session, event.nonce, ctx.friend, ctx.now)
    return account_link_refused() if isinstance(linked, Refusal) else _answer_to_link(ctx, linked)


def close_failed_link(session: Session, channel_id: int, event: AccountLink, now: datetime) -> None:
    """LINE says that somebody else was in front of the screen: there is nobody to answer, the nonce is over."""
    if event.result == "failed":
        end_account_link(session, event.nonce, channel_id, now)


def linked_push(session: Session, row: OutboxRow, now: datetime, at: Surroundings) -> list[Message]:
    """The push after a link by LINE Login, with the jobs that fit when it leaves; nothing if it is over."""
    values = row.body["values"]
    link = session.get(Link, int(values["link_id"]))
    if link is None or link.ended_at is not None:
        return []
    ctx = Context(session, now, session.get_one(Friend, link.friend_id), at)
    return linked_answer(
        ctx, replaced_member=values["replaced_member"], replaced_line=values["replaced_line"]
    )


def unlinked_push(session: Session, row: OutboxRow, now: datetime, at: Surroundings) -> list[Message]:
    """The push after the end of a link by the site, by staff, or by a new link of the member."""
    link = session.get(Link, int(row.body["values"]["link_id"]))
    if link is None:
        return []
    url = _leave_url(Context(session, now, session.get_one(Friend, link.friend_id), at))
    return replaced_by_another(url) if link.ended_by == EndedBy.RELINKED else ended_elsewhere(url)


def on_link_ask(event: Postback, command: Command, ctx: Context) -> Answer:
    """The button 会員連携."""
    return ask_to_link(ctx)


def on_link_end(event: Postback, command: Command, ctx: Context) -> Answer:
    """The button 連携解除, in the chat or in the menu."""
    return _ask_to_unlink(ctx, _source(command))


def on_link_end_yes(event: Postback, command: Command, ctx: Context) -> Answer:
    """連携を解除する: the second tap."""
    link = open_link_of(ctx.session, ctx.friend.id)
    if link is None:
        return not_linked()
    unlink(ctx.session, Ending(_source(command), NOBODY), ctx.now, friend_id=ctx.friend.id)
    return unlinked(_leave_url(ctx))


def on_link_keep(event: Postback, command: Command, ctx: Context) -> Answer:
    """連携を続ける."""
    return link_is_kept() if member_of(ctx.session, ctx.friend.id) is not None else not_linked()


LINK_ACTIONS: dict[str, PostbackHandler] = {
    "link.ask": on_link_ask,
    "link.end": on_link_end,
    "link.end.yes": on_link_end_yes,
    "link.keep": on_link_keep,
}


def _answer_to_code(code: str, ctx: Context) -> Answer:
    linked = link_by_code(ctx.session, ctx.friend, code, ctx.now)
    return code_refused(linked) if isinstance(linked, Refusal) else _answer_to_link(ctx, linked)


def _answer_to_link(ctx: Context, linked: Linked) -> Answer:
    if not linked.is_new:
        return already_linked()
    return linked_answer(ctx, replaced_member=linked.replaced_member, replaced_line=linked.replaced_line)


def _ask_to_unlink(ctx: Context, source: EndedBy) -> Answer:
    if member_of(ctx.session, ctx.friend.id) is None:
        return not_linked()
    return ask_to_unlink(source)


def _source(command: Command) -> EndedBy:
    """Our own buttons in the chat say so; the menu's, which staff make, says nothing."""
    return EndedBy.CHAT if command.values.get("source") == EndedBy.CHAT else EndedBy.MENU


def _leave_url(ctx: Context) -> str | None:
    """Where they take back what they have permitted LINE Login; None: nothing, as far as we know."""
    channel = ctx.session.get_one(Channel, ctx.friend.channel_id)
    if not has_permitted_login(ctx.session, ctx.friend.id):
        return None
    if not ctx.surroundings.base_url or channel.login_channel_id is None:
        return None
    return f"{ctx.surroundings.base_url}/login/line/leave?channel={quote(channel.name)}"
