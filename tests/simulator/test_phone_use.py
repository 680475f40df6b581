"""Using the phone: taps, writing, friends, the panel; with the keyboard and for screen readers."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app.clock import Clock
from app.line import messages
from app.simulator.running import RunningSimulator
from app.simulator.samples import SAMPLES
from tests.chromium import needs_chromium
from tests.simulator.browser import Phone
from tests.simulator.conftest import Receiver, Start

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture
def line(start: Start, receiver: Receiver, clock_file: Path) -> RunningSimulator:
    return start(webhook_url=f"{receiver.url}/line/webhook", clock_file=clock_file, step_wait_seconds=0.001)


def open_phone(page: Page, line: RunningSimulator, *, is_friend: bool = True) -> Phone:
    person = line.add_person("見本 花子", is_friend=is_friend)
    page.goto(f"{line.url}/phone?person={person}")
    page.wait_for_selector("html[data-ready]")
    return Phone(page, line, person, [])


def events_of(receiver: Receiver, line: RunningSimulator, kind: str) -> list[dict[str, Any]]:
    line.settle()
    return [event for event in receiver.events if event["type"] == kind]


def test_a_person_befriends_writes_blocks_and_unblocks(
    desk: Page, line: RunningSimulator, receiver: Receiver
) -> None:
    open_phone(desk, line, is_friend=False)
    expect(desk.get_by_test_id("composer")).to_be_hidden()
    desk.get_by_test_id("follow").click()
    desk.get_by_test_id("field").fill("こんにちは")
    desk.get_by_test_id("send").click()
    own = desk.get_by_test_id("message")
    expect(own).to_contain_text("こんにちは")
    expect(own).to_have_attribute("data-from", "user")
    desk.get_by_test_id("menu").click()
    desk.get_by_test_id("block").click()
    expect(desk.get_by_test_id("composer")).to_be_hidden()
    desk.locator(".blocked-strip .unblock").click()
    expect(desk.get_by_test_id("composer")).to_be_visible()
    line.settle()
    assert [event["type"] for event in receiver.events] == ["follow", "message", "unfollow", "follow"]


def test_quick_replies_go_when_tapped_and_when_a_new_message_comes(
    desk: Page, line: RunningSimulator, receiver: Receiver
) -> None:
    phone = open_phone(desk, line)
    chips = desk.get_by_test_id("quick-reply")
    question = messages.text_message("どちらですか", choices=[messages.postback_action("はい", "v1:y")])
    phone.receive(question)
    chips.first.click()
    expect(desk.get_by_test_id("message").last).to_contain_text("はい")
    expect(chips).to_have_count(0)
    assert [event["postback"]["data"] for event in events_of(receiver, line, "postback")] == ["v1:y"]
    phone.receive(question)
    expect(chips).to_have_count(1)
    phone.receive(messages.text_message("追って連絡します"))
    expect(chips).to_have_count(0)


def test_a_date_is_picked_and_sent_as_params(desk: Page, line: RunningSimulator, receiver: Receiver) -> None:
    phone = open_phone(desk, line)
    action = messages.date_picker_action("日にちを選ぶ", "v1:day", initial="2026-12-01", least="2026-11-01")
    phone.receive(messages.text_message("いつがよいですか", choices=[action]))
    chip = desk.get_by_test_id("quick-reply")
    chip.click()
    desk.keyboard.press("Escape")
    expect(chip).to_be_visible()
    chip.click()
    field = desk.get_by_test_id("picker-input")
    assert field.input_value() == "2026-12-01"
    field.fill("2026-12-25")
    desk.get_by_test_id("picker-send").click()
    expect(chip).to_be_hidden()
    postback = events_of(receiver, line, "postback")[0]["postback"]
    assert postback == {"data": "v1:day", "params": {"date": "2026-12-25"}}


def test_template_and_flex_buttons_send_what_they_say(
    desk: Page, line: RunningSimulator, receiver: Receiver
) -> None:
    phone = open_phone(desk, line)
    yes, no = messages.postback_action("はい", "v1:y"), messages.message_action("いいえ", "やめておきます")
    phone.receive(messages.confirm_message("続けますか", yes, no)).get_by_role(
        "button", name="いいえ"
    ).click()
    body = messages.box("vertical", [messages.button(yes, style="primary")])
    flex = messages.flex_message("x", messages.bubble(body=body))
    phone.receive(flex).get_by_role("button", name="はい").click()
    expect(desk.get_by_test_id("message").last).to_have_attribute("data-from", "user")
    assert [event["message"]["text"] for event in events_of(receiver, line, "message")] == ["やめておきます"]
    assert len(events_of(receiver, line, "postback")) == 1


def test_stickers_files_and_places_are_sent_from_the_panel(
    desk: Page, line: RunningSimulator, receiver: Receiver
) -> None:
    open_phone(desk, line)
    chosen = {"image": "sample-image", "file": "sample-file", "audio": "sample-audio", "camera": "shutter"}
    for kind in ("sticker", "image", "file", "audio", "camera", "location"):
        desk.get_by_test_id("attach").click()
        desk.get_by_test_id(f"attach-{kind}").first.click()
        if kind in chosen:
            desk.get_by_test_id(chosen[kind]).first.click()
        if kind == "location":
            desk.get_by_test_id("picker-send").click()
        shown = "image" if kind == "camera" else kind
        expect(desk.locator(f"[data-type={shown}]")).to_have_count(2 if kind == "camera" else 1)
    kinds = {event["message"]["type"] for event in events_of(receiver, line, "message")}
    assert kinds == {"sticker", "image", "file", "audio", "location"}


def test_an_own_message_can_be_taken_back(desk: Page, line: RunningSimulator, receiver: Receiver) -> None:
    phone = open_phone(desk, line)
    line.say(phone.person, "まちがえました")
    own = desk.get_by_test_id("message")
    own.hover()
    own.get_by_test_id("unsend").click()
    expect(desk.get_by_test_id("unsent")).to_be_visible()
    expect(own).to_have_count(0)
    assert len(events_of(receiver, line, "unsend")) == 1


def test_several_people_have_their_own_chats(desk: Page, line: RunningSimulator) -> None:
    phone = open_phone(desk, line)
    line.say(phone.person, "花子です")
    expect(desk.get_by_test_id("message")).to_have_count(1)
    desk.get_by_label("新しい人").fill("見本 次郎")
    desk.get_by_role("button", name="追加", exact=True).click()
    expect(desk.get_by_test_id("follow")).to_be_visible()
    expect(desk.get_by_test_id("message")).to_have_count(0)
    desk.get_by_test_id("person").first.click()
    expect(desk.get_by_test_id("message")).to_have_count(1)


def test_what_came_while_the_page_was_away_is_there_after_a_reload(
    desk: Page, line: RunningSimulator
) -> None:
    phone = open_phone(desk, line)
    desk.goto("about:blank")
    for number in range(3):
        line.say(phone.person, f"{number} 通目")
    desk.go_back()
    expect(desk.get_by_test_id("message")).to_have_count(3)


def test_the_panel_shows_the_wire_makes_faults_and_moves_time(
    desk: Page, line: RunningSimulator, clock_file: Path
) -> None:
    phone = open_phone(desk, line)
    line.say(phone.person, "こんにちは")
    desk.get_by_test_id("drawer-toggle").click()
    crossing = desk.get_by_test_id("wire").locator("li").first
    expect(crossing).to_contain_text("/line/webhook")
    crossing.locator("summary").click()
    expect(crossing.locator("pre").first).to_contain_text('"webhookEventId"')
    desk.get_by_test_id("add-fault").click()
    expect(desk.get_by_test_id("faults")).to_contain_text("push: 500 を返す（0 / 1 回）")
    desk.get_by_test_id("advance-hour").click()
    expect(desk.locator(".clock-note")).to_contain_text("1 時間 0 分")
    line.wait_until(lambda: Clock(clock_file).offset().total_seconds() == 3600, 30, "the hour has passed")


def test_pictures_named_by_the_invented_host_come_from_the_web_server(
    desk: Page, start: Start, receiver: Receiver
) -> None:
    receiver.pages["/static/job.png"] = ("image/png", SAMPLES["image"].body)
    phone = open_phone(desk, start(app_url=receiver.url, asset_host="demo.example"))
    own = {"type": "image", "url": "https://demo.example/static/job.png"}
    foreign = {"type": "image", "url": "https://elsewhere.example/static/job.png"}
    body = {"type": "box", "layout": "vertical", "contents": [own, foreign]}
    node = phone.receive_flex({"type": "bubble", "body": body})
    expect(node.locator("img")).to_have_js_property("naturalWidth", 240)
    expect(node.locator(".no-picture")).to_have_count(1)


def test_the_page_says_that_it_is_not_line_and_loads_nothing_from_elsewhere(
    desk: Page, line: RunningSimulator
) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    response = desk.goto(line.url)
    assert response is not None
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-simulator"] == "not LINE"
    expect(desk.get_by_test_id("banner")).to_contain_text("LINE ではありません")
    desk.wait_for_selector("html[data-ready]")
    assert all(url.startswith(line.url) for url in asked)


def test_the_phone_works_with_the_keyboard_alone(
    desk: Page, line: RunningSimulator, receiver: Receiver
) -> None:
    phone = open_phone(desk, line)
    tappable = messages.flex_text("くわしく", action=messages.postback_action("詳細", "v1:more"))
    body = messages.box("vertical", [tappable])
    phone.receive(messages.flex_message("x", messages.bubble(body=body)))
    desk.get_by_role("button", name="詳細").press("Enter")
    expect(desk.get_by_test_id("message").last).to_contain_text("詳細")
    desk.get_by_test_id("field").fill("一行目")
    desk.get_by_test_id("field").press("Shift+Enter")
    desk.keyboard.type("二行目")
    desk.keyboard.press("Enter")
    expect(desk.get_by_test_id("message").last).to_contain_text("二行目")
    assert events_of(receiver, line, "message")[0]["message"]["text"] == "一行目\n二行目"


@pytest.mark.parametrize("width", [1280, 375])
def test_no_serious_barrier_for_anybody(desk: Page, line: RunningSimulator, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 900})
    phone = open_phone(desk, line)
    action = messages.postback_action("くわしく見る", "v1:x")
    body = messages.box(
        "vertical", [messages.flex_text("見本の求人"), messages.button(action, style="primary")]
    )
    line.say(phone.person, "https://a.example/ を見ました")
    line.write(phone.person, "sticker")
    phone.receive(
        messages.buttons_message("選んでください", [action], title="ご相談"),
        messages.flex_message("x", messages.carousel([messages.bubble(body=body)] * 3)),
        messages.text_message("いかがですか https://a.example/", choices=[action]),
    )
    if width > 1000:
        desk.get_by_test_id("drawer-toggle").click()
        expect(desk.get_by_test_id("wire").locator("li").first).to_be_visible()
    found = Axe().run(desk)
    serious = [each for each in found.response["violations"] if each["impact"] in {"serious", "critical"}]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in serious] == []
