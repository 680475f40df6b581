"""A catalogue of 100,000 jobs: how long an import takes, against the same rows one by one."""

import csv
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from app.clock import Clock, today_in_tokyo
from app.db import Database, open_database, transaction
from app.jobs.actions import upsert_jobs
from app.jobs.closing import close_missing_jobs
from app.jobs.imports import FoundKeys, import_jobs
from app.jobs.invented import invented_jobs
from app.jobs.rows import JobRow
from tests.bench.databases import prepared_url
from tests.bench.results import Bench, Result, Target, median_ratio, number

DATABASES = (("sqlite", "SQLite FULL"), ("postgresql", "PostgreSQL"))
SECONDS_FOR_ALL = 60
ALL = 100_000
LONGEST_MILLISECONDS = 50
ONE_IN = 20
"""So much of the catalogue is gone from the next file."""


def measure(bench: Bench) -> Result:
    """Import, import again, close what is gone; rounds of single upserts between them, on both databases."""
    count, singles, rounds = (10_000, 300, 2) if bench.quick else (ALL, 1_000, 3)
    jobs = list(invented_jobs(11, count, today=today_in_tokyo(Clock().now())))
    whole, fewer = bench.folder / "jobs.csv", bench.folder / "fewer.csv"
    _write(whole, jobs)
    _write(fewer, [job for number_, job in enumerate(jobs) if number_ % ONE_IN])
    rows, targets = [], []
    for kind, name in DATABASES:
        database, now = open_database(prepared_url(bench.databases, kind)), Clock().now()
        alone = [singles / _one_by_one(database, round_, singles) for round_ in range(rounds)]
        first, again, closing = (
            _import(database, path, now + timedelta(days=day))
            for day, path in enumerate((whole, whole, fewer))
        )
        longest = _longest_transaction(database, jobs) if kind == "sqlite" else None
        database.dispose()
        ratio = median_ratio([count / first] * rounds, alone)
        rows += [
            (name, "one upsert a transaction", number(median(alone)), number(count / median(alone), 1)),
            (name, "import of new jobs", number(count / first), number(first, 1)),
            (name, "the same file again", number(count / again), number(again, 1)),
            (name, f"one job in {ONE_IN} gone, --close-missing", number(count / closing), number(closing, 1)),
        ]
        targets += [
            Target(f"{name}: {ALL:,} new jobs", first * ALL / count, SECONDS_FOR_ALL, " s", at_most=True),
            Target(f"{name}: with closing", closing * ALL / count, SECONDS_FOR_ALL, " s", at_most=True),
            Target(f"{name}: against one by one", ratio, 1),
        ]
        if longest is not None:
            text = f"{name}: longest transaction of an import"
            targets.append(Target(text, longest, LONGEST_MILLISECONDS, " ms", at_most=True))
    return Result(
        name="catalogue",
        title=f"Import of a catalogue of {count:,} jobs",
        columns=("database", "what", "jobs/s", f"seconds for {count:,}"),
        rows=rows,
        targets=targets,
        reading=(
            f"A CSV file of {whole.stat().st_size / 1e6:.0f} MB with all columns, read and checked row by row. "
            "One by one: the same checked rows, each in a transaction of its own, without reading a file."
        ),
        growth="Linear in rows: reading and checking a row is most of it, and takes one core.",
    )


def _write(path: Path, jobs: Sequence[JobRow]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(JobRow.model_fields))
        writer.writeheader()
        for job in jobs:
            cells = job.model_dump(mode="json")
            writer.writerow(
                {
                    key: ",".join(map(str, cell)) if isinstance(cell, list) else cell
                    for key, cell in cells.items()
                }
            )


def _import(database: Database, path: Path, now: datetime) -> float:
    """Seconds."""
    begun, found = time.perf_counter(), FoundKeys()
    report = import_jobs(database, path, now=now, found=found)
    close_missing_jobs(database, found, now, many=True)
    assert report.rejected == 0, report
    return time.perf_counter() - begun


def _one_by_one(database: Database, round_: int, count: int) -> float:
    """Seconds for jobs that are new in this round."""
    now = Clock().now()
    jobs = list(invented_jobs(100 + round_, count, today=today_in_tokyo(now)))

    begun = time.perf_counter()
    for job in jobs:
        with transaction(database) as session:
            upsert_jobs(session, [job], now)
    return time.perf_counter() - begun


def _longest_transaction(database: Database, jobs: Sequence[JobRow]) -> float:
    """Milliseconds, of 50 batches that change jobs in the full table; the first, which loads code, is left out."""
    now, took = Clock().now(), []
    for at in range(50):
        changed = [job.model_copy(update={"hours": f"{at}時から"}) for job in jobs[at * 200 : (at + 1) * 200]]
        begun = time.perf_counter()
        with transaction(database) as session:
            upsert_jobs(session, changed, now)
        took.append((time.perf_counter() - begun) * 1000)
    return max(took[1:])
