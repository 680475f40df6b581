"""Shapes of rich menus, their aliases, and the orders that link them to people (line-platform facts, 5)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.simulator.checks import taps
from app.simulator.checks.shapes import (
    FINE,
    INVALID,
    ByType,
    Fault,
    Faults,
    Flag,
    Items,
    Record,
    Text,
    Whole,
    Written,
    fault,
)

SPECIFIED = "must be specified"
MOST_AREAS = 20
MOST_USERS = 500
MOST_OPERATIONS = 1000
LEAST_WIDTH, MOST_WIDTH, LEAST_HEIGHT, LEAST_ASPECT = 800, 2500, 250, 1.45
ALIAS_FORM = r"[a-z0-9_-]{1,32}"


def _size_rule(size: Mapping[str, Any]) -> Faults:
    return FINE if is_menu_size(size["width"], size["height"]) else fault(INVALID)


def is_menu_size(width: int, height: int) -> bool:
    """Whether a menu, or its picture, may be this large."""
    is_wide = LEAST_WIDTH <= width <= MOST_WIDTH
    return is_wide and height >= LEAST_HEIGHT and width / height >= LEAST_ASPECT


SWITCH = Record(
    {
        "label": Text(20, unit="grapheme"),
        "richMenuAliasId": Written(ALIAS_FORM),
        "data": Text(300),
    },
    ("richMenuAliasId", "data"),
    missing=SPECIFIED,
)
_ACTIONS = {kind: replace(record, missing=SPECIFIED) for kind, record in taps.EVERYWHERE.items()}
ACTION = ByType({**_ACTIONS, "richmenuswitch": SWITCH})
_EDGE = ("x", "y", "width", "height")
BOUNDS = Record({"x": Whole(), "y": Whole(), "width": Whole(1), "height": Whole(1)}, _EDGE, missing=SPECIFIED)
AREA = Record({"bounds": BOUNDS, "action": ACTION}, ("bounds", "action"), missing=SPECIFIED)
SIZE = Record(
    {"width": Whole(1), "height": Whole(1)}, ("width", "height"), rule=_size_rule, missing=SPECIFIED
)
MENU = Record(
    {
        "size": SIZE,
        "selected": Flag(),
        "name": Text(300, unit="grapheme"),
        "chatBarText": Text(14, unit="grapheme"),
        "areas": Items(AREA, most=MOST_AREAS, least=0),
    },
    ("size", "selected", "name", "chatBarText", "areas"),
    missing=SPECIFIED,
)
_ID = Text(100)
_USERS = Items(Text(100), most=MOST_USERS)
ALIAS = Record(
    {"richMenuAliasId": Written(ALIAS_FORM), "richMenuId": _ID},
    ("richMenuAliasId", "richMenuId"),
    missing=SPECIFIED,
)
ALIAS_UPDATE = Record({"richMenuId": _ID}, ("richMenuId",), missing=SPECIFIED)
BULK_LINK = Record({"richMenuId": _ID, "userIds": _USERS}, ("richMenuId", "userIds"), missing=SPECIFIED)
BULK_UNLINK = Record({"userIds": _USERS}, ("userIds",), missing=SPECIFIED)


def _batch_rule(body: Mapping[str, Any]) -> Faults:
    """unlinkAll stands alone; nobody's menu is changed twice."""
    operations = body["operations"]
    kinds = [operation["type"] for operation in operations]
    if "unlinkAll" in kinds and len(kinds) > 1:
        return fault("unlinkAll cannot be used with other operations", "operations")
    seen: set[str] = set()
    found: list[Fault] = []
    for index, operation in enumerate(operations):
        origin = operation.get("from")
        if origin in seen:
            found.append(Fault(("operations", index, "from"), "duplicated richMenuId"))
        if origin is not None:
            seen.add(origin)
    return found


_OPERATION = ByType(
    {
        "link": Record({"from": _ID, "to": _ID}, ("from", "to"), missing=SPECIFIED),
        "unlink": Record({"from": _ID}, ("from",), missing=SPECIFIED),
        "unlinkAll": Record({}),
    }
)
BATCH = Record(
    {
        "operations": Items(_OPERATION, most=MOST_OPERATIONS),
        "resumeRequestKey": Written("[a-zA-Z0-9_-]{1,100}"),
    },
    ("operations",),
    rule=_batch_rule,
    missing=SPECIFIED,
)
RECORDS: Mapping[str, Record] = {
    "RichMenuRequest": MENU,
    "RichMenuSize": SIZE,
    "RichMenuArea": AREA,
    "RichMenuBounds": BOUNDS,
    "RichMenuSwitchAction": SWITCH,
    "CreateRichMenuAliasRequest": ALIAS,
    "UpdateRichMenuAliasRequest": ALIAS_UPDATE,
    "RichMenuBulkLinkRequest": BULK_LINK,
    "RichMenuBulkUnlinkRequest": BULK_UNLINK,
    "RichMenuBatchRequest": BATCH,
}
"""Every record by the name the official specification gives it."""
