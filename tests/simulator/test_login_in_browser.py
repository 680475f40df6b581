"""The login page in a real browser: its form may lead back to the site."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from app.simulator.running import RunningSimulator
from tests.chromium import needs_chromium, open_browser
from tests.simulator.conftest import Receiver


@pytest.mark.browser
@needs_chromium
def test_a_person_logs_in_and_comes_back_as_a_friend(line: RunningSimulator, receiver: Receiver) -> None:
    receiver.pages["/cb"] = ("text/html", b"<title>back</title>")
    line.add_person("見本 花子")
    asked = {
        "response_type": "code",
        "client_id": "1650000001",
        "redirect_uri": f"{receiver.url}/cb",
        "state": "s1",
        "scope": "profile openid",
        "bot_prompt": "normal",
    }
    with open_browser() as browser:
        page = browser.new_page()
        page.goto(f"{line.url}/oauth2/v2.1/authorize?{urlencode(asked)}")
        expect(page.get_by_test_id("banner")).to_contain_text("LINE ではありません")
        page.get_by_label("見本 花子").check()
        page.get_by_role("button", name="許可する").click()
        expect(page).to_have_title("back")
        assert "friendship_status_changed=true" in page.url
        page.goto(f"{line.url}/oauth2/v2.1/authorize?{urlencode(asked)}")
        expect(page.get_by_label("見本 花子")).to_be_checked()
