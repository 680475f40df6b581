"""What is known about our menus at LINE: what staff want, what is written down, and what LINE says (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from richmenu.objects import TabObject


class State(StrEnum):
    """Of one tab in one version."""

    WANTED = "wanted"
    """LINE has nothing of it yet, as far as we know."""
    CREATED = "created"
    """It exists there, without a picture as far as we know."""
    READY = "ready"
    LIVE = "live"
    """What people are given."""
    OLD = "old"
    """Another version is live; some may still have this one."""


@dataclass(frozen=True)
class Known:
    """A tab that is written down as being on LINE, or on its way there."""

    name: str
    digest: str
    state: State
    rich_menu_id: str | None = None
    is_first: bool = True
    is_left: bool = False
    """Of an old one: everybody has been moved away, long enough ago to be sure."""
    is_emptied: bool = False
    """Of an old one: everybody has been moved away."""


@dataclass(frozen=True)
class Seen:
    """LINE's side."""

    menus: Mapping[str, str] = field(default_factory=dict)
    """Rich menu id → the name it was given."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None


@dataclass(frozen=True)
class Facts:
    """All that the next step follows from."""

    wanted: tuple[TabObject, ...]
    known: tuple[Known, ...]
    seen: Seen
    is_moving: bool = False
    """LINE is moving people from old menus to new ones."""
    may_move: bool = True
    """Of the three batches an hour one is left."""
    has_others: bool = False
    """Some friends have not been given what is live."""
    is_full: bool = False
    """Everybody is to be looked at: what is right for them may have changed with time alone."""
    given: int = 0
    """How many friends were given another menu so far."""

    def known_of(self, tab: TabObject) -> Known | None:
        """What is written down about exactly this version."""
        return next((k for k in self.known if (k.name, k.digest) == (tab.name, tab.digest)), None)

    def id_of(self, tab: TabObject) -> str:
        """LINE's id of a wanted tab that was created. Errors: LookupError."""
        known = self.known_of(tab)
        if known is None or known.rich_menu_id is None:
            raise LookupError(tab.name)
        return known.rich_menu_id
