"""A real browser. Tests that use it are skipped by name where there is no Chromium."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

PATIENCE_MS = 30_000
"""What a page is waited for: other tests run on the same machine."""
expect.set_options(timeout=PATIENCE_MS)
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


@contextmanager
def open_page(browser: Browser, width: int = 1500, height: int = 900) -> Iterator[Page]:
    """A page; at the end nothing may have gone wrong in it."""
    page = browser.new_page(viewport={"width": width, "height": height}, locale="ja-JP")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    page.close()
    assert problems == [], problems
