"""Scripted faults: what the caller sees, and what was accepted all the same."""

import http.client
import urllib.error
from typing import Any

import pytest

from app.simulator.faults import BadFault
from app.simulator.running import RunningSimulator
from tests.simulator.conftest import HELLO, TOKEN, Api, Start

PUSH = "/v2/bot/message/push"
LIMIT = "You have reached your monthly limit."


@pytest.fixture
def friend(line: RunningSimulator) -> str:
    return line.add_person("見本 花子", is_friend=True)


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("500", 500, "Internal server error"),
        ("429", 429, "The API rate limit has been exceeded. Try again later."),
        ("monthly", 429, LIMIT),
        ("401", 401, "Authentication failed"),
        ("403", 403, "Access to this API is not available for your account"),
    ],
)
def test_an_answer_instead_of_acceptance(
    line: RunningSimulator, api: Api, friend: str, kind: str, status: int, words: str
) -> None:
    line.set_faults({"endpoint": "push", "kind": kind})
    answer = api.post(PUSH, {"to": friend, "messages": HELLO})
    assert answer.status == status
    assert words in answer.body["message"]
    assert line.messages_to(friend) == []
    assert api.post(PUSH, {"to": friend, "messages": HELLO}).status == 200


@pytest.mark.parametrize(
    ("kind", "delivered"),
    [
        pytest.param("reset", [], id="broken before acceptance"),
        pytest.param("timeout", [], id="held, never accepted"),
        pytest.param("accepted_lost", HELLO, id="broken after acceptance"),
    ],
)
def test_no_answer_at_all(start: Start, kind: str, delivered: list[Any]) -> None:
    line = start(hold_seconds=0.05)
    api, friend = Api(line.url), line.add_person("見本 花子", is_friend=True)
    line.set_faults({"endpoint": "push", "kind": kind})
    with pytest.raises((ConnectionError, http.client.HTTPException, urllib.error.URLError)):
        api.post(PUSH, {"to": friend, "messages": HELLO})
    assert line.messages_to(friend) == delivered
    assert line.wire()[-1]["status"] == 0


def test_accepted_but_answered_500(line: RunningSimulator, api: Api, friend: str) -> None:
    line.set_faults({"endpoint": "push", "kind": "accepted_500"})
    key = "123e4567-e89b-12d3-a456-426614174000"
    body = {"to": friend, "messages": HELLO}
    assert api.post(PUSH, body, X_Line_Retry_Key=key).status == 500
    assert api.post(PUSH, body, X_Line_Retry_Key=key).status == 409
    assert line.messages_to(friend) == HELLO


def test_after_and_times_choose_the_calls(line: RunningSimulator, api: Api, friend: str) -> None:
    line.set_faults({"endpoint": "*", "kind": "500", "after": 2, "times": 2})
    answers = [api.post(PUSH, {"to": friend, "messages": HELLO}).status for _ in range(5)]
    assert answers == [200, 200, 500, 500, 200]


def test_a_fault_of_another_endpoint_or_of_no_probability_does_not_strike(
    line: RunningSimulator, api: Api, friend: str
) -> None:
    line.set_faults(
        {"endpoint": "reply", "kind": "500"},
        {"endpoint": "push", "kind": "500", "probability": 0, "times": None},
        {"endpoint": "push", "kind": "slow", "latency_ms": 1},
    )
    assert api.post(PUSH, {"to": friend, "messages": HELLO}).status == 200


def test_faults_are_set_seen_and_cleared_over_http(line: RunningSimulator, api: Api, friend: str) -> None:
    faults = [{"endpoint": "push", "kind": "500", "times": 5}]
    answer = api.post("/simulator/api/faults", {"faults": faults, "latency_ms": 1})
    assert answer.body["faults"][0] | faults[0] == answer.body["faults"][0]
    assert api.post(PUSH, {"to": friend, "messages": HELLO}).status == 500
    assert api.get("/simulator/api/faults").body["faults"][0]["hits"] == 1
    assert api.call("DELETE", "/simulator/api/faults").status == 200
    assert api.post(PUSH, {"to": friend, "messages": HELLO}).status == 200


@pytest.mark.parametrize(
    "fault",
    [
        {"endpoint": "push", "kind": "earthquake"},
        {"endpoint": "nowhere", "kind": "500"},
        {"endpoint": "webhook", "kind": "500"},
        {"endpoint": "push", "kind": "500", "times": 0},
        {"endpoint": "push", "kind": "500", "probability": 2},
        {"endpoint": "push", "kind": "500", "colour": "red"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(
    line: RunningSimulator, api: Api, fault: dict[str, Any]
) -> None:
    with pytest.raises(BadFault):
        line.set_faults(fault)
    assert api.post("/simulator/api/faults", {"faults": [fault]}).status == 400


def test_secrets_stay_out_of_what_is_shown(line: RunningSimulator, api: Api, friend: str) -> None:
    api.post(PUSH, {"to": friend, "messages": HELLO})
    assert TOKEN not in str(line.wire())


def test_a_fault_more_and_a_later_answer_leave_the_others_in_force(line: RunningSimulator, api: Api) -> None:
    line.set_faults({"endpoint": "push", "kind": "500"})
    assert api.post("/simulator/api/latency", {"latency_ms": 5}).status == 200
    answer = api.post("/simulator/api/faults/more", {"endpoint": "reply", "kind": "429"})
    assert [fault["endpoint"] for fault in answer.body["faults"]] == ["push", "reply"]
    assert answer.body["latency_ms"] == 5


@pytest.mark.parametrize("latency", [-1, "5", None, True])
def test_a_delay_that_is_no_time_is_refused(api: Api, latency: object) -> None:
    assert api.post("/simulator/api/latency", {"latency_ms": latency}).status == 400
