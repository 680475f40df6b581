"""Webhooks: their fields, their signature, what happens when nobody takes them."""

from typing import Any

import pytest

from app.line.signature import is_signed
from app.simulator.running import RunningSimulator
from tests.simulator.conftest import SECRET, Receiver, Start


def test_every_webhook_is_signed_over_its_raw_bytes(line: RunningSimulator, receiver: Receiver) -> None:
    line.follow(line.add_person("見本 花子"))
    line.settle()
    headers, raw = receiver.received[0]
    assert is_signed(raw, headers["x-line-signature"], [SECRET])
    assert headers["content-type"] == "application/json; charset=utf-8"


def test_an_event_has_the_fields_that_all_have(line: RunningSimulator, receiver: Receiver) -> None:
    person = line.add_person("見本 花子")
    line.follow(person)
    line.settle()
    event = receiver.events[0]
    assert event["source"] == {"type": "user", "userId": person}
    assert event["mode"] == "active"
    assert event["deliveryContext"] == {"isRedelivery": False}
    assert event["follow"] == {"isUnblocked": False}
    assert len(event["webhookEventId"]) == 26
    assert isinstance(event["timestamp"], int)
    assert event["replyToken"]


def acts(line: RunningSimulator, person: str) -> None:
    line.follow(person)
    message_id = line.say(person, "取り消します")
    for kind in ("sticker", "image", "video", "audio", "file", "location"):
        line.write(person, kind)
    line.unsend(person, message_id)
    line.tap(person, {"type": "postback", "data": "v1:x", "displayText": "はい"})
    line.tap(person, {"type": "datetimepicker", "data": "v1:d", "mode": "date"}, {"date": "2026-12-25"})
    line.tap(person, {"type": "message", "text": "いいえ"})
    line.block(person)
    line.unblock(person)


def test_everything_a_phone_does_becomes_its_event(line: RunningSimulator, receiver: Receiver) -> None:
    person = line.add_person("見本 花子")
    acts(line, person)
    line.settle()
    events = receiver.events
    kinds = [event["type"] for event in events]
    expected = ["follow"] * 2 + ["message"] * 8 + ["postback"] * 2 + ["unfollow", "unsend"]
    assert sorted(kinds) == sorted(expected)
    assert len({event["webhookEventId"] for event in events}) == len(events)
    by_kind = {event["message"]["type"]: event["message"] for event in events if "message" in event}
    assert by_kind.keys() == {"text", "sticker", "image", "video", "audio", "file", "location"}
    assert by_kind["file"]["fileSize"] > 0
    assert [event["follow"]["isUnblocked"] for event in events if "follow" in event].count(True) == 1
    posted = {event["postback"]["data"]: event["postback"] for event in events if "postback" in event}
    assert posted["v1:d"]["params"] == {"date": "2026-12-25"}
    assert "params" not in posted["v1:x"]
    assert all("replyToken" not in event for event in events if event["type"] in {"unsend", "unfollow"})


@pytest.mark.parametrize("bad", [500, 404, 302, 0])
def test_what_is_not_taken_is_delivered_again_with_the_same_id_and_token(
    line: RunningSimulator, receiver: Receiver, bad: int
) -> None:
    receiver.answers = [bad, bad]
    line.follow(line.add_person("見本 花子"))
    line.settle()
    first, *again = receiver.events
    assert [event["deliveryContext"]["isRedelivery"] for event in again] == [True, True]
    for event in again:
        assert event | {"deliveryContext": None} == first | {"deliveryContext": None}


def test_without_redelivery_an_event_comes_once(start: Start, receiver: Receiver) -> None:
    receiver.answers = [500]
    line = start(webhook_url=f"{receiver.url}/line/webhook", has_redelivery=False)
    line.follow(line.add_person("見本 花子"))
    line.settle()
    assert len(receiver.events) == 1


def test_redelivery_ends_after_its_tries(start: Start, receiver: Receiver) -> None:
    receiver.answers = [500] * 50
    line = start(webhook_url=f"{receiver.url}/line/webhook", redelivery_waits=(0.001,), most_deliveries=20)
    line.follow(line.add_person("見本 花子"))
    line.settle()
    assert len(receiver.events) == 20


@pytest.mark.parametrize(
    ("kind", "redelivered"),
    [
        pytest.param("twice", [False, False], id="the same event twice"),
        pytest.param("lost_answer", [False, True], id="taken, but LINE does not know"),
        pytest.param("drop", [], id="never sent"),
    ],
)
def test_webhook_faults(
    line: RunningSimulator, receiver: Receiver, kind: str, redelivered: list[bool]
) -> None:
    line.set_faults({"endpoint": "webhook", "kind": kind})
    line.follow(line.add_person("見本 花子"))
    line.settle()
    assert [event["deliveryContext"]["isRedelivery"] for event in receiver.events] == redelivered
    assert len({event["webhookEventId"] for event in receiver.events}) <= 1


def test_raw_events_are_posted_as_they_are_and_make_their_people_known(
    line: RunningSimulator, receiver: Receiver
) -> None:
    user = "U0123456789abcdef0123456789abcdef"
    event: dict[str, Any] = {
        "type": "follow",
        "replyToken": "t5",
        "source": {"type": "user", "userId": user},
        "webhookEventId": "01FZ74A0TDDPYRVKNK77XKC3ZR",
        "odd": "\ud800",
    }
    line.send_events([event, {"type": "delivery", "delivery": {"data": "x"}}])
    line.settle()
    assert receiver.events[0] == event
    assert len(receiver.received) == 1
    assert line.wire()[-1]["status"] == 200


def test_groups_have_their_own_source_and_chat(line: RunningSimulator, receiver: Receiver) -> None:
    group = line.join_group()
    line.settle()
    assert receiver.events[0]["source"] == {"type": "group", "groupId": group}
