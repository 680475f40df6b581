"""What features do when an outbox row has ended: LINE's answers to background calls are kept."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bulk import among
from app.friends.actions import keep_profile
from app.friends.imports import ask_for_names
from app.friends.models import Friend
from app.messaging.accounts import keep_bot_info
from app.messaging.outbox import Ended
from app.messaging.rules import ENDED, Carrier, OutboxStatus
from app.messaging.thread import keep_attachment
from handlers.menus import keep_menus


def on_ended(session: Session, ended: Sequence[Ended], now: datetime) -> None:
    """React to ended rows, in the transaction that records them."""
    keep_menus(session, [item for item in ended if item.row.carrier is Carrier.MENU], now)
    named: Counter[int] = Counter()
    for item in ended:
        if item.row.carrier is Carrier.PROFILE:
            if item.next.status in ENDED and item.row.body.get("imported"):
                named[item.row.channel_id] += 1
        elif item.row.carrier is Carrier.INFO:
            keep_bot_info(session, item.row.channel_id, _said(item))
        elif item.row.carrier is Carrier.CONTENT and item.next.status is OutboxStatus.SENT and item.reply:
            keep_attachment(session, str(item.row.body["message_id"]), item.reply.body, now)
    _keep_profiles(session, [item for item in ended if item.row.carrier is Carrier.PROFILE], now)
    for channel_id, count in named.items():
        ask_for_names(session, channel_id, count, now)


def _keep_profiles(session: Session, ended: Sequence[Ended], now: datetime) -> None:
    """In one read and one write: every new friend is asked about, however many come at once."""
    said = [
        (int(item.row.body["friend_id"]), item)
        for item in ended
        if item.next.status in {OutboxStatus.SENT, OutboxStatus.FAILED}
    ]
    if not said:
        return
    ids = sorted({friend_id for friend_id, _ in said})
    query = select(Friend).where(among(session.connection(), Friend.id, ids))
    friends = {friend.id: friend for friend in session.scalars(query)}
    for friend_id, item in said:
        friend = friends.get(friend_id)
        if friend is not None and friend.line_user_id == item.row.recipient:  # else forgotten meanwhile
            keep_profile(friend, _said(item), now)


def _said(item: Ended) -> dict[str, object]:
    """LINE's answer; `{}` where it would not say (404 to a profile: blocked, or no consent)."""
    if item.reply is None or item.reply.status != 200:
        return {}
    try:
        value = orjson.loads(item.reply.body)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
