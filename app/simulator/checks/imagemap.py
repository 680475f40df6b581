"""Shapes of an imagemap: its picture, the places to tap, the film in it."""

from collections.abc import Mapping

from app.simulator.checks.shapes import Address, ByType, Items, Record, Shape, Text, Whole

DESIGN_WIDTH = 1040
_LINK = Address(most=1000, schemes=frozenset({"http", "https", "line", "tel"}))
_LABEL = Text(100, unit="grapheme")
AREA = Record(dict.fromkeys(("x", "y", "width", "height"), Whole()), ("x", "y", "width", "height"))
TAPS: Mapping[str, Record] = {
    "message": Record({"text": Text(400), "label": _LABEL, "area": AREA}, ("text", "area")),
    "uri": Record({"linkUri": _LINK, "label": _LABEL, "area": AREA}, ("linkUri", "area")),
    "clipboard": Record(
        {"clipboardText": Text(1000), "label": _LABEL, "area": AREA}, ("clipboardText", "area")
    ),
}
EXTERNAL_LINK = Record({"linkUri": _LINK, "label": Text(30, unit="grapheme")}, ("linkUri", "label"))
VIDEO = Record(
    {
        "originalContentUrl": Address(),
        "previewImageUrl": Address(),
        "area": AREA,
        "externalLink": EXTERNAL_LINK,
    },
    ("originalContentUrl", "previewImageUrl", "area"),
)
FIELDS: Mapping[str, Shape] = {
    "baseUrl": Address(),
    "baseSize": Record({"width": Whole(DESIGN_WIDTH, DESIGN_WIDTH), "height": Whole(1)}, ("width", "height")),
    "actions": Items(ByType(TAPS), most=50, least=0),
    "video": VIDEO,
}
RECORDS: Mapping[str, Record] = {
    "MessageImagemapAction": TAPS["message"],
    "URIImagemapAction": TAPS["uri"],
    "ClipboardImagemapAction": TAPS["clipboard"],
    "ImagemapArea": AREA,
    "ImagemapVideo": VIDEO,
    "ImagemapExternalLink": EXTERNAL_LINK,
}
"""By the names of the official specification."""
