"""How the phone shows messages: everything that the platform takes is drawn, safely, and as the phone is set."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.simulator.checks.sendable import error_body
from tests.chromium import needs_chromium
from tests.simulator.browser import Phone, css
from tests.simulator.conftest import Start
from tests.simulator.reference import REFERENCE, Message, bubble, button, text

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture
def phone(browser: Browser, start: Start) -> Iterator[Phone]:
    line = start()
    person = line.add_person("見本 花子", is_friend=True)
    page = browser.new_page(viewport={"width": 375, "height": 812})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{line.url}/phone?person={person}")
    page.wait_for_selector("html[data-ready]")
    yield Phone(page, line, person, problems)
    page.close()
    assert problems == []


MARKUP = '<script>document.title="x"</script><img src=x onerror=alert(1)>'


def test_markup_in_any_words_is_shown_as_words(phone: Phone) -> None:
    action = {"type": "postback", "label": "<b>はい</b>", "data": "v1:x"}
    node = phone.receive(
        {"type": "text", "text": MARKUP, "sender": {"name": "<i>担当</i>"}},
        {
            "type": "template",
            "altText": MARKUP,
            "template": {"type": "buttons", "title": "<b>題</b>", "text": MARKUP[:60], "actions": [action]},
        },
        {"type": "flex", "altText": MARKUP, "contents": bubble(text(MARKUP), button("<b>はい</b>"))},
    )
    chat = phone.page.locator(".lines")
    assert chat.locator("script, img, b, i").count() == 0
    assert MARKUP in chat.inner_text()
    assert "<i>担当</i> from" in chat.inner_text()
    assert node.locator(".flex-button").inner_text() == "<b>はい</b>"


def test_a_javascript_address_does_nothing(phone: Phone) -> None:
    done = phone.page.evaluate(
        """async () => {
            const { renderMessage } = await import("/static/render/index.js");
            const { onTap } = await import("/static/taps.js");
            const opened = [];
            window.open = (address) => opened.push(address);
            const phone = { toast: (words) => opened.push(words), spendChips: () => {} };
            const taps = [];
            const context = {
                picture: () => null, content: () => null,
                onAction: (action, node) => taps.push(onTap(action, node, phone)),
            };
            for (const uri of ["javascript:opened.push(1)", "data:text/html,x", "https://a.example/"]) {
                const action = { type: "uri", label: "x", uri };
                const contents = { type: "bubble", body: { type: "box", layout: "vertical",
                    contents: [{ type: "button", action }] } };
                const node = renderMessage({ type: "flex", altText: "x", contents }, context);
                node.querySelector("button").click();
            }
            await Promise.all(taps);
            return [opened, taps.length];
        }"""
    )
    assert done == [["https://a.example/"], 3]


ACCEPTED = [
    pytest.param(message, id=f"{name}-{index}")
    for name, messages in REFERENCE.items()
    for index, message in enumerate(messages)
    if message["type"] != "file"
]
"""LINE has no message type for files that an account sends."""


@pytest.mark.parametrize("message", ACCEPTED)
def test_the_platform_takes_what_the_renderer_draws(message: Message) -> None:
    assert error_body("push", {"to": "x", "messages": [message]}) is None


@pytest.mark.parametrize("width", [320, 375, 430])
def test_every_kind_of_message_is_drawn_and_fits_the_screen(phone: Phone, width: int) -> None:
    phone.page.set_viewport_size({"width": width, "height": 700})
    every = [message for messages in REFERENCE.values() for message in messages if message["type"] != "file"]
    for start in range(0, len(every), 5):
        phone.receive(*every[start : start + 5])
    nodes = phone.page.locator(".chat .line-message")
    expect(nodes).to_have_count(len(every))
    right = nodes.evaluate_all("all => Math.max(...all.map(one => one.getBoundingClientRect().right))")
    assert right <= width
    assert phone.page.evaluate("document.documentElement.scrollWidth") == width


def choose(page: Page, name: str, value: str) -> None:
    page.get_by_test_id("menu").click()
    page.get_by_test_id(f"look-{name}").select_option(value)
    page.get_by_test_id("menu").click()


def test_the_size_of_letters_and_the_dark_are_chosen_in_the_menu_and_stay(phone: Phone) -> None:
    phone.receive(text("こんにちは"))
    choose(phone.page, "letters", "huge")
    choose(phone.page, "theme", "dark")
    choose(phone.page, "hours", "12")
    for _ in range(2):
        shown = phone.page.locator(".line-text")
        assert css(shown, "font-size") == "19.5px"
        assert css(shown, "color") == "rgb(255, 255, 255)"
        assert phone.page.locator(".line-aside time").inner_text()[:2] in {"午前", "午後"}
        phone.page.reload()
        phone.page.wait_for_selector("html[data-ready]")
        expect(shown).to_be_visible()


def test_nothing_is_hard_to_read_in_the_dark(phone: Phone) -> None:
    choose(phone.page, "theme", "dark")
    phone.line.say(phone.person, "https://a.example/ を見ました")
    phone.line.write(phone.person, "file")
    for name in ("plain", "templates", "template-rows"):
        phone.receive(*REFERENCE[name])
    items = [{"type": "action", "action": {"type": "message", "label": "はい", "text": "はい"}}]
    phone.receive(text("どうですか", quickReply={"items": items}))
    phone.page.get_by_test_id("menu").click()
    found = Axe().run(phone.page)
    serious = [each for each in found.response["violations"] if each["impact"] in {"serious", "critical"}]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in serious] == []


def test_the_newest_message_stays_in_sight_when_a_picture_above_takes_its_shape(phone: Phone) -> None:
    for number in range(12):
        phone.line.say(phone.person, f"{number} 通目")
    phone.line.write(phone.person, "image")
    phone.receive(text("最後"))
    expect(phone.page.locator(".line-photo img")).to_have_js_property("naturalWidth", 240)
    choose(phone.page, "letters", "huge")
    last = phone.page.get_by_test_id("message").last
    expect(last).to_contain_text("最後")
    expect(last.locator(".line-text")).to_be_in_viewport(ratio=1)


def test_a_sent_picture_opens_over_the_whole_screen(phone: Phone) -> None:
    phone.line.write(phone.person, "image")
    phone.page.locator(".line-photo").click()
    viewer = phone.page.get_by_test_id("viewer")
    expect(viewer.locator("img")).to_have_js_property("naturalWidth", 240)
    phone.page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)


def test_quick_replies_are_back_when_the_message_after_them_is_taken_back(phone: Phone) -> None:
    items = [{"type": "action", "action": {"type": "message", "label": "はい", "text": "はい"}}]
    phone.receive(text("どうですか", quickReply={"items": items}))
    chips = phone.page.get_by_test_id("quick-reply")
    expect(chips).to_have_count(1)
    phone.line.say(phone.person, "まちがい")
    expect(chips).to_have_count(0)
    own = phone.page.get_by_test_id("message").last
    own.hover()
    own.get_by_test_id("unsend").click()
    expect(chips).to_have_count(1)
