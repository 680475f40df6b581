"""Which menu a person sees, and the geometry of areas (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

NEWCOMERS, MEMBERS, PLACED = "newcomers", "members", "placed"
ROLES = (NEWCOMERS, MEMBERS, PLACED)
"""The menus that a person can be given; the first is the account's default."""
LETTERS = "ABCDEFGHIJKLMNOPQRST"
"""What people call the areas of a tab, in their order."""
COMFORTABLE = 293
"""Of a picture 2500 wide: 44 CSS pixels on a phone of 375, the least that a thumb hits safely."""


@dataclass(frozen=True)
class MenuFacts:
    """What the choice of a person's menu looks at."""

    is_linked: bool
    is_placed: bool
    """Placed by us, and the two years are not over."""


def choose_menu(facts: MenuFacts) -> str:
    """The name of the menu that is right for a person."""
    if facts.is_placed:
        return PLACED
    return MEMBERS if facts.is_linked else NEWCOMERS


class Size(NamedTuple):
    """Of a picture, in its pixels."""

    width: int
    height: int


class Bounds(NamedTuple):
    """Where an area lies on the picture, in its pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column that is not the area's."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row that is not the area's."""
        return self.y + self.height


def letter(index: int) -> str:
    """What people call the area at this place of the list."""
    return LETTERS[index] if index < len(LETTERS) else str(index + 1)


def is_inside(bounds: Bounds, size: Size) -> bool:
    """Whether the whole area lies on the picture."""
    return bounds.x >= 0 and bounds.y >= 0 and bounds.right <= size.width and bounds.bottom <= size.height


def overlap(one: Bounds, other: Bounds) -> bool:
    """Whether they share a pixel; touching is not sharing."""
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def clamp(bounds: Bounds, size: Size) -> Bounds:
    """The nearest area that lies on the picture: shrunk where it is too large, then moved."""
    width = min(max(bounds.width, 1), size.width)
    height = min(max(bounds.height, 1), size.height)
    x = min(max(bounds.x, 0), size.width - width)
    y = min(max(bounds.y, 0), size.height - height)
    return Bounds(x, y, width, height)


def is_small(bounds: Bounds, size: Size) -> bool:
    """Whether a thumb may miss it, however large the picture's own pixels are."""
    least = COMFORTABLE * size.width / 2500
    return bounds.width < least or bounds.height < least


def gaps(areas: Sequence[Bounds], size: Size) -> list[Bounds]:
    """What no area covers, as few-row rectangles from top to bottom; taps there do nothing."""
    inside = [clamp(area, size) for area in areas]
    columns = sorted({0, size.width, *(edge for each in inside for edge in (each.x, each.right))})
    rows = sorted({0, size.height, *(edge for each in inside for edge in (each.y, each.bottom))})
    found: list[Bounds] = []
    for top, bottom in pairwise(rows):
        for left, right in pairwise(columns):
            cell = Bounds(left, top, right - left, bottom - top)
            if not any(overlap(cell, area) for area in inside):
                _add_joined(found, cell)
    return found


def _add_joined(found: list[Bounds], cell: Bounds) -> None:
    """Grow the rectangle to the left by the cell, where they stand in one row."""
    last = found[-1] if found else None
    if last is not None and (last.y, last.height, last.right) == (cell.y, cell.height, cell.x):
        found[-1] = last._replace(width=last.width + cell.width)
    else:
        found.append(cell)
