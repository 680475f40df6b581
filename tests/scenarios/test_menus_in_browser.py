"""The menu at the bottom of a phone in the browser: shown, tapped, switched by a tab, and by linking."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.db import transaction
from app.links.actions import link
from app.links.rules import How
from app.staff.audit import NOBODY
from tests.chromium import needs_chromium
from tests.databases import Databases
from tests.links.factories import make_member
from tests.scenarios.people import eventually, friend_row
from tests.stack import Stack, running_stack
from tests.walk import PATIENCE, bubbles

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture
def stack(databases: Databases, tmp_path: Path) -> Iterator[Stack]:
    with running_stack(databases.fresh_url("sqlite"), tmp_path) as running:
        shelf = running.line.menus.shelf
        running.line.wait_until(lambda: shelf.default is not None, 60, "the default menu")
        yield running


@pytest.fixture
def person(stack: Stack) -> str:
    return stack.line.add_person("架空 花子")


@pytest.fixture
def page(stack: Stack, person: str, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 375, "height": 812})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{stack.line.url}/phone?person={person}")
    page.get_by_test_id("follow").click()
    yield page
    page.close()
    assert problems == []


def area(page: Page, label: str) -> None:
    """Tap the area with this label."""
    page.get_by_role("button", name=label, exact=True).and_(page.get_by_test_id("menu-area")).click()


def test_the_menu_is_there_switches_by_a_tab_and_changes_at_once_when_somebody_links(
    stack: Stack, person: str, page: Page
) -> None:
    menu = page.get_by_test_id("rich-menu")
    expect(menu).to_be_visible(timeout=PATIENCE)
    expect(menu.get_by_role("img", include_hidden=True).or_(menu.locator("img"))).to_have_count(1)
    expect(menu.get_by_role("button", name="会員連携", exact=True)).to_be_visible()
    expect(bubbles(page)).to_have_count(2, timeout=PATIENCE)
    # Their own menu takes the place of everybody's: a tap in between would meet the one that goes.
    eventually(lambda: friend_row(stack, person).menu_live is not None, "the menu is given", 30)
    expect(menu.get_by_role("button", name="会員連携", exact=True)).to_be_visible()
    area(page, "設定・使い方")
    expect(menu.get_by_role("button", name="お休み", exact=True)).to_be_visible(timeout=PATIENCE)
    area(page, "お仕事を探す")
    expect(menu.get_by_role("button", name="おすすめ", exact=True)).to_be_visible(timeout=PATIENCE)
    area(page, "使い方")
    expect(bubbles(page).last).to_contain_text("このトークでできること", timeout=PATIENCE)
    member_id = make_member(stack.database)
    with transaction(stack.database) as session:
        link(session, member_id, friend_row(stack, person).id, How.CODE, NOBODY, stack.clock.now())
    expect(menu.get_by_role("button", name="応募・予定", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".chat-bar-text")).to_have_text(re.compile("会員メニュー"))
