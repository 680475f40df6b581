"""Reply, push, multicast: what LINE answers, and what reaches a phone."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.simulator.clocks import write_offset
from app.simulator.running import RunningSimulator
from tests.simulator.conftest import HELLO, Api, Start

REPLY, PUSH, MULTICAST = (f"/v2/bot/message/{kind}" for kind in ("reply", "push", "multicast"))
NOBODY = "U" + "0" * 32


def push(api: Api, to: str, messages: Any = HELLO, **headers: str) -> Any:
    return api.post(PUSH, {"to": to, "messages": messages}, **headers)


def test_a_push_reaches_a_friend_and_answers_ids(line: RunningSimulator, api: Api) -> None:
    friend = line.add_person("見本 花子", is_friend=True)
    answer = push(api, friend)
    assert answer.status == 200
    assert answer.body["sentMessages"][0].keys() == {"id", "quoteToken"}
    assert answer.headers["x-simulator"] == "not LINE"
    assert len(answer.headers["x-line-request-id"]) == 36
    assert line.messages_to(friend) == HELLO


@pytest.mark.parametrize(
    ("header", "words"),
    [
        pytest.param("", "Authentication failed. Confirm", id="no token"),
        pytest.param("Bearer wrong", "invalid token", id="another token"),
        pytest.param(f"Basic {'invented-token'}", "Authentication failed. Confirm", id="not a bearer"),
    ],
)
def test_without_the_right_token_the_answer_is_401(api: Api, header: str, words: str) -> None:
    answer = push(api, NOBODY, Authorization=header)
    assert answer.status == 401
    assert words in answer.body["message"]
    assert "x-line-request-id" in answer.headers


def test_unknown_people_and_groups_are_refused_and_silent_ones_are_not(
    line: RunningSimulator, api: Api
) -> None:
    stranger = line.add_person("見本 一郎")
    blocked = line.add_person("見本 二郎", is_friend=True)
    line.block(blocked)
    for to in (NOBODY, "C" + "0" * 32, "rubbish"):
        answer = push(api, to)
        assert (answer.status, answer.body) == (400, {"message": "Failed to send messages"})
    for to in (stranger, blocked):
        assert push(api, to).status == 200
        assert line.messages_to(to) == []


def test_who_wrote_without_being_a_friend_can_be_pushed_to_for_seven_days(
    start: Start, clock_file: Path
) -> None:
    line = start(clock_file=clock_file)
    api, writer = Api(line.url), line.add_person("見本 三郎")
    line.say(writer, "質問です")
    write_offset(clock_file, 7 * 86400 - 5)
    push(api, writer)
    write_offset(clock_file, 7 * 86400 + 5)
    push(api, writer)
    assert len(line.messages_to(writer)) == 1


def reply(api: Api, token: str, **headers: str) -> Any:
    return api.post(REPLY, {"replyToken": token, "messages": HELLO}, **headers)


def test_a_reply_token_works_once(line: RunningSimulator, api: Api) -> None:
    person = line.add_person("見本 花子")
    token = line.follow(person)["replyToken"]
    assert reply(api, token).status == 200
    again = reply(api, token)
    assert (again.status, again.body) == (400, {"message": "Invalid reply token"})
    assert line.messages_to(person) == HELLO


def test_a_refused_reply_leaves_the_token_usable(line: RunningSimulator, api: Api) -> None:
    token = line.follow(line.add_person("見本 花子"))["replyToken"]
    assert api.post(REPLY, {"replyToken": token, "messages": []}).status == 400
    assert reply(api, token, X_Line_Retry_Key=str(uuid4())).status == 400
    assert reply(api, token).status == 200


@pytest.mark.parametrize(
    ("seconds", "status"),
    [pytest.param(55, 200, id="within a minute"), pytest.param(65, 400, id="after a minute")],
)
def test_a_reply_token_lives_for_a_minute_of_business_time(
    start: Start, clock_file: Path, seconds: int, status: int
) -> None:
    line = start(clock_file=clock_file)
    token = line.follow(line.add_person("見本 花子"))["replyToken"]
    line.settle()
    write_offset(clock_file, seconds)
    assert reply(Api(line.url), token).status == status


def test_one_key_is_accepted_once_and_says_so_with_the_first_answer(line: RunningSimulator, api: Api) -> None:
    friend, key = line.add_person("見本 花子", is_friend=True), str(uuid4())
    first = push(api, friend, X_Line_Retry_Key=key)
    again = push(api, friend, X_Line_Retry_Key=key.upper())
    assert again.status == 409
    assert again.body == {
        "message": "The retry key is already accepted",
        "sentMessages": first.body["sentMessages"],
    }
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert line.messages_to(friend) == HELLO


def test_a_key_is_forgotten_after_its_day(start: Start) -> None:
    line = start(retry_key_seconds=-1)
    friend, key = line.add_person("見本 花子", is_friend=True), str(uuid4())
    for _ in range(2):
        assert push(Api(line.url), friend, X_Line_Retry_Key=key).status == 200
    assert len(line.messages_to(friend)) == 2


@pytest.mark.parametrize("key", ["", "1", "not-a-uuid", "0123456789abcdef" * 2])
def test_a_malformed_key_is_refused(line: RunningSimulator, api: Api, key: str) -> None:
    friend = line.add_person("見本 花子", is_friend=True)
    assert push(api, friend, X_Line_Retry_Key=key).status == 400
    assert line.messages_to(friend) == []


def test_a_multicast_reaches_friends_only_and_each_once(line: RunningSimulator, api: Api) -> None:
    friends = [line.add_person(f"見本 {n}", is_friend=True) for n in range(3)]
    blocked = line.add_person("見本 二郎", is_friend=True)
    line.block(blocked)
    answer = api.post(MULTICAST, {"to": [*friends, friends[0], blocked], "messages": HELLO})
    assert (answer.status, answer.body) == (200, {})
    assert [line.messages_to(person) for person in (*friends, blocked)] == [HELLO, HELLO, HELLO, []]


@pytest.mark.parametrize(
    ("to", "message"),
    [
        pytest.param([NOBODY], "Failed to send messages", id="unknown"),
        pytest.param(
            ["x"], "The property, to[0], in the request body is invalid (line: -, column: -)", id="rubbish"
        ),
        pytest.param([], "The request body has 1 error(s)", id="nobody"),
        pytest.param([NOBODY] * 501, "The request body has 1 error(s)", id="501 people"),
    ],
)
def test_a_multicast_to_the_wrong_people_is_refused(api: Api, to: list[str], message: str) -> None:
    answer = api.post(MULTICAST, {"to": to, "messages": HELLO})
    assert (answer.status, answer.body["message"]) == (400, message)


def test_a_409_to_a_multicast_has_no_messages(line: RunningSimulator, api: Api) -> None:
    friend, key = line.add_person("見本 花子", is_friend=True), str(uuid4())
    for _ in range(2):
        answer = api.post(MULTICAST, {"to": [friend], "messages": HELLO}, X_Line_Retry_Key=key)
    assert (answer.status, answer.body) == (409, {"message": "The retry key is already accepted"})


def test_the_monthly_quota_counts_delivered_pushes_and_not_replies(line: RunningSimulator, api: Api) -> None:
    person = line.add_person("見本 花子")
    line.set_quota(2)
    assert push(api, person).status == 200  # not a friend: not delivered, not counted
    assert reply(api, line.follow(person)["replyToken"]).status == 200
    assert [push(api, person).status for _ in range(3)] == [200, 200, 429]
    assert push(api, person).body == {"message": "You have reached your monthly limit."}
    assert api.get("/v2/bot/message/quota").body == {"type": "limited", "value": 2}
    assert api.get("/v2/bot/message/quota/consumption").body == {"totalUsage": 2}


def test_too_many_calls_a_second_are_refused(start: Start) -> None:
    line = start(calls_per_second=3)
    api, friend = Api(line.url), line.add_person("見本 花子", is_friend=True)
    answers = [push(api, friend) for _ in range(10)]
    late = [answer for answer in answers if answer.status == 429]
    assert late
    assert late[0].body == {"message": "The API rate limit has been exceeded. Try again later."}
    assert len(line.messages_to(friend)) == 10 - len(late)


@pytest.mark.parametrize(
    ("raw", "headers", "status"),
    [
        pytest.param(b"{", {}, 400, id="not JSON"),
        pytest.param(b"[]", {}, 400, id="not an object"),
        pytest.param(b'{"to": "' + b"x" * 2_100_000 + b'"}', {}, 413, id="more than 2 MB"),
        pytest.param(b"{}", {"Content_Type": "text/plain"}, 415, id="another media type"),
    ],
)
def test_what_is_not_a_request_is_refused(api: Api, raw: bytes, headers: dict[str, str], status: int) -> None:
    answer = api.post(PUSH, raw, **headers)
    assert answer.status == status
    assert answer.body["message"]


def test_validation_looks_at_messages_only(api: Api) -> None:
    for kind in ("reply", "push", "multicast"):
        path = f"/v2/bot/message/validate/{kind}"
        assert api.post(path, {"messages": HELLO}).body == {}
        assert api.post(path, {"messages": [{"type": "text", "text": ""}]}).status == 400


def test_unknown_paths_are_404_in_lines_form(api: Api) -> None:
    answer = api.get("/v2/bot/nothing/here")
    assert (answer.status, answer.body) == (404, {"message": "Not found"})
