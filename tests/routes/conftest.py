"""Routes of an account, and people who come by them."""

from datetime import UTC, datetime, timedelta

import pytest

from app.clock import today_in_tokyo
from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.messaging.models import Channel
from app.routes.actions import RouteDraft, add_route
from app.routes.queries import find_route
from app.routes.rules import Method, Route
from tests.factories import make_channel
from tests.payloads import user_id

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = today_in_tokyo(NOW)


@pytest.fixture
def channel(database: Database) -> int:
    """An account with everything that a link needs."""
    return ready_channel(database)


def ready_channel(database: Database, **more: str | None) -> int:
    """Another such account."""
    id_ = make_channel(database)
    values = {"title": "ごえん（架空）", "basic_id": "@000simul", "login_channel_id": "1650000001"}
    with transaction(database) as session:
        row = session.get_one(Channel, id_)
        for key, value in (values | more).items():
            setattr(row, key, value)
    return id_


def make_route(
    database: Database,
    channel_id: int,
    name: str = "seminar",
    method: Method = Method.CODE,
    promise: str | None = "無料の相談会にご案内します。",
) -> Route:
    """A route as staff make it."""
    with transaction(database) as session:
        add_route(session, channel_id, name, RouteDraft(f"{name}のQR", method, promise), NOW)
    with reading(database) as session:
        found = find_route(session, name)
    assert found is not None
    return found


def make_person(
    database: Database, channel_id: int, number: int, ago: timedelta = timedelta(minutes=1), **columns: object
) -> Friend:
    """Somebody who has become a new friend that long ago."""
    at = NOW - ago
    values = {"created_at": at, "followed_at": at, "first_followed_on": today_in_tokyo(at)} | columns
    with transaction(database) as session:
        friend = Friend(channel_id=channel_id, line_user_id=user_id(number), **values)
        session.add(friend)
        session.flush()
        return friend
