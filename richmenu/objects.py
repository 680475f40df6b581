"""Our menus in LINE's words: the object of each tab, its alias, and its digest (pure)."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from app.line.postback import pack
from richmenu.rules import NEWCOMERS
from richmenu.schema import (
    Area,
    Menu,
    MessageAction,
    PostbackAction,
    Tab,
    TabAction,
    UriAction,
)

PREFIX = "goen:"
"""Begins the name of every rich menu that we make: an orphan among them is ours to take away."""
DRAWING = 1
"""Counts up when richmenu/draw.py draws the same tab differently, so that it is published anew."""
TAB_COMMAND = "menu.tab"
Action = dict[str, Any]


@dataclass(frozen=True)
class TabObject:
    """One tab as LINE is to have it."""

    name: str
    """`members/main`."""
    alias: str
    """`members-main`: what tabs switch to, whatever version is behind it."""
    digest: str
    """Of all that makes it what it is, its picture included."""
    body: dict[str, Any]
    """The request that creates it."""
    is_first: bool
    """Where everybody begins who is given this menu."""

    @property
    def menu(self) -> str:
        """The menu whose tab it is."""
        return self.name.partition("/")[0]


def tab_objects(menu: Menu, drawing: int = DRAWING) -> list[TabObject]:
    """Every tab of a menu; `drawing` is the version of how pictures are drawn."""
    return [_tab_object(menu, tab, drawing, is_first=not index) for index, tab in enumerate(menu.tabs)]


def tab_name(menu: str, tab: str) -> str:
    """Our name of one tab."""
    return f"{menu}/{tab}"


def tab_alias(menu: str, tab: str) -> str:
    """LINE's name of it, within `[a-z0-9_-]{1,32}`."""
    return f"{menu}-{tab}"


def is_default(tab: TabObject) -> bool:
    """Whether it is shown to everybody who was given none."""
    return tab.menu == NEWCOMERS and tab.is_first


def _tab_object(menu: Menu, tab: Tab, drawing: int, *, is_first: bool) -> TabObject:
    body = tab_body(menu, tab)
    looks = tab.picture or tab.model_dump(mode="json") | {"drawing": drawing}
    digest = hashlib.sha256(json.dumps([body, looks], sort_keys=True).encode("ascii")).hexdigest()
    name = tab_name(menu.name, tab.key)
    named = body | {"name": f"{PREFIX}{name}:{digest[:16]}"}
    return TabObject(name, tab_alias(menu.name, tab.key), digest, named, is_first)


def tab_body(menu: Menu, tab: Tab) -> dict[str, Any]:
    """What LINE is told about a tab, but for its name."""
    return {
        "size": {"width": tab.width, "height": tab.height},
        "selected": menu.is_open,
        "chatBarText": menu.bar,
        "areas": [
            {"bounds": area.bounds._asdict(), "action": _action(menu, tab, name, area)}
            for name, area in tab.lettered()
        ],
    }


def _action(menu: Menu, tab: Tab, name: str, area: Area) -> Action:
    """What a tap does; our own data carry where it was, so that taps come back as numbers."""
    origin = {"menu": tab_name(menu.name, tab.key), "area": name}
    match area.action:
        case PostbackAction() as action:
            data = pack(action.command, **(action.values | origin))
            says = action.says or area.label
            return {"type": "postback", "label": area.label, "data": data, "displayText": says}
        case MessageAction() as action:
            return {"type": "message", "label": area.label, "text": action.text}
        case UriAction() as action:
            return {"type": "uri", "label": area.label, "uri": action.uri}
        case TabAction() as action:
            alias = tab_alias(menu.name, action.tab)
            data = pack(TAB_COMMAND, **origin)
            return {
                "type": "richmenuswitch",
                "label": area.label,
                "richMenuAliasId": alias,
                "data": data,
            }
    raise TypeError(f"{area.action!r} is no action of a menu")
