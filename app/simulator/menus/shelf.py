"""State of the rich menus: which exist, their pictures and aliases, who sees which one."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.simulator.platform import Friendship, Person

Definition = dict[str, Any]
"""A rich menu as it was created: size, selected, name, chatBarText, areas."""


@dataclass
class Menu:
    """One rich menu; without a picture nobody can be given it."""

    id: str
    definition: Definition
    mime: str = ""
    picture: bytes = field(default=b"", repr=False)

    def to_json(self) -> dict[str, Any]:
        """As LINE answers it."""
        return {"richMenuId": self.id, **self.definition}


class Shelf:
    """All menus of the account. `on_change` is told whose own menu changed."""

    def __init__(self, on_change: Callable[[str], None]) -> None:
        self._on_change = on_change
        self.clear()

    def clear(self) -> None:
        """No menus, no links."""
        self.menus: dict[str, Menu] = {}
        self.aliases: dict[str, str] = {}
        """Alias → menu id."""
        self.default: str | None = None
        self.links: dict[str, str] = {}
        """User id → the menu that is linked to this person."""

    def add(self, definition: Definition) -> Menu:
        """A new menu, still without a picture."""
        menu = Menu(f"richmenu-{secrets.token_hex(16)}", definition)
        self.menus[menu.id] = menu
        return menu

    def remove(self, menu_id: str) -> None:
        """Gone with its links; aliases keep pointing at nothing, as LINE's do."""
        del self.menus[menu_id]
        if self.default == menu_id:
            self.default = None
        self.links = {user_id: linked for user_id, linked in self.links.items() if linked != menu_id}

    def link(self, person: Person | None, menu_id: str) -> bool:
        """Give a friend a menu; without effect for everybody else, as with LINE."""
        if person is None or person.friendship is not Friendship.FRIEND:
            return False
        self.links[person.id] = menu_id
        self._on_change(person.id)
        return True

    def unlink(self, user_id: str) -> None:
        """Back to the default."""
        if self.links.pop(user_id, None) is not None:
            self._on_change(user_id)

    def seen_by(self, person: Person) -> Menu | None:
        """What is at the bottom of this person's chat: their own menu, else the default, else nothing.

        Own menus are for friends only; a person who blocked sees the default when looking into the chat.
        """
        is_friend = person.friendship is Friendship.FRIEND
        own = self.links.get(person.id) if is_friend else None
        return self.menus.get(own or self.default or "")
