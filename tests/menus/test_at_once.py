"""Menus that are given from two sides at the same moment, and a million people who are to be moved."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from app.clock import Clock
from app.db import Database, open_database, reading, transaction
from app.friends.models import Friend
from app.line.menus import MenuCalls
from app.line.rules import Reply
from app.messaging.menus import menu_row
from app.messaging.models import Channel, OutboxMessage
from app.messaging.outbox import Ended, OutboxRow, enqueue
from app.messaging.rules import Carrier, Next, OutboxStatus, Purpose
from handlers.menus import MOST_ROUNDS, keep_menus, menu_body
from richmenu.books import mark_friends
from richmenu.giving import give_to_others, keep_given, right_body
from richmenu.limits import UNSETTLED
from richmenu.models import MenuCall, MenuSync
from richmenu.queries import Given, given_menus, has_others
from tests.databases import Databases
from tests.menus.publishing import Publishing, publishing_to

INDEXES = ["ix_friend_menu_live", "ix_outbox_message_waiting", "ix_outbox_message_sending"]
"""The last holds nothing but what is on its way."""
GIVEN = {name: Given(f"id-{name}", f"{name}:1") for name in ("newcomers", "members", "placed")}


@pytest.fixture
def publishing(database: Database, tmp_path: Path) -> Iterator[Publishing]:
    with publishing_to(database, tmp_path) as made:
        yield made


def mark(publishing: Publishing, friend_id: int, menu: str | None) -> None:
    with transaction(publishing.database) as session:
        session.execute(update(Friend).where(Friend.id == friend_id).values(menu_live=menu))


def test_who_is_given_a_menu_of_their_own_during_a_bulk_call_is_looked_at_again(
    publishing: Publishing,
) -> None:
    publishing.run()
    meanwhile = publishing.friend("架空 花子")
    publishing.friend("架空 次郎")

    def link(_: Mapping[str, Any]) -> None:
        mark(publishing, meanwhile, "members:given-by-a-row")

    list(give_to_others(publishing.database, publishing.clock, publishing.channel_id, link))
    assert publishing.mark("架空 花子") is None, "nobody knows which of the two came last"
    assert (publishing.mark("架空 次郎") or "").startswith("newcomers:")
    publishing.run()
    assert publishing.mark("架空 花子") == publishing.mark("架空 次郎")


def test_what_a_row_gave_counts_only_if_nobody_gave_another_meanwhile(publishing: Publishing) -> None:
    publishing.run()
    friend_id, now = publishing.friend("架空 花子"), publishing.clock.now()
    with transaction(publishing.database) as session:
        body = right_body(session, friend_id, now)
        assert body is not None
        assert keep_given(session, friend_id, body)
        assert keep_given(session, friend_id, body), "the same from both sides is the same"
    mark(publishing, friend_id, "members:given-by-a-bulk-call")
    with transaction(publishing.database) as session:
        assert not keep_given(session, friend_id, body)
        assert right_body(session, friend_id, now) is not None, "to be given again"


def ended_row(publishing: Publishing, friend_id: int, **values: Any) -> Ended:
    """A menu row of this friend that LINE has just answered."""
    now = publishing.clock.now()
    with transaction(publishing.database) as session:
        friend = session.get_one(Friend, friend_id)
        frozen = right_body(session, friend_id, now, is_sure=False)
    body = {"build": "menu", "values": {"friend_id": friend_id, "round": 0, **values}}
    row = OutboxRow(
        1, Carrier.MENU, publishing.channel_id, None, friend.line_user_id, Purpose.REPLY, "k", body,
        None, None, 1, False, now, now, now, frozen,
    )  # fmt: skip
    return Ended(row, Next(OutboxStatus.SENT))


def rows_after(publishing: Publishing, ended: Ended) -> list[OutboxMessage]:
    with transaction(publishing.database) as session:
        keep_menus(session, [ended], publishing.clock.now())
    with reading(publishing.database) as session:
        return list(session.scalars(select(OutboxMessage)))


def test_who_is_given_a_menu_while_line_still_gives_many_is_given_it_once_more(
    publishing: Publishing,
) -> None:
    """LINE answers 202 and links a moment later: a single link in between would be overtaken."""
    friend_id = publishing.friend("架空 花子")
    publishing.run()
    [row] = rows_after(publishing, ended_row(publishing, friend_id))
    assert row.due_at - row.created_at == UNSETTLED
    with reading(publishing.database) as session:
        due = OutboxRow(
            2, Carrier.MENU, publishing.channel_id, None, None, Purpose.REPLY, "k", row.body,
            None, None, 1, False, row.due_at, row.due_at, None,
        )  # fmt: skip
        body = menu_body(session, due, publishing.clock.now())
        assert body is not None
        assert body["mark"] == session.get_one(Friend, friend_id).menu_live, "though it is written down"


def test_who_is_given_a_menu_long_after_a_bulk_call_is_left_alone(publishing: Publishing) -> None:
    friend_id = publishing.friend("架空 花子")
    publishing.run()
    with transaction(publishing.database) as session:
        session.execute(update(MenuCall).values(at=publishing.clock.real_now() - UNSETTLED))
    assert rows_after(publishing, ended_row(publishing, friend_id)) == []


def test_looking_again_comes_to_an_end(publishing: Publishing) -> None:
    friend_id = publishing.friend("架空 花子")
    publishing.run()
    assert rows_after(publishing, ended_row(publishing, friend_id, round=MOST_ROUNDS)) == []


class Nameless:
    """LINE, whose answers have lost the request's id."""

    def __init__(self, line: MenuCalls) -> None:
        self._line = line

    def call(self, method: str, path: str, body: Any = None) -> Reply:
        reply = self._line.call(method, path, body)
        return Reply(reply.status, body=reply.body, detail=reply.detail)

    def upload(self, rich_menu_id: str, picture: bytes, mime: str) -> Reply:
        return self._line.upload(rich_menu_id, picture, mime)


def test_a_batch_that_has_no_name_is_made_up_for_one_by_one(publishing: Publishing) -> None:
    publishing.friend("架空 花子")
    publishing.run()
    publishing.change("newcomers", bar="新しい")
    assert not publishing.run(line=Nameless(publishing.calls)).is_stopped
    with reading(publishing.database) as session:
        assert session.get_one(MenuSync, publishing.channel_id).batch_id is None
    publishing.soon_sees("架空 花子", "newcomers/main")


def has_friends(database: Database, marks: list[str | None]) -> int:
    with transaction(database) as session:
        channel = Channel(name="default", secrets="unused", access_token="unused")
        session.add(channel)
        session.flush()
        now = Clock().now()
        session.add_all(
            Friend(
                channel_id=channel.id,
                line_user_id=f"U{number:032x}",
                created_at=now,
                followed_at=now,
                menu_live=menu,
            )
            for number, menu in enumerate(marks)
        )
        return channel.id


def test_a_million_friends_are_marked_in_short_transactions(database: Database) -> None:
    channel_id = has_friends(database, ["members:0"] * 1_200)
    sizes: list[int] = []
    event.listen(
        database.writer,
        "after_cursor_execute",
        lambda *given: sizes.append(given[1].rowcount) if given[2].startswith("UPDATE friend") else None,
    )
    mark_friends(database, channel_id, "members:0", "members:1")
    assert len(sizes) == 3
    with reading(database) as session:
        marks = select(Friend.menu_live, func.count()).group_by(Friend.menu_live)
        assert dict(session.execute(marks).all()) == {"members:1": 1_200}


@pytest.mark.parametrize(
    ("menu", "is_other"),
    [
        pytest.param(None, True, id="nothing"),
        pytest.param("a:1", True, id="before all"),
        pytest.param("members:0", True, id="right before one"),
        pytest.param("members:1", False, id="one"),
        pytest.param("members:10", True, id="right after one"),
        pytest.param("newcomers:1", False, id="another"),
        pytest.param("oldies:1", True, id="between two"),
        pytest.param("placed:1", False, id="the last"),
        pytest.param("z:1", True, id="after all"),
    ],
)
def test_whoever_has_something_else_is_found(database: Database, menu: str | None, is_other: bool) -> None:
    channel_id = has_friends(database, ["members:1", menu, "placed:1"])
    with reading(database) as session:
        assert has_others(session, channel_id, GIVEN, Clock().now()) is is_other
        assert has_others(session, channel_id, {}, Clock().now())
        assert not has_others(session, channel_id + 1, {}, Clock().now())


@pytest.mark.parametrize(
    ("status", "due_in", "is_other"),
    [
        pytest.param(OutboxStatus.WAITING, timedelta(0), False, id="about to be sent"),
        pytest.param(OutboxStatus.SENDING, timedelta(0), False, id="on its way"),
        pytest.param(OutboxStatus.WAITING, UNSETTLED, True, id="another look, planned for later"),
        pytest.param(OutboxStatus.FAILED, timedelta(0), True, id="failed"),
    ],
)
def test_whom_their_own_row_is_about_to_serve_is_left_to_it(
    publishing: Publishing, status: OutboxStatus, due_in: timedelta, is_other: bool
) -> None:
    publishing.run()
    friend_id, now = publishing.friend("架空 花子"), publishing.clock.now()
    with transaction(publishing.database) as session:
        friend = session.get_one(Friend, friend_id)
        row = menu_row(friend.channel_id, friend.id, friend.line_user_id, "follow:1")
        enqueue(session, [row], now)
        session.execute(update(OutboxMessage).values(status=status, due_at=now + due_in))
    with reading(publishing.database) as session:
        given = given_menus(session, publishing.channel_id)
        assert has_others(session, publishing.channel_id, given, now) is is_other
    publishing.run()
    assert (publishing.mark("架空 花子") is not None) is is_other


def test_no_look_at_the_menus_walks_over_all_friends(databases: Databases) -> None:
    database = open_sqlite(databases)
    channel_id = has_friends(database, ["members:1"])
    asked: list[tuple[str, Any]] = []
    event.listen(database.reader, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    with reading(database) as session:
        assert not has_others(session, channel_id, GIVEN, Clock().now())
    queries = list(asked)
    assert len(queries) == 5
    with database.reader.connect() as connection:
        for query, values in queries:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)]
            looks = [step for step in plan if " USING " in step]
            assert [step.split(" INDEX ")[1].split()[0] for step in looks] == INDEXES, plan
            assert not any(step.startswith("SCAN ") for step in plan if step not in looks), plan
    database.dispose()


def open_sqlite(databases: Databases) -> Database:
    return open_database(databases.fresh_url("sqlite"))
