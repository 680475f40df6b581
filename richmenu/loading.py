"""Menus from YAML: a menu, or every fault as `file:line: field: fault`; and from the editor's data."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.yaml_files import (
    PLAIN_WORDS,
    Found,
    Kind,
    Location,
    Read,
    field_faults,
    load_yaml,
    read_yaml,
    shipped,
)
from richmenu.faults import MenuFault, errors_of, menu_faults
from richmenu.schema import Menu

MENUS = Path(__file__).with_name("menus")
"""The menus that ship with Goen."""


@dataclass(frozen=True)
class Checked:
    """The editor's data as a menu, if its fields are well-formed, with all that is to be said about it."""

    menu: Menu | None
    faults: tuple[MenuFault, ...]

    @property
    def may_go_live(self) -> bool:
        """Warnings do not stop it."""
        return self.menu is not None and not any(fault.is_error for fault in self.faults)


def check_menu(data: Mapping[str, Any]) -> Checked:
    """Errors and warnings of a menu as the console edits it; nothing raises."""
    try:
        menu = Menu.model_validate(data)
    except ValidationError as error:
        found = field_faults(error, _WORDS)
        return Checked(None, tuple(MenuFault(_without_tag(where), what) for where, what in found))
    return Checked(menu, tuple(menu_faults(menu)))


def load_menu(path: Path) -> Read[Menu]:
    """Read and check one file; a file that cannot be read is a fault, not an error."""
    return load_yaml(path, MENU)


def read_menu(text: str, *, source: str) -> Read[Menu]:
    """Read and check YAML text; `source` is what its faults begin with, such as a file's name."""
    return read_yaml(text, MENU, source=source)


def shipped_menus() -> Mapping[str, Menu]:
    """The menus in richmenu/menus by name. Errors: ValueError when one of them may not go live."""
    return shipped(MENU)


def _without_tag(where: Location) -> Location:
    """A path as the data has it: the model names the kind of an action between it and its fields."""
    if "action" not in where:
        return where
    at = where.index("action") + 1
    return where[:at] + where[at + 1 :]


def _found(menu: Menu) -> list[Found]:
    return [(fault.where, fault.what) for fault in errors_of(menu)]


_WORDS = {
    **PLAIN_WORDS,
    "string_pattern_mismatch": "半角の英小文字・数字・_ を 1〜15 文字で書いてください",
}
MENU = Kind(Menu, _found, MENUS, root="menu", words=_WORDS)
