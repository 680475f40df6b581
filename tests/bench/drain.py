"""The inbox's drain, ordered for each person and exactly once, over job engines doing nothing.

    python -m tests.bench.drain URL

drains what is in the inbox of that database and prints the seconds; each handled event adds an outbox row.
"""

import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from statistics import median

from sqlalchemy.orm import Session

from app.clock import Clock
from app.db import open_database, writing
from app.memory import keep_what_is_loaded
from app.messaging.inbox import Handled, InboxEntry, drain_once
from app.messaging.intake import inbox_rows, read_body, write_events
from app.messaging.outbox import NewOutboxMessage
from app.messaging.rules import Carrier
from tests.bench.bodies import request_bodies
from tests.bench.databases import prepared_url
from tests.bench.results import Bench, Result, Target, median_ratio, number

PEOPLE = 500
ENGINES = (
    "Goen, SQLite",
    "DBOS, SQLite",
    "Goen, PostgreSQL",
    "DBOS, PostgreSQL",
    "DBOS, PostgreSQL, in any order",
    "Procrastinate, PostgreSQL",
)
"""In order for each person, where nothing else is said."""


def measure(bench: Bench) -> Result:
    """Rounds of all engines in turn."""
    rounds, jobs, events = (1, 400, 8_000) if bench.quick else (5, 1_000, 30_000)
    rates: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for engine in ENGINES:
            count = events if engine.startswith("Goen") else jobs
            rates[engine].append(count / _seconds(bench, engine, count))
    ratios = {
        peer: median_ratio(rates[f"Goen, {peer.split(', ')[1]}"], rates[peer])
        for peer in ENGINES
        if not peer.startswith("Goen")
    }
    rows = [
        (engine, number(median(rates[engine])), f"{ratios[engine]:.1f}x" if engine in ratios else "")
        for engine in ENGINES
    ]
    return Result(
        name="drain",
        title="Inbox drained, over job engines that do nothing",
        columns=("engine", "jobs/s", "Goen over it"),
        rows=rows,
        targets=[
            Target(f"over {peer}", ratio, 20) for peer, ratio in ratios.items() if "any order" not in peer
        ],
        reading=(
            "The drain handles events in batches: one commit for up to 100 of them, each with an outbox row, in "
            "order for each person. The engines run an empty function for each job and commit several times for it; "
            "in any order is easier than what is asked for, and stands here for comparison."
        ),
        growth=(
            "One process drains SQLite, since SQLite has one writer; on PostgreSQL every worker drains other lanes. "
            "The limit is the processor, not the disk: an fsync is shared by the batch."
        ),
    )


def _seconds(bench: Bench, engine: str, count: int) -> float:
    kind = "sqlite" if "SQLite" in engine else "postgresql"
    if engine.startswith("Goen"):
        url = prepared_url(bench.databases, kind)
        _fill(url, count)
        return float(_run("tests.bench.drain", url))
    url = bench.databases.empty_url(kind)
    if engine.startswith("DBOS"):
        url = url.replace("postgresql://", "postgresql+psycopg://")
        people = "0" if "any order" in engine else str(PEOPLE)
        _run("tests.bench.peers.dbos_jobs", url, str(count), "enqueue", people)
        return float(_run("tests.bench.peers.dbos_jobs", url, str(count), "work", people))
    return float(_run("tests.bench.peers.procrastinate_jobs", url, str(count), str(PEOPLE)))


def _run(module: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", module, *arguments], check=True, capture_output=True)
    return done.stdout.decode()


def _fill(url: str, events: int) -> None:
    database, now = open_database(url, synchronous="OFF"), Clock().now()
    for body in request_bodies(events // 100, 100, PEOPLE):
        with writing(database) as connection:
            write_events(connection, inbox_rows(1, read_body(body)["events"], now))
    database.dispose()


def answer(session: Session, entry: InboxEntry, now: datetime) -> Handled:
    """A handler that only answers: the engine is measured, not a conversation."""
    row = NewOutboxMessage(
        Carrier.PUSH,
        entry.channel_id,
        f"event:{entry.channel_id}:{entry.webhook_event_id}:0",
        {"messages": [{"type": "text", "text": "ありがとうございます"}]},
        recipient=entry.line_user_id,
    )
    return Handled([row])


def main(arguments: Sequence[str]) -> None:
    """Drain as a worker does, and print how long it took."""
    database, clock = open_database(arguments[0]), Clock()
    keep_what_is_loaded()

    def drain() -> None:
        while drain_once(database, answer, clock):
            pass

    threads = [threading.Thread(target=drain) for _ in range(1 if database.is_sqlite else 2)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(str(time.perf_counter() - started))
    database.dispose()


if __name__ == "__main__":
    main(sys.argv[1:])
