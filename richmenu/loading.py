"""Menus from YAML: a menu, or every fault as `file:line: field: fault`; and from the editor's data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from app.yaml_files import PLAIN_WORDS, Found, Kind, Location, Read, field_faults, load_yaml, read_yaml
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
    return load_yaml(path, _MENU)


def read_menu(text: str, *, source: str) -> Read[Menu]:
    """Read and check YAML text; `source` is what its faults begin with, such as a file's name."""
    return read_yaml(text, _MENU, source=source)


def check_files(paths: Iterable[Path] = ()) -> list[str]:
    """Faults in the order of the files, or of the menus that ship with Goen. Empty: all may go live."""
    faults: list[str] = []
    seen: dict[str, Path] = {}
    for path in list(paths) or sorted(MENUS.glob("*.yaml")):
        read = load_menu(path)
        faults += read.faults
        if read.value is None:
            continue
        other = seen.setdefault(read.value.name, path)
        if other != path:
            faults.append(f"{path}:1: name: 「{read.value.name}」は {other} でも使われています")
    return faults


@cache
def shipped_menus() -> Mapping[str, Menu]:
    """The menus in richmenu/menus by name, read once.

    Errors: ValueError with every fault when one of them may not go live.
    """
    read = [load_menu(path) for path in sorted(MENUS.glob("*.yaml"))]
    faults = [fault for each in read for fault in each.faults]
    if faults:
        raise ValueError("\n".join(faults))
    return MappingProxyType({each.value.name: each.value for each in read if each.value is not None})


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
_MENU = Kind(Menu, _found, root="menu", words=_WORDS)
