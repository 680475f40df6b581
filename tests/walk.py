"""The outcome as a person would reach it: add the account, answer by tapping, get three jobs.

Used by the browser test of the outcome and by `make pictures`.
"""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

PATIENCE = 20_000
"""Milliseconds: how long an answer may take on a loaded machine."""
Picture = Callable[[str], None]


def walk_to_three_jobs(page: Page, take: Picture = lambda _name: None) -> None:
    """Befriend the account on an open phone, answer the 希望条件 survey by taps, and see three job cards."""
    page.get_by_test_id("follow").click()
    expect(bubbles(page)).to_have_count(2, timeout=PATIENCE)
    take("greeting")
    choose(page, "希望条件を登録(1分)")
    press(page, "看護師")
    take("survey")
    choose(page, "関東", "東京都")
    press(page, "東京都のどこでも")
    choose(page, "正社員", "決定", "月給", "25万円", "すぐにでも", "看護師", "決定", "夜勤もできる")
    expect(page.get_by_text("合っている点").last).to_be_visible(timeout=PATIENCE)
    take("jobs")


def switch_to_keyboard(page: Page) -> None:
    """Once the account's rich menu is there it stands where one types; a person taps the keyboard's sign."""
    page.get_by_test_id("to-input").click(timeout=PATIENCE)


def say(page: Page, text: str) -> None:
    """Type it, send it, and wait for an answer."""
    before = bubbles(page).count()
    page.get_by_test_id("field").fill(text)
    page.get_by_test_id("send").click()
    expect(bubbles(page).nth(before)).to_be_attached(timeout=PATIENCE)


def bubbles(page: Page) -> Locator:
    """What the account has said."""
    return page.locator('[data-testid=message][data-from="bot"]')


def choose(page: Page, *labels: str) -> None:
    """Tap the quick reply with each label in turn, waiting for the answer to each."""
    for label in labels:
        _tap(page, page.get_by_test_id("quick-reply").get_by_text(label, exact=True))


def press(page: Page, *labels: str) -> None:
    """Tap the newest button with each label inside a message, waiting for the answer to each."""
    for label in labels:
        _tap(page, bubbles(page).get_by_role("button", name=label, exact=True).last)


def _tap(page: Page, button: Locator) -> None:
    before = bubbles(page).count()
    button.click(timeout=PATIENCE)
    expect(bubbles(page).nth(before)).to_be_attached(timeout=PATIENCE)
