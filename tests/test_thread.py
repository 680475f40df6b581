"""What people wrote and sent: kept once, gone when taken back, emptied when old; on both databases."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.db import Database, reading, transaction
from app.messaging.intake import inbox_rows, write_events
from app.messaging.models import Attachment, InboxEvent, Message, OutboxMessage, TaskRun
from app.messaging.outbox import NewOutboxMessage, enqueue
from app.messaging.retention import MESSAGES, TASK_RUNS, empty_what_is_old
from app.messaging.rules import Carrier, OutboxStatus
from app.messaging.thread import NewMessage, keep_attachment, store_message, unsend_message
from tests.factories import make_friend
from tests.payloads import event

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Thread:
    """One friend's thread, with an event of theirs."""

    database: Database
    friend_id: int
    channel_id: int
    event_id: int

    def write(self, id_: str = "4701", text: str | None = "こんにちは", at: datetime = NOW) -> bool:
        message = NewMessage(self.friend_id, "text", id_, self.event_id, at, text)
        with transaction(self.database) as session:
            return store_message(session, message)

    def unsend(self, id_: str = "4701", *, friend_id: int | None = None) -> None:
        with transaction(self.database) as session:
            unsend_message(session, friend_id or self.friend_id, id_, NOW)

    def attach(self, content: bytes = PNG) -> None:
        with transaction(self.database) as session:
            keep_attachment(session, "4701", content, NOW)

    def message(self) -> Message:
        with reading(self.database) as session:
            return session.scalars(select(Message).where(Message.line_message_id == "4701")).one()

    def attachments(self) -> int:
        with reading(self.database) as session:
            return session.scalars(select(func.count()).select_from(Attachment)).one()

    def payload(self) -> str | None:
        with reading(self.database) as session:
            return session.get_one(InboxEvent, self.event_id).payload


@pytest.fixture
def thread(database: Database) -> Thread:
    friend = make_friend(database, NOW)
    with transaction(database) as session:
        write_events(session.connection(), inbox_rows(friend.channel_id, [event()], NOW))
        event_id = session.scalars(select(InboxEvent.id)).one()
    return Thread(database, friend.id, friend.channel_id, event_id)


def test_a_message_is_kept_once(thread: Thread) -> None:
    assert thread.write()
    assert thread.write(text="もう一度")
    assert thread.message().text == "こんにちは"
    assert thread.payload() is not None


def test_what_is_taken_back_is_gone_with_its_file_and_its_event(thread: Thread) -> None:
    thread.write()
    thread.attach()
    assert thread.attachments() == 1
    for _ in range(2):
        thread.unsend()
        assert (thread.message().text, thread.message().attachment_id) == (None, None)
        assert thread.message().unsent_at == NOW
    assert (thread.attachments(), thread.payload()) == (0, None)


def test_a_message_that_comes_after_it_was_taken_back_is_not_kept(thread: Thread) -> None:
    thread.unsend()
    assert not thread.write()
    assert (thread.message().text, thread.payload()) == (None, None)
    thread.attach()
    assert thread.attachments() == 0


def test_nobody_takes_back_what_another_wrote(thread: Thread) -> None:
    thread.write()
    other = make_friend(thread.database, NOW)
    thread.unsend(friend_id=other.id)
    assert thread.message().text == "こんにちは"


def test_a_file_is_kept_once_with_the_type_that_its_bytes_tell(thread: Thread) -> None:
    thread.attach()
    assert thread.attachments() == 0, "a file without its message"
    thread.write()
    thread.attach()
    thread.attach(b"something else")
    with reading(thread.database) as session:
        [kept] = session.scalars(select(Attachment))
    assert (kept.mime, kept.size, kept.content) == ("image/png", len(PNG), PNG)


def test_a_file_of_unknown_type_is_bytes(thread: Thread) -> None:
    thread.write()
    thread.attach(b"?")
    with reading(thread.database) as session:
        assert session.scalars(select(Attachment.mime)).one() == "application/octet-stream"


@pytest.mark.parametrize("age", [MESSAGES - MOMENT, MESSAGES + MOMENT], ids=["within", "past"])
def test_words_files_and_bodies_are_emptied_after_two_years_and_not_before(
    thread: Thread, age: timedelta
) -> None:
    thread.write(at=NOW - age)
    thread.attach()
    with transaction(thread.database) as session:
        row = NewOutboxMessage(Carrier.PUSH, thread.channel_id, "old", {"messages": []}, preview="お知らせ")
        enqueue(session, [row], NOW - age)
        sent = session.scalars(select(OutboxMessage)).one()
        sent.status, sent.ended_at = OutboxStatus.SENT, NOW - age
    emptied = empty_what_is_old(thread.database, NOW)
    with reading(thread.database) as session:
        body, preview = session.execute(select(OutboxMessage.body, OutboxMessage.preview)).one()
    is_past = age > MESSAGES
    assert emptied == (3 if is_past else 0)
    assert (thread.message().text is None, thread.attachments()) == (is_past, 0 if is_past else 1)
    assert (body, preview) == (({}, None) if is_past else ({"messages": []}, "お知らせ"))
    assert empty_what_is_old(thread.database, NOW) == 0


def test_ended_runs_are_forgotten_after_90_days(thread: Thread) -> None:
    with transaction(thread.database) as session:
        session.add_all(
            TaskRun(schedule=name, fire_at=at, due_at=at, status="done")
            for name, at in (("old", NOW - TASK_RUNS - MOMENT), ("new", NOW - TASK_RUNS + MOMENT))
        )
    empty_what_is_old(thread.database, NOW)
    with reading(thread.database) as session:
        assert session.scalars(select(TaskRun.schedule)).all() == ["new"]
