"""On a phone in the browser: from typed words to the job's own page, tapped, and counted once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from app.db import reading
from app.friends.models import Friend
from app.invention import invent
from app.jobs.models import Activity, ActivityKind, Impression
from tests.chromium import needs_chromium
from tests.databases import Databases
from tests.jobs.factories import make_row, store_jobs
from tests.scenarios.people import eventually
from tests.stack import Stack, running_stack
from tests.walk import PATIENCE, bubbles, choose, press, say, switch_to_keyboard

pytestmark = [pytest.mark.browser, needs_chromium]
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1"
JOB_PAGE = "https://jobs.example.com/yokohama-1"


@pytest.fixture
def stack(databases: Databases, tmp_path: Path) -> Iterator[Stack]:
    with running_stack(databases.fresh_url("sqlite"), tmp_path) as running:
        invent(running.settings, running.database, jobs=2000, people=0, seed=1)
        store_jobs(
            running.database,
            make_row(
                title="日勤だけの外来看護師",
                wage_min="350000",
                flags="夜勤なし",
                url=JOB_PAGE,
                opened_on="2026-11-20",
            ),
        )
        yield running


@pytest.fixture
def page(stack: Stack, browser: Browser) -> Iterator[Page]:
    person = stack.line.add_person("架空 花子")
    context = browser.new_context(viewport={"width": 375, "height": 812}, user_agent=PHONE)
    context.route(f"{JOB_PAGE}**", _answer)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{stack.line.url}/phone?person={person}")
    page.get_by_test_id("follow").click()
    expect(bubbles(page)).to_have_count(2, timeout=PATIENCE)
    yield page
    context.close()
    assert problems == []


def _answer(route: Route) -> None:
    route.fulfill(body="<h1>応募ページ(架空)</h1>", content_type="text/html; charset=utf-8")


def counted(stack: Stack) -> list[ActivityKind]:
    with reading(stack.database) as session:
        return list(session.scalars(select(Activity.kind).order_by(Activity.id)))


def test_from_typed_words_to_the_page_of_a_job(stack: Stack, page: Page) -> None:
    switch_to_keyboard(page)
    say(page, "横浜 看護師 夜勤なし 月30万以上")
    expect(bubbles(page).nth(2)).to_contain_text("「横浜市・看護師・夜勤なし・月給30万円以上」で探しました")
    jobs = bubbles(page).nth(3)
    expect(jobs.get_by_text("✓ 希望の横浜市").first).to_be_visible(timeout=PATIENCE)
    expect(jobs.get_by_text("日勤だけの外来看護師")).to_be_visible()
    jobs.get_by_role("button", name="詳しく", exact=True).first.click()
    details = bubbles(page).nth(4)
    expect(details.get_by_text("日勤だけの外来看護師")).to_be_visible(timeout=PATIENCE)
    for _ in range(2):
        with page.expect_popup() as popup:
            details.get_by_role("button", name="応募したい", exact=True).click()
        expect(popup.value).to_have_url(JOB_PAGE, timeout=PATIENCE)
        expect(popup.value.get_by_role("heading")).to_have_text("応募ページ(架空)")
        popup.value.close()
    kinds = [ActivityKind.SEARCH, ActivityKind.VIEW, ActivityKind.CLICK]
    eventually(lambda: counted(stack) == kinds, f"one click is counted, not {counted(stack)}", 30)
    with reading(stack.database) as session:
        friend = session.scalars(select(Friend)).one()
        clicked = session.scalars(select(Impression).where(Impression.clicked_at.is_not(None))).all()
    assert friend.last_reaction_at is not None
    assert [row.position for row in clicked] == [1]


def test_no_interest_is_asked_about_and_changes_what_comes_next(stack: Stack, page: Page) -> None:
    choose(page, "求人を探す")
    press(page, "興味なし")
    choose(page, "給与が合わない")
    expect(bubbles(page).last).to_contain_text(
        re.compile("今後は「(月給|時給|日給|年収).+円以上」の求人に絞りますか")
    )
    choose(page, "はい")
    expect(bubbles(page).last).to_contain_text("希望条件を変えました")
    choose(page, "おすすめを見る")
    expect(bubbles(page).last.get_by_text("合っている点").first).to_be_visible(timeout=PATIENCE)
