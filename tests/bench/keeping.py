"""The last run at length of each measurement, kept beside the report that is written from them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter

from tests.bench.results import Result

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "benchmarks"


@dataclass(frozen=True)
class Kept:
    """One measurement, when it was made and on what."""

    result: Result
    at: datetime
    load: str
    """Load averages when it had ended."""
    machine: dict[str, str]


_KEPT = TypeAdapter(Kept)


def keep(measurement: Kept) -> None:
    """Replace what was kept of this measurement."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{measurement.result.name}.json"
    path.write_bytes(_KEPT.dump_json(measurement, indent=1) + b"\n")


def kept(name: str) -> Kept | None:
    """The last one of this name; None when it never ran at length."""
    path = FOLDER / f"{name}.json"
    return _KEPT.validate_json(path.read_bytes()) if path.exists() else None
