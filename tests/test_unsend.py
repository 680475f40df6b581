"""送信取消: what a person takes back is nowhere any more, on both databases."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.line.postback import pack
from app.messaging.inbox import drain_once
from app.messaging.intake import inbox_rows, write_events
from app.messaging.models import Attachment, InboxEvent, Message, OutboxMessage
from app.messaging.thread import NewMessage, keep_attachment, store_message, unsend_message
from handlers.context import Surroundings
from handlers.dispatch import event_handler
from surveys.actions import load_shipped_surveys
from surveys.models import Answer
from surveys.queries import answers_of
from tests.factories import make_friend
from tests.payloads import event, text_content
from tests.waiting import wait_until

WORDS = "看護師"


@dataclass
class Chat:
    """A friend whose events go through the drain as a worker's would."""

    database: Database
    friend: Friend
    clock: Clock = field(default_factory=Clock)

    def happen(self, kind: str, **content: object) -> str:
        """One event, handled; its id."""
        now = self.clock.now()
        made = event(
            kind, user=self.friend.line_user_id, timestamp=int(now.timestamp() * 1000) - 1, **content
        )
        with transaction(self.database) as session:
            write_events(session.connection(), inbox_rows(self.friend.channel_id, [made], now))
        assert drain_once(self.database, event_handler(Surroundings()), self.clock) == 1
        with reading(self.database) as session:
            status = select(InboxEvent.status).where(InboxEvent.webhook_event_id == made["webhookEventId"])
            assert session.scalars(status).one() == "handled"
        return str(made["webhookEventId"])

    def write(self, words: str, message_id: str) -> str:
        return self.happen("message", message=text_content(1, words) | {"id": message_id})

    def reply(self, event_id: str) -> OutboxMessage:
        """Our answer to an event."""
        key = f"event:{self.friend.channel_id}:{event_id}:0"
        with reading(self.database) as session:
            return session.scalars(select(OutboxMessage).where(OutboxMessage.dedupe_key == key)).one()

    def end_replies(self) -> None:
        """As the sender leaves them when LINE has taken them."""
        with transaction(self.database) as session:
            session.execute(update(OutboxMessage).values(status="sent", ended_at=self.clock.now()))

    def answers(self) -> dict[str, object]:
        with reading(self.database) as session:
            return dict(answers_of(session, self.friend.id))


@pytest.fixture
def chat(database: Database) -> Chat:
    now = Clock().now()
    with transaction(database) as session:
        load_shipped_surveys(session, now)
    chat = Chat(database, make_friend(database, now - timedelta(days=1)))
    chat.happen("postback", postback={"data": pack("survey.start", name="preferences")})
    return chat


def test_a_survey_answer_that_is_taken_back_counts_no_more_and_its_echo_is_emptied(chat: Chat) -> None:
    answered = chat.write(WORDS, "invented-1")
    assert chat.answers() == {"occupation": WORDS}
    assert WORDS in str(chat.reply(answered).body)
    chat.end_replies()
    chat.happen("unsend", unsend={"messageId": "invented-1"})
    assert chat.answers() == {}
    row = chat.reply(answered)
    assert (row.body, row.frozen, row.preview) == ({}, None, None)
    with reading(chat.database) as session:
        assert session.scalars(select(Answer.value)).all() == [None]


def test_a_reply_that_has_not_ended_keeps_its_body(chat: Chat) -> None:
    answered = chat.write(WORDS, "invented-1")
    chat.happen("unsend", unsend={"messageId": "invented-1"})
    assert chat.answers() == {}
    assert WORDS in str(chat.reply(answered).body)


def test_only_the_answer_of_this_message_and_this_friend_is_forgotten(chat: Chat) -> None:
    other = Chat(chat.database, make_friend(chat.database, Clock().now()))
    other.happen("postback", postback={"data": pack("survey.start", name="preferences")})
    other.write(WORDS, "invented-other")
    chat.write(WORDS, "invented-1")
    chat.write("横浜", "invented-2")
    chat.happen("unsend", unsend={"messageId": "invented-2"})
    chat.happen("unsend", unsend={"messageId": "invented-other"})
    assert chat.answers() == {"occupation": WORDS}
    assert other.answers() == {"occupation": WORDS}


def picture(chat: Chat) -> None:
    with transaction(chat.database) as session:
        store_message(session, NewMessage(chat.friend.id, "image", "invented-9", 0, Clock().now()))


def keep(session: Session, friend: Friend) -> None:
    keep_attachment(session, "invented-9", b"invented", Clock().now())


def unsend(session: Session, friend: Friend) -> None:
    unsend_message(session, friend.id, "invented-9", Clock().now())


Write = Callable[[Session, Friend], None]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(keep, unsend, id="the file is being kept"),
        pytest.param(unsend, keep, id="the message is being taken back"),
    ],
)
def test_a_file_that_comes_while_its_message_is_taken_back_is_not_kept(
    chat: Chat, first: Write, second: Write
) -> None:
    picture(chat)

    def follow() -> None:
        with transaction(chat.database) as session:
            second(session, chat.friend)

    thread = threading.Thread(target=follow)
    with transaction(chat.database) as session:
        first(session, chat.friend)
        session.flush()
        thread.start()
        if not chat.database.is_sqlite:
            wait_until(lambda: _someone_waits(chat.database), 20, lambda: "the second waits for the first")
    thread.join(20)
    with reading(chat.database) as session:
        assert session.scalars(select(Attachment.id)).all() == []
        [row] = session.scalars(select(Message).where(Message.line_message_id == "invented-9"))
    assert row.unsent_at is not None
    assert row.attachment_id is None


def _someone_waits(database: Database) -> bool:
    with reading(database) as session:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(session.scalar(waiting))
