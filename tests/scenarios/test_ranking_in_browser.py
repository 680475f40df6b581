"""On a phone in the browser: ランキング is typed, its cards have ranks, and one of them is opened."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from app.db import reading
from app.invention import invent
from app.jobs.models import Activity, ActivityKind, Impression
from tests.chromium import needs_chromium
from tests.databases import Databases
from tests.scenarios.people import eventually
from tests.stack import running_stack
from tests.walk import PATIENCE, bubbles, say, switch_to_keyboard

pytestmark = [pytest.mark.browser, needs_chromium]


def test_from_the_word_to_a_ranked_job(databases: Databases, tmp_path: Path, browser: Browser) -> None:
    with running_stack(databases.fresh_url("sqlite"), tmp_path) as stack:
        invent(stack.settings, stack.database, jobs=300, people=0, members=60, seed=1)
        person = stack.line.add_person("架空 花子")
        page = browser.new_context(viewport={"width": 375, "height": 812}).new_page()
        page.goto(f"{stack.line.url}/phone?person={person}")
        page.get_by_test_id("follow").click()
        expect(bubbles(page)).to_have_count(2, timeout=PATIENCE)
        switch_to_keyboard(page)
        say(page, "人気ランキングを見たい")
        expect(page.get_by_text("全国の人気求人ランキングです。")).to_be_visible(timeout=PATIENCE)
        for rank in (1, 2, 3, 4):
            expect(page.get_by_text(f"{rank}位", exact=True)).to_be_attached(timeout=PATIENCE)
        page.get_by_text("詳しく", exact=True).first.click()
        expect(page.get_by_text("求人の詳細").or_(page.get_by_text("応募したい")).first).to_be_attached(
            timeout=PATIENCE
        )

        def is_noted() -> bool:
            """The first of the shown jobs was looked at."""
            with reading(stack.database) as session:
                looked_at = (
                    select(Impression.position)
                    .join(Activity, Activity.job_id == Impression.job_id)
                    .where(Activity.friend_id == Impression.friend_id, Activity.kind == ActivityKind.VIEW)
                )
                return session.scalars(looked_at).all() == [1]

        eventually(is_noted, "the ranked job was looked at")
        page.context.close()
