"""F9 and 消去 from end to end: whoever was forgotten is a stranger who gets answers and is left alone."""

from sqlalchemy import select

from app.db import reading, transaction
from app.encryption import Encryption
from app.friends.models import Friend
from app.messaging.models import Message, OutboxMessage
from app.messaging.outbox import NewOutboxMessage, enqueue
from app.messaging.rules import Carrier, Purpose
from app.people.persons import find_person
from app.privacy.actions import forget_person
from app.staff.audit import NOBODY
from tests.scenarios.people import answer_to, eventually, friend_row, new_friend, words
from tests.stack import KEY, Stack


def promotion(friend: Friend, number: int) -> NewOutboxMessage:
    return NewOutboxMessage(
        carrier=Carrier.PUSH,
        channel_id=friend.channel_id,
        dedupe_key=f"test:{friend.id}:{number}",
        body={"messages": [{"type": "text", "text": "【見本】おすすめの求人です"}]},
        purpose=Purpose.PROMOTION,
        friend_id=friend.id,
        recipient=friend.line_user_id,
    )


def outcome_of(stack: Stack, friend: Friend, number: int) -> str:
    """Send a promotion; how its row ended, and why."""
    row = promotion(friend, number)
    with transaction(stack.database) as session:
        enqueue(session, [row], stack.clock.now())
    ended: list[str] = []

    def has_ended() -> bool:
        with reading(stack.database) as session:
            query = select(OutboxMessage).where(OutboxMessage.dedupe_key == row.dedupe_key)
            found = session.scalars(query).one()
        ended.append(f"{found.status} {found.reason}")
        return found.ended_at is not None

    eventually(has_ended, "the promotion ends")
    return ended[-1]


def test_a_forgotten_person_is_a_stranger_who_is_answered_and_left_alone(stack: Stack) -> None:
    person = new_friend(stack)
    answer_to(stack, person, "Zq7x さがしています")
    answer_to(stack, person, "配信停止")
    before = friend_row(stack, person)
    with reading(stack.database) as session:
        found = find_person(session, person)
    forget_person(stack.database, Encryption([KEY]), found, NOBODY, stack.clock.now())
    with reading(stack.database) as session:
        assert session.scalars(select(Message).where(Message.friend_id == before.id)).all() == []

    assert words(answer_to(stack, person, "こんにちは")[0])
    stranger = friend_row(stack, person)
    assert stranger.id != before.id
    assert outcome_of(stack, stranger, 1) == "refused opted_out"

    answer_to(stack, person, "再開")
    assert outcome_of(stack, stranger, 2).startswith("sent")
