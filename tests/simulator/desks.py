"""A desk with phones on it: a page, a simulator with a clock, and a receiver of webhooks."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from app.simulator.running import RunningSimulator
from tests.simulator.browser import Phone


@contextmanager
def open_desk(browser: Browser, width: int = 1500, height: int = 900) -> Iterator[Page]:
    """A page; at the end nothing may have gone wrong in it."""
    page = browser.new_page(viewport={"width": width, "height": height}, locale="ja-JP")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    page.close()
    assert problems == [], problems


def open_phone(page: Page, line: RunningSimulator, *, more: str = "", is_friend: bool = True) -> Phone:
    """A new person's phone on the page."""
    person = line.add_person("見本 花子", is_friend=is_friend)
    page.goto(f"{line.url}/phone?person={person}{more}")
    page.wait_for_selector("html[data-ready]")
    return Phone(page, line, person, [])
