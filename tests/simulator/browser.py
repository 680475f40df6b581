"""A browser with the phone in it. Tests that use it are skipped by name where there is no Chromium."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from app.simulator.running import RunningSimulator
from tests.simulator.conftest import Api

_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_chromium() -> str | None:
    """Where a Chromium is, if there is one."""
    fixed = Path("/usr/bin/chromium")
    return str(fixed) if fixed.exists() else next(filter(None, map(shutil.which, _NAMES)), None)


needs_chromium = pytest.mark.skipif(find_chromium() is None, reason="no chromium or chrome on this machine")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """One Chromium, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=_FLAGS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Phone:
    """One person's phone in a page, 375 wide, and the platform behind it."""

    page: Page
    line: RunningSimulator
    person: str
    problems: list[str]
    """What the page threw or wrote as an error."""

    def receive(self, *messages: dict[str, Any]) -> Locator:
        """Push messages and give the last one's node, once it is there."""
        api = Api(self.line.url)
        answer = api.post("/v2/bot/message/push", {"to": self.person, "messages": list(messages)})
        assert answer.status == 200, answer.body
        entries = api.get(f"/simulator/api/people/{self.person}/chat").body["entries"]
        shown = self.page.get_by_test_id("message")
        expect(shown).to_have_count(len(entries))
        return shown.last

    def receive_flex(self, contents: dict[str, Any]) -> Locator:
        """Push one Flex message."""
        return self.receive({"type": "flex", "altText": "x", "contents": contents})


def size_of(node: Locator) -> tuple[float, float]:
    """Width and height in CSS pixels."""
    box = node.bounding_box()
    assert box is not None
    return round(box["width"], 1), round(box["height"], 1)


def css(node: Locator, name: str) -> str:
    """A computed style."""
    value: str = node.evaluate("(node, name) => getComputedStyle(node).getPropertyValue(name)", name)
    return value
