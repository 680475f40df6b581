"""How fast a webhook is stored durably and acknowledged, over the SDK's own example that stores nothing."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.bodies import write_requests
from tests.bench.databases import prepared_url
from tests.bench.processes import Stopwatch, environment, free_port, gunicorn
from tests.bench.results import Bench, Result, Target, median_ratio, number

SDK = "SDK's Flask example, stores nothing"
VARIANTS: Mapping[str, tuple[str, str | None]] = {
    SDK: ("tests.bench.peers.sdk_example:application", None),
    "Goen, SQLite FULL": ("wsgi:application", "sqlite"),
    "Goen, SQLite NORMAL": ("tests.bench.peers.wsgi_normal:application", "sqlite"),
    "Goen, PostgreSQL": ("wsgi:application", "postgresql"),
}


@dataclass(frozen=True)
class Run:
    """One variant in one round."""

    per_second: float
    """Requests."""
    p50: float
    p99: float
    cpu_per_request: float
    """Microseconds, with PostgreSQL."""
    refused: int
    """Answered 503: not stored within 1.2 s."""


def measure(bench: Bench) -> Result:
    """Rounds of all variants in turn, at 1 and at 20 events per body."""
    rounds, seconds = (2, 1.5) if bench.quick else (5, 5.0)
    runs: dict[tuple[int, str], list[Run]] = defaultdict(list)
    for events in (1, 20):
        path = bench.folder / f"requests{events}"
        write_requests(path, int((6_000 if events == 1 else 2_000) * (seconds + 1)), events)
        for _ in range(rounds):
            for name in VARIANTS:
                runs[events, name].append(_run(bench, name, path, seconds))
    return _result(runs, rounds)


def _run(bench: Bench, name: str, path: Path, seconds: float) -> Run:
    application, kind = VARIANTS[name]
    port = free_port()
    url = prepared_url(bench.databases, kind) if kind else "sqlite:////nowhere"
    pids = (bench.postgresql_pid,) if kind == "postgresql" else ()
    with gunicorn(application, port, environment(url, port), bench.folder / "web.log") as server:
        watch = Stopwatch((server.pid, *pids))
        found = _load(path, port, seconds)
        cpu = watch.read()[1]
    cpu_per_request = cpu / found["answers"] * 1e6
    return Run(found["per_second"], found["p50"], found["p99"], cpu_per_request, int(found["refused"]))


def _load(path: Path, port: int, seconds: float) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.load", str(path), str(port), str(seconds)]
    done = subprocess.run(command, check=True, capture_output=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _result(runs: Mapping[tuple[int, str], Sequence[Run]], rounds: int) -> Result:
    def ratio(events: int, name: str, field: str) -> float:
        ours = [getattr(run, field) for run in runs[events, name]]
        return median_ratio(ours, [getattr(run, field) for run in runs[events, SDK]])

    rows = []
    for (events, name), done in runs.items():
        cpu = median(run.cpu_per_request for run in done) / events
        rows.append(
            (
                str(events),
                name,
                number(median(run.per_second for run in done) * events),
                f"{ratio(events, name, 'per_second'):.2f}x",
                f"{1 / ratio(events, name, 'cpu_per_request'):.2f}x",
                number(cpu),
                number(median(run.p50 for run in done), 1),
                number(median(run.p99 for run in done), 1),
                str(sum(run.refused for run in done)),
            )
        )
    sqlite, normal, postgresql = list(VARIANTS)[1:]
    targets = [
        Target("SQLite FULL, requests/s at 1 event", ratio(1, sqlite, "per_second"), 0.40),
        Target("SQLite FULL, events/s at 20 events", ratio(20, sqlite, "per_second"), 0.90),
        Target("SQLite FULL, events per CPU-second at 20", 1 / ratio(20, sqlite, "cpu_per_request"), 1.25),
        Target("SQLite NORMAL, requests/s at 1 event", ratio(1, normal, "per_second"), 0.60),
        Target("PostgreSQL, requests/s at 1 event", ratio(1, postgresql, "per_second"), 0.33),
        Target("PostgreSQL, events/s at 20 events", ratio(20, postgresql, "per_second"), 0.55),
        Target("SQLite FULL, p99 at 1 event", ratio(1, sqlite, "p99"), 1.0, at_most=True),
    ]
    return Result(
        name="ack",
        title="Webhook stored and acknowledged, over the SDK's example",
        columns=(
            "events/body",
            "server",
            "events/s",
            "over SDK",
            "CPU efficiency",
            "CPU µs/event",
            "p50 ms",
            "p99 ms",
            "503",
        ),
        rows=rows,
        targets=targets,
        reading=(
            f"Median of {rounds} rounds in turn; 16 connections, 2 gunicorn workers with 8 threads each. The peer "
            "parses and forgets; ours has committed every event, once, before it says 200."
        ),
        growth=(
            "One writer thread in each web process commits what has arrived together, so the cost of an fsync is "
            "shared by all who wait: with more events in a body, or more requests at once, the cost of an event "
            "falls. The limit of one host is the cores that gunicorn and Flask take; on PostgreSQL hosts add up."
        ),
    )
