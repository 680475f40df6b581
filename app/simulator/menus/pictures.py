"""Width and height of a PNG or JPEG, read from its first bytes."""

import struct
from typing import NamedTuple

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that carry the size; the other three in the range are tables."""
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG markers without a length."""


class Picture(NamedTuple):
    """What a picture says about itself."""

    mime: str
    width: int
    height: int


def read_picture(body: bytes) -> Picture | None:
    """Type and size; None for anything that is no PNG and no JPEG."""
    if body.startswith(_PNG) and body[12:16] == b"IHDR" and len(body) >= 24:
        return Picture("image/png", *struct.unpack(">II", body[16:24]))
    return _read_jpeg(body) if body.startswith(_JPEG) else None


def _read_jpeg(body: bytes) -> Picture | None:
    """Walks from marker to marker until one carries the size."""
    at = 2
    while at + 4 <= len(body) and body[at] == 0xFF:
        marker = body[at + 1]
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES:
            if at + 9 > len(body):
                return None
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return Picture("image/jpeg", width, height)
        at += 2 + struct.unpack(">H", body[at + 2 : at + 4])[0]
    return None
