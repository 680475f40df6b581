"""docs/benchmarks.md from the last run at length of each measurement."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.clock import in_tokyo
from tests.bench.keeping import Kept
from tests.bench.results import Result, Target

REPORT = Path(__file__).resolve().parent.parent.parent / "docs" / "benchmarks.md"
OPENING = """\
# Benchmarks

Written by `make bench`: the numbers of a section come from one run on one machine; each says when. Absolute
speeds of a shared machine move by a factor of two between runs; so speed is given as a ratio over a named peer
that ran in the same round, alternating, and as processor time. The median of the rounds counts.

Peers: the LINE SDK's own Flask example (`WebhookHandler`) and `push_message`; the job engines DBOS and
Procrastinate; LINE's own limit of 2,000 calls a second for each channel and endpoint. LINE is simulated.
"""
LIMITS = """\
## What the limits are

- **LINE**: 2,000 calls a second for each channel; one worker is meant to hold nearly all of it (the
  share that this run held stands above), so further workers bring safety and other channels, not more pushes.
- **fsync**: nothing is acknowledged before it is on disk. One fsync is shared by all that has arrived
  meanwhile, so the disk bounds the waiting time of a single event, not the number of events.
- **Processor**: parsing HTTP in Python bounds the web process, a handler's own queries bound the worker.
  Web processes add up; on PostgreSQL so do hosts and workers, on SQLite there is one writer at a time.

Not measured here: LINE's real latency, PostgreSQL over a network, disks slower than this one, more cores.
"""


def write_report(measurements: Sequence[Kept], path: Path = REPORT) -> None:
    """Overwrite the report."""
    results = [each.result for each in measurements]
    parts = [OPENING, _machine(measurements), _targets(results), *map(_section, measurements), LIMITS]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(parts), encoding="utf-8")


def _machine(measurements: Sequence[Kept]) -> str:
    newest = max(measurements, key=lambda each: each.at)
    return "## Machine\n\n" + _table(("", ""), list(newest.machine.items()))


def _targets(results: Sequence[Result]) -> str:
    rows = [
        (result.name, target.text, measured(target), must(target), "yes" if target.holds else "**no**")
        for result in results
        for target in result.targets
    ]
    return "## Targets\n\n" + _table(("measurement", "target", "measured", "must", "holds"), rows)


def _section(measurement: Kept) -> str:
    result, when = measurement.result, in_tokyo(measurement.at)
    table = _table(result.columns, result.rows)
    notes = "".join(f"\n{note}\n" for note in result.notes)
    return (
        f"## {result.title}\n\n`python -m tests.bench --only {result.name}`, {when:%Y-%m-%d %H:%M} in Tokyo, "
        f"load averages at its end {measurement.load}\n\n{table}\n"
        f"{result.reading}\n\n*Growth and limit:* {result.growth}\n{notes}"
    )


def measured(target: Target) -> str:
    """The figure of this run with its unit."""
    return f"{target.measured:,.2f}{target.unit}"


def must(target: Target) -> str:
    """What has to hold."""
    return f"{'≤' if target.at_most else '≥'} {target.must:,.2f}{target.unit}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(_lines(columns, rows)) + "\n"


def _lines(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
