"""F1 and what is said to every kind of message: signed webhooks in, calls to LINE out."""

from app.friends.messages import greeting, welcome_back
from tests.stack import Stack


def friend(stack: Stack, name: str = "架空 花子") -> str:
    """Somebody who has just added the account and was greeted."""
    person = stack.line.add_person(name)
    stack.line.follow(person)
    stack.line.wait_for_messages(person, 2)
    return person


def texts(messages: list[dict[str, object]]) -> list[str]:
    return [str(message.get("text") or message.get("altText")) for message in messages]


def test_a_new_friend_is_greeted_once_with_four_ways_to_go_on(stack: Stack) -> None:
    person = friend(stack)
    assert texts(stack.line.messages_to(person)) == texts(greeting())
    [last] = stack.line.messages_to(person)[-1:]
    labels = [item["action"]["label"] for item in last["quickReply"]["items"]]
    assert labels == ["希望条件を登録(1分)", "会員連携", "求人を探す", "担当者に相談"]


def test_the_greeting_is_a_free_reply_and_comes_once_though_the_event_is_delivered_twice(
    stack: Stack,
) -> None:
    stack.line.set_faults({"endpoint": "webhook", "kind": "twice", "times": 1})
    person = friend(stack)
    stack.line.settle()
    calls = [call for call in stack.line.accepted() if call["to"] == person]
    assert [call["endpoint"] for call in calls] == ["reply"]


def test_a_friend_who_comes_back_is_welcomed_shortly(stack: Stack) -> None:
    person = friend(stack)
    stack.line.block(person)
    stack.line.unblock(person)
    messages = stack.line.wait_for_messages(person, 3)
    assert texts(messages[2:]) == texts(welcome_back(has_answers=False))
