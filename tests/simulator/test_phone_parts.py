"""The parts of a phone: rich menu, keyboard, notices, screens, two phones, languages, the dark."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.line import messages
from app.simulator.pages import STATIC
from app.simulator.running import RunningSimulator
from tests.chromium import needs_chromium, open_page
from tests.simulator.browser import Phone, open_phone, size_of
from tests.simulator.conftest import Api, Receiver, Start
from tests.simulator.menus import menu, publish, tab

pytestmark = [pytest.mark.browser, needs_chromium]
LEFT = {"x": 0, "y": 0, "width": 1250, "height": 843}
RIGHT = {"x": 1250, "y": 0, "width": 1250, "height": 843}


@pytest.fixture
def line(start: Start, receiver: Receiver, clock_file: Path) -> RunningSimulator:
    return start(webhook_url=f"{receiver.url}/line/webhook", clock_file=clock_file, step_wait_seconds=0.001)


def give_menu(phone: Phone, api: Api, *actions: dict[str, Any]) -> str:
    """A menu of two halves for this person; its id."""
    areas = [{"bounds": each, "action": action} for each, action in zip((LEFT, RIGHT), actions, strict=True)]
    menu_id = publish(api, menu() | {"areas": areas})
    assert api.post(f"/v2/bot/user/{phone.person}/richmenu/{menu_id}", {}).status == 200
    return str(menu_id)


def say(text: str) -> dict[str, Any]:
    return {"type": "message", "label": text, "text": text}


def test_each_corner_of_the_rich_menu_hits_the_right_area(
    desk: Page, line: RunningSimulator, api: Api
) -> None:
    phone = open_phone(desk, line)
    give_menu(phone, api, say("左"), say("右"))
    box = desk.get_by_test_id("rich-menu")
    expect(box).to_be_visible()
    assert size_of(box) == (375, 126.4)
    for x, y in ((1, 1), (186, 125), (189, 1), (373, 125)):
        box.click(position={"x": x, "y": y})
    own = desk.get_by_test_id("message")
    expect(own).to_have_count(4)
    assert [re.sub("[^左右]", "", text) for text in own.all_inner_texts()] == ["左", "左", "右", "右"]


def test_the_bar_opens_and_closes_the_menu_and_gives_way_to_the_keyboard(
    desk: Page, line: RunningSimulator, api: Api
) -> None:
    phone = open_phone(desk, line)
    expect(desk.get_by_test_id("composer")).to_be_visible()
    give_menu(phone, api, say("左"), {"type": "postback", "label": "書く", "data": "x"} | KEYBOARD)
    bar, box = desk.get_by_test_id("chat-bar"), desk.get_by_test_id("rich-menu")
    expect(bar).to_be_visible()
    expect(desk.get_by_test_id("composer")).to_be_hidden()
    expect(box).to_be_visible()
    bar.press("Enter")
    expect(box).to_be_hidden()
    bar.press("Enter")
    desk.get_by_role("button", name="書く").press("Enter")
    expect(desk.get_by_test_id("field")).to_have_value("よろしく")
    expect(box).to_be_hidden()
    desk.get_by_test_id("to-menu").click()
    expect(box).to_be_visible()


KEYBOARD = {"inputOption": "openKeyboard", "fillInText": "よろしく"}


def test_a_tab_changes_the_menu_and_keeps_it_open(desk: Page, line: RunningSimulator, api: Api) -> None:
    phone = open_phone(desk, line)
    other = publish(api, menu() | {"areas": [{"bounds": LEFT, "action": say("二枚目")}]})
    api.post("/v2/bot/richmenu/alias", {"richMenuAliasId": "menu-b", "richMenuId": other})
    switch = tab("menu-b")["action"]
    give_menu(phone, api, say("一枚目"), switch | {"label": "次へ"})
    desk.get_by_role("button", name="次へ").click()
    expect(desk.get_by_role("button", name="二枚目")).to_be_visible()


def test_the_keyboard_on_the_screen_writes(desk: Page, line: RunningSimulator, receiver: Receiver) -> None:
    open_phone(desk, line)
    desk.get_by_test_id("menu").click()
    desk.get_by_test_id("keyboard-toggle").click()
    desk.get_by_test_id("menu").click()
    keyboard = desk.get_by_test_id("keyboard")
    expect(keyboard).to_be_visible()
    desk.get_by_test_id("field").focus()
    for key in ("か", "゛", "す", "⌫", "き"):
        keyboard.locator("button", has_text=key).first.click()
    expect(desk.get_by_test_id("field")).to_have_value("がき")
    keyboard.locator("button", has_text="送る").click()
    expect(desk.get_by_test_id("message")).to_contain_text("がき")


def test_a_message_for_a_phone_that_is_elsewhere_or_closed_rings(desk: Page, line: RunningSimulator) -> None:
    phone = open_phone(desk, line)
    desk.get_by_test_id("back").click()
    phone.receive(messages.text_message("一通目です"))
    expect(desk.get_by_test_id("notice")).to_contain_text("一通目です")
    expect(desk.get_by_test_id("talk-row")).to_contain_text("一通目です")
    expect(desk.get_by_test_id("unread")).to_have_text("1")
    desk.get_by_test_id("talk-row").press("Enter")
    expect(desk.get_by_test_id("message")).to_be_visible()
    desk.get_by_test_id("menu").click()
    desk.get_by_test_id("lock").click()
    phone.receive(messages.flex_message("求人のお知らせ", messages.bubble(body=messages.box("vertical", []))))
    expect(desk.get_by_test_id("notice")).to_contain_text("求人のお知らせ")
    desk.get_by_test_id("notice").click()
    expect(desk.get_by_test_id("chat")).to_be_visible()
    expect(desk.get_by_test_id("notice")).to_have_count(0)


def test_a_link_opens_in_a_new_tab_of_this_persons_browser(
    desk: Page, line: RunningSimulator, receiver: Receiver
) -> None:
    receiver.pages["/page"] = ("text/plain", b"a page")
    phone = open_phone(desk, line)
    link = messages.uri_action("開く", f"{receiver.url}/page")
    phone.receive(messages.buttons_message("こちらへ", [link], title="ご案内"))
    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="開く").or_(desk.get_by_role("button", name="開く")).last.click()
    opened.value.wait_for_url("**/page")
    cookies = {cookie["name"]: cookie["value"] for cookie in desk.context.cookies(line.url)}
    assert cookies["simulated_person"] == phone.person
    opened.value.close()


def test_a_short_message_has_its_own_talk(desk: Page, line: RunningSimulator, api: Api) -> None:
    phone = open_phone(desk, line)
    number = api.get(f"/simulator/api/people/{phone.person}/sms").body["phone"]
    assert api.post("/simulator/api/sms", {"to": number, "text": "ご連絡です"}).status == 202
    desk.get_by_test_id("notice").click()
    expect(desk.get_by_test_id("sms")).to_contain_text("ご連絡です")
    desk.get_by_test_id("sms-back").click()
    expect(desk.get_by_test_id("sms-row")).to_contain_text("ご連絡です")


def test_two_phones_stand_side_by_side(desk: Page, line: RunningSimulator) -> None:
    other = line.add_person("見本 次郎", is_friend=True)
    open_phone(desk, line)
    desk.get_by_test_id("beside-toggle").click()
    phones = desk.get_by_test_id("phone")
    expect(phones).to_have_count(2)
    phones.nth(1).get_by_test_id("field").fill("次郎です")
    phones.nth(1).get_by_test_id("field").press("Enter")
    expect(phones.nth(1).get_by_test_id("message")).to_contain_text("次郎です")
    expect(phones.nth(0).get_by_test_id("message")).to_have_count(0)
    assert f"beside={other}" in desk.url
    desk.reload()
    desk.wait_for_selector("html[data-ready]")
    expect(phones.nth(1).get_by_test_id("message")).to_contain_text("次郎です")


def test_somebody_elses_message_marks_that_person(desk: Page, line: RunningSimulator, api: Api) -> None:
    other = line.add_person("見本 次郎", is_friend=True)
    open_phone(desk, line)
    body = {"to": other, "messages": [messages.text_message("次郎さんへ")]}
    assert api.post("/v2/bot/message/push", body).status == 200
    expect(desk.get_by_test_id("person-news")).to_have_count(1)
    desk.get_by_test_id("person").first.click()
    expect(desk.get_by_test_id("message")).to_contain_text("次郎さんへ")
    expect(desk.get_by_test_id("person-news")).to_have_count(0)


def test_the_page_speaks_english_and_remembers_it(desk: Page, line: RunningSimulator) -> None:
    phone = open_phone(desk, line)
    desk.get_by_test_id("language-toggle").click()
    expect(desk.get_by_test_id("banner")).to_contain_text("NOT LINE")
    desk.goto(f"{line.url}/phone?person={phone.person}")
    desk.wait_for_selector("html[data-ready]")
    assert desk.locator("html").get_attribute("lang") == "en"
    line.say(phone.person, "こんにちは")
    expect(desk.get_by_test_id("message")).to_contain_text("You:")


def test_every_japanese_sentence_of_the_page_has_an_english_one() -> None:
    japanese = re.compile("[ぁ-んァ-ヶ一-龠]")
    own = [path for path in STATIC.glob("*.js") if path.name != "english.js"]
    code = "\n".join(line for path in own for line in path.read_text().splitlines() if "//" not in line[:4])
    html = (STATIC / "index.html").read_text()
    said = set(re.findall(r'"([^"\n]*)"', code)) | set(re.findall(r"data-t>([^<]*)<", html))
    said |= set(re.findall(r'(?:aria-label|placeholder)="([^"]*)"', html))
    english = (STATIC / "english.js").read_text()
    known = {a or b for a, b in re.findall(r'(?:"((?:[^"\\]|\\.)*)"|([^\s",{}:]+)): "', english)}
    kana = {letter for letter in said if len(letter) <= 1 or "あいうえお" in letter}
    invented = {"日本語", "東京都千代田区", "神奈川県横浜市", "大阪府大阪市", "北海道札幌市"}
    keys = {"かきくけこ", "さしすせそ", "たちつてと", "なにぬねの", "はひふへほ", "まみむめも", "やゆよ、。"}
    keys |= {"らりるれろ", "わをんー！", "あいう"}
    missing = {words for words in said if japanese.search(words)} - known - invented - keys - kana
    assert missing == set()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 430])
def test_a_real_phone_shows_the_whole_of_it_without_barriers(
    browser: Browser, line: RunningSimulator, api: Api, width: int, theme: str
) -> None:
    with open_page(browser, width, 700) as page:
        page.add_init_script(
            f"localStorage.setItem('goen-phone-look', {json.dumps(json.dumps({'theme': theme}))})"
        )
        phone = open_phone(page, line)
        give_menu(phone, api, say("左"), say("右"))
        line.say(phone.person, "こんにちは")
        phone.receive(messages.text_message("どうぞ", choices=[messages.postback_action("はい", "v1:y")]))
        page.get_by_test_id("to-input").click()
        assert size_of(page.get_by_test_id("phone"))[0] == width
        assert page.evaluate("document.documentElement.scrollWidth") == width
        barriers(page)
        page.get_by_test_id("back").click()
        barriers(page)
        page.get_by_test_id("drawer-toggle").click()
        expect(page.get_by_test_id("event-group").first).to_be_visible()
        barriers(page)


def barriers(page: Page) -> None:
    found = Axe().run(page)
    serious = [each for each in found.response["violations"] if each["impact"] in {"serious", "critical"}]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in serious] == []
