"""Rows claimed and recorded in a large outbox, over what LINE takes: 2,000 calls a second."""

import os
from datetime import timedelta
from statistics import median

from app.clock import Clock
from app.contact.actions import gate
from app.db import Database, open_database, reading, transaction
from app.encryption import Encryption
from app.line.rules import Reply
from app.memory import keep_what_is_loaded
from app.messaging.claims import Features, claim_rows
from app.messaging.due import due_rows
from app.messaging.endings import record_attempts
from handlers.ended import on_ended
from handlers.rendering import render
from tests.bench.bodies import user_id
from tests.bench.databases import add_friends, prepared_url
from tests.bench.outbox_rows import add_pushes
from tests.bench.processes import Stopwatch
from tests.bench.results import Bench, Result, Target, number

LINE_PER_SECOND = 2_000
FRIENDS = 20_000
FEATURES = Features(gate(Encryption(["a-key-that-is-long"])), render, on_ended)
ACCEPTED = Reply(200, headers={"x-line-request-id": "6f1c1a2e-0000-4000-8000-000000000000"}, body=b"{}")


def measure(bench: Bench) -> Result:
    """Claim and record on both databases: in a small table, then in the large one."""
    sizes = (20_000, 200_000) if bench.quick else (20_000, 1_000_000)
    rounds, per_round = (3, 4_000) if bench.quick else (5, 10_000)
    rows, targets = [], []
    keep_what_is_loaded()  # as a worker does
    for kind, name in (("sqlite", "SQLite FULL"), ("postgresql", "PostgreSQL")):
        for size in sizes:
            rates, cpu = _rates(bench, kind, size, rounds, min(per_round, size // rounds))
            rate = median(rates)
            rows.append((name, number(size), number(rate), f"{rate / LINE_PER_SECOND:.1f}x", number(cpu, 1)))
        targets.append(Target(f"{name}, {number(size)} rows in the table", rate / LINE_PER_SECOND, 8))
    return Result(
        name="outbox",
        title="Outbox rows claimed and recorded, over LINE's 2,000 a second",
        columns=("database", "rows in the table", "rows/s", "over LINE", "CPU µs/row"),
        rows=rows,
        targets=targets,
        reading=(
            "The sender's own table work in batches of 500: choose what is due, ask the gate, claim and commit, "
            "record the answers and commit. Everything but the calls."
        ),
        growth=(
            "Partial indexes hold unfinished rows only, so the size of the table hardly matters. LINE's 2,000 "
            "calls a second are the limit of a channel, and the database is well above it."
        ),
    )


def _rates(bench: Bench, kind: str, size: int, rounds: int, per_round: int) -> tuple[list[float], float]:
    database = open_database(prepared_url(bench.databases, kind))
    people = [user_id(number) for number in range(FRIENDS)]
    add_friends(database, people)
    add_pushes(database, people, size)
    _settle(database)
    pids = (os.getpid(), *((bench.postgresql_pid,) if kind == "postgresql" else ()))
    watch = Stopwatch(pids)
    rates, done = [], 0
    for _ in range(rounds):
        round_watch, count = Stopwatch(()), 0
        while count < per_round:
            count += _claim_and_record(database)
        rates.append(count / round_watch.read()[0])
        done += count
    cpu = watch.read()[1] / done * 1e6
    database.dispose()
    return rates, cpu


def _settle(database: Database) -> None:
    """Put on disk what the loading has left, so that only the work is measured."""
    statements = ("PRAGMA wal_checkpoint(TRUNCATE)",) if database.is_sqlite else ("ANALYZE", "CHECKPOINT")
    with database.reader.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _claim_and_record(database: Database) -> int:
    now = Clock().now()
    with reading(database) as session:
        due = due_rows(session, 1, now)
    with transaction(database) as session:
        claimed = claim_rows(session, due, FEATURES, now, now)
    later = now + timedelta(milliseconds=50)
    with transaction(database) as session:
        record_attempts(session, [(row, ACCEPTED) for row in claimed], FEATURES.on_ended, later, later)
    return len(claimed)
