"""Signals as one file that is mapped, not read: `save`, `load`.

    magic (16 bytes) · SHA-256 of all that follows (32) · length of the header (8) · header (JSON) · arrays

The header says where each array lies; each begins at a multiple of 64 bytes. Nothing in it is ever executed:
loading takes the named arrays with the types that Signals has, and checks them.
"""

import json
import mmap
import os
from hashlib import sha256
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from app.recommend.errors import BrokenModel
from app.recommend.signals import ARRAYS, NUMBERS, Signals

MAGIC = b"goen-signals-01\n"
_DIGEST_AT = len(MAGIC)
_LENGTH_AT = _DIGEST_AT + sha256().digest_size
_HEADER_AT = _LENGTH_AT + 8
_ALIGNED = 64


def save(signals: Signals, path: Path) -> None:
    """Write the file whole and wait for the disk. Errors: BrokenModel for signals that `load` would refuse."""
    signals.check()
    arrays = {name: np.ascontiguousarray(getattr(signals, name)) for name in ARRAYS}
    header, at = _header(signals, arrays)
    digest = sha256()
    with path.open("w+b") as file:
        file.write(MAGIC + digest.digest())  # the digest's place; its value is known at the end
        for place, piece in _pieces(header, at, arrays):
            gap = b"\0" * (place - file.tell())
            for part in (gap, piece):
                digest.update(part)
                file.write(part)
        file.seek(_DIGEST_AT)
        file.write(digest.digest())
        file.flush()
        os.fsync(file.fileno())


def load(path: Path, *, mapped: bool = True) -> Signals:
    """The file's signals; `mapped` leaves the arrays in the file, shared by all processes and read-only.

    Errors: BrokenModel when it is missing, cut off, changed, foreign, or of another release.
    """
    content = _content(path, mapped=mapped)
    if content[:_DIGEST_AT] != MAGIC:
        raise BrokenModel("model: not a file of signals of this release")
    with memoryview(content) as view, view[_LENGTH_AT:] as rest:
        if content[_DIGEST_AT:_LENGTH_AT] != sha256(rest).digest():
            raise BrokenModel("model: the file is cut off or was changed")
    try:
        signals = _signals(content)
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenModel(f"model: its header cannot be read ({type(error).__name__})") from error
    signals.check()
    return signals


def _content(path: Path, *, mapped: bool) -> bytes | mmap.mmap:
    try:
        if not mapped:
            return path.read_bytes()
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:  # an empty file cannot be mapped
        raise BrokenModel(f"model: the file cannot be opened ({type(error).__name__})") from error


def _header(signals: Signals, arrays: dict[str, Any]) -> tuple[bytes, int]:
    """The header, and where the first array begins."""
    layout, at = {}, 0
    for name, array in arrays.items():
        layout[name] = {"at": at, "shape": list(array.shape)}
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    said = {
        "arrays": layout,
        "scales": dict(signals.scales),
        "weights": dict(signals.weights),
        "numbers": {name: getattr(signals, name) for name in NUMBERS},
    }
    header = json.dumps(said).encode()
    return header, -(-(_HEADER_AT + len(header)) // _ALIGNED) * _ALIGNED


def _pieces(header: bytes, first: int, arrays: dict[str, Any]) -> list[tuple[int, Any]]:
    """What stands where, from the header's length on."""
    pieces: list[tuple[int, Any]] = [(_LENGTH_AT, len(header).to_bytes(8, "little")), (_HEADER_AT, header)]
    at = first
    for array in arrays.values():
        pieces.append((at, array.reshape(-1).view(np.uint8)))
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    return pieces


def _signals(content: bytes | mmap.mmap) -> Signals:
    length = int.from_bytes(content[_LENGTH_AT:_HEADER_AT], "little")
    said = json.loads(content[_HEADER_AT : _HEADER_AT + length])
    first = -(-(_HEADER_AT + length) // _ALIGNED) * _ALIGNED
    given: dict[str, Any] = {name: _array(content, name, said["arrays"][name], first) for name in ARRAYS}
    given |= {name: float(said["numbers"][name]) for name in NUMBERS}
    scales = {str(name): float(value) for name, value in said["scales"].items()}
    weights = {str(name): float(value) for name, value in said["weights"].items()}
    return Signals(**given, scales=scales, weights=weights)


def _array(content: bytes | mmap.mmap, name: str, said: dict[str, Any], first: int) -> Any:
    kind, shape = np.dtype(ARRAYS[name][0]), tuple(int(side) for side in said["shape"])
    if min(shape, default=0) < 0 or len(shape) != ARRAYS[name][1]:
        raise ValueError(name)
    array = (
        np.frombuffer(content, kind, prod(shape), first + int(said["at"]))
        if prod(shape)
        else np.empty(0, kind)
    )
    return array.reshape(shape)
