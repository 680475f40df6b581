"""Pushes for a minute from one worker process, against a LINE that answers after 50 ms and counts."""

import time
from itertools import pairwise

from app.db import open_database
from tests.bench.databases import add_friends, prepared_url
from tests.bench.line_calls import LINE_LATENCY_MS, SimulatedLine
from tests.bench.outbox import LINE_PER_SECOND
from tests.bench.outbox_rows import add_pushes
from tests.bench.processes import Stopwatch, environment, free_port, simulator, worker
from tests.bench.results import Bench, Result, Target, number

FRIENDS = 5_000


def measure(bench: Bench) -> Result:
    """Both databases, one after the other."""
    seconds = 20 if bench.quick else 60
    rows, targets = [], []
    for kind, name in (("sqlite", "SQLite FULL"), ("postgresql", "PostgreSQL")):
        share, cores, database_cores, refused, slowest = _run(bench, kind, seconds)
        rows.append(
            (
                name,
                number(share * LINE_PER_SECOND),
                f"{share:.3f}x",
                number(slowest),
                f"{cores:.2f}",
                f"{database_cores:.2f}" if kind == "postgresql" else "(in the worker)",
                str(refused),
            )
        )
        targets.append(Target(f"{name}, share of LINE's 2,000/s over {seconds} s", share, 0.95))
        targets.append(Target(f"{name}, cores of the worker", cores, 0.8, " core", at_most=True))
    return Result(
        name="sixty",
        title=f"{seconds} s of pushes from one worker, {LINE_LATENCY_MS} ms latency, LINE's limit enforced",
        columns=(
            "database",
            "messages/s",
            "share of 2,000/s",
            "slowest second",
            "cores of worker",
            "cores of PostgreSQL",
            "429",
        ),
        rows=rows,
        targets=targets,
        reading="One process holds the limit of a channel by itself, so no host has to ask another before it sends.",
        growth=(
            "Each further channel needs as much again, in the same process or another. The limit is LINE's: "
            "what is the same for many people goes by multicast, up to 500 in a call."
        ),
    )


def _run(bench: Bench, kind: str, seconds: int) -> tuple[float, float, float, int, float]:
    """Share held, cores of the worker, cores of PostgreSQL, calls refused, messages in the slowest second."""
    url, port = prepared_url(bench.databases, kind), free_port()
    env, log = environment(url, port), bench.folder / "sixty.log"
    with simulator(port, env, log):
        line = SimulatedLine(port)
        line.be_late(LINE_LATENCY_MS)
        database = open_database(url)
        people = line.add_friends(FRIENDS)
        add_friends(database, people)
        with worker(env, log) as process:
            add_pushes(database, people, int((seconds + 5) * LINE_PER_SECOND))
            database.dispose()
            watch = Stopwatch((process.pid,))
            postgresql = Stopwatch((bench.postgresql_pid,) if kind == "postgresql" else ())
            counts = _count_each_second(line, seconds)
            wall, cpu = watch.read()
            database_cpu = postgresql.read()[1]
        refused = sum(line.totals()["refused"].values())
    each = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(counts)]
    rate = (counts[-1][1] - counts[0][1]) / (counts[-1][0] - counts[0][0])
    return rate / LINE_PER_SECOND, cpu / wall, database_cpu / wall, refused, min(each)


def _count_each_second(line: SimulatedLine, seconds: int) -> list[tuple[float, int]]:
    """(time, pushes accepted so far), from now on."""
    counts = []
    for tick in range(seconds + 1):
        counts.append((time.monotonic(), line.totals()["accepted"].get("push", 0)))
        if tick < seconds:
            # a clock for the count: the seconds are what is measured
            time.sleep(max(0.0, counts[0][0] + tick + 1 - time.monotonic()))
    return counts
