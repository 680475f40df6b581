"""A tab as the phone shows it: what the simulator's and the console's phone frame draw from (pure)."""

from base64 import b64encode
from typing import Any

from richmenu.objects import tab_body
from richmenu.schema import Menu, Tab


def preview(menu: Menu, tab: Tab, picture: bytes, mime: str = "image/png") -> dict[str, Any]:
    """The shape of the phone's own menu (app/simulator/static/richmenu.js); the picture as a data address."""
    body = tab_body(menu, tab)
    return {
        "id": f"{menu.name}/{tab.key}",
        "image": f"data:{mime};base64,{b64encode(picture).decode('ascii')}",
        **body["size"],
        "chat_bar_text": body["chatBarText"],
        "selected": body["selected"],
        "areas": [{**area["bounds"], "action": area["action"]} for area in body["areas"]],
    }
