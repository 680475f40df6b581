"""What a measurement hands back: figures, targets, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.databases import Databases


@dataclass(frozen=True)
class Bench:
    """What every measurement gets: a folder of its own making, databases, and how long it may take."""

    folder: Path
    databases: Databases
    quick: bool

    @property
    def postgresql_pid(self) -> int:
        """The running PostgreSQL server, for its processor time."""
        return int((self.folder / "postgresql" / "postmaster.pid").read_text().split()[0])


@dataclass(frozen=True)
class Target:
    """One promise: what was measured against what must hold. `unit` is written behind both numbers."""

    text: str
    measured: float
    must: float
    unit: str = "x"
    at_most: bool = False

    @property
    def holds(self) -> bool:
        """Whether the promise is kept in this run."""
        return self.measured <= self.must if self.at_most else self.measured >= self.must


@dataclass(frozen=True)
class Result:
    """One measurement as the report shows it."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    targets: Sequence[Target] = ()
    reading: str = ""
    """One or two sentences: what the table says."""
    growth: str = ""
    """How it grows, and what the physical limit is."""
    notes: Sequence[str] = field(default=())


def number(value: float, digits: int = 0) -> str:
    """For tables: thousands with commas."""
    return f"{value:,.{digits}f}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of all values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Median of the ratios of each round: both were measured one right after the other."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))
