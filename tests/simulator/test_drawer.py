"""The director's drawer: the wire in groups, one-tap acts, the time machine with its agenda, scripts."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.clock import Clock
from app.line import messages
from app.simulator.running import RunningSimulator
from tests.chromium import needs_chromium
from tests.simulator.browser import open_phone
from tests.simulator.conftest import SECRET, Api, Receiver, Start

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture
def line(start: Start, receiver: Receiver, clock_file: Path, tmp_path: Path) -> RunningSimulator:
    return start(
        webhook_url=f"{receiver.url}/line/webhook",
        app_url=receiver.url,
        clock_file=clock_file,
        step_wait_seconds=0.001,
        redelivery_waits=(0.01,),
        older_secrets=("an-older-secret",),
        scripts_folder=tmp_path / "scripts",
    )


def reply(api: Api, receiver: Receiver, text: str) -> int:
    """Answer the last event, as a server would."""
    body = {"replyToken": receiver.events[-1]["replyToken"], "messages": [messages.text_message(text)]}
    return api.post("/v2/bot/message/reply", body).status


def agenda(receiver: Receiver, *coming: dict[str, Any]) -> None:
    done = [{"at": 1_760_000_000_000, "kind": "message", "what": "push: 見本", "who": None}]
    done[0] |= {"state": "refused", "reason": "quiet_hours"}
    body = json.dumps({"now": 0, "coming": list(coming), "done": done}).encode()
    receiver.pages["/simulated/agenda"] = ("application/json", body)


def test_a_page_that_does_not_reach_its_simulator_says_so_and_goes_on_later(
    desk: Page, line: RunningSimulator
) -> None:
    open_phone(desk, line)
    people = "**/simulator/api/people"
    desk.route(people, lambda route: route.abort())
    line.add_person("見本 一郎")
    expect(desk.get_by_test_id("unreachable")).to_be_visible()
    desk.unroute(people)
    line.add_person("見本 次郎")
    expect(desk.get_by_test_id("unreachable")).to_be_hidden()
    expect(desk.get_by_test_id("person-switch")).to_contain_text("見本 次郎")


def test_calls_stand_below_the_event_that_they_answer(
    desk: Page, line: RunningSimulator, api: Api, receiver: Receiver
) -> None:
    phone = open_phone(desk, line)
    desk.get_by_test_id("drawer-toggle").click()
    line.say(phone.person, "こんにちは")
    line.settle()
    key = "123e4567-e89b-12d3-a456-426614174000"
    assert reply(api, receiver, "はい") == 200
    push = {"to": phone.person, "messages": [messages.text_message("もう一通")]}
    assert api.post("/v2/bot/message/push", push, X_Line_Retry_Key=key).status == 200
    assert api.post("/v2/bot/message/push", push, X_Line_Retry_Key=key).status == 409
    api.get("/v2/bot/info")
    group = desk.get_by_test_id("event-group")
    rows = group.get_by_test_id("crossing")
    expect(rows).to_have_count(4)
    expect(group).to_contain_text("見本 花子")
    expect(rows.nth(0)).to_contain_text(f"署名は正しい（いまのシークレット …{SECRET[-4:]}）")
    expect(rows.nth(1)).to_contain_text("/message/reply")
    expect(rows.nth(2)).to_contain_text("キー 123e4567…")
    expect(rows.nth(3)).to_contain_text("受け付け済み（同じキー）")
    expect(desk.get_by_test_id("own-group")).to_contain_text("/info")
    rows.nth(0).locator("summary").click()
    expect(rows.nth(0).locator("pre").first).to_contain_text("webhookEventId")


def test_an_event_is_delivered_again_and_twice_at_once(
    desk: Page, line: RunningSimulator, receiver: Receiver
) -> None:
    phone = open_phone(desk, line)
    desk.get_by_test_id("drawer-toggle").click()
    line.say(phone.person, "こんにちは")
    rows = desk.get_by_test_id("event-group").get_by_test_id("crossing")
    expect(rows).to_have_count(1)
    desk.get_by_test_id("event-again").click()
    expect(rows).to_have_count(2)
    desk.get_by_test_id("event-twice").click()
    expect(rows).to_have_count(4)
    desk.get_by_test_id("act-again").click()
    expect(rows).to_have_count(5)
    line.settle()
    assert len({event["webhookEventId"] for event in receiver.events}) == 1
    redelivered = [event["deliveryContext"]["isRedelivery"] for event in receiver.events]
    assert redelivered == [False, True, True, True, True]


def test_one_tap_loses_an_answer_slows_spends_forges_and_blocks(
    desk: Page, line: RunningSimulator, api: Api
) -> None:
    phone = open_phone(desk, line)
    desk.get_by_test_id("drawer-toggle").click()
    for act in ("act-lose", "act-forged"):
        desk.get_by_test_id(act).click()
    expect(desk.get_by_test_id("faults").locator("li")).to_have_count(2)
    line.say(phone.person, "こんにちは")
    expect(desk.get_by_test_id("event-group")).to_contain_text("署名は正しくない")
    for act in ("act-slow", "act-quota", "act-block"):
        toggle = desk.get_by_test_id(act)
        expect(toggle).to_have_attribute("aria-pressed", "false")
        toggle.click()
        expect(toggle).to_have_attribute("aria-pressed", "true")
    assert api.get("/simulator/api/faults").body["latency_ms"] == 2000
    assert api.get("/simulator/api/quota").body == {"limit": 0, "used": 0}
    expect(desk.locator(".blocked-strip")).to_be_visible()
    desk.get_by_test_id("act-block").click()
    expect(desk.locator(".blocked-strip")).to_be_hidden()


def test_time_goes_to_what_is_due_next(
    desk: Page, line: RunningSimulator, receiver: Receiver, clock_file: Path
) -> None:
    due = int(Clock(clock_file).now().timestamp() * 1000) + 2 * 3_600_000
    later = {"at": due, "kind": "task", "what": "retention", "who": None, "state": "waiting", "reason": None}
    agenda(receiver, later)
    open_phone(desk, line)
    desk.get_by_test_id("drawer-toggle").click()
    expect(desk.get_by_test_id("agenda-coming")).to_contain_text("retention")
    expect(desk.get_by_test_id("agenda-done")).to_contain_text("送らなかった・quiet_hours")
    desk.get_by_test_id("advance-next").click()
    expect(desk.locator(".clock-note")).to_contain_text("時間", timeout=10_000)
    line.wait_until(lambda: Clock(clock_file).now().timestamp() * 1000 >= due, what="the journey")
    assert Clock(clock_file).offset().total_seconds() <= 7201


def test_a_conversation_is_recorded_saved_and_played(
    desk: Page, line: RunningSimulator, api: Api, receiver: Receiver, tmp_path: Path
) -> None:
    phone = open_phone(desk, line, is_friend=False)
    desk.get_by_test_id("drawer-toggle").click()
    desk.get_by_test_id("script-name").fill("あいさつの見本")
    desk.get_by_test_id("record").click()
    expect(desk.get_by_test_id("record")).to_have_attribute("aria-pressed", "true")
    desk.get_by_test_id("follow").click()
    desk.get_by_test_id("field").fill("こんにちは")
    desk.get_by_test_id("field").press("Enter")
    expect(desk.get_by_test_id("message")).to_have_count(1)
    line.settle()
    assert reply(api, receiver, "はい、こんにちは") == 200
    expect(desk.get_by_test_id("message")).to_have_count(2)
    with desk.expect_download() as download:
        desk.get_by_test_id("record").click()
    kept = tmp_path / "scripts" / "あいさつの見本.yaml"
    assert Path(download.value.path()).read_text() == kept.read_text()
    assert kept.read_text() == (
        "name: あいさつの見本\nabout: ''\npeople:\n  - 見本 花子\nsteps:\n  - follow\n"
        "  - say: こんにちは\n  - expect:\n      text: はい、こんにちは\n      quick_replies: []\n"
    )
    item = desk.get_by_test_id("scripts").locator("li", has_text="あいさつの見本")
    kept.write_text("name: あいさつの見本\nsteps:\n  - follow\n  - tap: ない\n")
    item.get_by_test_id("play-script").click()
    expect(desk.get_by_test_id("script-result")).to_contain_text("あいさつの見本.yaml:4: step 2 (tap)")
    kept.write_text("name: あいさつの見本\nsteps:\n  - follow\n  - say: こんばんは\n  - expect_nothing\n")
    receiver.pages["/metrics"] = ("text/plain", b"goen_work_due 0\n")
    item.get_by_test_id("play-script").click()
    expect(desk.get_by_test_id("script-state")).to_contain_text("台本どおり")
    expect(desk.get_by_test_id("message").last).to_contain_text("こんばんは")
    assert phone.person not in desk.url
