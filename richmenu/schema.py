"""What a rich menu is: tabs, areas, and what a tap on each does.

The same shape is written as YAML (richmenu/menus), stored as a definition's JSON, and edited in the console.
Whether it makes sense as a whole is checked in richmenu/faults.py.
"""

from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.yaml_files import Named
from richmenu.presets import LARGE, PRESETS
from richmenu.rules import Bounds, Size, letter

KIND = "menu"
"""Of a menu's definition rows."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,15}$")]
"""Of a menu and of its tabs: together they are the alias, which LINE allows 32 characters."""
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_EDGES = ("x", "y", "width", "height")


class Tone(StrEnum):
    """How an area is coloured."""

    GREEN = "green"
    BLUE = "blue"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"
    STRONG = "strong"
    """The one thing we would like people to tap."""


class Part(BaseModel):
    """Unknown fields are faults: a misspelt one must not be ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PostbackAction(Part):
    """One of our own commands; see richmenu/commands.py."""

    type: Literal["postback"]
    command: Words
    values: dict[str, str] = Field(default_factory=dict)
    says: str = ""
    """What the person seems to say; empty: the area's label."""


class MessageAction(Part):
    """A text, as if the person had typed it."""

    type: Literal["message"]
    text: Words


class UriAction(Part):
    """An address that opens."""

    type: Literal["uri"]
    uri: Words


class TabAction(Part):
    """Another tab of the same menu, without a round trip to us."""

    type: Literal["tab"]
    tab: Key


Action = Annotated[PostbackAction | MessageAction | UriAction | TabAction, Field(discriminator="type")]


class Area(Part):
    """A place to tap. Its edges may be left out in a tab with a preset."""

    label: Words
    note: str = ""
    """A second, smaller line."""
    icon: str = ""
    """Of Bootstrap Icons, by its name; empty: words only."""
    tone: Tone = Tone.GREEN
    x: int
    y: int
    width: int
    height: int
    action: Action

    @property
    def bounds(self) -> Bounds:
        """Where it lies."""
        return Bounds(self.x, self.y, self.width, self.height)


class Tab(Part):
    """One picture with its areas: a rich menu of LINE's."""

    key: Key
    title: Words
    preset: str = ""
    """How the picture was divided to begin with; areas may have been moved since."""
    width: int = LARGE.width
    height: int = LARGE.height
    picture: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    """SHA-256 of an uploaded picture; empty: it is drawn from the areas."""
    areas: tuple[Area, ...]

    @property
    def size(self) -> Size:
        """Of its picture."""
        return Size(self.width, self.height)

    def lettered(self) -> list[tuple[str, Area]]:
        """The areas with what people call them."""
        return [(letter(index), area) for index, area in enumerate(self.areas)]

    @model_validator(mode="before")
    @classmethod
    def _from_preset(cls, data: Any) -> Any:
        """Fill in size and edges that were left to the preset."""
        preset = PRESETS.get(str(data.get("preset", ""))) if isinstance(data, dict) else None
        areas = data.get("areas") if preset is not None else None
        if preset is None or not isinstance(areas, list | tuple):
            return data
        placed = [_placed(area, preset.areas, index) for index, area in enumerate(areas)]
        return {"width": preset.size.width, "height": preset.size.height, **data, "areas": placed}


def _placed(area: Any, places: tuple[Bounds, ...], index: int) -> Any:
    if not isinstance(area, dict) or any(edge in area for edge in _EDGES) or index >= len(places):
        return area
    return {**area, **places[index]._asdict()}


class Menu(Part, Named):
    """All tabs of one kind of person; the first one is where everybody begins."""

    name: Key
    title: Words
    bar: Words
    """On the bar under the chat that opens and closes it."""
    is_open: bool = True
    """Shown when the chat is opened."""
    tabs: Annotated[tuple[Tab, ...], Field(min_length=1, max_length=5)]

    def tab(self, key: str) -> Tab | None:
        """The tab with this key."""
        return next((tab for tab in self.tabs if tab.key == key), None)


def menu_json(menu: Menu) -> dict[str, Any]:
    """As it is stored in a definition."""
    return menu.model_dump(mode="json")


@lru_cache(maxsize=64)
def menu_from_json(body: str) -> Menu:
    """The menu in a definition's body; it was checked before it was stored."""
    return Menu.model_validate_json(body)
