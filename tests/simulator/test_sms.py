"""The fake SMS gateway."""

from typing import Any

import pytest

from app.simulator.running import RunningSimulator
from app.simulator.sms import segments
from tests.simulator.conftest import Api

ROOT = "/simulator/api"


def test_an_sms_lands_in_the_inbox_of_its_number(line: RunningSimulator, api: Api) -> None:
    one, two = line.add_person("見本 一郎"), line.add_person("見本 二郎")
    number = line.phone_number_of(two)
    body = {"to": number, "text": "明日10時の面接のお知らせです。", "from": "GOEN", "reference": "r1"}
    answer = api.post(f"{ROOT}/sms", body)
    assert (answer.status, answer.body) == (202, {"id": "sms-1", "status": "accepted", "segments": 1})
    inbox = api.get(f"{ROOT}/people/{two}/sms").body
    assert inbox["phone"] == number
    assert inbox["messages"] == line.sms_to(two)
    assert inbox["messages"][0]["text"] == body["text"]
    assert line.sms_to(one) == []
    everything = api.get(f"{ROOT}/sms").body["messages"]
    assert (everything[0]["reference"], everything[0]["user_id"]) == ("r1", two)
    assert [each["path"] for each in line.wire()] == [f"{ROOT}/sms"]
    line.reset()
    assert api.get(f"{ROOT}/sms").body == {"messages": []}


def test_a_number_of_nobody_is_accepted_all_the_same(line: RunningSimulator, api: Api) -> None:
    assert api.post(f"{ROOT}/sms", {"to": "+818099999999", "text": "x"}).status == 202


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"to": "+818000000001", "text": "あ" * 660}, 202, id="660 letters"),
        pytest.param({"to": "+818000000001", "text": "あ" * 661}, 400, id="661 letters"),
        pytest.param({"to": "+818000000001", "text": ""}, 400, id="no letters"),
        pytest.param({"to": "+818000000001"}, 400, id="no text"),
        pytest.param({"to": "08000000001", "text": "x"}, 400, id="not E.164"),
        pytest.param({"text": "x"}, 400, id="no number"),
    ],
)
def test_limits(api: Api, body: Any, status: int) -> None:
    assert api.post(f"{ROOT}/sms", body).status == status


def test_the_gateway_can_fail(line: RunningSimulator, api: Api) -> None:
    person = line.add_person("見本 一郎")
    line.set_faults({"endpoint": "sms", "kind": "500"})
    body = {"to": line.phone_number_of(person), "text": "x"}
    assert [api.post(f"{ROOT}/sms", body).status for _ in range(2)] == [500, 202]
    assert len(line.sms_to(person)) == 1


@pytest.mark.parametrize(("length", "count"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_long_texts_take_several_messages(length: int, count: int) -> None:
    assert segments("あ" * length) == count
