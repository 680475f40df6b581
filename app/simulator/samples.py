"""Invented files for a person to send: small, valid, made here."""

import struct
import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """A file's name, type and bytes."""

    name: str
    mime: str
    body: bytes


def _png(width: int, height: int) -> bytes:
    """A soft vertical gradient."""
    rows = b"".join(
        b"\x00" + bytes((120 + 80 * y // height, 190, 230 - 60 * y // height)) * width for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _pdf() -> bytes:
    """One empty A4 page."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%sendobj\n" % (number, text)
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)


_MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08mdat"
_M4A = b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42\x00\x00\x00\x08mdat"

SAMPLES = {
    "image": Sample("写真.png", "image/png", _png(240, 320)),
    "video": Sample("動画.mp4", "video/mp4", _MP4),
    "audio": Sample("音声.m4a", "audio/x-m4a", _M4A),
    "file": Sample("職務経歴書（見本）.pdf", "application/pdf", _pdf()),
}
