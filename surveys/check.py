"""`goen check-surveys`: every fault of survey files, each as `file:line: field: fault`."""

from collections.abc import Sequence
from pathlib import Path

from surveys.loading import DEFINITIONS, load_survey


def check_files(paths: Sequence[Path] = ()) -> list[str]:
    """Faults in the order of the files, or of those that ship with Goen. Empty: all may go live."""
    faults: list[str] = []
    seen: dict[str, Path] = {}
    for path in paths or sorted(DEFINITIONS.glob("*.yaml")):
        loaded = load_survey(path)
        faults += loaded.faults
        if loaded.survey is None:
            continue
        other = seen.setdefault(loaded.survey.name, path)
        if other != path:
            faults.append(f"{path}:1: name: 「{loaded.survey.name}」は {other} でも使われています")
    return faults
