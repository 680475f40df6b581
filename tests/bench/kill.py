"""A worker is killed with another standing by: how long until somebody handles and sends again."""

import time
from statistics import median

from sqlalchemy import func, select

from app.db import Database, open_database, reading
from app.messaging.models import OutboxMessage
from app.messaging.rules import OutboxStatus
from tests.bench.databases import prepared_url
from tests.bench.idle import POLL_SECONDS, store_event, wait_until_handled
from tests.bench.processes import environment, free_port, simulator, worker
from tests.bench.results import Bench, Result, Target, number
from tests.waiting import wait_until

MUST_SECONDS = 2.0


def measure(bench: Bench) -> Result:
    """Some kills on both databases."""
    kills = 1 if bench.quick else 5
    rows, targets = [], []
    for kind, name in (("sqlite", "SQLite FULL"), ("postgresql", "PostgreSQL")):
        handled, sent = zip(*(_kill_one(bench, kind) for _ in range(kills)), strict=True)
        rows.append(
            (name, str(kills), *(number(value, 2) for value in (median(handled), max(handled), max(sent))))
        )
        targets.append(
            Target(f"{name}, inbox resumes, worst", max(handled), MUST_SECONDS, " s", at_most=True)
        )
        targets.append(Target(f"{name}, sender resumes, worst", max(sent), MUST_SECONDS, " s", at_most=True))
    return Result(
        name="kill",
        title="kill -9 of the working process, another standing by",
        columns=(
            "database",
            "kills",
            "handled after s (median)",
            "handled after s (worst)",
            "sent after s (worst)",
        ),
        rows=rows,
        targets=targets,
        reading=(
            "An event is stored right after the kill; it is handled, and what it says is sent, by the other worker. "
            "That nothing is lost or sent twice is the matter of the crash tests, not of this figure."
        ),
        growth=(
            "Who stands by tries the lock every half second. A message in flight at the moment of the kill is sent "
            "again at once on SQLite, and when its lease of 30 s has ended on PostgreSQL."
        ),
    )


def _kill_one(bench: Bench, kind: str) -> tuple[float, float]:
    """Seconds from the kill until a new event is handled, and until its answer is sent."""
    url, port = prepared_url(bench.databases, kind), free_port()
    env, folder = environment(url, port), bench.folder
    database = open_database(url)
    with simulator(port, env, folder / "kill.log"), worker(env, folder / "first.log") as first:
        store_event(database, 1)
        wait_until_handled(database)
        with worker(env, folder / "second.log"):
            first.kill()
            killed = time.perf_counter()
            store_event(database, 2)
            wait_until_handled(database)
            handled = time.perf_counter() - killed
            _wait_until_ended(database)
            ended = time.perf_counter() - killed
    database.dispose()
    return handled, ended


def _wait_until_ended(database: Database, patience_seconds: float = 60.0) -> None:
    """Until no row waits or is in flight; that LINE refuses an invented reply token is an answer too."""
    open_states = [OutboxStatus.WAITING, OutboxStatus.SENDING]
    query = select(func.count()).where(OutboxMessage.status.in_(open_states))

    def has_ended() -> bool:
        with reading(database) as session:
            return session.scalars(query).one() == 0

    wait_until(has_ended, patience_seconds, lambda: "rows are sent", POLL_SECONDS)
