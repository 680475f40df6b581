"""Colours of the drawn menus: the tokens of the console's style, so that both look like one house (pure)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from richmenu.schema import Tone

BRAND, BRAND_DEEP = "#0B7A3B", "#086B33"
INK, SUB = "#1A1F24", "#56606B"
SURFACE, CARD, RULE = "#EEF4F0", "#FFFFFF", "#D5DEDA"


class Colours(NamedTuple):
    """Of one area."""

    card: str
    edge: str
    disc: str
    """Behind the icon."""
    icon: str
    label: str
    note: str


def _plain(disc: str, icon: str) -> Colours:
    return Colours(CARD, RULE, disc, icon, INK, SUB)


COLOURS: Mapping[Tone, Colours] = MappingProxyType(
    {
        Tone.GREEN: _plain("#E6F5EC", BRAND),
        Tone.BLUE: _plain("#E8F1FE", "#0B4A9E"),
        Tone.AMBER: _plain("#FFF4DB", "#8A5300"),
        Tone.RED: _plain("#FDECEA", "#B3261E"),
        Tone.GREY: _plain("#E9EDF0", "#3A424B"),
        Tone.STRONG: Colours(BRAND, BRAND_DEEP, "#FFFFFF", BRAND, "#FFFFFF", "#E6F5EC"),
    }
)
"""Every pair of letters and ground has a contrast of 4.5 or more."""
