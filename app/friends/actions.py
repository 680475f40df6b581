"""What happens to a friend: known, welcomed, blocked, on a break. Nothing here commits."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import today_in_tokyo
from app.friends.models import Friend
from app.friends.rules import BREAK
from app.inserting import insert_unless_there
from app.line.text import clean_text
from app.messaging.models import OutboxMessage
from app.messaging.rules import BACKGROUND_CARRIERS, OutboxStatus


def known_friend(session: Session, channel_id: int, line_user_id: str, now: datetime) -> Friend:
    """The person's row, made if this is the first we hear of them."""
    query = select(Friend).where(Friend.channel_id == channel_id, Friend.line_user_id == line_user_id)
    found = session.scalars(query).one_or_none()
    if found is not None:
        return found
    insert_unless_there(session, Friend, channel_id=channel_id, line_user_id=line_user_id, created_at=now)
    return session.scalars(query).one()


def welcome_friend(friend: Friend, at: datetime, greeting_version: str, *, is_new: bool) -> None:
    """友だち追加 or ブロック解除 at this time; an older event than the last block changes nothing.

    `is_new`: nobody had them as a friend before, neither we nor the account in its time without us.
    """
    if is_new and friend.imported_at is None and friend.first_followed_on is None:
        friend.first_followed_on = today_in_tokyo(at)
    if friend.blocked_at is None or at >= friend.blocked_at:
        friend.blocked_at = None
        friend.followed_at = at
        friend.greeting_version = greeting_version


def mark_blocked(session: Session, friend: Friend, at: datetime, now: datetime) -> bool:
    """ブロック: nothing that waits for this person goes out any more; False for an event older than the follow."""
    if friend.followed_at is not None and at < friend.followed_at:
        return False
    friend.blocked_at = at
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.friend_id == friend.id,
            OutboxMessage.status == OutboxStatus.WAITING,
            OutboxMessage.carrier.not_in(BACKGROUND_CARRIERS),
            OutboxMessage.unsure.is_(False),  # one that may have arrived is settled by the sender
        )
        .values(status=OutboxStatus.CANCELLED, reason="blocked", ended_at=now)
        .execution_options(synchronize_session=False)
    )
    return True


def record_reaction(friend: Friend, at: datetime, *, wrote: bool) -> None:
    """The person did something: wrote a message, or only tapped."""
    friend.last_reaction_at = _later(friend.last_reaction_at, at)
    if wrote:
        friend.last_wrote_at = _later(friend.last_wrote_at, at)


def opt_out(friend: Friend, now: datetime) -> None:
    """配信停止: no promotion until 再開."""
    friend.opted_out_at = friend.opted_out_at or now


def take_break(friend: Friend, now: datetime) -> datetime:
    """お休み: no promotion for 90 days; until when."""
    friend.snoozed_until = now + BREAK
    return friend.snoozed_until


def resume(friend: Friend) -> None:
    """再開: ends an opt-out and any break."""
    friend.opted_out_at = friend.snoozed_until = None


def keep_profile(friend: Friend, profile: dict[str, object], now: datetime) -> None:
    """Name, picture and language as LINE gave them; `{}` when it would not say."""
    friend.profile_at = now
    friend.display_name = _text(profile.get("displayName"), 100) or friend.display_name
    friend.picture_url = _text(profile.get("pictureUrl"), 2000) or friend.picture_url
    friend.language = _text(profile.get("language"), 20) or friend.language


def _text(value: object, limit: int) -> str | None:
    return clean_text(value)[:limit] if isinstance(value, str) and value else None


def _later(old: datetime | None, new: datetime) -> datetime:
    return new if old is None else max(old, new)
