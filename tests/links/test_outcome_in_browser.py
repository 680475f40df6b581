"""The outcome: people sign up at the sample job site, are linked in each of the three ways, and part again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.invention import invent
from tests.chromium import needs_chromium
from tests.databases import Databases
from tests.scenarios.people import actions_in, answer_to, new_friend, tap, words
from tests.stack import Stack, running_stack
from tests.walk import PATIENCE

pytestmark = [pytest.mark.browser, needs_chromium]

PASSWORD = "an invented password"


@pytest.fixture(scope="module")
def town(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A running Goen with its simulated LINE, invented jobs and the sample job site."""
    url, folder = databases.fresh_url("sqlite"), tmp_path_factory.mktemp("town")
    with running_stack(url, folder, with_site=True) as stack:
        invent(stack.settings, stack.database, jobs=300, people=0, seed=1)
        yield stack


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own, on a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if "Security Policy" in said.text else None)
    yield page
    assert problems == []


def sign_up(page: Page, town: Stack, button: str) -> None:
    """Register as the invented person of the form, wishing for a nurse's work in Tokyo."""
    page.goto(f"{town.site_url}/signup")
    expect(page.get_by_role("note")).to_contain_text("すべて架空")
    page.get_by_label("希望の職種").select_option("看護師")
    page.get_by_label("希望の勤務地").select_option("東京都")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name=button).click()


def agree_at_line(page: Page, name: str) -> None:
    """LINE's page: who is in front of the screen, and yes."""
    expect(page.get_by_test_id("banner")).to_contain_text("LINE ではありません")
    page.get_by_label(name).check()
    page.get_by_role("button", name="許可する").click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def said(page: Page, text: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(text)


def test_signing_up_with_line_links_befriends_and_brings_jobs_in_one_step(town: Stack, page: Page) -> None:
    person = town.line.add_person("架空 一子")
    sign_up(page, town, "登録してLINEと連携する")
    expect(page.get_by_role("heading", name="LINEと連携します")).to_be_visible()
    expect(page.locator("main")).to_contain_text("見** 花** さんの会員情報と連携します")
    press(page, "LINEで連携する")
    agree_at_line(page, "架空 一子")
    said(page, "LINEと連携しました")
    expect(page.locator("main")).to_contain_text("連携しています")

    phone = page.context.new_page()
    phone.goto(f"{town.line.url}/phone?person={person}")
    expect(phone.get_by_text("会員連携が完了しました").first).to_be_visible()
    expect(phone.get_by_text("✓ 希望の東京都").first).to_be_attached()
    expect(phone.get_by_text("✓ 希望の看護師").first).to_be_attached()
    expect(phone.get_by_role("button", name="会員メニュー")).to_be_visible(timeout=PATIENCE)

    press(page, "ログアウト")
    page.get_by_role("link", name="LINEでログイン").click()
    agree_at_line(page, "架空 一子")
    expect(page.get_by_role("heading", name="見本 花子さんのマイページ")).to_be_visible()


def test_a_typed_code_links_and_the_site_unlinks(town: Stack, page: Page) -> None:
    person = new_friend(town, "架空 二郎")
    sign_up(page, town, "LINEなしで登録する")
    said(page, "会員登録が完了しました")
    press(page, "ワンタイムコードを表示する")
    code = page.get_by_test_id("code").inner_text()
    assert re.fullmatch("[2-9B-Z]{4}-[2-9B-Z]{4}", code)
    expect(page.get_by_role("img", name="QRコード")).to_be_visible()
    answer = answer_to(town, person, code.lower())
    assert "会員連携が完了しました" in words(answer[0])
    page.goto(f"{town.site_url}/mypage")
    before = len(town.line.messages_to(person))
    press(page, "連携を解除する")
    said(page, "連携を解除しました")
    [told] = town.line.wait_for_messages(person, before + 1)[before:]
    assert "会員連携が解除されました" in words(told)


def test_a_person_links_from_the_chat_and_unlinks_there(town: Stack, page: Page) -> None:
    person = new_friend(town, "架空 三子")
    sign_up(page, town, "LINEなしで登録する")
    said(page, "会員登録が完了しました")
    offered = tap(town, person, "会員連携")
    [link] = [action["uri"] for action in actions_in(offered) if action["type"] == "uri"]
    page.goto(link)
    expect(page.get_by_role("heading", name="サイトの会員情報と連携します")).to_be_visible()
    page.get_by_role("link", name="求人サイトに進む").click()
    expect(page.get_by_role("heading", name="LINEと連携しますか")).to_be_visible()
    press(page, "連携に進む")
    page.get_by_label("架空 三子").check()
    before = len(town.line.messages_to(person))
    press(page, "連携する")
    expect(page.get_by_role("heading", name="連携しました")).to_be_visible()
    answer = town.line.wait_for_messages(person, before + 2)[before:]
    assert "会員連携が完了しました" in words(answer[0])
    assert "いつでも解除できます" in words(answer[0])

    phone = page.context.new_page()
    phone.goto(f"{town.line.url}/phone?person={person}")
    expect(phone.get_by_role("button", name="会員メニュー")).to_be_visible(timeout=PATIENCE)
    tap(town, person, "連携を解除")
    assert "会員連携を解除しました" in words(tap(town, person, "連携を解除する")[0])
    expect(phone.get_by_role("button", name="会員メニュー")).to_have_count(0, timeout=PATIENCE)
    page.goto(f"{town.site_url}/mypage")
    expect(page.locator("main")).to_contain_text("連携していません")


def test_a_ticket_opened_by_somebody_else_links_nobody(town: Stack, page: Page) -> None:
    attacker = new_friend(town, "架空 四郎")
    new_friend(town, "架空 五子")
    sign_up(page, town, "LINEなしで登録する")
    [link] = [
        action["uri"] for action in actions_in(tap(town, attacker, "会員連携")) if action["type"] == "uri"
    ]
    page.goto(link)
    page.get_by_role("link", name="求人サイトに進む").click()
    press(page, "連携に進む")
    page.get_by_label("架空 五子").check()
    with page.expect_response(lambda answer: answer.status == 400):
        press(page, "連携する")
    town.line.settle()
    page.goto(f"{town.site_url}/mypage")
    expect(page.locator("main")).to_contain_text("連携していません")
