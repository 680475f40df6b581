"""A menu is edited in the console and published; the phone shows it, and the old one after rolling back."""

import pytest
from playwright.sync_api import Browser, Page, expect

from app.staff.rules import Role
from tests.chromium import needs_chromium
from tests.console.visiting import PASSWORD, make_staff
from tests.stack import Stack

pytestmark = [needs_chromium, pytest.mark.browser]
PATIENCE = 60_000


def open_editor(browser: Browser, stack: Stack) -> Page:
    _, email = make_staff(stack.database, Role.EDITOR, "架空 編集")
    page = browser.new_page(viewport={"width": 1500, "height": 950}, locale="ja-JP")
    page.goto(f"{stack.web_url}/console/sign-in")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    page.wait_for_url("**/console/**")
    page.goto(f"{stack.web_url}/console/menus/newcomers")
    page.wait_for_selector("html[data-looked]", timeout=PATIENCE)
    return page


def test_what_staff_publish_is_on_the_phone_and_what_they_take_back_is_not(
    stack: Stack, browser: Browser
) -> None:
    person = stack.line.add_person("架空 さくら", is_friend=False)
    phone = browser.new_page(viewport={"width": 1200, "height": 900}, locale="ja-JP")
    phone.goto(f"{stack.line.url}/phone?person={person}")
    phone.get_by_test_id("follow").click()
    expect(phone.get_by_role("button", name="おすすめ", exact=True)).to_be_attached(timeout=PATIENCE)
    editor = open_editor(browser, stack)
    editor.get_by_role("button", name="ボタンC").click()
    editor.locator("#f-label").fill("今日の新着")
    editor.get_by_role("link", name="公開へ進む").click()
    editor.get_by_role("button", name="公開する").click()
    expect(editor.get_by_text("リッチメニューを公開しました。")).to_be_visible(timeout=PATIENCE)
    expect(phone.get_by_role("button", name="今日の新着")).to_be_attached(timeout=PATIENCE)
    editor.get_by_role("button", name="版1に戻す").first.click()
    editor.get_by_role("dialog").get_by_role("button", name="版1に戻す").click()
    expect(editor.get_by_text("版1に戻しました。")).to_be_visible(timeout=PATIENCE)
    expect(phone.get_by_role("button", name="今日の新着")).to_have_count(0, timeout=PATIENCE)
    editor.close()
    phone.close()
