"""Shapes of Flex containers: every field and keyword known, sizes in bytes as LINE measures them."""

from collections.abc import Mapping
from typing import Any

from app.json_text import to_bytes
from app.simulator.checks.shapes import (
    FINE,
    INVALID,
    Address,
    ByType,
    Choice,
    Faults,
    Flag,
    Items,
    Record,
    Shape,
    Text,
    Whole,
    Written,
    choice,
    fault,
)
from app.simulator.checks.taps import tap

BUBBLE_BYTES = 30 * 1024
CAROUSEL_BYTES = 50 * 1024
MOST_BUBBLES = 12
MOST_ANIMATED = 10
_STEPS = frozenset({"none", "xs", "sm", "md", "lg", "xl", "xxl"})
_LETTERS = frozenset({"xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl"})
_PX = r"\d+(\.\d+)?px"
_SHIFT = rf"-?{_PX}|-?\d+(\.\d+)?%"
_SIZE = rf"{_PX}|\d+(\.\d+)?%"

STEP = Written(_PX, _STEPS)
STEP_OR_SHARE = Written(_SIZE, _STEPS)
OFFSET = Written(_SHIFT, _STEPS)
LENGTH = Written(_SIZE)
LETTER_SIZE = Written(_PX, _LETTERS)
PICTURE_SIZE = Written(_SIZE, _LETTERS | {"full"})
BORDER = Written(_PX, frozenset({"none", "light", "normal", "medium", "semi-bold", "bold"}))
COLOUR = Written("#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?")
RATIO = Written(r"[1-9]\d{0,5}(\.\d+)?:[1-9]\d{0,5}(\.\d+)?")
_HTTPS = Address(words=INVALID)
_FLEX = Whole()

_PLACED: Mapping[str, Shape] = {
    "margin": STEP,
    "position": choice("relative", "absolute"),
    "offsetTop": OFFSET,
    "offsetBottom": OFFSET,
    "offsetStart": OFFSET,
    "offsetEnd": OFFSET,
}
_GRAVITY = choice("top", "bottom", "center")
_ALIGN = choice("start", "end", "center")
_INK: Mapping[str, Shape] = {
    "text": Text(5000, words="must be non-empty text"),
    "size": LETTER_SIZE,
    "color": COLOUR,
    "weight": choice("regular", "bold"),
    "style": choice("normal", "italic"),
    "decoration": choice("none", "underline", "line-through"),
}
_TAP = tap(most=40, needs_label=False, closed=True)
_SHRINK = choice("shrink-to-fit")


def _closed(fields: Mapping[str, Shape], *required: str, rule: Any = None) -> Record:
    return Record(fields, required, closed=True, rule=rule, missing="must be specified")


def _text_rule(text: Mapping[str, Any]) -> Faults:
    is_there = text.get("text") is not None or bool(text.get("contents"))
    return FINE if is_there else fault("`text` or `contents` must be specified")


def _ratio_rule(image: Mapping[str, Any]) -> Faults:
    width, _, height = str(image.get("aspectRatio") or "1:1").partition(":")
    return FINE if float(height) <= 3 * float(width) else fault(INVALID, "aspectRatio")


def _layout_rule(box: Mapping[str, Any]) -> Faults:
    allowed = _CHILDREN[box["layout"]]
    for index, child in enumerate(box["contents"]):
        if child.get("type") not in allowed:
            return fault(INVALID, "contents", index, "type")
    return FINE


_UPRIGHT = frozenset({"box", "button", "image", "text", "separator", "filler"})
_CHILDREN: Mapping[str, frozenset[str]] = {
    "horizontal": _UPRIGHT,
    "vertical": _UPRIGHT,
    "baseline": frozenset({"icon", "text", "filler"}),
}

SPAN = _closed(_INK)
TEXT = _closed(
    {
        **_PLACED,
        **_INK,
        "flex": _FLEX,
        "align": _ALIGN,
        "gravity": _GRAVITY,
        "wrap": Flag(),
        "lineSpacing": Written(_PX),
        "maxLines": Whole(),
        "adjustMode": _SHRINK,
        "scaling": Flag(),
        "action": _TAP,
        "contents": Items(ByType({"span": SPAN}), most=1000, least=0),
    },
    rule=_text_rule,
)
BUTTON = _closed(
    {
        **_PLACED,
        "flex": _FLEX,
        "action": tap(most=40, needs_label=True, closed=True),
        "height": choice("md", "sm"),
        "style": choice("primary", "secondary", "link"),
        "color": COLOUR,
        "gravity": _GRAVITY,
        "adjustMode": _SHRINK,
        "scaling": Flag(),
    },
    "action",
)
IMAGE = _closed(
    {
        **_PLACED,
        "url": _HTTPS,
        "flex": _FLEX,
        "align": _ALIGN,
        "gravity": _GRAVITY,
        "size": PICTURE_SIZE,
        "aspectRatio": RATIO,
        "aspectMode": choice("fit", "cover"),
        "backgroundColor": COLOUR,
        "action": _TAP,
        "animated": Flag(),
    },
    "url",
    rule=_ratio_rule,
)
ICON = _closed(
    {**_PLACED, "url": _HTTPS, "size": LETTER_SIZE, "aspectRatio": RATIO, "scaling": Flag()},
    "url",
    rule=_ratio_rule,
)
SEPARATOR = _closed({"margin": STEP, "color": COLOUR})
FILLER = _closed({"flex": _FLEX})
_GRADIENT = _closed(
    {
        "angle": Written(r"\d{1,3}(\.\d+)?deg"),
        "startColor": COLOUR,
        "endColor": COLOUR,
        "centerColor": COLOUR,
        "centerPosition": Written(r"\d{1,3}(\.\d+)?%"),
    },
    "angle",
    "startColor",
    "endColor",
)

_children: dict[str, Shape] = {
    "text": TEXT,
    "button": BUTTON,
    "image": IMAGE,
    "icon": ICON,
    "separator": SEPARATOR,
    "filler": FILLER,
}
BOX = _closed(
    {
        **_PLACED,
        "layout": choice("horizontal", "vertical", "baseline"),
        "contents": Items(ByType(_children), most=1000, least=0),
        "flex": _FLEX,
        "spacing": STEP,
        **dict.fromkeys(("width", "maxWidth", "height", "maxHeight"), LENGTH),
        **dict.fromkeys(
            ("paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"), STEP_OR_SHARE
        ),
        "backgroundColor": COLOUR,
        "background": ByType({"linearGradient": _GRADIENT}),
        "borderColor": COLOUR,
        "borderWidth": BORDER,
        "cornerRadius": STEP,
        "justifyContent": choice(
            "center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"
        ),
        "alignItems": choice("center", "flex-start", "flex-end"),
        "action": _TAP,
    },
    "layout",
    "contents",
    rule=_layout_rule,
)
_children["box"] = BOX

_A_BOX = ByType({"box": BOX})
VIDEO = _closed(
    {
        "url": _HTTPS,
        "previewUrl": _HTTPS,
        "altContent": ByType({"box": BOX, "image": IMAGE}),
        "aspectRatio": RATIO,
        "action": _TAP,
    },
    "url",
    "previewUrl",
    "altContent",
)
_BLOCK_STYLE = _closed({"backgroundColor": COLOUR, "separator": Flag(), "separatorColor": COLOUR})
BLOCKS = ("header", "hero", "body", "footer")
SIZES: Choice = choice("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")


def _bubble_rule(bubble: Mapping[str, Any]) -> Faults:
    if not any(bubble.get(block) is not None for block in BLOCKS):
        return fault("At least one block must be specified")
    hero = bubble.get("hero") or {}
    if hero.get("type") == "video" and bubble.get("size", "mega") not in {"kilo", "mega", "giga"}:
        return fault(INVALID, "hero", "type")
    return _container_faults(bubble, BUBBLE_BYTES)


def _carousel_rule(carousel: Mapping[str, Any]) -> Faults:
    bubbles = carousel["contents"]
    first = bubbles[0].get("size", "mega")
    for index, bubble in enumerate(bubbles):
        if bubble.get("size", "mega") != first:
            return fault(INVALID, "contents", index, "size")
        if (bubble.get("hero") or {}).get("type") == "video":
            return fault(INVALID, "contents", index, "hero", "type")
    return _container_faults(carousel, CAROUSEL_BYTES)


def _container_faults(container: Mapping[str, Any], most: int) -> Faults:
    """What holds of a whole message: its size, and how many pictures move."""
    written = to_bytes(container)
    if len(written) > most:
        return fault(f"Too large flex message. The maximum size of JSON data is {most // 1024}KB")
    # Quotes inside a text are escaped, so no words can look like this field.
    return fault(INVALID) if written.count(b'"animated":true') > MOST_ANIMATED else FINE


BUBBLE = _closed(
    {
        "size": SIZES,
        "direction": choice("ltr", "rtl"),
        "styles": _closed(dict.fromkeys(BLOCKS, _BLOCK_STYLE)),
        "header": _A_BOX,
        "hero": ByType({"box": BOX, "image": IMAGE, "video": VIDEO}),
        "body": _A_BOX,
        "footer": _A_BOX,
        "action": _TAP,
    },
    rule=_bubble_rule,
)
CAROUSEL = _closed(
    {"contents": Items(ByType({"bubble": BUBBLE}), most=MOST_BUBBLES)}, "contents", rule=_carousel_rule
)
CONTAINER = ByType({"bubble": BUBBLE, "carousel": CAROUSEL})
RECORDS: Mapping[str, Record] = {
    "FlexBubble": BUBBLE,
    "FlexCarousel": CAROUSEL,
    "FlexBox": BOX,
    "FlexButton": BUTTON,
    "FlexImage": IMAGE,
    "FlexVideo": VIDEO,
    "FlexIcon": ICON,
    "FlexText": TEXT,
    "FlexSpan": SPAN,
    "FlexSeparator": SEPARATOR,
    "FlexFiller": FILLER,
    "FlexBlockStyle": _BLOCK_STYLE,
    "FlexBoxLinearGradient": _GRADIENT,
}
"""By the names of the official specification."""
