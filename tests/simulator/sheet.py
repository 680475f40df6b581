"""A page with nothing but the renderer in it, as the console's preview uses it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route

from app.simulator.config import SimulatorConfig
from app.simulator.samples import SAMPLES
from app.simulator.server import run_simulator
from tests.chromium import open_browser
from tests.simulator.conftest import SECRET, TOKEN

_HTML = """<!doctype html><html lang="ja"><meta charset="utf-8"><title>sheet</title>
<link rel="stylesheet" href="/static/render/render.css">
<style>body { margin: 0 }</style><div id="view"><ol></ol></div>"""
NOW = 1_795_316_400_000  # 2026-11-22 12:00 in Tokyo
_DRAW = """async ([entries, options]) => {
    const render = await import("/static/render/index.js");
    const view = document.querySelector("#view");
    const rows = view.firstElementChild;
    rows.className = "line-rows";
    render.setLook(view, options);
    window.taps = [];
    const context = {
        ...options,
        picture: (url) => (url.startsWith("https://pictures.example/") ? "/picture.png" : null),
        onAction: (action) => window.taps.push(action),
        onOpen: (kind, address) => window.taps.push({ kind, address }),
        nameOf: (id) => (id === "U1" ? "見本 花子" : null),
        account: { name: "ごえん（見本）" },
    };
    let before;
    rows.replaceChildren();
    for (const entry of entries) {
        rows.append(...render.renderLine(entry, before, context));
        before = entry;
    }
    rows.append(...render.renderChips(before.message, context));
    render.fitTexts(view);
    const images = [...view.querySelectorAll("img")];
    for (const image of images) image.loading = "eager";
    await Promise.all(images.map((image) => image.decode()));
    await document.fonts.ready;
}"""


class Sheet:
    """Draws messages in the page and gives what was drawn."""

    def __init__(self, page: Page, problems: list[str]) -> None:
        self.page = page
        self.problems = problems

    def draw(self, messages: Sequence[dict[str, Any]], *, sender: str = "bot", **options: Any) -> Locator:
        """The messages as lines of a chat; options are the renderer's. Gives the view."""
        entries = [{"from": sender, "at": NOW - 60_000, "message": message} for message in messages]
        return self.rows(entries, **options)

    def rows(self, entries: Sequence[dict[str, Any]], **options: Any) -> Locator:
        """Entries of a chat. Gives the view."""
        self.page.evaluate(_DRAW, [list(entries), {"now": NOW, **options}])
        return self.page.locator("#view")

    def flex(self, contents: dict[str, Any], **options: Any) -> Locator:
        """One Flex message."""
        return self.draw([{"type": "flex", "altText": "x", "contents": contents}], **options)

    def taps(self) -> list[dict[str, Any]]:
        """What was tapped since the last drawing."""
        found: list[dict[str, Any]] = self.page.evaluate("window.taps")
        return found


@contextmanager
def open_sheet(browser: Browser, url: str, width: int = 375) -> Iterator[Sheet]:
    """A page on the simulator's own address; at its end nothing may have gone wrong in it."""
    page = browser.new_page(viewport={"width": width, "height": 812}, reduced_motion="reduce")
    problems: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.route(f"{url}/sheet", _give("text/html", _HTML.encode()))
    page.route(f"{url}/picture.png", _give("image/png", SAMPLES["image"].body))
    page.goto(f"{url}/sheet")
    yield Sheet(page, problems)
    page.close()
    assert problems == []
    assert [each for each in asked if not each.startswith(f"{url}/")] == []


def _give(mime: str, body: bytes) -> Any:
    def fulfill(route: Route) -> None:
        route.fulfill(content_type=mime, body=body)

    return fulfill


@contextmanager
def running_sheet(width: int = 375) -> Iterator[Sheet]:
    """A simulator, a browser and the page in it."""
    config = SimulatorConfig(channel_secret=SECRET, access_token=TOKEN)
    with (
        run_simulator(config) as line,
        open_browser() as browser,
        open_sheet(browser, line.url, width) as sheet,
    ):
        yield sheet


def boxes(node: Locator) -> list[dict[str, float]]:
    """Left, top, right, bottom, width and height of each child."""
    found: list[dict[str, float]] = node.first.evaluate(
        "node => [...node.children].map(child => child.getBoundingClientRect().toJSON())"
    )
    return found
