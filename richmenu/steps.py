"""The single steps of publishing menus (pure); richmenu/plan.py chooses them, richmenu/sync.py takes them."""

from dataclasses import dataclass

from richmenu.facts import Known
from richmenu.objects import TabObject


@dataclass(frozen=True)
class Forget:
    """LINE does not have it any more."""

    known: Known


@dataclass(frozen=True)
class Adopt:
    """LINE has it, made by a run that died before it wrote that down."""

    tab: TabObject
    rich_menu_id: str


@dataclass(frozen=True)
class Create:
    """Make it, still without a picture."""

    tab: TabObject


@dataclass(frozen=True)
class Upload:
    """Give it its picture."""

    tab: TabObject
    rich_menu_id: str


@dataclass(frozen=True)
class PointAlias:
    """Let the name that tabs switch to stand for this one."""

    alias: str
    rich_menu_id: str
    is_new: bool


@dataclass(frozen=True)
class SetDefault:
    """For everybody who was given none."""

    rich_menu_id: str


@dataclass(frozen=True)
class GoLive:
    """From now on people are given the wanted ones."""


@dataclass(frozen=True)
class Move:
    """Let LINE move whoever has an old one: pairs of rich menu ids."""

    moves: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AwaitMove:
    """LINE is not done yet, or has just been."""


@dataclass(frozen=True)
class GiveToOthers:
    """Give friends who have none, or another one, what is right for them."""


@dataclass(frozen=True)
class DropAlias:
    """A name of a tab that is no more."""

    alias: str


@dataclass(frozen=True)
class Delete:
    """Nobody has it any more, or nobody ever had."""

    rich_menu_id: str


Step = (
    Forget
    | Adopt
    | Create
    | Upload
    | PointAlias
    | SetDefault
    | GoLive
    | Move
    | AwaitMove
    | GiveToOthers
    | DropAlias
    | Delete
)
