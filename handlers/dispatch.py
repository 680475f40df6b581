"""The routing tables, and the way of one event through them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session
from structlog.contextvars import bind_contextvars

from app.friends.actions import known_friend
from app.line.limits import check_messages
from app.messaging.inbox import Handle, Handled, InboxEntry
from app.messaging.outbox import NewOutboxMessage
from app.messaging.rules import Carrier, event_cause, reply_deadline, reply_key
from app.messaging.thread import unsend_message
from handlers.browse import JOB_ACTIONS
from handlers.context import Answer, Context, PostbackHandler, Surroundings
from handlers.events import AccountLink, Event, Unsend
from handlers.follow import on_follow, on_unfollow
from handlers.guide import GUIDE_ACTIONS
from handlers.handoff import on_staff_ask, on_staff_done
from handlers.jobs import on_job_first
from handlers.linking import LINK_ACTIONS, close_failed_link, on_account_link
from handlers.menus import on_menu_tab
from handlers.message import answer_message
from handlers.postback import answer_postback
from handlers.rankings import RANKING_ACTIONS
from handlers.reading import read_event
from handlers.search import SEARCH_ACTIONS
from handlers.settings import SETTINGS_ACTIONS
from handlers.survey import SURVEY_ACTIONS
from handlers.wishes import WISH_ACTIONS
from richmenu.objects import TAB_COMMAND
from surveys.actions import forget_answers_of_message

REPLY_LIFE = timedelta(hours=1)


def on_postback(event: Event, ctx: Context) -> Answer:
    """A tapped button."""
    return answer_postback(event, ctx, POSTBACK_ACTIONS)


def on_message(event: Event, ctx: Context) -> Answer:
    """Something written or sent; a quick reply's words are a tap on it."""
    return answer_message(event, ctx, POSTBACK_ACTIONS)


def on_unsend(event: Event, ctx: Context) -> Answer:
    """送信取消: the stored text and file go too, with what they answered and our reply's echo of them."""
    if isinstance(event, Unsend):
        unsend_message(ctx.session, ctx.friend.id, event.message_id, event.at)
        forget_answers_of_message(ctx.session, ctx.friend.id, event.message_id)
    return []


def record_only(event: Event, ctx: Context) -> Answer:
    """Stored in the inbox and nothing else; the polite default for what nobody has asked us."""
    return []


EVENT_HANDLERS: Mapping[str, Callable[[Event, Context], Answer]] = {
    "follow": on_follow,
    "unfollow": on_unfollow,
    "message": on_message,
    "postback": on_postback,
    "unsend": on_unsend,
    "accountLink": on_account_link,
    "delivery": record_only,
}

POSTBACK_ACTIONS: Mapping[str, PostbackHandler] = {
    "job.first": on_job_first,
    **LINK_ACTIONS,
    "staff.ask": on_staff_ask,
    "staff.done": on_staff_done,
    TAB_COMMAND: on_menu_tab,
    **GUIDE_ACTIONS,
    **SETTINGS_ACTIONS,
    **SURVEY_ACTIONS,
    **JOB_ACTIONS,
    **RANKING_ACTIONS,
    **WISH_ACTIONS,
    **SEARCH_ACTIONS,
}


def event_handler(at: Surroundings) -> Handle:
    """The function that the inbox's drain calls for each event."""

    def handle(session: Session, entry: InboxEntry, now: datetime) -> Handled:
        return handle_event(session, entry, now, at)

    return handle


def handle_event(session: Session, entry: InboxEntry, now: datetime, at: Surroundings) -> Handled:
    """One event: its effects in the session, its answer as one reply row at most."""
    bind_contextvars(event_id=entry.webhook_event_id)
    event = read_event(entry)
    if event.source in {"group", "room"}:
        return Handled(_leaving(event, entry), keep_payload=False)
    if isinstance(event, AccountLink):
        close_failed_link(session, entry.channel_id, event, now)
    if event.is_standby or event.line_user_id is None:
        return Handled()
    friend = known_friend(session, entry.channel_id, event.line_user_id, now)
    cause = event_cause(entry.channel_id, entry.webhook_event_id)
    ctx = Context(session, now, friend, at, entry.id, cause)
    answer = EVENT_HANDLERS.get(event.kind, record_only)(event, ctx)
    rows = [*_reply(event, ctx, answer), *ctx.background]
    return Handled(rows, keep_payload=not isinstance(event, Unsend))


def _reply(event: Event, ctx: Context, answer: Answer) -> list[NewOutboxMessage]:
    if not answer:
        return []
    check_messages(answer)
    row = NewOutboxMessage(
        carrier=Carrier.REPLY if event.reply_token else Carrier.PUSH,
        channel_id=ctx.friend.channel_id,
        friend_id=ctx.friend.id,
        recipient=ctx.friend.line_user_id,
        dedupe_key=reply_key(ctx.cause),
        body={"messages": answer},
        reply_token=event.reply_token,
        reply_until=reply_deadline(event.at, event.received_at),
        expires_at=event.at + REPLY_LIFE,
        preview=preview_of(answer),
    )
    return [row]


def preview_of(answer: Answer) -> str:
    """What a thread's list shows of an answer: its first words."""
    first = answer[0]
    return str(first.get("text") or first.get("altText") or "")[:200]


def _leaving(event: Event, entry: InboxEntry) -> list[NewOutboxMessage]:
    """Groups and rooms are left: a day has one try, an invitation its own."""
    if event.place_id is None or event.source is None or event.is_standby:
        return []
    cause = f"event:{entry.id}" if event.kind == "join" else f"day:{event.at:%Y%m%d}"
    return [
        NewOutboxMessage(
            carrier=Carrier.LEAVE,
            channel_id=entry.channel_id,
            recipient=event.place_id[:33],
            dedupe_key=f"leave:{entry.channel_id}:{event.place_id[:33]}:{cause}",
            body={"place": event.source},
        )
    ]
