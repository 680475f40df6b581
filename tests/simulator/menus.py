"""Invented rich menus and pictures for them."""

import struct
import zlib
from typing import Any

from tests.simulator.conftest import Api


def picture(width: int = 2500, height: int = 843, padding: int = 0) -> bytes:
    """A grey PNG; `padding` bytes of comment make it larger."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\x00" + bytes((width + 7) // 8)) * height)
    chunks = [(b"IHDR", header), (b"tEXt", b"x" * padding), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def jpeg(width: int = 1200, height: int = 405) -> bytes:
    """The beginning of a JPEG, as far as its size."""
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes(9)
    head = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00" + bytes(9)
    return head + b"\xff\xc2" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def area(action: dict[str, Any] | None = None, **bounds: int) -> dict[str, Any]:
    """An area on the left, which sends a postback unless told otherwise."""
    place = {"x": 0, "y": 0, "width": 1250, "height": 843} | bounds
    return {"bounds": place, "action": action or {"type": "postback", "data": "v1:menu"}}


def menu(*areas: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A menu that LINE takes."""
    made: dict[str, Any] = {
        "size": {"width": 2500, "height": 843},
        "selected": True,
        "name": "見本のメニュー",
        "chatBarText": "メニュー",
        "areas": list(areas) or [area()],
    }
    return made | more


def publish(api: Api, definition: dict[str, Any] | None = None) -> str:
    """A menu with a picture; its id."""
    menu_id: str = api.post("/v2/bot/richmenu", definition or menu()).body["richMenuId"]
    sent = api.call("POST", f"/v2/bot/richmenu/{menu_id}/content", picture(), Content_Type="image/png")
    assert sent.status == 200
    return menu_id


def tab(alias: str, data: str = "v1:tab") -> dict[str, Any]:
    """An area that switches to another menu."""
    return area({"type": "richmenuswitch", "richMenuAliasId": alias, "data": data}, x=1250)
