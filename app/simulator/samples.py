"""Invented files for a person to send: small, valid, made here; and two that are wrong on purpose."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from app.simulator.painting import Canvas

_TOO_LARGE = 11 * 1024 * 1024


@dataclass(frozen=True)
class Sample:
    """A file's kind of message, name, type and bytes. `milliseconds`: how long it plays."""

    kind: str
    name: str
    mime: str
    body: bytes
    milliseconds: int = 1000


def _sky() -> bytes:
    canvas = Canvas(240, 320, (120, 190, 230))
    canvas.shade((120, 190, 230), (200, 190, 170))
    return canvas.png()


def _person() -> bytes:
    """The picture of a résumé: nobody, as a shape."""
    canvas = Canvas(240, 320, (214, 224, 236))
    canvas.circle(120, 300, 96, (52, 66, 92))
    canvas.rectangle(0, 318, 240, 2, (52, 66, 92))
    canvas.circle(120, 130, 58, (238, 206, 178))
    canvas.rectangle(64, 72, 112, 40, (58, 46, 40))
    return canvas.png()


def _certificate() -> bytes:
    canvas = Canvas(320, 226, (250, 246, 232))
    canvas.rectangle(10, 10, 300, 4, (176, 144, 74))
    canvas.rectangle(10, 212, 300, 4, (176, 144, 74))
    for y, width in ((50, 140), (90, 220), (112, 200), (134, 220)):
        canvas.rectangle((320 - width) // 2, y, width, 8, (96, 92, 84))
    canvas.circle(256, 178, 22, (186, 54, 44))
    return canvas.png()


def _page() -> bytes:
    """A written page, photographed."""
    canvas = Canvas(240, 320, (92, 84, 76))
    canvas.rectangle(24, 20, 192, 280, (252, 252, 250))
    for row in range(11):
        canvas.rectangle(42, 52 + 21 * row, 156 - (row * 37) % 60, 7, (150, 154, 162))
    return canvas.png()


def _clinic() -> bytes:
    canvas = Canvas(320, 226, (150, 204, 240))
    canvas.rectangle(0, 176, 320, 50, (128, 158, 110))
    canvas.rectangle(70, 66, 180, 116, (246, 244, 238))
    for x in (88, 128, 172, 212):
        canvas.rectangle(x, 84, 22, 26, (120, 168, 204))
    canvas.rectangle(146, 134, 28, 48, (92, 116, 140))
    canvas.rectangle(154, 30, 12, 36, (196, 58, 52))
    canvas.rectangle(142, 42, 36, 12, (196, 58, 52))
    return canvas.png()


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

SAMPLES: Mapping[str, Sample] = {
    "image": Sample("image", "写真.png", "image/png", _sky()),
    "video": Sample("video", "動画.mp4", "video/mp4", _MP4),
    "audio": Sample("audio", "音声.m4a", "audio/x-m4a", _M4A),
    "file": Sample("file", "職務経歴書（見本）.pdf", "application/pdf", _pdf()),
}
"""What is sent when nothing was chosen."""


@cache
def gallery() -> Mapping[str, Sample]:
    """Everything that a phone can send, by its name."""
    more = (
        Sample("image", "履歴書の写真.png", "image/png", _person()),
        Sample("image", "資格証.png", "image/png", _certificate()),
        Sample("image", "手書きの職歴.png", "image/png", _page()),
        Sample("image", "職場の外観.png", "image/png", _clinic()),
        Sample("image", "壊れた写真.png", "image/png", b"this is not a picture"),
        Sample("video", "自己紹介.mp4", "video/mp4", _MP4 + bytes(2000), 15_000),
        Sample("audio", "留守番の伝言.m4a", "audio/x-m4a", _M4A + bytes(1000), 8_000),
        Sample("file", "履歴書（見本）.txt", "text/plain", "架空の履歴書です。\n".encode()),
        Sample("file", "大きすぎる書類.pdf", "application/pdf", _pdf() + bytes(_TOO_LARGE)),
    )
    return {sample.name: sample for sample in (*SAMPLES.values(), *more)}
