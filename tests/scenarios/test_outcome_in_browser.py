"""The outcome: a person opens a phone in the browser, adds the account, taps, and gets three jobs that fit."""

import pytest
from playwright.sync_api import expect

from app.invention import invent
from tests.chromium import needs_chromium, open_browser
from tests.stack import Stack
from tests.walk import bubbles, press, walk_to_three_jobs

pytestmark = [pytest.mark.browser, needs_chromium]


def test_from_befriending_to_three_jobs_with_reasons_by_tapping(stack: Stack) -> None:
    invent(stack.settings, stack.database, jobs=3000, people=0, seed=1)
    person = stack.line.add_person("架空 花子")
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 375, "height": 812})
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{stack.line.url}/phone?person={person}")
        walk_to_three_jobs(page)
        jobs = bubbles(page).last
        expect(jobs.get_by_text("合っている点")).to_have_count(3)
        expect(jobs.get_by_text("✓ 希望の東京都")).to_have_count(3)
        expect(jobs.get_by_text("✓ 希望の看護師")).to_have_count(3)
        press(page, "詳しく", "保存")
        expect(bubbles(page).last).to_contain_text("保存しました")
        assert problems == []
