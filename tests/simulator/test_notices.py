"""Notification messages: who gets them, when, and what `delivery` says."""

from pathlib import Path
from typing import Any

import pytest
from linebot.v3.messaging import (
    ApiClient,
    Configuration,
    MessagingApi,
    PnpMessagesRequest,
    PnpTemplatedMessageRequest,
)

from app.simulator.clocks import write_offset
from app.simulator.numbers import hash_of
from app.simulator.running import RunningSimulator
from tests.simulator.conftest import HELLO, TOKEN, Api, Receiver, Response, Start

FLEXIBLE, TEMPLATED = "/bot/pnp/push", "/v2/bot/message/pnp/templated/push"
TAG = "pnp-7f3c0a52e1d94b6d"
KEY = "ride_reservation_reminder_ja"
REFUSED = {"message": "Failed to send messages"}


def push(api: Api, line: RunningSimulator, person: str, messages: Any = HELLO, **headers: str) -> Response:
    to = hash_of(line.phone_number_of(person))
    return api.post(FLEXIBLE, {"to": to, "messages": messages}, X_Line_Delivery_Tag=TAG, **headers)


def deliveries(line: RunningSimulator, receiver: Receiver) -> list[Any]:
    line.settle()
    return [event["delivery"]["data"] for event in receiver.events if event["type"] == "delivery"]


def templated(**body: Any) -> dict[str, Any]:
    return {"to": hash_of("+818000001234"), "templateKey": KEY, "body": body}


def test_the_hash_is_that_of_the_facts() -> None:
    assert hash_of("+818000001234") == "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"


def test_whoever_agrees_gets_it_without_being_a_friend(
    line: RunningSimulator, api: Api, receiver: Receiver
) -> None:
    stranger = line.add_person("見本 一郎")
    assert (push(api, line, stranger).status, push(api, line, stranger).body) == (200, {})
    assert line.messages_to(stranger) == [{**HELLO[0], "notice": True}] * 2
    assert deliveries(line, receiver) == [TAG, TAG]
    event = receiver.events[0]
    assert "source" not in event
    assert "replyToken" not in event


def test_the_official_client_sends_both_kinds(line: RunningSimulator, receiver: Receiver) -> None:
    person = line.add_person("見本 一郎")
    to = hash_of(line.phone_number_of(person))
    body = {
        "emphasizedItem": {"itemKey": "date_002_ja", "content": "11月25日"},
        "items": [{"itemKey": "name_013_ja", "content": "見本 一郎"}],
        "buttons": [{"buttonKey": "check_details_ja", "url": "https://goen.example/i"}],
    }
    with ApiClient(Configuration(access_token=TOKEN, host=line.url)) as client:
        messaging = MessagingApi(client)
        flexible = PnpMessagesRequest.from_dict({"to": to, "messages": HELLO})
        messaging.push_messages_by_phone(flexible, x_line_delivery_tag=TAG)
        request = PnpTemplatedMessageRequest.from_dict({"to": to, "templateKey": KEY, "body": body})
        assert messaging.push_templated_messages_by_phone_with_http_info(request).status_code == 202
    assert deliveries(line, receiver) == [TAG, to]
    assert line.messages_to(person)[1]["type"] == "flex"


@pytest.mark.parametrize("change", [{"consent": "reject"}, {"has_policy": False}])
def test_whoever_refuses_is_422(line: RunningSimulator, api: Api, change: dict[str, Any]) -> None:
    person = line.add_person("見本 一郎")
    line.set_recipient(person, **change)
    answer = push(api, line, person)
    assert (answer.status, answer.body) == (422, REFUSED)


@pytest.mark.parametrize("number", ["+12025550100", "+447700900000"])
def test_other_countries_and_nobodys_numbers_are_422(line: RunningSimulator, api: Api, number: str) -> None:
    person = line.add_person("見本 一郎")
    api.post(f"/simulator/api/people/{person}/notices", {"phone": number})
    assert push(api, line, person).status == 422
    answer = api.post(FLEXIBLE, {"to": hash_of("+818099999999"), "messages": HELLO})
    assert (answer.status, answer.body) == (422, REFUSED)


def test_whoever_blocked_gets_nothing_also_later(
    line: RunningSimulator, api: Api, receiver: Receiver
) -> None:
    person = line.add_person("見本 花子", is_friend=True)
    line.block(person)
    assert push(api, line, person).status == 200
    line.unblock(person)
    assert deliveries(line, receiver) == []
    assert line.messages_to(person) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"consent": "unset"}, {"consent": "agree"}, id="asked for consent"),
        pytest.param({"is_verified": False}, {"is_verified": True}, id="asked to verify the number"),
    ],
)
@pytest.mark.parametrize(("seconds", "arrives"), [(24 * 3600 - 5, True), (24 * 3600 + 5, False)])
def test_a_message_waits_a_day_for_an_answer(
    start: Start,
    receiver: Receiver,
    clock_file: Path,
    before: dict[str, Any],
    after: dict[str, Any],
    seconds: int,
    arrives: bool,
) -> None:
    line = start(clock_file=clock_file, webhook_url=f"{receiver.url}/line/webhook")
    api, person = Api(line.url), line.add_person("見本 一郎")
    line.set_recipient(person, **before)
    assert push(api, line, person).status == 200
    held = api.get(f"/simulator/api/people/{person}/notices").body["held"]
    assert held[0]["until"] - held[0]["at"] == 24 * 3600 * 1000
    assert line.messages_to(person) == []
    write_offset(clock_file, seconds)
    line.set_recipient(person, **after)
    assert deliveries(line, receiver) == ([TAG] if arrives else [])
    assert len(line.messages_to(person)) == arrives


def test_a_refusal_drops_what_waits(line: RunningSimulator, api: Api, receiver: Receiver) -> None:
    person = line.add_person("見本 一郎")
    line.set_recipient(person, consent="unset")
    push(api, line, person)
    line.set_recipient(person, consent="reject")
    line.set_recipient(person, consent="agree")
    assert deliveries(line, receiver) == []


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        pytest.param(
            FLEXIBLE,
            {"to": "+818000001234", "messages": HELLO},
            "The value must be a valid SHA-256 digest.",
            id="a plain number",
        ),
        pytest.param(
            FLEXIBLE,
            {"to": hash_of("+818000001234").upper(), "messages": HELLO},
            "The value must be a valid SHA-256 digest.",
            id="capitals",
        ),
        pytest.param(
            FLEXIBLE,
            {
                "to": hash_of("+818000001234"),
                "messages": [
                    {
                        "type": "image",
                        "originalContentUrl": "https://a.example/a",
                        "previewImageUrl": "https://a.example/a",
                    }
                ],
            },
            "invalid property",
            id="a picture",
        ),
        pytest.param(
            FLEXIBLE,
            {"to": hash_of("+818000001234"), "messages": HELLO * 6},
            "Size must be between 1 and 5",
            id="six messages",
        ),
        pytest.param(
            TEMPLATED,
            templated(items=[{"itemKey": "date_002_ja", "content": "あ" * 301}]),
            "Length must be between 0 and 300",
            id="a long item",
        ),
        pytest.param(
            TEMPLATED,
            templated(emphasizedItem={"itemKey": "date_002_ja", "content": "あ" * 16}),
            "Length must be between 0 and 15",
            id="a long emphasized item",
        ),
        pytest.param(
            TEMPLATED,
            templated(items=[{"itemKey": "date_002_ja", "content": "x"}] * 16),
            "Size must be between 0 and 15",
            id="16 items",
        ),
        pytest.param(
            TEMPLATED,
            templated(buttons=[{"buttonKey": "contact_ja", "url": "https://a.example/"}] * 3),
            "Size must be between 0 and 2",
            id="3 buttons",
        ),
    ],
)
def test_wrong_fields_are_named(api: Api, path: str, body: Any, words: str) -> None:
    answer = api.post(path, body)
    assert answer.status == 400
    assert answer.body["details"][0]["message"] == words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (templated() | {"templateKey": "interview_ja"}, "Invalid templateKey: interview_ja"),
        (
            templated(items=[{"itemKey": "x_ja", "content": "x"}]),
            "The specified item key does not exist: x_ja",
        ),
        (
            templated(
                emphasizedItem={"itemKey": "date_002_ja", "content": "x"},
                items=[{"itemKey": "date_002_ja", "content": "x"}],
            ),
            "Duplicate itemKey in items or between emphasizedItem and items are not allowed: date_002_ja",
        ),
        (
            templated(buttons=[{"buttonKey": "x_ja", "url": "https://a.example/"}]),
            "The specified button key does not exist: x_ja",
        ),
    ],
)
def test_wrong_keys_are_named(api: Api, body: Any, words: str) -> None:
    answer = api.post(TEMPLATED, body)
    assert (answer.status, answer.body) == (400, {"message": words})


@pytest.mark.parametrize(("length", "status"), [(15, 400), (16, 422), (100, 422), (101, 400)])
def test_a_delivery_tag_has_16_to_100_letters(api: Api, length: int, status: int) -> None:
    body = {"to": hash_of("+818000001234"), "messages": HELLO}
    assert api.post(FLEXIBLE, body, X_Line_Delivery_Tag="t" * length).status == status


def test_retry_keys_are_refused(api: Api) -> None:
    key = "123e4567-e89b-12d3-a456-426614174000"
    assert api.post(FLEXIBLE, {}, X_Line_Retry_Key=key).status == 400


def test_the_account_can_be_without_permission(line: RunningSimulator, api: Api) -> None:
    line.set_faults({"endpoint": "notification", "kind": "403"})
    answer = push(api, line, line.add_person("見本 一郎"))
    words = "Access to this API is not available for your account"
    assert (answer.status, answer.body) == (403, {"message": words})


def test_control_shows_and_changes_a_person(line: RunningSimulator, api: Api) -> None:
    one, two = line.add_person("見本 一郎"), line.add_person("見本 二郎")
    path = f"/simulator/api/people/{one}/notices"
    changed = api.post(path, {"phone": "+818000001234", "consent": "unset"}).body
    assert changed == api.get(path).body
    assert (changed["phone"], changed["consent"]) == ("+818000001234", "unset")
    assert changed["hash"] == hash_of("+818000001234")
    for wrong in ({"phone": "080-1234"}, {"phone": line.phone_number_of(two)}, {"consent": "maybe"}):
        assert api.post(path, wrong).status == 400
