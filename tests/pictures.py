"""`make pictures`: every picture of README and docs, taken from a running Goen in a real browser."""

import tempfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random

import click
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize
from sqlalchemy import func, select

from app.db import reading, transaction
from app.friends.actions import known_friend, welcome_friend
from app.friends.messages import GREETING_VERSION
from app.invention import invent
from app.jobs.models import Activity, Job
from app.routes.actions import prove_by_code, record_click
from app.routes.queries import all_routes
from app.routes.rules import Method
from app.staff.rules import Role
from richmenu.draw import draw_tab
from richmenu.loading import shipped_menus
from tests.chromium import find_chromium, open_browser
from tests.console.people import make_people
from tests.console.visiting import PASSWORD, make_staff
from tests.databases import Databases
from tests.stack import Stack, running_stack
from tests.walk import choose, press, say, switch_to_keyboard, walk_to_three_jobs

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PHONE: ViewportSize = {"width": 420, "height": 900}
DESK: ViewportSize = {"width": 1280, "height": 900}
MENU_WIDTH = 750


def main() -> None:
    """Make them all."""
    if find_chromium() is None:
        raise SystemExit("pictures need chromium (Debian: apt-get install chromium fonts-noto-cjk)")
    FOLDER.mkdir(parents=True, exist_ok=True)
    _menus()
    with tempfile.TemporaryDirectory() as folder:
        databases = Databases(Path(folder))
        with running_stack(databases.fresh_url("sqlite"), Path(folder)) as stack, open_browser() as browser:
            invent(stack.settings, stack.database, jobs=3000, people=0, members=60, seed=1)
            _conversation(stack, browser)
            _panel(stack, browser)
            _talk_of_jobs(stack, browser)
            _menu_in_phone(stack, browser)
            _route_page(stack, browser)
            _editors_pages(stack, browser)
            _console(stack, browser)


def _menus() -> None:
    """The shipped rich menus, at the width of a page's column."""
    for menu in shipped_menus().values():
        for tab in menu.tabs:
            picture = Image.open(BytesIO(draw_tab(tab))).convert("RGB")
            small = picture.resize(
                (MENU_WIDTH, MENU_WIDTH * tab.height // tab.width), Image.Resampling.LANCZOS
            )
            few = small.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            few.save(FOLDER / f"menu-{menu.name}-{tab.key}.png", optimize=True)
            click.echo(f"docs/pictures/menu-{menu.name}-{tab.key}.png")


def _conversation(stack: Stack, browser: Browser) -> None:
    page = _phone_of(stack, browser, "架空 花子", PHONE)
    walk_to_three_jobs(page, lambda name: _take(page, name))
    page.close()


def _talk_of_jobs(stack: Stack, browser: Browser) -> None:
    """A search in words, what 興味なし leads to, a ranking."""
    page = _phone_of(stack, browser, "架空 さくら", PHONE)
    page.get_by_test_id("follow").click()
    switch_to_keyboard(page)
    say(page, "横浜 看護師 夜勤なし 月25万以上")
    page.get_by_text("✓").last.wait_for()
    _take(page, "search")
    press(page, "興味なし")
    choose(page, "給与が合わない")
    say(page, "はい")
    _take(page, "feedback")
    say(page, "人気ランキングを見たい")
    page.get_by_text("1位", exact=True).wait_for()
    _take(page, "ranking")
    page.close()


def _menu_in_phone(stack: Stack, browser: Browser) -> None:
    """The chat with the newcomers' menu, as somebody sees it who has just added the account."""
    shelf = stack.line.menus.shelf
    stack.line.wait_until(lambda: shelf.default is not None, 60, "the menus")
    page = _phone_of(stack, browser, "架空 次郎", PHONE)
    page.get_by_test_id("follow").click()
    page.get_by_test_id("rich-menu").wait_for()
    page.get_by_test_id("quick-reply").first.wait_for()
    _take(page, "menu")
    page.close()


def _route_page(stack: Stack, browser: Browser) -> None:
    """What somebody sees who opens a route's link on a desk; on a phone the code is left out."""
    page = browser.new_page(viewport={"width": 900, "height": 640}, device_scale_factor=1)
    page.goto(f"{stack.web_url}/add/seminar?preview")
    _take(page, "route-page")
    page.close()


def _come_by_routes(stack: Stack) -> None:
    """Four weeks of invented friends; two of three prove where they came from."""
    now, chance = stack.clock.now(), Random(1)
    with transaction(stack.database) as session:
        routes = [route for route in all_routes(session) if route.method is not Method.NONE]
        for day in range(28):
            at = now - timedelta(days=day)
            for number in range(chance.randrange(8)):
                user_id = f"U{day:016x}{number:016x}"
                friend = known_friend(session, routes[0].channel_id, user_id, at)
                welcome_friend(friend, at, GREETING_VERSION, is_new=True)
                session.flush()
                if chance.random() < 2 / 3:
                    prove_by_code(session, chance.choice(routes), friend, at)
            for route in routes * chance.randrange(1, 6):
                record_click(session, route.id, at)


def _editors_pages(stack: Stack, browser: Browser) -> None:
    """流入経路 and the menu editor, as an editor sees them."""
    _come_by_routes(stack)
    _, email = make_staff(stack.database, Role.EDITOR, "架空 編集")
    page = browser.new_page(viewport={"width": 1440, "height": 900}, device_scale_factor=1)
    page.goto(f"{stack.web_url}/console/sign-in")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    page.wait_for_url("**/console/**")
    page.goto(f"{stack.web_url}/console/routes")
    _take(page, "console-routes")
    page.goto(f"{stack.web_url}/console/menus/members")
    page.wait_for_selector("html[data-looked]")
    page.get_by_role("button", name="ボタンC").click()
    _take(page, "menu-editor")
    page.close()


def _panel(stack: Stack, browser: Browser) -> None:
    """The developer's panel beside the phone: what goes over the wire, faults, the time machine."""
    page = _phone_of(stack, browser, "架空 太郎", DESK)
    page.get_by_test_id("drawer-toggle").click()
    page.get_by_test_id("follow").click()
    page.get_by_test_id("quick-reply").first.wait_for()
    _take(page, "panel")
    page.close()


def _console(stack: Stack, browser: Browser) -> None:
    """The console with invented people, on a desk and on a phone."""
    people = make_people(stack.database, stack.clock.now())
    email = make_staff(stack.database)[1]
    page = browser.new_page(viewport=DESK, locale="ja-JP")
    page.goto(f"{stack.web_url}/console/")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".topbar")
    hers = f"{stack.web_url}/console/people/friends/{people.hanako}"
    page.goto(f"{stack.web_url}/console/")
    _take(page, "console-today")
    page.goto(hers)
    _take(page, "console-person")
    page.goto(f"{stack.web_url}/console/jobs")
    _take(page, "console-jobs")
    page.goto(f"{stack.web_url}/console/jobs/{_most_looked_at(stack)}")
    _take(page, "console-job")
    page.set_viewport_size(PHONE)
    page.goto(hers)
    _take(page, "console-phone")
    page.close()


def _most_looked_at(stack: Stack) -> int:
    many = select(Job.id).join(Activity, Activity.job_id == Job.id).group_by(Job.id)
    with reading(stack.database) as session:
        return session.scalars(many.order_by(func.count().desc()).limit(1)).one()


def _phone_of(stack: Stack, browser: Browser, name: str, size: ViewportSize) -> Page:
    person = stack.line.add_person(name)
    page = browser.new_page(
        viewport={"width": size["width"], "height": size["height"]}, device_scale_factor=1
    )
    page.goto(f"{stack.line.url}/phone?person={person}")
    page.wait_for_selector("html[data-ready]")
    return page


def _take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
    click.echo(f"docs/pictures/{name}.png")


if __name__ == "__main__":
    main()
