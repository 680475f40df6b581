"""The console in a real browser: nothing serious for axe at three widths, and everything by keyboard."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.serving import make_server

from app.clock import Clock
from app.staff.rules import Role
from tests.chromium import needs_chromium
from tests.console.jobs import Jobs, make_jobs
from tests.console.people import People, make_friends, make_people
from tests.console.visiting import PASSWORD, make_staff, running_console
from tests.databases import Databases, opened
from tests.waiting import END_SECONDS

pytestmark = [needs_chromium, pytest.mark.browser]
WIDTHS = (375, 900, 1280)


@dataclass(frozen=True)
class Site:
    """A console with people in it, and who can sign in."""

    url: str
    people: People
    jobs: Jobs
    email: str

    def addresses(self) -> list[str]:
        """Every page that is worth a look."""
        hers = f"/console/people/friends/{self.people.hanako}"
        tabs = [f"{hers}?tab={tab}" for tab in ("profile", "consents", "links", "audit")]
        lists = [
            "/console/",
            "/console/people",
            "/console/members",
            "/console/people?q=nobody",
            "/console/search?q=夜勤",
        ]
        admin = [
            "/console/staff",
            "/console/audit",
            "/console/settings",
            "/console/settings/channels",
            "/console/settings/webhooks",
            "/console/settings/api-keys",
        ]
        failures = ["/console/failures", "/console/failures?tab=sent"]
        content = ["/console/routes", "/console/menus", "/console/account", "/console/no-such-page"]
        job = f"/console/jobs/{self.jobs.ids['A-1']}"
        jobs = ["/console/jobs", "/console/jobs?q=nobody", job, f"{job}/people"]
        return [*lists, *jobs, hers, *tabs, *failures, *admin, *content]


@pytest.fixture(scope="module")
def site(databases: Databases) -> Iterator[Site]:
    with opened(databases.fresh_url("sqlite")) as database, running_console(database) as app:
        people = make_people(database)
        make_friends(database, people.channel_id, 60, Clock().now())
        jobs = make_jobs(database, people)
        email = make_staff(database, Role.ADMIN)[1]
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(END_SECONDS,), daemon=True)
        thread.start()
        yield Site(f"http://127.0.0.1:{server.server_port}", people, jobs, email)
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window in which nothing may be refused by the policy and no script may fail."""
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda entry: problems.append(entry.text) if "Security Policy" in entry.text else None)
    yield page
    context.close()
    assert problems == []


def sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/console/")
    page.fill("#email", site.email)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("html.js .topbar")).to_be_visible()


def heading(page: Page) -> Locator:
    """The title of a page whose script listens to keys."""
    return page.locator("html.js h1")


def serious_violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_a_serious_fault_or_scrolls_sideways(page: Page, site: Site, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 812})
    page.goto(f"{site.url}/console/sign-in")
    faults = serious_violations(page)
    sign_in(page, site)
    for address in site.addresses():
        page.goto(site.url + address)
        faults += [f"{address} {fault}" for fault in serious_violations(page)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        faults += [f"{address} is {wide} wide"] if wide > width else []
    assert faults == []


def test_signing_in_and_finding_somebody_by_keyboard_alone(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 1280, "height": 812})
    page.goto(f"{site.url}/console/")
    expect(page.locator("#email")).to_be_focused()
    page.keyboard.type(site.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("今日")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(heading(page)).to_have_text("友だち・会員")
    page.keyboard.press("/")
    page.keyboard.type("花子")
    page.keyboard.press("Enter")
    expect(heading(page)).to_contain_text("検索")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(heading(page)).to_contain_text("架空 花子")


def test_the_list_of_keys_opens_and_gives_the_focus_back(page: Page, site: Site) -> None:
    sign_in(page, site)
    button = page.get_by_role("button", name="キーボードの操作")
    button.focus()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    expect(button).to_be_focused()


def test_keys_are_silent_while_somebody_writes_or_an_ime_composes(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.locator("#search").focus()
    page.keyboard.type("gp?")
    expect(heading(page)).to_have_text("今日")
    expect(page.locator("#search")).to_have_value("gp?")
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '?', bubbles: true, isComposing: true}))"
    )
    expect(page.locator("#shortcuts")).to_be_hidden()


def test_what_cannot_be_undone_asks_first_and_can_be_left(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.goto(f"{site.url}/console/people/friends/{site.people.hanako}?tab=links")
    page.get_by_role("button", name="連携を解除する").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("ご本人にもお知らせします")
    dialog.get_by_role("button", name="やめる").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("連携中")).to_be_visible()


def test_faults_get_the_focus_and_lead_to_their_fields(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.goto(f"{site.url}/console/staff")
    page.get_by_role("button", name="追加する", exact=True).click()
    expect(page.locator(".faults")).to_be_focused()
    page.locator(".faults a").first.click()
    expect(page.locator("#name")).to_be_focused()


def test_on_a_phone_the_rest_is_behind_another_button(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    sign_in(page, site)
    expect(page.locator(".sidenav")).to_be_hidden()
    bar = page.get_by_role("navigation", name="下のメニュー")
    bar.get_by_text("その他").click()
    bar.get_by_role("link", name="設定", exact=True).click()
    expect(heading(page)).to_have_text("設定")
