"""People, contents, profile, the time machine and the control routes."""

import json
import urllib.request
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clock import Clock
from app.simulator.running import RunningSimulator
from app.simulator.under_test import due_work
from tests.simulator.conftest import HELLO, Api, Receiver, Start

NOBODY = "U" + "0" * 32


def test_a_profile_is_shown_for_friends_and_writers_only(line: RunningSimulator, api: Api) -> None:
    friend = line.add_person("見本 花子", is_friend=True)
    writer, stranger = line.add_person("見本 一郎"), line.add_person("見本 二郎")
    line.say(writer, "質問です")
    profile = api.get(f"/v2/bot/profile/{friend}")
    assert profile.body == {"userId": friend, "displayName": "見本 花子", "language": "ja"}
    assert api.get(f"/v2/bot/profile/{writer}").status == 200
    line.block(friend)
    for user_id in (friend, stranger, NOBODY):
        assert api.get(f"/v2/bot/profile/{user_id}").body == {"message": "Not found"}
    assert api.get("/v2/bot/profile/rubbish").status == 400


def test_a_file_can_be_fetched_until_it_is_unsent(line: RunningSimulator, api: Api) -> None:
    person = line.add_person("見本 花子", is_friend=True)
    sent = line.write(person, "file", content=b64encode(b"%PDF-1.4 x").decode(), fileName="a.pdf")
    path = f"/v2/bot/message/{sent}/content"
    answer = api.get(path)
    assert (answer.status, answer.body) == (200, b"%PDF-1.4 x")
    assert answer.headers["content-type"] == "application/pdf"
    line.unsend(person, sent)
    assert (api.get(path).status, api.get(path).body) == (410, {"message": "The content is gone"})
    assert api.get("/v2/bot/message/1/content").body == {"message": "not found"}


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_a_video_is_prepared_first(line: RunningSimulator, api: Api, kind: str) -> None:
    sent = line.write(line.add_person("見本 花子", is_friend=True), kind)
    path = f"/v2/bot/message/{sent}/content"
    assert api.get(f"{path}/transcoding").body == {"status": "processing"}
    assert [api.get(path).status for _ in range(2)] == [202, 200]
    assert api.get(f"{path}/transcoding").body == {"status": "succeeded"}


def test_the_account_names_itself_as_webhooks_do(
    line: RunningSimulator, api: Api, receiver: Receiver
) -> None:
    line.follow(line.add_person("見本 花子"))
    line.settle()
    destination = json.loads(receiver.received[0][1])["destination"]
    assert api.get("/v2/bot/info").body["userId"] == destination


def test_a_left_group_gets_nothing_more(line: RunningSimulator, api: Api, receiver: Receiver) -> None:
    group = line.join_group()
    line.say_in_group(group, line.add_person("見本 花子"), "こんにちは")
    push = {"to": group, "messages": HELLO}
    assert api.post("/v2/bot/message/push", push).status == 200
    assert api.post(f"/v2/bot/group/{group}/leave", {}).status == 200
    assert api.post("/v2/bot/message/push", push).status == 400
    assert api.post(f"/v2/bot/group/{group}/leave", {}).status == 404
    line.settle()
    assert sorted(event["type"] for event in receiver.events) == ["join", "leave", "message"]
    assert line.messages_to(group) == HELLO


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"chatId": NOBODY}, 202),
        ({"chatId": NOBODY, "loadingSeconds": 60}, 202),
        ({"chatId": NOBODY, "loadingSeconds": 7}, 400),
        ({"chatId": NOBODY, "loadingSeconds": 65}, 400),
        ({"chatId": "C1"}, 400),
    ],
)
def test_the_loading_animation(api: Api, body: dict[str, Any], status: int) -> None:
    assert api.post("/v2/bot/chat/loading/start", body).status == status


def test_tests_see_what_was_accepted_and_how_often(line: RunningSimulator, api: Api) -> None:
    friend = line.add_person("見本 花子", is_friend=True)
    key = "123e4567-e89b-12d3-a456-426614174000"
    answer = api.post("/v2/bot/message/push", {"to": friend, "messages": HELLO * 2}, X_Line_Retry_Key=key)
    accepted = api.get("/simulator/api/accepted").body
    assert accepted == line.accepted("push") == line.wait_for_accepted(1)
    assert accepted[0]["to"] == friend
    assert accepted[0]["retry_key"] == key
    assert accepted[0]["messages"] == HELLO * 2
    assert accepted[0]["request_id"] == answer.headers["x-line-request-id"]
    counters = api.get("/simulator/api/counters").body
    assert counters == {"accepted": {"push": 1}, "delivered": {friend: 2}, "refused": {}}
    line.reset()
    assert line.accepted() == []


def test_waiting_for_what_does_not_come_says_what(line: RunningSimulator) -> None:
    with pytest.raises(TimeoutError, match="1 messages to U0"):
        line.wait_for_messages(NOBODY, 1, timeout=0.01)


def test_a_phone_can_be_driven_over_http(line: RunningSimulator, api: Api, receiver: Receiver) -> None:
    root = "/simulator/api"
    person = api.post(f"{root}/people", {"name": "見本 花子"}).body["id"]
    chat = f"{root}/people/{person}"
    assert api.post(f"{chat}/follow", {}).body["type"] == "follow"
    sent = api.post(f"{chat}/text", {"text": "こんにちは"}).body["message"]["id"]
    api.post(f"{chat}/postback", {"data": "v1:x", "display_text": "はい"})
    api.post(f"{chat}/unsend", {"message_id": sent})
    line.settle()
    shown = [entry["message"].get("text", "取消") for entry in api.get(f"{chat}/chat").body["entries"]]
    assert shown == ["取消", "はい"]
    assert {event["type"] for event in receiver.events} == {"follow", "message", "postback", "unsend"}
    assert len(api.get(f"{root}/wire").body["wire"]) == 4
    assert len(api.post(f"{root}/people", {"count": 3, "following": True}).body["people"]) == 3


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        pytest.param(f"people/{NOBODY}/text", {"text": "x"}, 409, id="nobody"),
        pytest.param(f"people/{NOBODY}/unblock", {}, 409, id="not blocked"),
        pytest.param("people", {}, 400, id="no name"),
        pytest.param("people", [], 400, id="not an object"),
        pytest.param("people", b"{", 400, id="not JSON"),
        pytest.param("clock", {"advance_seconds": 60}, 409, id="no clock file"),
    ],
)
def test_what_a_phone_cannot_do_is_said(api: Api, path: str, body: Any, status: int) -> None:
    answer = api.post(f"/simulator/api/{path}", body)
    assert answer.status == status
    assert answer.body["message"]


@pytest.mark.parametrize(
    ("site", "status"),
    [
        pytest.param({}, 200, id="no browser"),
        pytest.param({"Sec_Fetch_Site": "same-origin"}, 200, id="the phone's page"),
        pytest.param({"Sec_Fetch_Site": "cross-site"}, 403, id="another site"),
        pytest.param({"Sec_Fetch_Site": "same-site"}, 403, id="another port of this machine"),
    ],
)
def test_a_page_of_another_site_cannot_act(api: Api, site: dict[str, str], status: int) -> None:
    assert api.post("/simulator/api/people", {"name": "見本"}, **site).status == status


def test_who_blocked_cannot_write(line: RunningSimulator, api: Api) -> None:
    person = line.add_person("見本 花子", is_friend=True)
    line.block(person)
    assert api.post(f"/simulator/api/people/{person}/text", {"text": "x"}).status == 409


def test_the_time_machine_moves_in_steps_each_after_due_work_is_done(
    start: Start, receiver: Receiver, clock_file: Path
) -> None:
    line = start(clock_file=clock_file, app_url=receiver.url, step_wait_seconds=5)
    receiver.pages["/metrics"] = ("text/plain", b'goen_work_due{queue="a"} 0\ngoen_work_due{queue="b"} 0\n')
    line.advance(2 * 3600)
    line.advance(60)
    assert clock_file.read_text(encoding="ascii") == "7260\n"
    assert Clock(clock_file).offset().total_seconds() == 7260
    state = Api(line.url).get("/simulator/api/clock").body
    assert (state["offset"], state["is_running"], state["seconds_left"]) == (7260, False, 0)


def test_work_that_never_gets_done_does_not_stop_time(
    start: Start, receiver: Receiver, clock_file: Path
) -> None:
    line = start(clock_file=clock_file, app_url=receiver.url, step_wait_seconds=0.01)
    receiver.pages["/metrics"] = ("text/plain", b"goen_work_due 3\n")
    line.advance(1800)
    assert Clock(clock_file).offset().total_seconds() == 1800


@pytest.mark.parametrize("seconds", [0, -60, 10**10])
def test_time_does_not_go_back_or_too_far(start: Start, clock_file: Path, seconds: int) -> None:
    api = Api(start(clock_file=clock_file).url)
    assert api.post("/simulator/api/clock", {"advance_seconds": seconds}).status == 409


@pytest.mark.parametrize(
    ("page", "due"),
    [
        pytest.param("goen_work_due 0\n", 0, id="nothing"),
        pytest.param('goen_work_due{a="1"} 2\ngoen_work_due{a="2"} 3\nother 9\n', 5, id="a sum"),
        pytest.param("other 1\n", None, id="not there"),
        pytest.param("<html>", None, id="not metrics"),
    ],
)
def test_due_work_is_read_from_metrics(page: str, due: float | None) -> None:
    assert due_work(page) == due


def test_pictures_of_the_web_server_are_shown_and_nothing_else(start: Start, receiver: Receiver) -> None:
    line = start(app_url=receiver.url)
    receiver.pages["/static/a.png"] = ("image/png", b"png")
    receiver.pages["/page"] = ("text/html", b"<script>")
    api = Api(line.url)
    assert api.get("/simulator/assets/static/a.png").body == b"png"
    assert api.get("/simulator/assets/page").status == 404
    assert api.get("/simulator/assets/nothing").status == 404


def test_the_live_view_catches_up_from_the_last_entry_seen(line: RunningSimulator) -> None:
    person = line.add_person("見本 花子", is_friend=True)
    line.say(person, "一")
    line.say(person, "二")
    first = Api(line.url).get(f"/simulator/api/people/{person}/chat").body["entries"][0]["seq"]
    request = urllib.request.Request(
        f"{line.url}/simulator/api/stream?person={person}", headers={"Last-Event-ID": str(first)}
    )
    with urllib.request.urlopen(request, timeout=5) as stream:
        lines = [stream.readline().decode().strip() for _ in range(5)]
    assert lines[2] == f"id: {first + 1}"
    assert json.loads(lines[4].removeprefix("data: "))["message"]["text"] == "二"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.text(alphabet=st.characters(), min_size=1, max_size=80))
def test_any_text_a_person_can_write_arrives_as_it_was(
    line: RunningSimulator, receiver: Receiver, words: str
) -> None:
    receiver.received.clear()
    person = line.add_person("見本 花子", is_friend=True)
    line.say(person, words)
    line.settle()
    assert receiver.events[0]["message"]["text"] == words
