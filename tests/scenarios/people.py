"""People of the scenarios, and what they read."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from app.db import reading
from app.friends.models import Friend
from tests.stack import Stack
from tests.waiting import wait_until

Message = dict[str, Any]


def new_friend(stack: Stack, name: str = "架空 花子") -> str:
    """Somebody who has just added the account and was greeted with two messages."""
    person = stack.line.add_person(name)
    stack.line.follow(person)
    stack.line.wait_for_messages(person, 2)
    return person


def words(message: Message) -> str:
    """What a message says, or what its notification would say."""
    return str(message.get("text") or message.get("altText"))


def answer_to(stack: Stack, person: str, text: str) -> list[Message]:
    """Say something; the messages of the answer."""
    before = len(stack.line.messages_to(person))
    stack.line.say(person, text)
    return stack.line.wait_for_messages(person, before + 1)[before:]


def eventually(is_so: Callable[[], bool], what: str, timeout: float = 15) -> None:
    """Wait until the database says so. Errors: TimeoutError."""
    wait_until(is_so, timeout, lambda: what)


def friend_row(stack: Stack, person: str) -> Friend:
    """Somebody as we know them now."""
    with reading(stack.database) as session:
        return session.scalars(select(Friend).where(Friend.line_user_id == person)).one()


def tap(stack: Stack, person: str, label: str) -> list[Message]:
    """Tap the newest button with this label; the messages of the answer."""
    messages = stack.line.messages_to(person)
    action = next(
        found for message in reversed(messages) for found in actions_in(message) if found["label"] == label
    )
    stack.line.tap(person, action)
    return stack.line.wait_for_messages(person, len(messages) + 1)[len(messages) :]


def actions_in(value: Any) -> list[dict[str, Any]]:
    """Every action with a label anywhere inside a message, in order."""
    if isinstance(value, list):
        return [found for item in value for found in actions_in(item)]
    if not isinstance(value, dict):
        return []
    if "label" in value and "type" in value:
        return [value]
    return [found for item in value.values() for found in actions_in(item)]


def labels_in(message: Message) -> list[str]:
    """The labels of all buttons and quick replies of a message."""
    return [action["label"] for action in actions_in(message)]
