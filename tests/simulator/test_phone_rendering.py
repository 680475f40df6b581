"""How messages look on the phone: the measures of LINE's own renderer, in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator

from tests.simulator.browser import Phone, css, needs_chromium, open_browser, size_of
from tests.simulator.conftest import Start

pytestmark = [pytest.mark.browser, needs_chromium]

TALL = "https://pictures.example/a.png"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser, start: Start) -> Iterator[Phone]:
    line = start()
    person = line.add_person("見本 花子", is_friend=True)
    page = browser.new_page(viewport={"width": 375, "height": 812})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{line.url}/phone?person={person}")
    page.wait_for_selector("html[data-ready]")
    yield Phone(page, line, person, problems)
    page.close()
    assert problems == []


def text(words: str = "見本", **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def box(layout: str, *contents: Any, **more: Any) -> dict[str, Any]:
    return {"type": "box", "layout": layout, "contents": list(contents), **more}


def bubble(*contents: Any, **more: Any) -> dict[str, Any]:
    return {"type": "bubble", "body": box("vertical", *contents), **more}


def button(label: str = "見る", **more: Any) -> dict[str, Any]:
    action = {"type": "postback", "label": label, "data": "v1:x"}
    return {"type": "button", "action": action, **more}


def children(node: Locator, of: str = ".flex-body > .flex-box") -> list[dict[str, float]]:
    """Left, top, width and height of each child."""
    found: list[dict[str, float]] = node.locator(of).first.evaluate(
        "node => [...node.children].map(child => child.getBoundingClientRect().toJSON())"
    )
    return found


@pytest.mark.parametrize(
    ("size", "width", "radius"),
    [
        ("nano", 120, "10px"),
        ("micro", 160, "10px"),
        ("deca", 220, "10px"),
        ("hecto", 241, "10px"),
        ("kilo", 260, "10px"),
        ("mega", 300, "17px"),
        ("giga", 361, "5px"),
    ],
)
def test_a_bubble_has_the_width_and_corners_of_its_size(
    phone: Phone, size: str, width: float, radius: str
) -> None:
    node = phone.receive_flex(bubble(text(), size=size)).locator(".flex-bubble")
    assert size_of(node)[0] == width
    assert css(node, "border-radius") == radius


@pytest.mark.parametrize(
    ("more", "padding"),
    [
        pytest.param({}, "19px 20px 20px", id="alone"),
        pytest.param({"footer": box("vertical", button())}, "19px 20px 10px", id="above a footer"),
    ],
)
def test_the_body_has_the_default_padding(phone: Phone, more: dict[str, Any], padding: str) -> None:
    node = phone.receive_flex(bubble(text(), **more)).locator(".flex-body > .flex-box")
    assert css(node, "padding") == padding


def test_a_padding_of_its_own_replaces_the_default_side_by_side(phone: Phone) -> None:
    contents = {"type": "bubble", "body": box("vertical", text(), paddingTop="4px")}
    node = phone.receive_flex(contents).locator(".flex-body > .flex-box")
    assert css(node, "padding") == "4px 20px 20px"


@pytest.mark.parametrize(("size", "pixels"), [("md", 16), ("xl", 22), ("5xl", 74), ("12.5px", 12.5)])
def test_text_sizes(phone: Phone, size: str, pixels: float) -> None:
    node = phone.receive_flex(bubble(text(size=size))).locator(".flex-text > p")
    assert css(node, "font-size") == f"{pixels}px"
    assert float(css(node, "line-height").removesuffix("px")) == pytest.approx(pixels * 1.4, abs=0.1)


@pytest.mark.parametrize(("height", "pixels"), [("sm", 40), ("md", 52)])
def test_a_button_has_its_height_and_one_line(phone: Phone, height: str, pixels: float) -> None:
    node = phone.receive_flex(bubble(button("見" * 40, height=height), size="micro")).locator("button")
    assert size_of(node)[1] == pixels
    label = node.locator("span")
    assert css(label, "text-overflow") == "ellipsis"
    assert label.evaluate("node => node.scrollWidth > node.clientWidth")


def test_a_row_shares_its_width_by_flex(phone: Phone) -> None:
    node = phone.receive_flex(bubble(box("horizontal", text(flex=2), text(flex=3))))
    widths = [child["width"] for child in children(node, ".flex-horizontal")]
    assert widths == pytest.approx([104, 156])


def test_a_child_without_share_takes_what_it_needs(phone: Phone) -> None:
    node = phone.receive_flex(bubble(box("horizontal", text("Hello", flex=0), text(flex=2), text(flex=3))))
    first, second, third = (child["width"] for child in children(node, ".flex-horizontal"))
    assert first < 60
    assert first + second + third == pytest.approx(260)
    assert third / second == pytest.approx(1.5)


def test_a_childs_margin_replaces_the_spacing(phone: Phone) -> None:
    body = box("vertical", text(), text(), text(margin="none"), spacing="md")
    one, two, three = children(phone.receive_flex({"type": "bubble", "body": body}))
    assert two["top"] - one["bottom"] == pytest.approx(8)
    assert three["top"] - two["bottom"] == pytest.approx(0)


def test_a_separator_takes_no_space(phone: Phone) -> None:
    node = phone.receive_flex(bubble(text(), {"type": "separator"}, text()))
    one, _, three = children(node)
    assert three["top"] - one["bottom"] == pytest.approx(0)


@pytest.mark.parametrize(
    ("image", "size"),
    [
        pytest.param({"size": "full", "aspectRatio": "20:13"}, (300, 195), id="full 20:13"),
        pytest.param({}, (100, 100), id="md, square"),
        pytest.param({"size": "50%", "aspectRatio": "2:1"}, (150, 75), id="half"),
    ],
)
def test_a_picture_has_its_area_whether_it_loads_or_not(
    phone: Phone, image: dict[str, Any], size: tuple[float, float]
) -> None:
    contents = bubble(text(), hero={"type": "image", "url": TALL, **image})
    node = phone.receive_flex(contents).locator(".flex-hero .flex-picture")
    assert size_of(node) == pytest.approx(size, abs=0.1)


def test_justify_content_changes_nothing_while_children_grow(phone: Phone) -> None:
    plain = box("horizontal", text(), text())
    spread = {**plain, "justifyContent": "space-between"}
    one, two = (
        [child["left"] for child in children(phone.receive_flex(bubble(row)), ".flex-horizontal")]
        for row in (plain, spread)
    )
    assert one == two


def test_an_absolute_child_does_not_change_its_parents_size(phone: Phone) -> None:
    tall = box("vertical", height="200px", position="absolute", offsetTop="0px", offsetStart="0px")
    heights = [
        size_of(phone.receive_flex(bubble(text(), *more)).locator(".flex-bubble"))[1]
        for more in ((), (tall,))
    ]
    assert heights[0] == heights[1]


def test_bubbles_of_a_carousel_are_equally_high_with_their_footers_at_the_bottom(phone: Phone) -> None:
    footer = box("vertical", button())
    short = bubble(text(), footer=footer, size="kilo")
    tall = bubble(*[text()] * 8, footer=footer, size="kilo")
    node = phone.receive_flex({"type": "carousel", "contents": [short, tall]})
    one, two = children(node, ".flex-carousel")
    assert one["height"] == two["height"]
    assert (one["width"], two["left"] - one["right"]) == (260, 9)
    ends = node.locator(".flex-footer").evaluate_all(
        "nodes => nodes.map(node => node.getBoundingClientRect().bottom)"
    )
    assert ends == [one["bottom"], two["bottom"]]


def test_a_giga_bubble_of_a_carousel_is_narrower(phone: Phone) -> None:
    node = phone.receive_flex({"type": "carousel", "contents": [bubble(text(), size="giga")] * 2})
    assert children(node, ".flex-carousel")[0]["width"] == 286


@pytest.mark.parametrize(("wrap", "lines"), [(False, 1), (True, 2)])
def test_a_line_break_counts_only_where_text_wraps(phone: Phone, *, wrap: bool, lines: int) -> None:
    node = phone.receive_flex(bubble(text("一\n二", wrap=wrap))).locator(".flex-text")
    assert size_of(node)[1] == pytest.approx(22.4 * lines, abs=0.2)


def test_text_longer_than_its_lines_is_cut(phone: Phone) -> None:
    node = phone.receive_flex(bubble(text("見本" * 200, wrap=True, maxLines=2))).locator(".flex-text")
    assert size_of(node)[1] == pytest.approx(44.8, abs=0.2)


MARKUP = '<script>document.title="x"</script><img src=x onerror=alert(1)>'


def test_markup_in_any_words_is_shown_as_words(phone: Phone) -> None:
    action = {"type": "postback", "label": "<b>はい</b>", "data": "v1:x"}
    node = phone.receive(
        {"type": "text", "text": MARKUP, "sender": {"name": "<i>担当</i>"}},
        {
            "type": "template",
            "altText": MARKUP,
            "template": {"type": "buttons", "title": "<b>題</b>", "text": MARKUP[:60], "actions": [action]},
        },
        {"type": "flex", "altText": MARKUP, "contents": bubble(text(MARKUP), button("<b>はい</b>"))},
    )
    chat = phone.page.locator(".lines")
    assert chat.locator("script, img, b, i").count() == 0
    assert MARKUP in chat.inner_text()
    assert "<i>担当</i> from" in chat.inner_text()
    assert node.locator(".flex-button").inner_text() == "<b>はい</b>"


def test_a_javascript_address_does_nothing(phone: Phone) -> None:
    done = phone.page.evaluate(
        """async () => {
            const { renderMessage } = await import("/static/render/message.js");
            const { onTap } = await import("/static/taps.js");
            const opened = [];
            window.open = (address) => opened.push(address);
            const phone = { toast: (words) => opened.push(words), spendChips: () => {} };
            const taps = [];
            const context = {
                picture: () => null, content: () => null,
                onAction: (action, node) => taps.push(onTap(action, node, phone)),
            };
            for (const uri of ["javascript:opened.push(1)", "data:text/html,x", "https://a.example/"]) {
                const action = { type: "uri", label: "x", uri };
                const contents = { type: "bubble", body: { type: "box", layout: "vertical",
                    contents: [{ type: "button", action }] } };
                const node = renderMessage({ type: "flex", altText: "x", contents }, context);
                node.querySelector("button").click();
            }
            await Promise.all(taps);
            return [opened, taps.length];
        }"""
    )
    assert done == [["https://a.example/"], 3]


KINDS: list[dict[str, Any]] = [
    {"type": "sticker", "packageId": "11537", "stickerId": "52002738"},
    {"type": "image", "originalContentUrl": TALL, "previewImageUrl": TALL},
    {"type": "video", "originalContentUrl": TALL, "previewImageUrl": TALL},
    {"type": "audio", "originalContentUrl": TALL, "duration": 61000},
    {"type": "location", "title": "面接会場", "address": "見本", "latitude": 35.0, "longitude": 139.0},
    {
        "type": "template",
        "altText": "x",
        "template": {
            "type": "image_carousel",
            "columns": [{"imageUrl": TALL, "action": {"type": "uri", "uri": "https://a.example/"}}],
        },
    },
]


@pytest.mark.parametrize("message", [pytest.param(each, id=str(each["type"])) for each in KINDS])
@pytest.mark.parametrize("width", [320, 375, 430])
def test_every_kind_of_message_fits_the_screen(phone: Phone, message: dict[str, Any], width: int) -> None:
    phone.page.set_viewport_size({"width": width, "height": 700})
    node = phone.receive(message).locator(".line-message")
    assert size_of(node)[0] <= width
    assert phone.page.evaluate("document.documentElement.scrollWidth") == width
