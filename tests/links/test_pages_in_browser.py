"""Pages of linking and of the sample site are for everybody: looked at by axe, narrow, light and dark."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.chromium import needs_chromium
from tests.databases import Databases
from tests.links.test_chat_ways import ticket_of
from tests.scenarios.people import new_friend
from tests.stack import Stack, running_stack

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture(scope="module")
def town(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A running Goen with the sample job site."""
    with running_stack(
        databases.fresh_url("sqlite"), tmp_path_factory.mktemp("town"), with_site=True
    ) as stack:
        yield stack


def sign_up(page: Page, town: Stack) -> None:
    page.goto(f"{town.site_url}/signup")
    page.get_by_label("パスワード").fill("an invented password")
    page.get_by_role("button", name="LINEなしで登録する").click()
    page.get_by_role("status").wait_for()


def at_session(page: Page, town: Stack) -> None:
    sign_up(page, town)
    page.get_by_role("button", name="LINEと連携する").click()
    page.get_by_role("heading", name="LINEと連携します").wait_for()


def at_code(page: Page, town: Stack) -> None:
    sign_up(page, town)
    page.get_by_role("button", name="ワンタイムコードを表示する").click()
    page.get_by_test_id("code").wait_for()


def at(path: str) -> Callable[[Page, Stack], Any]:
    return lambda page, town: page.goto(f"{town.web_url}{path}")


def at_site(path: str) -> Callable[[Page, Stack], Any]:
    return lambda page, town: page.goto(f"{town.site_url}{path}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "go",
    [
        pytest.param(at_session, id="whom it links"),
        pytest.param(
            lambda page, town: page.goto(
                f"{town.web_url}/link/start?t={ticket_of(town, new_friend(town, '架空 一子'))}"
            ),
            id="from the chat",
        ),
        pytest.param(at("/link/done"), id="nearly done"),
        pytest.param(at("/login/line/leave"), id="taking a permission back"),
        pytest.param(at("/link/start?t=forged"), id="refused"),
        pytest.param(at_site("/"), id="site"),
        pytest.param(at_site("/signup"), id="sign-up"),
        pytest.param(at_site("/signin"), id="sign-in"),
        pytest.param(sign_up, id="my page"),
        pytest.param(at_code, id="code"),
    ],
)
def test_nobody_is_kept_out(
    town: Stack, browser: Browser, go: Callable[[Page, Stack], Any], scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="ja-JP", color_scheme=scheme)
    page = context.new_page()
    go(page, town)
    found = Axe().run(page)
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    context.close()
    assert found.violations_count == 0, json.dumps(found.response["violations"], ensure_ascii=False)[:2000]
    assert not wide, "it has to be read without moving sideways"
