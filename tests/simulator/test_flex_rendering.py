"""How Flex is drawn: the measures of LINE's own renderer, in a real browser, 375 wide."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator

from tests.chromium import needs_chromium
from tests.simulator.browser import css, size_of
from tests.simulator.reference import (
    FILLER,
    ICON,
    PICTURE,
    SEPARATOR,
    box,
    bubble,
    button,
    image,
    postback,
    separator_with,
    text,
)
from tests.simulator.sheet import Sheet, boxes, running_sheet

pytestmark = [pytest.mark.browser, needs_chromium]

BODY = ".flex-body > .flex-box"
ROW = ".flex-horizontal"


@pytest.fixture(scope="module")
def sheet() -> Iterator[Sheet]:
    with running_sheet() as opened:
        yield opened


def drawn(sheet: Sheet, *contents: Any, of: str = BODY, **more: Any) -> list[dict[str, float]]:
    """The boxes of what stands in a mega body, or in the first `of` in it."""
    return boxes(sheet.flex(bubble(*contents, **more)).locator(of))


def tops(found: list[dict[str, float]]) -> list[float]:
    """The distance of each box from the one above."""
    return [round(two["top"] - one["bottom"], 1) for one, two in pairwise(found)]


@pytest.mark.parametrize(
    ("size", "width", "radius"),
    [
        ("nano", 120, 10),
        ("micro", 160, 10),
        ("deca", 220, 10),
        ("hecto", 241, 10),
        ("kilo", 260, 10),
        ("mega", 300, 17),
        ("giga", 361, 5),
        (None, 300, 17),
    ],
)
def test_a_bubble_has_the_width_and_corners_of_its_size(
    sheet: Sheet, size: str | None, width: int, radius: int
) -> None:
    node = sheet.flex(bubble(text(), **({"size": size} if size else {}))).locator(".flex-bubble")
    assert size_of(node)[0] == width
    assert css(node, "border-radius") == f"{radius}px"
    assert css(node, "overflow") == "hidden"


@pytest.mark.parametrize(
    ("size", "header", "alone", "above_footer"),
    [
        ("nano", "10px", "10px", "10px"),
        ("micro", "10px", "10px", "10px"),
        ("deca", "11px 14px 13px", "11px 14px 13px", "11px 14px 17px"),
        ("hecto", "11px 14px 13px", "11px 14px 13px", "11px 14px 17px"),
        ("kilo", "13px", "13px", "13px 13px 17px"),
        ("mega", "20px", "19px 20px 20px", "19px 20px 10px"),
        ("giga", "20px", "19px 20px 20px", "19px 20px 10px"),
    ],
)
def test_blocks_have_the_padding_of_their_size(
    sheet: Sheet, size: str, header: str, alone: str, above_footer: str
) -> None:
    one = box("vertical", text())
    node = sheet.flex(bubble(text(), size=size, header=one))
    assert css(node.locator(".flex-header > .flex-box"), "padding") == header
    assert css(node.locator(BODY), "padding") == alone
    node = sheet.flex(bubble(text(), size=size, footer=one))
    assert css(node.locator(BODY), "padding") == above_footer
    assert css(node.locator(".flex-footer > .flex-box"), "padding") == "10px"


@pytest.mark.parametrize(
    ("given", "padding"),
    [
        pytest.param({"paddingTop": "4px"}, "4px 20px 20px", id="one side"),
        pytest.param({"paddingAll": "none"}, "0px", id="all"),
        pytest.param({"paddingAll": "lg", "paddingStart": "xs"}, "12px 12px 12px 2px", id="a side beats all"),
        pytest.param({"paddingAll": "10%"}, "30px", id="a share of the width"),
    ],
)
def test_a_padding_of_its_own_replaces_the_default_side_by_side(
    sheet: Sheet, given: dict[str, str], padding: str
) -> None:
    contents = {"type": "bubble", "body": box("vertical", text(), **given)}
    assert css(sheet.flex(contents).locator(BODY), "padding") == padding


def test_blocks_stand_in_lines_order_whatever_the_order_in_the_message(sheet: Sheet) -> None:
    one = box("vertical", text())
    contents = {"type": "bubble", "footer": one, "hero": image(), "body": one, "header": one}
    classes = (
        sheet.flex(contents).locator(".flex-block").evaluate_all("all => all.map(one => one.classList[1])")
    )
    assert classes == ["flex-header", "flex-hero", "flex-body", "flex-footer"]


def test_a_block_has_its_colour_and_a_line_above_unless_it_is_the_first(sheet: Sheet) -> None:
    look = {"separator": True, "separatorColor": "#112233", "backgroundColor": "#FF0000"}
    contents = bubble(text(), footer=box("vertical", text()), styles={"body": look, "footer": look})
    node = sheet.flex(contents)
    assert css(node.locator(".flex-footer"), "background-color") == "rgb(255, 0, 0)"
    lines = node.locator(".flex-block").evaluate_all(
        "all => all.map(one => getComputedStyle(one, '::after').backgroundColor)"
    )
    assert lines == ["rgba(0, 0, 0, 0)", "rgb(17, 34, 51)"]
    plain = sheet.flex(bubble(text(), footer=box("vertical", text()))).locator(".flex-bubble")
    height = size_of(plain)[1]
    assert size_of(sheet.flex(contents).locator(".flex-bubble"))[1] == height


def test_a_short_text_does_not_shrink_a_bubble_and_a_narrow_screen_does(sheet: Sheet) -> None:
    node = sheet.flex(bubble(text("あ"))).locator(".flex-bubble")
    assert size_of(node)[0] == 300
    sheet.page.set_viewport_size({"width": 320, "height": 700})
    assert size_of(node)[0] < 280
    sheet.page.set_viewport_size({"width": 375, "height": 812})


SIZES = [
    *(("xxs", 11), ("xs", 13), ("sm", 14), ("md", 16), ("lg", 19), ("xl", 22), ("xxl", 29)),
    *(("3xl", 35), ("4xl", 48), ("5xl", 74), ("12.5px", 12.5)),
]


@pytest.mark.parametrize(("size", "pixels"), SIZES)
def test_text_span_and_icon_sizes(sheet: Sheet, size: str, pixels: float) -> None:
    spans = {"type": "text", "contents": [{"type": "span", "text": "見", "size": size}]}
    node = sheet.flex(bubble(text(size=size), box("baseline", ICON | {"size": size}), spans))
    line = node.locator(".flex-text > p").first
    assert css(line, "font-size") == f"{pixels}px"
    assert float(css(line, "line-height").removesuffix("px")) == pytest.approx(pixels * 1.4, abs=0.1)
    assert size_of(node.locator(".flex-icon")) == (pixels, pixels)
    assert css(node.locator("p span"), "font-size") == f"{pixels}px"


def test_the_default_size_is_md(sheet: Sheet) -> None:
    node = sheet.flex(bubble(text(), box("baseline", ICON), image()))
    assert css(node.locator(".flex-text > p"), "font-size") == "16px"
    assert size_of(node.locator(".flex-icon")) == (16, 16)
    assert size_of(node.locator(".flex-picture")) == (100, 100)


@pytest.mark.parametrize(
    ("letters", "factor"), [("small", 0.9), ("normal", 1), ("large", 1.15), ("huge", 1.3)]
)
def test_only_parts_with_scaling_follow_the_phones_letters(sheet: Sheet, letters: str, factor: float) -> None:
    scaled: dict[str, Any] = {"scaling": True}
    body = bubble(text(**scaled), text(), box("baseline", ICON | scaled), button(**scaled), button())
    node = sheet.flex(body, letters=letters)
    sizes = [
        float(css(node.locator(where), "font-size").removesuffix("px"))
        for where in (
            ".flex-text >> nth=0 >> p",
            ".flex-text >> nth=1 >> p",
            ".flex-icon",
            ".flex-button >> nth=0 >> span",
            ".flex-button >> nth=1 >> span",
        )
    ]
    assert sizes == pytest.approx([16 * factor, 16, 16 * factor, 16 * factor, 16])


@pytest.mark.parametrize(("height", "pixels"), [("sm", 40), ("md", 52), (None, 52)])
def test_a_button_has_its_height_and_one_line(sheet: Sheet, height: str | None, pixels: float) -> None:
    more = {"height": height} if height else {}
    node = sheet.flex(bubble(button("見" * 60, **more))).locator("button.flex-button")
    assert size_of(node) == (260, pixels)
    assert (css(node, "border-radius"), css(node, "padding")) == ("8px", "0px 16px")
    label = node.locator("span")
    assert css(label, "text-overflow") == "ellipsis"
    assert label.evaluate("node => node.scrollWidth > node.clientWidth")


@pytest.mark.parametrize(
    ("style", "given", "back", "ink"),
    [
        ("link", None, "rgba(0, 0, 0, 0)", "rgb(66, 101, 154)"),
        ("link", "#112233", "rgba(0, 0, 0, 0)", "rgb(17, 34, 51)"),
        ("primary", None, "rgb(23, 201, 80)", "rgb(255, 255, 255)"),
        ("primary", "#112233", "rgb(17, 34, 51)", "rgb(255, 255, 255)"),
        ("secondary", None, "rgb(220, 223, 229)", "rgb(17, 17, 17)"),
        ("secondary", "#112233", "rgb(17, 34, 51)", "rgb(17, 17, 17)"),
    ],
)
def test_button_colours(sheet: Sheet, style: str, given: str | None, back: str, ink: str) -> None:
    node = sheet.flex(bubble(button(style=style, **({"color": given} if given else {})))).locator(
        ".flex-button"
    )
    assert (css(node, "background-color"), css(node, "color")) == (back, ink)


def test_a_row_shares_its_width_by_flex(sheet: Sheet) -> None:
    found = drawn(sheet, box("horizontal", text(flex=2), text(flex=3)), of=ROW)
    assert [each["width"] for each in found] == pytest.approx([104, 156])


def test_children_of_a_row_share_equally_and_of_a_column_take_what_they_need(sheet: Sheet) -> None:
    row = drawn(sheet, box("horizontal", text("短"), text("長い文字")), of=ROW)
    assert [each["width"] for each in row] == pytest.approx([130, 130])
    column = drawn(
        sheet, box("vertical", text(), text(flex=1), height="200px"), of=f"{BODY} > .flex-vertical"
    )
    assert [each["height"] for each in column] == pytest.approx([22.4, 177.6], abs=0.2)


def test_a_child_without_share_takes_what_it_needs(sheet: Sheet) -> None:
    row = box("horizontal", text("Hello", flex=0), text(flex=2), text(flex=3))
    first, second, third = (each["width"] for each in drawn(sheet, row, of=ROW))
    assert first < 60
    assert first + second + third == pytest.approx(260)
    assert third / second == pytest.approx(1.5, abs=0.01)


@pytest.mark.parametrize("name", ["width", "height"])
def test_a_box_with_a_measure_does_not_grow_in_a_row(sheet: Sheet, name: str) -> None:
    fixed = box("vertical", text("あ"), **{name: "40px"})
    one, two = drawn(sheet, box("horizontal", fixed, text()), of=ROW)
    assert one[name] == pytest.approx(40)
    assert one["width"] + two["width"] == pytest.approx(260)


@pytest.mark.parametrize(
    ("given", "size"),
    [
        pytest.param({"width": "50%", "height": "40px"}, (130, 40), id="percent of the parent"),
        pytest.param({"width": "200px", "maxWidth": "80px", "height": "10px"}, (80, 10), id="the most wins"),
        pytest.param({"height": "90px", "maxHeight": "30px"}, (260, 30), id="the most height wins"),
        pytest.param({"width": "999px", "height": "10px"}, (260, 10), id="never wider than the parent"),
    ],
)
def test_measures_of_a_box(sheet: Sheet, given: dict[str, str], size: tuple[float, float]) -> None:
    [found] = drawn(sheet, box("vertical", **given))
    assert (found["width"], found["height"]) == pytest.approx(size)


def test_a_childs_margin_replaces_the_spacing(sheet: Sheet) -> None:
    body = box("vertical", text(), text(), text(margin="none"), text(margin="xxl"), FILLER, spacing="md")
    found = boxes(sheet.flex({"type": "bubble", "body": body}).locator(BODY))
    assert tops(found) == [8, 0, 20, 0]


def test_spacing_of_a_row_stands_before_each_child_but_the_first(sheet: Sheet) -> None:
    row = box("horizontal", text(), text(), text(margin="sm"), spacing="xl")
    one, two, three = drawn(sheet, row, of=ROW)
    assert (two["left"] - one["right"], three["left"] - two["right"]) == pytest.approx((16, 4))


def test_the_first_childs_own_margin_counts(sheet: Sheet) -> None:
    plain, [moved] = drawn(sheet, text())[0], drawn(sheet, text(margin="lg"))
    assert moved["top"] - plain["top"] == pytest.approx(12)


def test_a_separator_takes_no_space_and_lies_across(sheet: Sheet) -> None:
    one, line, three = drawn(sheet, text(), SEPARATOR, text())
    assert three["top"] - one["bottom"] == pytest.approx(0)
    assert (line["width"], line["height"]) == pytest.approx((260, 0))
    apart = drawn(sheet, text(), separator_with("md"), text(margin="lg"))
    assert tops(apart) == [8, 12]
    row = drawn(sheet, box("horizontal", text(), SEPARATOR, text(), height="50px"), of=ROW)
    assert (row[1]["width"], row[1]["height"]) == pytest.approx((0, 50))


@pytest.mark.parametrize(
    ("given", "size"),
    [
        pytest.param({"size": "full", "aspectRatio": "20:13"}, (300, 195), id="full 20:13"),
        pytest.param({}, (100, 100), id="md, square"),
        pytest.param({"size": "50%", "aspectRatio": "2:1"}, (150, 75), id="half"),
        pytest.param({"size": "5xl"}, (220, 220), id="5xl"),
        pytest.param({"size": "xxs"}, (40, 40), id="xxs"),
        pytest.param({"size": "64px", "aspectRatio": "1:3"}, (64, 192), id="pixels, three times as high"),
        pytest.param({"size": "900px", "aspectRatio": "3:1"}, (300, 100), id="never wider than the hero"),
    ],
)
@pytest.mark.parametrize("url", [PICTURE, "https://elsewhere.example/a.png"], ids=["loads", "does not"])
def test_a_picture_has_its_area_whether_it_loads_or_not(
    sheet: Sheet, given: dict[str, Any], size: tuple[float, float], url: str
) -> None:
    node = sheet.flex(bubble(text(), hero=image(**given, url=url))).locator(".flex-hero .flex-picture")
    assert size_of(node) == pytest.approx(size, abs=0.1)


@pytest.mark.parametrize(("mode", "fit"), [(None, "contain"), ("fit", "contain"), ("cover", "cover")])
def test_a_picture_fits_or_covers_its_area(sheet: Sheet, mode: str | None, fit: str) -> None:
    given = {"aspectMode": mode} if mode else {}
    node = sheet.flex(bubble(image(**given))).locator(".flex-picture img")
    assert css(node, "object-fit") == fit


@pytest.mark.parametrize(("align", "left"), [(None, 80), ("start", 0), ("center", 80), ("end", 160)])
def test_a_picture_is_centred_unless_aligned(sheet: Sheet, align: str | None, left: float) -> None:
    node = sheet.flex(bubble(image(**({"align": align} if align else {}))))
    [body] = boxes(node.locator(BODY))
    [frame] = boxes(node.locator(".flex-image"))
    assert frame["left"] - body["left"] == pytest.approx(left)


def test_justify_content_changes_nothing_while_children_grow(sheet: Sheet) -> None:
    rows = [box("horizontal", text(), text(), **more) for more in ({}, {"justifyContent": "space-between"})]
    one, two = ([each["left"] for each in drawn(sheet, row, of=ROW)] for row in rows)
    assert one == two


@pytest.mark.parametrize(
    ("how", "lefts"),
    [
        ("flex-start", [0, 20]),
        ("center", [110, 130]),
        ("flex-end", [220, 240]),
        ("space-between", [0, 240]),
        ("space-around", [55, 185]),
        ("space-evenly", [73.3, 166.7]),
    ],
)
def test_justify_content_spreads_what_does_not_grow(sheet: Sheet, how: str, lefts: list[float]) -> None:
    dot = box("vertical", width="20px", height="20px")
    node = sheet.flex(bubble(box("horizontal", dot, dot, justifyContent=how)))
    start = boxes(node.locator(BODY))[0]["left"]
    assert [each["left"] - start for each in boxes(node.locator(ROW))] == pytest.approx(lefts, abs=0.1)


@pytest.mark.parametrize(
    ("how", "top", "height"),
    [(None, 0, 80), ("flex-start", 0, 20), ("center", 30, 20), ("flex-end", 60, 20)],
)
def test_align_items_stretches_unless_told(sheet: Sheet, how: str | None, top: float, height: float) -> None:
    more = {"alignItems": how} if how else {}
    child = box("vertical", box("vertical", height="20px"), flex=1)
    node = sheet.flex(bubble(box("horizontal", child, height="80px", **more)))
    start = boxes(node.locator(BODY))[0]["top"]
    [found] = boxes(node.locator(ROW))
    assert (found["top"] - start, found["height"]) == pytest.approx((top, height))


@pytest.mark.parametrize(("gravity", "top"), [(None, 0), ("top", 0), ("center", 28.8), ("bottom", 57.6)])
def test_gravity_within_the_height_a_row_gives(sheet: Sheet, gravity: str | None, top: float) -> None:
    more = {"gravity": gravity} if gravity else {}
    node = sheet.flex(bubble(box("horizontal", text(**more), height="80px")))
    start = boxes(node.locator(BODY))[0]["top"]
    assert boxes(node.locator(".flex-text"))[0]["top"] - start == pytest.approx(top, abs=0.2)


def test_an_absolute_child_does_not_change_its_parents_size_and_is_cut_at_its_edge(sheet: Sheet) -> None:
    tall = box("vertical", height="200px", width="30px", position="absolute", margin="xxl")
    placed = tall | {"offsetBottom": "4px", "offsetEnd": "10%"}
    before = size_of(sheet.flex(bubble(text())).locator(".flex-bubble"))
    node = sheet.flex(bubble(text(), placed))
    assert size_of(node.locator(".flex-bubble")) == before
    body = node.locator(BODY)
    assert css(body, "overflow") == "hidden"
    bounds, found = body.bounding_box(), boxes(body)[1]
    assert bounds is not None
    assert bounds["y"] + bounds["height"] - found["bottom"] == pytest.approx(4)
    assert bounds["x"] + bounds["width"] - found["right"] == pytest.approx(30)


def test_a_relative_offset_moves_what_is_drawn_and_nothing_else(sheet: Sheet) -> None:
    plain = drawn(sheet, text(), text())
    moved = drawn(sheet, text(offsetTop="5px", offsetStart="-3px", position="relative"), text())
    assert (moved[0]["top"] - plain[0]["top"], moved[0]["left"] - plain[0]["left"]) == pytest.approx((5, -3))
    assert moved[1] == plain[1]


def test_later_components_lie_on_top(sheet: Sheet) -> None:
    here = {
        "position": "absolute",
        "offsetTop": "0px",
        "offsetStart": "0px",
        "width": "50px",
        "height": "50px",
    }
    layers = [box("vertical", **here, backgroundColor=colour) for colour in ("#FF0000", "#0000FF")]
    node = sheet.flex(bubble(text(), *layers))
    bounds = node.locator(BODY).bounding_box()
    assert bounds is not None
    colour = sheet.page.evaluate(
        "([x, y]) => getComputedStyle(document.elementFromPoint(x, y)).backgroundColor",
        [bounds["x"] + 10, bounds["y"] + 10],
    )
    assert colour == "rgb(0, 0, 255)"


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ({"borderWidth": "light", "borderColor": "#112233"}, "border-top-width", "1px"),
        ({"borderWidth": "medium", "borderColor": "#112233"}, "border-top", "2px solid rgb(17, 34, 51)"),
        ({"borderWidth": "semi-bold", "borderColor": "#112233"}, "border-top-width", "3px"),
        ({"borderWidth": "bold", "borderColor": "#112233"}, "border-top-width", "4px"),
        ({"cornerRadius": "xxl"}, "border-top-left-radius", "20px"),
        ({"cornerRadius": "7px"}, "border-top-left-radius", "7px"),
        ({"backgroundColor": "#11223380"}, "background-color", "rgba(17, 34, 51, 0.5)"),
    ],
)
def test_borders_corners_and_colours(sheet: Sheet, given: dict[str, str], name: str, value: str) -> None:
    node = sheet.flex(bubble(box("vertical", text(), **given))).locator(f"{BODY} > .flex-box")
    found = css(node, name)
    assert found.replace("0.502", "0.5") == value


@pytest.mark.parametrize(
    ("more", "value"),
    [
        ({}, "linear-gradient(90deg, rgb(255, 0, 0), rgb(0, 0, 255))"),
        (
            {"centerColor": "#00FF00"},
            "linear-gradient(90deg, rgb(255, 0, 0), rgb(0, 255, 0) 50%, rgb(0, 0, 255))",
        ),
        (
            {"centerColor": "#00FF00", "centerPosition": "10%"},
            "linear-gradient(90deg, rgb(255, 0, 0), rgb(0, 255, 0) 10%, rgb(0, 0, 255))",
        ),
    ],
)
def test_a_gradient_is_css(sheet: Sheet, more: dict[str, str], value: str) -> None:
    colours = {"type": "linearGradient", "angle": "90deg", "startColor": "#FF0000", "endColor": "#0000FF"}
    node = sheet.flex(bubble(box("vertical", text(), background=colours | more))).locator(
        f"{BODY} > .flex-box"
    )
    assert css(node, "background-image") == value


@pytest.mark.parametrize(("wrap", "lines"), [(None, 1), (False, 1), (True, 2)])
def test_a_line_break_counts_only_where_text_wraps(sheet: Sheet, wrap: bool | None, lines: int) -> None:
    more = {} if wrap is None else {"wrap": wrap}
    node = sheet.flex(bubble(text("一\n二", **more))).locator(".flex-text")
    assert size_of(node)[1] == pytest.approx(22.4 * lines, abs=0.2)


@pytest.mark.parametrize(("most", "lines"), [(1, 1), (2, 2), (0, 4), (None, 4)])
def test_text_longer_than_its_lines_is_cut(sheet: Sheet, most: int | None, lines: int) -> None:
    more = {} if most is None else {"maxLines": most}
    node = sheet.flex(bubble(text("一\n二\n三\n四", wrap=True, **more))).locator(".flex-text")
    assert size_of(node)[1] == pytest.approx(22.4 * lines, abs=0.3)


def test_line_spacing_lies_between_lines_only(sheet: Sheet) -> None:
    node = sheet.flex(bubble(text("一\n二\n三", wrap=True, lineSpacing="20px"))).locator(".flex-text")
    assert size_of(node)[1] == pytest.approx(3 * 22.4 + 2 * 20, abs=0.3)


def test_long_words_break_where_text_wraps(sheet: Sheet) -> None:
    node = sheet.flex(bubble(text("a" * 100, wrap=True))).locator(".flex-text > p")
    assert size_of(node)[0] <= 260
    assert node.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_spans_replace_the_text_and_inherit_its_looks(sheet: Sheet) -> None:
    spans = [
        {"type": "span", "text": "一"},
        {"type": "span", "text": "二", "color": "#FF0000", "weight": "regular", "decoration": "none"},
        {"type": "span", "text": "三", "size": "xl", "style": "italic", "decoration": "line-through"},
    ]
    node = sheet.flex(
        bubble(
            text("ない", contents=spans, size="sm", weight="bold", color="#0000FF", decoration="underline")
        )
    )
    line = node.locator(".flex-text > p")
    assert line.inner_text() == "一二三"
    assert css(line, "text-decoration-line") == "underline"
    one, two, three = line.locator("span").all()
    assert (css(one, "font-size"), css(one, "font-weight")) == ("14px", "700")
    assert css(one, "color") == "rgb(0, 0, 255)"
    assert (css(two, "color"), css(two, "font-weight")) == ("rgb(255, 0, 0)", "400")
    assert (css(three, "font-size"), css(three, "font-style")) == ("22px", "italic")
    assert css(three, "text-decoration-line") == "line-through"


@pytest.mark.parametrize(("words", "is_smaller"), [("短い", False), ("二行になりそうな文の長さです", True)])
def test_shrink_to_fit_makes_letters_smaller_until_one_line_fits(
    sheet: Sheet, words: str, *, is_smaller: bool
) -> None:
    node = sheet.flex(bubble(text(words, size="xl", adjustMode="shrink-to-fit"))).locator(".flex-text > p")
    size = float(css(node, "font-size").removesuffix("px"))
    assert (8 <= size < 22) is is_smaller
    assert node.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_shrink_to_fit_ends_at_eight_pixels(sheet: Sheet) -> None:
    node = sheet.flex(bubble(text("長" * 200, adjustMode="shrink-to-fit"))).locator(".flex-text > p")
    assert css(node, "font-size") == "8px"


def test_an_icon_stands_on_the_baseline_with_its_ratio(sheet: Sheet) -> None:
    row = box("baseline", ICON | {"size": "xl", "aspectRatio": "2:1", "margin": "sm"}, text("Hx", size="sm"))
    node = sheet.flex(bubble(row))
    icon = node.locator(".flex-icon")
    assert size_of(icon) == (44, 22)
    baseline: float = node.locator(".flex-text > p").evaluate(
        """node => {
            const mark = document.createElement("span");
            mark.style.cssText = "display:inline-block;width:1px;height:0";
            node.append(mark);
            return mark.getBoundingClientRect().bottom;
        }"""
    )
    bounds = icon.bounding_box()
    assert bounds is not None
    assert bounds["y"] + bounds["height"] == pytest.approx(baseline, abs=0.6)


def test_a_filler_takes_what_is_left(sheet: Sheet) -> None:
    row = box("horizontal", FILLER, box("vertical", width="40px", height="10px"), spacing="md")
    filler, last = drawn(sheet, row, of=ROW)
    assert (filler["width"], last["width"]) == pytest.approx((212, 40))


def test_from_right_to_left_rows_and_starts_are_mirrored(sheet: Sheet) -> None:
    row = box("horizontal", text(flex=1), text(flex=2, margin="md"))
    node = sheet.flex(bubble(row, direction="rtl"))
    one, two = boxes(node.locator(ROW))
    assert one["left"] - two["right"] == pytest.approx(8)
    assert css(node.locator(".flex-text > p").first, "direction") == "rtl"


def carousel_of(*bubbles: Any) -> dict[str, Any]:
    return {"type": "carousel", "contents": list(bubbles)}


def test_bubbles_of_a_carousel_are_equally_high_with_their_footers_at_the_bottom(sheet: Sheet) -> None:
    footer = box("vertical", button())
    short = bubble(text(), footer=footer, size="kilo")
    tall = bubble(*[text()] * 8, footer=footer, size="kilo")
    node = sheet.flex(carousel_of(short, tall, tall))
    one, two, three = boxes(node.locator(".flex-carousel"))
    assert one["height"] == two["height"]
    assert (one["left"], one["width"], two["left"] - one["right"]) == (7, 260, 9)
    ends = boxes_of(node.locator(".flex-footer"), "bottom")
    assert ends == [one["bottom"]] * 3
    row = node.locator(".flex-carousel")
    row.evaluate("node => { node.scrollLeft = 9999 }")
    assert 375 - boxes(row)[2]["right"] == pytest.approx(7)
    assert css(row, "scrollbar-width") == "none"
    assert three["width"] == 260


def boxes_of(nodes: Locator, side: str) -> list[float]:
    found: list[float] = nodes.evaluate_all(
        "(nodes, side) => nodes.map(node => node.getBoundingClientRect()[side])", side
    )
    return found


def test_a_bubble_without_body_does_not_stretch_in_a_carousel(sheet: Sheet) -> None:
    node = sheet.flex(carousel_of({"type": "bubble", "hero": image()}, bubble(*[text()] * 9)))
    one, two = boxes(node.locator(".flex-carousel"))
    assert one["height"] == pytest.approx(100)
    assert two["height"] > 200


@pytest.mark.parametrize(
    ("size", "screen", "width"),
    [("giga", 375, 286), ("mega", 375, 300), ("mega", 320, 256), ("kilo", 320, 256), ("micro", 320, 160)],
)
def test_a_bubble_of_a_carousel_takes_four_fifths_of_the_screen_at_most(
    sheet: Sheet, size: str, screen: int, width: float
) -> None:
    sheet.page.set_viewport_size({"width": screen, "height": 812})
    node = sheet.flex(carousel_of(*[bubble(text(), size=size)] * 2))
    assert boxes(node.locator(".flex-carousel"))[0]["width"] == width
    sheet.page.set_viewport_size({"width": 375, "height": 812})


VIDEO = {
    "type": "video",
    "url": "https://pictures.example/a.mp4",
    "previewUrl": PICTURE,
    "altContent": image(size="full", aspectRatio="3:1"),
    "aspectRatio": "20:13",
    "action": {"type": "uri", "label": "くわしく", "uri": "https://example.com/"},
}


def test_a_film_shows_its_preview_with_a_play_mark_and_its_action(sheet: Sheet) -> None:
    node = sheet.flex(bubble(text(), hero=VIDEO))
    assert size_of(node.locator(".flex-film")) == (300, 195)
    assert node.locator(".flex-film .line-play").is_visible()
    node.get_by_role("link", name="くわしく").or_(node.get_by_role("button", name="くわしく")).click()
    node.locator(".flex-film").click(position={"x": 20, "y": 20})
    assert [each.get("type") or each.get("kind") for each in sheet.taps()] == ["uri", "video"]


def test_an_old_app_shows_what_stands_in_for_a_film(sheet: Sheet) -> None:
    node = sheet.flex(bubble(text(), hero=VIDEO), playsVideo=False)
    assert node.locator(".flex-film").count() == 0
    assert size_of(node.locator(".flex-hero .flex-picture")) == (300, 100)


def test_the_innermost_tapped_part_wins(sheet: Sheet) -> None:
    inner = box("vertical", text("内", action=postback("文字")), text("箱の中"), action=postback("箱"))
    node = sheet.flex(bubble(inner, text("外"), action=postback("吹き出し")))
    for words in ("内", "箱の中", "外"):
        node.get_by_text(words, exact=True).click()
    assert [each["label"] for each in sheet.taps()] == ["文字", "箱", "吹き出し"]


def test_what_this_renderer_does_not_know_takes_no_place(sheet: Sheet) -> None:
    plain = drawn(sheet, text(), text())
    odd = drawn(sheet, text(), {"type": "spacer"}, {"type": "constructor"}, {}, text())
    assert odd[-1] == plain[-1]
