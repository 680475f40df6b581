"""友だち追加, ブロック解除 and ブロック."""

from datetime import datetime

from app.friends.actions import mark_blocked, welcome_friend
from app.friends.messages import GREETING_VERSION, greeting, welcome_back
from app.members.actions import record_consent
from app.members.values import ConsentGiven, ConsentKind, ConsentSource
from app.messaging.menus import menu_row
from app.messaging.outbox import NewOutboxMessage
from app.messaging.rules import Carrier
from handlers.context import Answer, Context
from handlers.events import Event, Follow
from surveys.queries import has_answers


def on_follow(event: Event, ctx: Context) -> Answer:
    """Greet once, without a name; somebody who comes back keeps everything and is not asked again."""
    was_here = ctx.friend.followed_at is not None or ctx.friend.blocked_at is not None
    is_back = was_here or (isinstance(event, Follow) and event.is_unblocked)
    welcome_friend(ctx.friend, event.at, GREETING_VERSION, is_new=not is_back)
    say_to_promotion(ctx, ConsentSource.FOLLOW, event.at, given=True)
    ctx.background.extend((fetch_profile(ctx, ctx.cause), give_menu(ctx)))
    if is_back:
        return welcome_back(has_answers=has_answers(ctx.session, ctx.friend.id))
    return greeting()


def on_unfollow(event: Event, ctx: Context) -> Answer:
    """ブロック: nothing waits for this person any more; there is nobody to answer."""
    mark_blocked(ctx.session, ctx.friend, event.at, ctx.now)
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
