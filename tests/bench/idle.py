"""What an idle worker costs, and how soon it handles a single event that was stored."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import psutil
from sqlalchemy import func, select

from app.clock import Clock
from app.db import Database, open_database, reading, writing
from app.messaging.event_rules import InboxStatus
from app.messaging.intake import inbox_rows, read_body, write_events
from app.messaging.models import InboxEvent
from app.messaging.waking import wake_workers
from tests.bench.bodies import request_bodies
from tests.bench.databases import prepared_url
from tests.bench.processes import Stopwatch, environment, free_port, simulator, worker
from tests.bench.results import Bench, Result, Target, number, percentile
from tests.waiting import wait_until

PAUSE_SECONDS = 0.237  # no multiple of any interval of ours
POLL_SECONDS = 0.002
SETTLE_SECONDS = 1.5
"""What the last event leaves to do is no idleness."""


def measure(bench: Bench) -> Result:
    """Both databases, one after the other."""
    events, seconds = (15, 6) if bench.quick else (60, 15)
    rows, targets = [], []
    for kind, name in (("sqlite", "SQLite FULL"), ("postgresql", "PostgreSQL")):
        milliseconds, worker_share, database_share = _run(bench, kind, events, seconds)
        p50, p90 = median(milliseconds), percentile(milliseconds, 0.9)
        database_text = f"{database_share:.2%}" if kind == "postgresql" else "(in the worker)"
        rows.append((name, number(p50, 1), number(p90, 1), f"{worker_share:.2%}", database_text))
        targets.append(Target(f"{name}, stored to handled, median", p50, 50, " ms", at_most=True))
        targets.append(Target(f"{name}, idle worker", worker_share * 100, 2, " % of a core", at_most=True))
    return Result(
        name="idle",
        title="An idle worker: stored to handled, and what waiting costs",
        columns=("database", "p50 ms", "p90 ms", "idle worker", "idle PostgreSQL"),
        rows=rows,
        targets=targets,
        reading=(
            "From the commit of one event until its effects are committed, looked for every 2 ms. Waiting is a look "
            "at SQLite's data version every 25 ms, or PostgreSQL's notice."
        ),
        growth="On SQLite half of the time is the 25 ms look. Each further worker on stand-by costs as much again.",
    )


def _run(bench: Bench, kind: str, events: int, seconds: int) -> tuple[list[float], float, float]:
    """Milliseconds of each event; cores that the idle worker uses, and PostgreSQL for it."""
    with running_worker(bench, kind) as (database, process):
        milliseconds = [handle_one(database, number_) for number_ in range(events)]
        time.sleep(SETTLE_SECONDS)
        watch = Stopwatch((process.pid,))
        postgresql = Stopwatch((bench.postgresql_pid,) if kind == "postgresql" else ())
        time.sleep(seconds)  # the time that is measured
        wall, cpu = watch.read()
        return milliseconds, cpu / wall, postgresql.read()[1] / wall


@contextmanager
def running_worker(bench: Bench, kind: str) -> Iterator[tuple[Database, psutil.Popen]]:
    """A worker with a simulated LINE, and its database."""
    url, port = prepared_url(bench.databases, kind), free_port()
    env, log = environment(url, port), bench.folder / "idle.log"
    database = open_database(url)
    with simulator(port, env, log), worker(env, log) as process:
        yield database, process
    database.dispose()


def handle_one(database: Database, number_: int) -> float:
    """Store one event of a person and wait until it is handled; milliseconds."""
    store_event(database, number_)
    stored = time.perf_counter()
    wait_until_handled(database)
    took = time.perf_counter() - stored
    time.sleep(PAUSE_SECONDS)
    return took * 1000


def store_event(database: Database, number_: int) -> None:
    """One event, as the web process stores it."""
    [body] = request_bodies(1, 1, number_ + 1)
    with writing(database) as connection:
        write_events(connection, inbox_rows(1, read_body(body)["events"], Clock().now()))
        wake_workers(connection)


def wait_until_handled(database: Database, patience_seconds: float = 60.0) -> None:
    """Until nothing waits in the inbox. Errors: TimeoutError."""
    query = select(func.count()).where(InboxEvent.status == InboxStatus.WAITING)

    def is_empty() -> bool:
        with reading(database) as session:
            return session.scalars(query).one() == 0

    wait_until(is_empty, patience_seconds, lambda: "events are handled", POLL_SECONDS)
