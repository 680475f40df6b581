"""The menu editor in a browser: pointer, keys, fields, undo, checks, drafts, publishing, rolling back."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.serving import make_server

from app.clock import Clock
from app.db import Database, reading, transaction
from app.staff.rules import Role
from richmenu.actions import load_shipped_menus
from richmenu.queries import menu_versions
from richmenu.rules import Bounds, Size, is_inside
from richmenu.schema import Menu, menu_from_json
from tests.chromium import needs_chromium
from tests.console.visiting import Visitor, make_staff, running_console
from tests.databases import Databases, opened
from tests.waiting import END_SECONDS

pytestmark = [needs_chromium, pytest.mark.browser]
PATIENCE = 20_000
SIZE = Size(2500, 1686)


@dataclass(frozen=True)
class Site:
    """A running console on a database of its own."""

    app: Flask
    database: Database
    url: str

    def newest(self) -> Menu:
        with reading(self.database) as session:
            return menu_from_json(menu_versions(session, "members")[0].body)


@pytest.fixture
def site(databases: Databases) -> Iterator[Site]:
    with opened(databases.fresh_url("sqlite")) as database:
        with transaction(database) as session:
            load_shipped_menus(session, Clock().now())
        with running_console(database) as app:
            server = make_server("127.0.0.1", 0, app, threaded=True)
            thread = threading.Thread(target=server.serve_forever, args=(END_SECONDS,), daemon=True)
            thread.start()
            yield Site(app, database, f"http://127.0.0.1:{server.server_port}")
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    """The editor of the members' menu, by somebody who is signed in; nothing may go wrong in it."""
    context = browser.new_context(viewport={"width": 1500, "height": 950}, locale="ja-JP")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
    sign_in(page, site, "架空 編集")
    open_editor(page, site)
    yield page
    context.close()
    assert problems == []


def sign_in(page: Page, site: Site, name: str) -> None:
    """The page's browser has the cookie of somebody who is signed in; the form is tried in test_in_browser.py."""
    visitor = Visitor(site.app)
    visitor.is_signed_in(site.database, make_staff(site.database, Role.EDITOR, name)[0])
    cookie = visitor.client.get_cookie("goen_console", path="/console")
    assert cookie is not None
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": f"{site.url}/console"}])


def open_editor(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/console/menus/members")
    page.wait_for_selector("html[data-looked]", timeout=PATIENCE)


def area(page: Page, letter: str) -> Locator:
    return page.locator(".board-area").filter(has=page.locator(".board-letter", has_text=letter))


def bounds(page: Page) -> dict[str, int]:
    """Of the chosen area, as the number fields say."""
    return {side: int(page.locator(f"#f-{side}").input_value()) for side in ("x", "y", "width", "height")}


def drag(page: Page, start: tuple[float, float], by: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0] / 2, start[1] + by[1] / 2, steps=3)
    page.mouse.move(start[0] + by[0], start[1] + by[1], steps=3)
    page.mouse.up()


def middle(node: Locator) -> tuple[float, float]:
    box = node.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def scale(page: Page) -> float:
    """Screen pixels of one pixel of the picture."""
    box = page.locator(".board").bounding_box()
    assert box is not None
    return box["width"] / SIZE.width


def saved(page: Page) -> None:
    expect(page.locator("#status")).to_contain_text("下書きを保存しました", timeout=PATIENCE)


def test_a_drag_begins_after_four_pixels_moves_and_catches_on_edges(page: Page) -> None:
    where = middle(area(page, "C"))
    drag(page, where, (2, 2))
    assert bounds(page) == {"x": 0, "y": 300, "width": 833, "height": 693}
    drag(page, where, (0, 200 * scale(page)))
    assert bounds(page)["y"] in {499, 500, 501}
    drag(page, middle(area(page, "C")), (0, -200 * scale(page) + 5))
    assert bounds(page) == {"x": 0, "y": 300, "width": 833, "height": 693}, (
        "caught by the edge under the tabs"
    )
    drag(page, middle(area(page, "C")), (-500, 0))
    assert bounds(page)["x"] == 0, "held on the picture"


def test_a_handle_resizes_and_stops_at_the_picture(page: Page) -> None:
    area(page, "H").click()
    drag(page, middle(page.locator(".handle.se")), (400, 400))
    assert bounds(page) == {"x": 1667, "y": 993, "width": 833, "height": 693}
    drag(page, middle(page.locator(".handle.nw")), (100 * scale(page), 60 * scale(page)))
    found = bounds(page)
    assert found["x"] in {1766, 1767, 1768}
    assert found["y"] in {1052, 1053, 1054}
    assert (found["x"] + found["width"], found["y"] + found["height"]) == SIZE


def test_keys_move_resize_remove_and_undo_brings_back(page: Page) -> None:
    area(page, "C").focus()
    for key, expected in [
        ("ArrowRight", {"x": 10, "y": 300}),
        ("Shift+ArrowRight", {"x": 11, "y": 300}),
        ("ArrowDown", {"x": 11, "y": 310}),
        ("Control+ArrowLeft", {"width": 823, "height": 693}),
        ("Control+Shift+ArrowUp", {"width": 823, "height": 692}),
    ]:
        page.keyboard.press(key)
        assert expected.items() <= bounds(page).items(), key
    expect(area(page, "C")).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.locator(".board-area")).to_have_count(7)
    page.keyboard.press("Control+z")
    expect(page.locator(".board-area")).to_have_count(8)
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(".board-area")).to_have_count(7)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className").startswith("board-area")


def test_sixty_steps_can_be_undone_and_done_again(page: Page) -> None:
    area(page, "C").click()
    for step in range(60):
        page.locator("#f-x").fill(str(step + 1))
        page.locator("#f-x").press("Tab")
    assert bounds(page)["x"] == 60
    for _ in range(60):
        page.locator("#undo").click()
    expect(page.locator("#undo")).to_be_disabled()
    assert bounds(page)["x"] == 0
    for _ in range(60):
        page.locator("#redo").click()
    assert bounds(page)["x"] == 60


def test_free_space_is_drawn_on_and_the_words_come_next(page: Page) -> None:
    area(page, "E").focus()
    page.keyboard.press("Delete")
    board = page.locator(".board").bounding_box()
    assert board is not None
    unit = scale(page)
    start = (board["x"] + 1700 * unit, board["y"] + 330 * unit)
    drag(page, start, (760 * unit, 600 * unit))
    expect(page.locator("#f-label")).to_be_focused()
    found = bounds(page)
    assert found["x"] in range(1660, 1710)
    assert is_inside(Bounds(**found), SIZE)
    page.keyboard.type("新しいボタン")
    page.locator("#f-action-type").select_option("uri")
    page.locator("#f-action-uri").fill("https://goen.example/")
    expect(area(page, "H")).to_have_attribute("aria-label", "ボタンH 新しいボタン、" + where(found))


def where(found: dict[str, int]) -> str:
    return f"横{found['x']} 縦{found['y']} 幅{found['width']} 高さ{found['height']}"


def test_faults_are_said_while_editing_and_lead_to_their_button(page: Page) -> None:
    area(page, "C").focus()
    page.keyboard.press("ArrowRight")
    fault = page.get_by_role("button", name="ボタンCとDの範囲が重なっています")
    expect(fault).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#faults-head")).to_contain_text("直すこと 1件")
    expect(page.locator(".bare-spot")).to_have_count(1)
    fault.click()
    expect(area(page, "D")).to_be_focused()
    page.locator("#undo").click()
    expect(page.locator("#faults-head")).to_contain_text("問題はありません", timeout=PATIENCE)


def test_a_preset_asks_before_it_moves_filled_buttons(page: Page) -> None:
    page.locator('[data-preset="large_6"]').click()
    dialog = page.get_by_role("dialog", name="配置を変えます")
    expect(dialog).to_contain_text("あふれた2個は消えます")
    dialog.get_by_role("button", name="やめる").click()
    expect(page.locator(".board-area")).to_have_count(8)
    page.locator('[data-preset="large_6"]').click()
    dialog.get_by_role("button", name="配置を変える").click()
    expect(page.locator(".board-area")).to_have_count(6)
    expect(area(page, "C")).to_have_attribute("aria-label", "ボタンC おすすめ、横1667 縦0 幅833 高さ843")
    page.locator("#undo").click()
    expect(page.locator(".board-area")).to_have_count(8)


def test_a_tab_on_the_phone_switches_as_it_would(page: Page) -> None:
    page.locator(".phone-spot").nth(1).click()
    expect(page.locator(".tab-choice", has_text="設定")).to_have_attribute("aria-pressed", "true")
    expect(area(page, "C")).to_have_attribute("aria-label", "ボタンC お休み、横0 縦300 幅833 高さ693")


def test_the_picture_on_the_phone_follows_what_is_written(page: Page) -> None:
    area(page, "C").click()
    before = page.locator(".phone-picture").get_attribute("src")
    page.locator("#f-label").fill("今日の求人")
    expect(page.locator(".phone-picture")).not_to_have_attribute("src", before or "", timeout=PATIENCE)


def test_a_menu_is_published_and_rolled_back(page: Page, site: Site) -> None:
    area(page, "C").click()
    page.locator("#f-label").fill("今日の求人")
    saved(page)
    page.locator("#publish").click()
    expect(page.get_by_role("heading", name="いま公開中(版1)")).to_be_visible()
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_text("リッチメニューを公開しました。1分ほどで順に切り替わります。")).to_be_visible()
    assert site.newest().tabs[0].areas[2].label == "今日の求人"
    page.get_by_role("button", name="版1に戻す").first.click()
    page.get_by_role("dialog").get_by_role("button", name="版1に戻す").click()
    expect(page.get_by_text("版1に戻しました。")).to_be_visible()
    assert site.newest().tabs[0].areas[2].label == "おすすめ"


def test_the_second_editor_is_told_and_decides(page: Page, site: Site, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1500, "height": 950})
    other = context.new_page()
    sign_in(other, site, "架空 佐藤")
    open_editor(other, site)
    for each, words in ((other, "先の人"), (page, "後の人")):
        area(each, "C").click()
        each.locator("#f-label").fill(words)
        if each is other:
            saved(other)
    expect(page.locator("#conflict")).to_contain_text("架空 佐藤さんが先に保存しました", timeout=PATIENCE)
    expect(page.locator("#f-label")).to_have_value("後の人")
    page.get_by_role("button", name="自分の内容で保存する").click()
    saved(page)
    context.close()


def test_what_could_not_be_sent_is_offered_at_the_next_visit(page: Page, site: Site) -> None:
    page.route("**/draft", lambda route: route.abort())
    area(page, "C").click()
    page.locator("#f-label").fill("つながらない間")
    expect(page.locator("#status")).to_contain_text("サーバーに届きませんでした", timeout=PATIENCE)
    other = page.context.new_page()
    open_editor(other, site)
    other.get_by_role("button", name="変更を取り込む").click()
    area(other, "C").click()
    expect(other.locator("#f-label")).to_have_value("つながらない間")
    saved(other)
    other.close()


@pytest.mark.parametrize("path", ["", "/members", "/members/versions"])
@pytest.mark.parametrize("width", [1500, 390])
def test_the_pages_have_no_barriers(page: Page, site: Site, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site.url}/console/menus{path}")
    if path == "/members":
        page.wait_for_selector("html[data-looked]", timeout=PATIENCE)
        area(page, "C").click()
    found = Axe().run(page).response["violations"]
    assert found == [], [each["id"] for each in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


_side = st.integers(-3000, 3000)
_inside = st.tuples(st.integers(0, 2400), st.integers(0, 1600), st.integers(20, 2500), st.integers(20, 1686))
_step = st.tuples(_inside, st.sampled_from(["n", "e", "se", "nw", "w", "sw", "move"]), _side, _side)


def test_no_drag_leaves_the_picture_or_turns_inside_out(page: Page) -> None:
    """The browser's geometry, on what hypothesis finds; one evaluation for a batch of steps."""

    @settings(max_examples=15, deadline=None)
    @given(st.lists(_step, min_size=20, max_size=40))
    def check(steps: list[Any]) -> None:
        results = page.evaluate(
            """async ([steps, size]) => {
                const g = await import("/console/static/menus/geometry.js");
                return steps.map(([[x, y, width, height], way, dx, dy]) => {
                    const start = g.clamp({ x, y, width, height }, size);
                    const how = { size, lines: g.catchLines([], size), reach: 40 };
                    const isMove = way === "move";
                    const go = isMove ? g.movedAndCaught : (from, ...rest) => g.resizedAndCaught(from, way, ...rest);
                    return [start, go(start, dx, dy, how).bounds];
                });
            }""",
            [steps, SIZE._asdict()],
        )
        for (_, way, _dx, _dy), (start, end) in zip(steps, results, strict=True):
            assert is_inside(Bounds(**end), SIZE)
            assert end["width"] >= 20
            assert end["height"] >= 20
            if way == "move":
                assert (end["width"], end["height"]) == (start["width"], start["height"])

    check()
