"""LINE's own links that add the account or open its chat, on the simulated phone."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from app.simulator.running import RunningSimulator
from tests.chromium import needs_chromium, open_page
from tests.simulator.conftest import Receiver
from tests.simulator.pages import visit

TEXT = "ご案内を見ました。受付コード R-7KMQ2P9X"
CHAT = f"/R/oaMessage/%40000simul/?{quote(TEXT)}"
ADD = "/R/ti/p/%40000simul"


@pytest.mark.parametrize("path", [CHAT, ADD])
def test_the_link_asks_whose_phone_it_is(line: RunningSimulator, path: str) -> None:
    line.add_person("見本 花子")
    page = visit(f"{line.url}{path}")
    assert page.status == 200
    assert "これは LINE ではありません" in page.text
    assert "見本 花子" in page.text
    assert (TEXT in page.text) is (path == CHAT)


def test_it_leads_to_that_phone_with_the_text(line: RunningSimulator, receiver: Receiver) -> None:
    person = line.add_person("見本 花子")
    page = visit(f"{line.url}{CHAT}", {"person": person})
    assert (page.status, page.location) == (303, "/phone")
    assert page.led == {"person": person, "text": TEXT}
    assert visit(f"{line.url}{ADD}", {"person": person}).led == {"person": person}
    line.settle()
    assert receiver.events == []


def test_another_account_and_nobody_are_refused(line: RunningSimulator) -> None:
    assert visit(f"{line.url}/R/ti/p/%40unknown").status == 404
    assert visit(f"{line.url}{ADD}", {}).status == 400


@needs_chromium
@pytest.mark.browser
def test_the_text_stands_in_the_field_and_is_sent_by_the_person(
    line: RunningSimulator, receiver: Receiver, browser: Browser
) -> None:
    person = line.add_person("見本 花子")
    with open_page(browser) as page:
        page.goto(f"{line.url}{CHAT}")
        page.get_by_label("見本 花子").check()
        page.get_by_role("button", name="スマートフォンで開く").click()
        page.get_by_test_id("follow").click()
        expect(page.get_by_test_id("field")).to_have_value(TEXT)
        assert "text=" not in page.url
        page.get_by_test_id("send").click()
        expect(page.get_by_test_id("message").get_by_text(TEXT)).to_be_visible()
    line.settle()
    assert [event["type"] for event in receiver.events] == ["follow", "message"]
    assert {event["source"]["userId"] for event in receiver.events} == {person}
