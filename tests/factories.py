"""Rows that many tests need, valid by default."""

from datetime import datetime
from itertools import count

from app.db import Database, transaction
from app.friends.models import Friend
from app.messaging.models import Channel
from tests.payloads import user_id

_numbers = count(1)


def make_channel(database: Database, name: str | None = None) -> int:
    """An account without usable secrets; its id."""
    with transaction(database) as session:
        channel = Channel(name=name or f"account {next(_numbers)}", secrets="")
        session.add(channel)
        session.flush()
        return channel.id


def make_friend(database: Database, at: datetime, channel_id: int | None = None) -> Friend:
    """A friend since `at`, of an account of their own unless one is named."""
    channel = channel_id or make_channel(database)
    with transaction(database) as session:
        friend = Friend(
            channel_id=channel, line_user_id=user_id(next(_numbers)), created_at=at, followed_at=at
        )
        session.add(friend)
        session.flush()
        return friend
