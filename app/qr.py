"""QR codes as pictures: sharp at any size as SVG, large enough to print as PNG."""

from io import BytesIO

import segno

MODULE_PIXELS = 20
QUIET_MODULES = 4
"""The white frame that readers need."""


def qr_png(text: str) -> bytes:
    """Black on white, 20 pixels a module: about 7 cm at 300 dpi for an address."""
    return _drawn(text, "png")


def qr_svg(text: str) -> bytes:
    """A drawing without a size of its own, to be scaled by whoever shows it."""
    return _drawn(text, "svg")


def _drawn(text: str, kind: str) -> bytes:
    code = segno.make_qr(text, error="m")
    out = BytesIO()
    if kind == "png":
        code.save(out, kind="png", scale=MODULE_PIXELS, border=QUIET_MODULES, dark="#000", light="#fff")
    else:
        code.save(
            out, kind="svg", border=QUIET_MODULES, dark="#000", light="#fff", omitsize=True, xmldecl=True
        )
    return out.getvalue()
