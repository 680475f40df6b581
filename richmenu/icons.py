"""Bootstrap Icons by name, as letters of the font that the pages use too: one icon set for menus and pages."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

_RULE = re.compile(r"\.bi-([a-z0-9-]+)::before\{content:\"\\([0-9a-f]{4,5})\"\}")


def is_icon(name: str) -> bool:
    """Whether there is an icon of this name."""
    return name in icon_letters()


def icon_letter(name: str) -> str:
    """The character that draws the icon in the font. Errors: KeyError for a name that is none."""
    return icon_letters()[name]


@cache
def icon_letters() -> Mapping[str, str]:
    """Every icon: name → character, read once from the package's style sheet."""
    css = (_folder() / "bootstrap-icons.min.css").read_text("utf-8")
    return MappingProxyType({name: chr(int(code, 16)) for name, code in _RULE.findall(css)})


def icon_font() -> Path:
    """The font's file."""
    return _folder() / "fonts" / "bootstrap-icons.woff2"


def _folder() -> Path:
    """Inside bootstrap-flask; found without importing it, since drawing needs no Flask."""
    found = find_spec("flask_bootstrap")
    if found is None or found.origin is None:
        raise FileNotFoundError("bootstrap-flask is not installed: run `make setup`")
    return Path(found.origin).parent / "static" / "bootstrap5" / "css" / "font"
