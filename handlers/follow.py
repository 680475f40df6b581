"""友だち追加, ブロック解除 and ブロック."""

from datetime import datetime

from app.announcements.rules import Kind
from app.friends.actions import mark_blocked, welcome_friend
from app.friends.messages import GREETING_VERSION, greeting, welcome_back
from app.links.queries import open_link_of
from app.links.rules import BeforeFollow, has_missed_the_news
from app.members.actions import record_consent
from app.members.values import ConsentGiven, ConsentKind, ConsentSource
from app.messaging.menus import menu_row
from app.messaging.outbox import NewOutboxMessage
from app.messaging.rules import Carrier
from handlers.announcements import tell_site
from handlers.context import Answer, Context
from handlers.events import Event, Follow
from handlers.linking import linked_answer
from surveys.queries import has_answers


def on_follow(event: Event, ctx: Context) -> Answer:
    """Greet once, without a name; somebody who comes back keeps everything and is not asked again."""
    friend = ctx.friend
    before = BeforeFollow(friend.followed_at, friend.blocked_at, friend.imported_at)
    was_here = any((before.followed_at, before.imported_at, before.blocked_at))
    is_back = was_here or (isinstance(event, Follow) and event.is_unblocked)
    welcome_friend(friend, event.at, GREETING_VERSION, is_new=not is_back)
    say_to_promotion(ctx, ConsentSource.FOLLOW, event.at, given=True)
    ctx.session.flush()  # from here on a link that is being made waits for us, and pushes its news itself
    ctx.background.extend((fetch_profile(ctx, ctx.cause), give_menu(ctx)))
    link = open_link_of(ctx.session, friend.id)
    if link is not None and has_missed_the_news(before, link.at):
        return [greeting()[0], *linked_answer(ctx)]
    if is_back:
        return welcome_back(has_answers=has_answers(ctx.session, friend.id))
    return greeting()


def on_unfollow(event: Event, ctx: Context) -> Answer:
    """ブロック: nothing waits for this person any more; there is nobody to answer."""
    if mark_blocked(ctx.session, ctx.friend, event.at, ctx.now):
        tell_site(ctx, Kind.BLOCKED, {})
    return []


def fetch_profile(ctx: Context, cause: str) -> NewOutboxMessage:
    """Ask LINE for name and picture later, never on the way to an answer; once for each cause."""
    return NewOutboxMessage(
        carrier=Carrier.PROFILE,
        channel_id=ctx.friend.channel_id,
        friend_id=None,
        recipient=ctx.friend.line_user_id,
        dedupe_key=f"{cause}:profile",
        body={"friend_id": ctx.friend.id},
    )


def give_menu(ctx: Context) -> NewOutboxMessage:
    """The right menu, given anew: LINE forgets whom a menu was linked to when they block."""
    friend = ctx.friend
    friend.menu_live = None
    return menu_row(friend.channel_id, friend.id, friend.line_user_id, ctx.cause)


def say_to_promotion(ctx: Context, source: ConsentSource, at: datetime, *, given: bool) -> None:
    """A yes or a no to promotion by LINE, with the text that it was said to."""
    said = ConsentGiven(
        kind=ConsentKind.LINE,
        given=given,
        at=at,
        source=source,
        text_version=GREETING_VERSION,
        friend_id=ctx.friend.id,
    )
    record_consent(ctx.session, said)
