"""Small invented pictures, drawn here: plain shapes on a plain ground, as PNG."""

import struct
import zlib
from dataclasses import dataclass, field

Colour = tuple[int, int, int]


@dataclass
class Canvas:
    """Rows of pixels."""

    width: int
    height: int
    ground: Colour
    rows: list[bytearray] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = [bytearray(bytes(self.ground) * self.width) for _ in range(self.height)]

    def shade(self, top: Colour, bottom: Colour) -> None:
        """A soft vertical gradient over the whole ground."""
        for y in range(self.height):
            mixed = bytes(a + (b - a) * y // self.height for a, b in zip(top, bottom, strict=True))
            self.rows[y][:] = mixed * self.width

    def rectangle(self, x: int, y: int, width: int, height: int, colour: Colour) -> None:
        """A filled rectangle inside the canvas."""
        for row in self.rows[y : y + height]:
            row[3 * x : 3 * (x + width)] = bytes(colour) * width

    def circle(self, x: int, y: int, radius: int, colour: Colour) -> None:
        """A filled circle around a point inside the canvas."""
        for dy in range(-radius, radius + 1):
            half = int((radius * radius - dy * dy) ** 0.5)
            self.rectangle(x - half, y + dy, 2 * half, 1, colour)

    def png(self) -> bytes:
        """The picture."""
        data = b"".join(b"\x00" + bytes(row) for row in self.rows)
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(data, 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
