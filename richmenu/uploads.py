"""Pictures that people upload for a tab instead of letting one be drawn."""

import hashlib
from dataclasses import dataclass, field
from io import BytesIO

import filetype
from PIL import Image

from richmenu.faults import picture_faults
from richmenu.rules import Size

_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}


@dataclass(frozen=True)
class Upload:
    """A picture that LINE will take."""

    sha256: str
    mime: str
    size: Size
    body: bytes = field(repr=False)


class BadUpload(ValueError):
    """A picture that LINE would refuse; `faults` say why, in words for people."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


def read_upload(body: bytes) -> Upload:
    """Check what was uploaded: by its first bytes, by Pillow, and by LINE's limits. Errors: BadUpload."""
    kind = filetype.guess(body)
    mime = kind.mime if kind is not None else ""
    if mime not in _FORMATS:
        raise BadUpload(["画像はPNGかJPEGにしてください。"])
    try:
        with Image.open(BytesIO(body), formats=[_FORMATS[mime]]) as picture:
            size = Size(*picture.size)
            picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise BadUpload(["画像として読めません。ファイルが壊れているかもしれません。"]) from None
    faults = list(picture_faults(size, len(body)))
    if faults:
        raise BadUpload(faults)
    return Upload(hashlib.sha256(body).hexdigest(), mime, size, body)
