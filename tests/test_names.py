"""What LINE says of people who are asked about in the background, many at a time."""

from datetime import UTC, datetime, timedelta

import orjson
from sqlalchemy import select

from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.line.rules import Reply
from app.messaging.outbox import Ended, OutboxRow
from app.messaging.rules import Carrier, Next, OutboxStatus, Purpose
from handlers.ended import on_ended
from tests.databases import counted_statements
from tests.factories import make_friend

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def answered(id_: int, friend: Friend, reply: Reply, status: OutboxStatus, recipient: str = "") -> Ended:
    row = OutboxRow(
        id=id_,
        carrier=Carrier.PROFILE,
        channel_id=friend.channel_id,
        friend_id=None,
        recipient=recipient or friend.line_user_id,
        purpose=Purpose.TRANSACTION,
        retry_key="invented",
        body={"friend_id": friend.id},
        reply_token=None,
        reply_until=None,
        attempts=1,
        unsure=False,
        due_at=NOW,
        expires_at=NOW + timedelta(days=1),
        first_tried_at=NOW,
    )
    return Ended(row, Next(status), reply)


def named(name: str) -> Reply:
    return Reply(200, body=orjson.dumps({"displayName": name}))


def names(database: Database) -> list[tuple[str | None, datetime | None]]:
    with reading(database) as session:
        query = select(Friend.display_name, Friend.profile_at).order_by(Friend.id)
        return [(name, at) for name, at in session.execute(query)]


def test_a_refusal_after_an_answer_in_the_same_batch_takes_no_name_away(database: Database) -> None:
    friend = make_friend(database, NOW)
    said = answered(1, friend, named("架空 花子"), OutboxStatus.SENT)
    refused = answered(2, friend, Reply(404), OutboxStatus.FAILED)
    with transaction(database) as session:
        on_ended(session, [said, refused], NOW)
    assert names(database) == [("架空 花子", NOW)]


def test_an_answer_about_somebody_who_was_forgotten_is_not_kept(database: Database) -> None:
    friend = make_friend(database, NOW)
    item = answered(1, friend, named("架空 花子"), OutboxStatus.SENT, recipient="U" + "9" * 32)
    with transaction(database) as session:
        on_ended(session, [item], NOW)
    assert names(database) == [(None, None)]


def test_many_names_are_one_read_and_one_write(database: Database) -> None:
    friends = [make_friend(database, NOW) for _ in range(20)]
    items = [answered(n, each, named(f"架空 {n}"), OutboxStatus.SENT) for n, each in enumerate(friends)]
    with counted_statements(database) as statements, transaction(database) as session:
        on_ended(session, items, NOW)
    assert names(database) == [(f"架空 {n}", NOW) for n in range(20)]
    assert [each.split()[0] for each in statements if "friend" in each] == ["SELECT", "UPDATE"]
