"""What no honest phone sends, and what LINE delivers late, twice or in the wrong order: on both databases."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db import reading
from app.friends.models import Friend
from app.line.postback import pack
from app.messaging.event_rules import InboxStatus
from app.messaging.models import InboxEvent, Message, OutboxMessage
from app.messaging.rules import (
    OutboxStatus,
)
from surveys.models import Answer, SurveySession
from surveys.queries import find_newest_sheet
from tests.payloads import event, text_content
from tests.scenarios.people import answer_to, eventually, friend_row, new_friend, tap, words
from tests.stack import Stack

HALF_AN_HOUR = timedelta(minutes=30)
OLD_BUTTON = "このボタンは使えなくなりました"


def happened(
    stack: Stack, person: str, kind: str = "message", *, ago: timedelta = timedelta(0), **fields: Any
) -> dict[str, Any]:
    """One event of this person, with a reply token that LINE knows."""
    at = int((stack.clock.now() - ago).timestamp() * 1000)
    return event(kind, user=person, **{"timestamp": at, **fields})


def stranger(stack: Stack) -> str:
    """Somebody who has never added the account."""
    return stack.line.add_person("架空 次郎")


def press(stack: Stack, person: str, data: str) -> list[dict[str, Any]]:
    """Tap a button with this data, whoever made it; the answer."""
    before = len(stack.line.messages_to(person))
    stack.line.tap(person, {"type": "postback", "label": "?", "data": data})
    return stack.line.wait_for_messages(person, before + 1)[before:]


def handled(stack: Stack, *events: dict[str, Any]) -> list[InboxEvent]:
    """Deliver events in one request; their rows once all are handled."""
    ids = [each["webhookEventId"] for each in events]
    stack.line.send_events(events)

    def rows() -> Sequence[InboxEvent]:
        with reading(stack.database) as session:
            query = select(InboxEvent).where(InboxEvent.webhook_event_id.in_(ids))
            return session.scalars(query.order_by(InboxEvent.id)).all()

    eventually(lambda: [row.status for row in rows()] == [InboxStatus.HANDLED] * len(ids), "all are handled")
    return list(rows())


def answers_to(stack: Stack, given: dict[str, Any]) -> list[OutboxMessage]:
    """Outbox rows that were caused by an event and speak to its person."""
    with reading(stack.database) as session:
        query = select(OutboxMessage).where(OutboxMessage.dedupe_key.endswith(f"{given['webhookEventId']}:0"))
        return list(session.scalars(query))


def ended_answer(stack: Stack, given: dict[str, Any]) -> OutboxMessage:
    """The answer to an event once its row has ended."""
    eventually(lambda: answers_to(stack, given)[0].ended_at is not None, "the answer has ended")
    return answers_to(stack, given)[0]


def messages_of(stack: Stack, person: str) -> list[Message]:
    with reading(stack.database) as session:
        query = select(Message).join(Friend, Friend.id == Message.friend_id)
        return list(session.scalars(query.where(Friend.line_user_id == person).order_by(Message.id)))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("x" * 300, id="300 letters"),
        pytest.param("あ\U0001f34e\x00\ud800&=?;%zz" * 10, id="300 bytes of rubbish"),
        pytest.param("v1:", id="no action"),
        pytest.param("v1:friend.delete?id=1", id="an action we never had"),
        pytest.param("v0:survey.start?name=preferences", id="an older version"),
        pytest.param("v2:survey.start?name=preferences", id="a newer version"),
        pytest.param("v1:survey.start?name", id="a value without its name"),
        pytest.param("v1:" + "y" * 298, id="longer than LINE allows"),
        pytest.param("{{7*7}}", id="a template"),
    ],
)
def test_a_button_that_we_never_made_gets_a_polite_word(stack: Stack, data: str) -> None:
    person = new_friend(stack)
    assert OLD_BUTTON in words(press(stack, person, data)[0])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(pack("job.show", job=999_999_999_999_999_999), id="a job that never was"),
        pytest.param(pack("job.save", job="1 OR 1=1"), id="SQL for a job"),
        pytest.param(pack("survey.start", name="'; DROP TABLE friend;--"), id="SQL for a survey"),
        pytest.param(pack("survey.answer", s="-1", q="x", n="0", v="%00"), id="a run that never was"),
        pytest.param("v1:survey.answer?s=%FF&q=%ED%A0%80&n=%00", id="bytes that are no text"),
    ],
)
def test_made_up_values_are_answered_and_change_nothing(stack: Stack, data: str) -> None:
    person = new_friend(stack)
    assert press(stack, person, data)
    with reading(stack.database) as session:
        assert find_newest_sheet(session, friend_row(stack, person).id, "preferences") is None


def test_a_button_forged_for_another_friends_survey_shows_and_changes_nothing_of_theirs(stack: Stack) -> None:
    owner, forger = new_friend(stack), new_friend(stack)
    tap(stack, owner, "希望条件を登録(1分)")
    answer_to(stack, owner, "看護師")
    mine = friend_row(stack, owner).id

    def theirs() -> tuple[Any, ...]:
        with reading(stack.database) as session:
            run = session.scalars(select(SurveySession).where(SurveySession.friend_id == mine)).one()
            given = session.execute(select(Answer.question_key, Answer.value).where(Answer.friend_id == mine))
            return run.id, run.state, run.question, run.draft, run.last_at, given.all()

    before = theirs()
    with reading(stack.database) as session:
        sheet = find_newest_sheet(session, mine, "preferences")
    assert sheet is not None
    assert sheet.question_key is not None
    for action in ("answer", "toggle", "area", "edit", "stop", "resume", "done", "keep", "back", "skip"):
        values: dict[str, str | int] = {
            "s": sheet.session_id,
            "q": sheet.question_key,
            "n": sheet.version,
            "v": "nurse",
            "on": 1,
        }
        said = press(stack, forger, pack(f"survey.{action}", **values))
        assert "看護師" not in str(said)
    assert theirs() == before
    assert len(stack.line.messages_to(owner)) == 4, "two of the greeting, two questions"


WILD = {
    "SQL": "'; DROP TABLE friend; --",
    "HTML": "<script>alert(1)</script><b>太字</b>&amp;",
    "templates": "{{7*7}} ${7*7} {0} %s %(name)s #{x}",
    "emoji": "👨‍👩‍👧‍👦🍎🏳️‍🌈" * 20,
    "5,000 letters": "長" * 5000,
    "5,000 emoji": "🍎" * 5000,
    "a NUL and lone surrogates": "a\x00b\ud800c\udfffd",
    "controls": "a\u202eb\u0007\r\n\tc\ufeff",
    "nothing": "",
    "white space": " \u3000\n ",
}


@pytest.mark.parametrize("text", WILD.values(), ids=WILD.keys())
def test_any_text_is_answered_and_kept_clean(stack: Stack, text: str) -> None:
    person = new_friend(stack)
    written = happened(stack, person, message=text_content(1, text) | {"id": f"wild-{person[:20]}"})
    handled(stack, written)
    assert len(stack.line.wait_for_messages(person, 3)) == 3
    [kept] = messages_of(stack, person)
    cleaned = text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd").replace("\udfff", "\ufffd")
    assert kept.text == cleaned
    assert ended_answer(stack, written).status == OutboxStatus.SENT


@pytest.mark.parametrize("text", [WILD["HTML"], WILD["templates"], "x\x00y\ud800z"])
def test_what_was_written_is_said_back_as_text(stack: Stack, text: str) -> None:
    person = new_friend(stack)
    press(stack, person, pack("survey.start", name="newcomer"))
    for answer in ("すぐに働きたい", "働いている", "給与"):
        answer_to(stack, person, answer)
    said = answer_to(stack, person, text)
    assert text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd") in json.dumps(said, ensure_ascii=False)


def test_an_event_of_2001_is_not_answered_by_a_push(stack: Stack) -> None:
    person = new_friend(stack)
    old = happened(stack, person, timestamp=978307200000)
    handled(stack, old)
    row = ended_answer(stack, old)
    assert (row.status, row.reason) == (OutboxStatus.EXPIRED, "too late to be useful")
    assert len(stack.line.messages_to(person)) == 2


def test_an_event_of_2099_is_answered_and_nobody_is_active_in_the_future(stack: Stack) -> None:
    person = new_friend(stack)
    future = happened(stack, person, timestamp=4070908800000)
    handled(stack, future)
    stack.line.wait_for_messages(person, 3)
    friend, now = friend_row(stack, person), stack.clock.now()
    assert friend.last_wrote_at is not None
    assert friend.last_wrote_at <= now
    assert friend.last_reaction_at is not None
    assert friend.last_reaction_at <= now


def test_good_events_beside_bad_ones_are_answered(stack: Stack) -> None:
    person, other = new_friend(stack), new_friend(stack)
    bad: list[dict[str, Any]] = [
        {"type": "message", "webhookEventId": f"bad-1-{person[:20]}"},
        {"type": ["message"], "source": [], "webhookEventId": f"bad-2-{person[:20]}"},
        happened(stack, person, message="こんにちは"),
        happened(stack, person, "postback", postback={"data": {"a": 1}}),
        happened(stack, person, "unsend", unsend=None),
        happened(stack, person, message={"id": "1", "type": "location", "latitude": 10**400}),
    ]
    handled(stack, *bad, happened(stack, other))
    assert len(stack.line.wait_for_messages(other, 3)) == 3


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"mode": "standby"}, id="standby"),
        pytest.param({"kind": "telepathy", "telepathy": {"thought": "?"}}, id="an unknown type"),
        pytest.param({"kind": "videoPlayComplete", "videoPlayComplete": {"trackingId": "t"}}, id="a video"),
        pytest.param({"kind": "delivery", "delivery": {"data": "invented-tag"}}, id="a delivery"),
    ],
)
def test_what_is_only_recorded_is_never_answered(stack: Stack, fields: dict[str, Any]) -> None:
    person = new_friend(stack)
    given = happened(stack, person, **fields)
    [row] = handled(stack, given)
    assert json.loads(row.payload or "") == given
    assert answers_to(stack, given) == []
    answer_to(stack, person, "こんにちは")
    assert len(stack.line.messages_to(person)) == 3


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"kind": "delivery", "delivery": {"data": "invented-tag"}}, id="delivery"),
        pytest.param({"kind": "accountLink", "link": {"result": "failed", "nonce": "bm9uY2U"}}, id="link"),
    ],
)
def test_events_that_name_nobody_are_recorded(stack: Stack, fields: dict[str, Any]) -> None:
    given = happened(stack, "", **fields)
    del given["source"]
    [row] = handled(stack, given)
    assert (row.line_user_id, json.loads(row.payload or "")) == (None, given)


def test_a_message_of_an_unknown_type_is_answered(stack: Stack) -> None:
    person = new_friend(stack)
    given = happened(stack, person, message={"id": f"holo-{person[:20]}", "type": "hologram" * 5})
    handled(stack, given)
    assert "読み取れません" in words(stack.line.wait_for_messages(person, 3)[2])
    assert [kept.kind for kept in messages_of(stack, person)] == [("hologram" * 5)[:20]]


@pytest.mark.parametrize("kind", ["group", "room"])
def test_whoever_speaks_in_a_group_is_not_kept_and_the_group_is_left(stack: Stack, kind: str) -> None:
    person = stranger(stack)
    place = f"{kind[0].upper()}{person[1:]}"
    source = {"type": kind, f"{kind}Id": place, "userId": person}
    joined = happened(stack, person, "memberJoined", source=source, joined={"members": [{"userId": person}]})
    spoken = happened(stack, person, source=source)
    rows = handled(stack, joined, spoken)
    assert [(row.line_user_id, row.payload) for row in rows] == [(None, None)] * 2
    with reading(stack.database) as session:
        assert session.scalars(select(Friend).where(Friend.line_user_id == person)).all() == []
        leaving = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == place)).all()
    assert [row.carrier for row in leaving] == ["leave"]
    assert answers_to(stack, spoken) == []


def test_a_message_that_was_taken_back_before_it_came_is_neither_kept_nor_answered(stack: Stack) -> None:
    person = new_friend(stack)
    id_ = f"unsent-{person[:20]}"
    handled(stack, happened(stack, person, "unsend", unsend={"messageId": id_}))
    late = happened(stack, person, message=text_content(1, "取り消した言葉") | {"id": id_})
    [row] = handled(stack, late)
    [kept] = messages_of(stack, person)
    assert (kept.text, row.payload) == (None, None)
    assert kept.unsent_at is not None
    assert answers_to(stack, late) == []


def test_a_message_delivered_under_two_event_ids_is_kept_once(stack: Stack) -> None:
    person = new_friend(stack)
    message = text_content(1) | {"id": f"twice-{person[:20]}"}
    handled(stack, happened(stack, person, message=message), happened(stack, person, message=message))
    assert len(messages_of(stack, person)) == 1


def test_a_block_that_arrives_before_the_older_follow_stands(stack: Stack) -> None:
    person = stranger(stack)
    handled(stack, happened(stack, person, "unfollow"))
    handled(stack, happened(stack, person, "follow", ago=timedelta(minutes=1), follow={"isUnblocked": False}))
    friend = friend_row(stack, person)
    assert friend.blocked_at is not None


def test_a_block_that_arrives_after_the_newer_follow_is_history(stack: Stack) -> None:
    person = stranger(stack)
    handled(stack, happened(stack, person, "follow", follow={"isUnblocked": True}))
    handled(stack, happened(stack, person, "unfollow", ago=timedelta(minutes=1)))
    friend = friend_row(stack, person)
    assert (friend.blocked_at, friend.followed_at is None) == (None, False)


def test_whoever_writes_without_following_is_answered_and_has_a_row(stack: Stack) -> None:
    person = stranger(stack)
    stack.line.say(person, "こんにちは")
    assert "お仕事探しをお手伝いします" in words(stack.line.wait_for_messages(person, 1)[0])
    friend = friend_row(stack, person)
    assert friend.followed_at is None
    assert friend.last_wrote_at is not None


def test_a_late_answer_to_a_friend_who_has_blocked_us_is_not_pushed(stack: Stack) -> None:
    person = new_friend(stack)
    handled(stack, happened(stack, person, "unfollow"))
    late = happened(stack, person, ago=HALF_AN_HOUR)
    handled(stack, late)
    row = ended_answer(stack, late)
    assert (row.carrier, row.status, row.reason) == ("push", OutboxStatus.REFUSED, "blocked")
    assert len(stack.line.messages_to(person)) == 2


def test_a_late_answer_to_a_friend_is_pushed(stack: Stack) -> None:
    person = new_friend(stack)
    late = happened(stack, person, ago=HALF_AN_HOUR)
    handled(stack, late)
    row = ended_answer(stack, late)
    assert (row.carrier, row.status) == ("push", OutboxStatus.SENT)
