"""Scripts as files: those that ship with Goen, and those recorded here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from app.simulator.scripts.reading import SHIPPED, load_script
from app.simulator.scripts.script import BadScript

_ODD = re.compile(r"[^\w-]+")


@dataclass(frozen=True)
class Listed:
    """A script that is there. `place`: shipped or recorded."""

    place: str
    path: Path
    name: str
    about: str
    fault: str


def list_scripts(recorded: Path | None) -> list[Listed]:
    """All scripts, the shipped ones first; one that cannot be read says why."""
    folders = [("shipped", SHIPPED)] + ([("recorded", recorded)] if recorded is not None else [])
    return [_listed(place, path) for place, folder in folders for path in sorted(folder.glob("*.yaml"))]


def save_script(folder: Path, script: Mapping[str, Any]) -> Path:
    """Write a recording under its name, beside an older one of the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = _ODD.sub("-", str(script["name"])).strip("-")[:60] or "script"
    path, number = folder / f"{stem}.yaml", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.yaml", number + 1
    path.write_text(written(script), encoding="utf-8")
    return path


def written(script: Mapping[str, Any]) -> str:
    """A script as YAML, to be read and edited by people."""
    yaml = YAML()
    yaml.allow_unicode = True
    yaml.width = 1000
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(dict(script), out)
    return out.getvalue()


def _listed(place: str, path: Path) -> Listed:
    try:
        script = load_script(path)
    except BadScript as error:
        return Listed(place, path, path.stem, "", error.faults[0])
    return Listed(place, path, script.name, script.about, "")
