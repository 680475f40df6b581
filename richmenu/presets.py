"""Ready ways to divide a menu's picture: those of LINE Official Account Manager, and two with tabs (pure).

Each tiles its picture exactly, pixel by pixel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from richmenu.rules import Bounds, Size

LARGE, SMALL = Size(2500, 1686), Size(2500, 843)
_THIRDS = ((0, 833), (833, 834), (1667, 833))
_HALVES = ((0, 1250), (1250, 1250))
_WHOLE = ((0, 2500),)
_WIDE_LEFT = ((0, 1667), (1667, 833))
_WIDE_RIGHT = ((0, 833), (833, 1667))
_ROWS = ((0, 843), (843, 843))
_ONE_ROW = ((0, 843),)
_BOTH_ROWS = ((0, 1686),)
TAB_HEIGHT = 300
_TAB_ROW = ((0, TAB_HEIGHT),)
_ROWS_UNDER_TABS = ((300, 693), (993, 693))

Spans = Sequence[tuple[int, int]]
"""Begin and length, side by side."""


@dataclass(frozen=True)
class Preset:
    """One division of a picture."""

    title: str
    """As people call it."""
    size: Size
    areas: tuple[Bounds, ...]


def _grid(columns: Spans, rows: Spans) -> tuple[Bounds, ...]:
    """Row by row, from left to right."""
    return tuple(Bounds(x, y, width, height) for y, height in rows for x, width in columns)


def _large(title: str, *parts: tuple[Bounds, ...]) -> Preset:
    return Preset(title, LARGE, tuple(area for part in parts for area in part))


def _small(title: str, columns: Spans) -> Preset:
    return Preset(title, SMALL, _grid(columns, _ONE_ROW))


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "large_6": _large("大1 6面", _grid(_THIRDS, _ROWS)),
        "large_4": _large("大2 4面", _grid(_HALVES, _ROWS)),
        "large_1_3": _large("大3 上1+下3", _grid(_WHOLE, _ROWS[:1]), _grid(_THIRDS, _ROWS[1:])),
        "large_wide_2": _large(
            "大4 左大+右2", _grid(_WIDE_LEFT[:1], _BOTH_ROWS), _grid(_WIDE_LEFT[1:], _ROWS)
        ),
        "large_rows": _large("大5 上下", _grid(_WHOLE, _ROWS)),
        "large_columns": _large("大6 左右", _grid(_HALVES, _BOTH_ROWS)),
        "large_1": _large("大7 1面", _grid(_WHOLE, _BOTH_ROWS)),
        "small_3": _small("小1 3面", _THIRDS),
        "small_2": _small("小2 左右", _HALVES),
        "small_wide_narrow": _small("小3 大+小", _WIDE_LEFT),
        "small_narrow_wide": _small("小4 小+大", _WIDE_RIGHT),
        "small_1": _small("小5 1面", _WHOLE),
        "tabs_2_6": _large("タブ2+6", _grid(_HALVES, _TAB_ROW), _grid(_THIRDS, _ROWS_UNDER_TABS)),
        "tabs_3_6": _large("タブ3+6", _grid(_THIRDS, _TAB_ROW), _grid(_THIRDS, _ROWS_UNDER_TABS)),
    }
)
"""By the name that menu files use, in the order of the editor's buttons."""
