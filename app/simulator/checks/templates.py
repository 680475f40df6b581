"""Shapes of template messages: buttons, confirm, carousel, image carousel."""

from collections.abc import Mapping
from typing import Any

from app.simulator.checks.flex import COLOUR
from app.simulator.checks.shapes import FINE, Address, ByType, Faults, Items, Record, Text, choice, fault
from app.simulator.checks.taps import tap

_LABELLED = tap(most=20, needs_label=True)
_TITLE = Text(40, unit="grapheme")
_PICTURE = Address()
_SHORT = Text(60, unit="grapheme")
_RATIO = choice("rectangle", "square")
_FIT = choice("cover", "contain")


def _short_beside_title(template: Mapping[str, Any]) -> Faults:
    """With a title or a picture, only 60 characters of text are left."""
    if template.get("title") is None and template.get("thumbnailImageUrl") is None:
        return FINE
    return [found._replace(parts=("text",)) for found in _SHORT.faults(template["text"])]


BUTTONS = Record(
    {
        "thumbnailImageUrl": _PICTURE,
        "imageAspectRatio": _RATIO,
        "imageSize": _FIT,
        "imageBackgroundColor": COLOUR,
        "title": _TITLE,
        "text": Text(160, unit="grapheme"),
        "defaultAction": tap(most=20, needs_label=False),
        "actions": Items(_LABELLED, most=4),
    },
    ("text", "actions"),
    rule=_short_beside_title,
)
CONFIRM = Record(
    {"text": Text(240, unit="grapheme"), "actions": Items(_LABELLED, most=2, least=2)}, ("text", "actions")
)
COLUMN = Record(
    {
        "thumbnailImageUrl": _PICTURE,
        "imageBackgroundColor": COLOUR,
        "title": _TITLE,
        "text": Text(120, unit="grapheme"),
        "defaultAction": tap(most=20, needs_label=False),
        "actions": Items(_LABELLED, most=3),
    },
    ("text", "actions"),
    rule=_short_beside_title,
)


def _alike(carousel: Mapping[str, Any]) -> Faults:
    """All columns have the same number of actions, and all or none a title, all or none a picture."""
    kinds = {
        (len(column["actions"]), column.get("title") is None, column.get("thumbnailImageUrl") is None)
        for column in carousel["columns"]
    }
    return FINE if len(kinds) == 1 else fault("invalid columns", "columns")


CAROUSEL = Record(
    {"columns": Items(COLUMN, most=10), "imageAspectRatio": _RATIO, "imageSize": _FIT},
    ("columns",),
    rule=_alike,
)
IMAGE_COLUMN = Record(
    {"imageUrl": _PICTURE, "action": tap(most=12, needs_label=False)}, ("imageUrl", "action")
)
IMAGE_CAROUSEL = Record({"columns": Items(IMAGE_COLUMN, most=10)}, ("columns",))
TEMPLATE = ByType(
    {"buttons": BUTTONS, "confirm": CONFIRM, "carousel": CAROUSEL, "image_carousel": IMAGE_CAROUSEL}
)
RECORDS: Mapping[str, Record] = {
    "ButtonsTemplate": BUTTONS,
    "ConfirmTemplate": CONFIRM,
    "CarouselTemplate": CAROUSEL,
    "CarouselColumn": COLUMN,
    "ImageCarouselTemplate": IMAGE_CAROUSEL,
    "ImageCarouselColumn": IMAGE_COLUMN,
}
