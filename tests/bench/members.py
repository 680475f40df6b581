"""Members in bulk over a loop of single upserts: as the job site sends them, and as they are written."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

import requests

from app.api.bulk import BATCH
from app.clock import Clock
from app.db import Database, open_database, transaction
from app.encryption import Encryption
from app.json_text import to_bytes
from app.members.actions import upsert_member, upsert_members
from app.members.values import MemberData
from app.site_keys.actions import add_api_key
from app.site_keys.scopes import Scope
from tests.bench.databases import prepared_url
from tests.bench.processes import free_port, gunicorn
from tests.bench.results import Bench, Result, Target, median_ratio, number
from tests.stack import KEY, environment_for

DATABASES = (("sqlite", "SQLite FULL"), ("postgresql", "PostgreSQL"))
LONGEST_MILLISECONDS = 50
LINES = "application/x-ndjson"


def measure(bench: Bench) -> Result:
    """Rounds of both ways in turn, on both databases, over HTTP and in a process."""
    rounds, singles, many = (2, 200, 2_000) if bench.quick else (5, 1_000, 10_000)
    rows, targets = [], []
    for kind, name in DATABASES:
        for way, measured in (("requests", _over_http), ("transactions", _in_process)):
            with measured(bench, kind) as (one_by_one, in_bulk):
                alone = [singles / _seconds(one_by_one, number_, singles) for number_ in range(rounds)]
                together = [many / _seconds(in_bulk, number_ + rounds, many) for number_ in range(rounds)]
            ratio = median_ratio(together, alone)
            rows.append((name, way, number(median(alone)), number(median(together)), f"{ratio:.1f}x"))
            if way == "requests":
                targets.append(Target(f"{name}, {way}", ratio, 10))
    text = f"SQLite, longest transaction of {BATCH}: everybody else waits"
    longest = _longest_transaction(bench)
    targets.append(Target(text, longest, LONGEST_MILLISECONDS, " ms", at_most=True))
    return Result(
        name="members",
        title="Members in bulk over a loop of single upserts, 10 times",
        columns=("database", "what is repeated", "one by one, members/s", "in bulk, members/s", "ratio"),
        rows=rows,
        targets=targets,
        reading=(
            "New members with name, phone, mail and facts. Requests: a PUT for each over one connection, against "
            "one POST of JSON lines, to a gunicorn of one process; this is the choice that a job site has, and must "
            f"be ten times. Transactions: one for each member in one process, against batches of {BATCH} as that "
            "POST makes them: what is left of it without HTTP."
        ),
        growth=(
            "In bulk half of the time goes into checking and encrypting each member, which is the web process's "
            "processor, and half into the pages of five indexes whose keys are hashes, each of them another page; "
            "one by one it goes into a commit and a request each."
        ),
    )


Way = Callable[[Sequence[int]], None]
Ways = tuple[Way, Way]


def _seconds(way: Way, round_: int, count: int) -> float:
    """For members that are new in this round."""
    numbers = range(round_ * 100_000, round_ * 100_000 + count)
    begun = time.perf_counter()
    way(numbers)
    return time.perf_counter() - begun


@contextmanager
def _in_process(bench: Bench, kind: str) -> Iterator[Ways]:
    database, sealing, clock = open_database(prepared_url(bench.databases, kind)), Encryption([KEY]), Clock()

    def one_by_one(numbers: Sequence[int]) -> None:
        for number_ in numbers:
            with transaction(database) as session:
                upsert_member(session, sealing, _data(number_), clock.now())

    def in_bulk(numbers: Sequence[int]) -> None:
        for at in range(0, len(numbers), BATCH):
            _write(database, sealing, numbers[at : at + BATCH])

    try:
        yield one_by_one, in_bulk
    finally:
        database.dispose()


@contextmanager
def _over_http(bench: Bench, kind: str) -> Iterator[Ways]:
    url = prepared_url(bench.databases, kind)
    database = open_database(url)
    with transaction(database) as session:
        key = add_api_key(session, "bench", [Scope.MEMBERS_WRITE], Clock().now())
    database.dispose()
    port = free_port()
    env = environment_for(url, "http://127.0.0.1:9")
    log = bench.folder / "members.log"
    with gunicorn("wsgi:application", port, env, log, workers=1), requests.Session() as client:
        client.headers["Authorization"] = f"Bearer {key}"
        base = f"http://127.0.0.1:{port}/api/v1/members"

        def one_by_one(numbers: Sequence[int]) -> None:
            for number_ in numbers:
                client.put(f"{base}/M-{number_}", json=_body(number_), timeout=30).raise_for_status()

        def in_bulk(numbers: Sequence[int]) -> None:
            lines = b"\n".join(to_bytes(_body(n) | {"external_id": f"M-{n}"}) for n in numbers)
            answer = client.post(f"{base}/bulk", lines, headers={"Content-Type": LINES}, timeout=300)
            answer.raise_for_status()

        yield one_by_one, in_bulk


def _longest_transaction(bench: Bench) -> float:
    """Milliseconds, of 50 batches in a table of 5,000 members; the first, which loads code, is left out."""
    database, sealing = open_database(prepared_url(bench.databases, "sqlite")), Encryption([KEY])
    took = []
    for at in range(50):
        begun = time.perf_counter()
        _write(database, sealing, range(at * BATCH, (at + 1) * BATCH))
        took.append((time.perf_counter() - begun) * 1000)
    database.dispose()
    return max(took[1:])


def _write(database: Database, sealing: Encryption, numbers: Sequence[int]) -> None:
    with transaction(database) as session:
        upsert_members(session, sealing, [_data(number_) for number_ in numbers], Clock().now())


def _body(number_: int) -> dict[str, Any]:
    """An invented member, as the site sends one."""
    return {
        "name": f"架空 {number_}",
        "phone": f"0901{number_ % 10**7:07}",
        "mail": f"member{number_}@site.example",
        "facts": {"occupation": "看護師", "night": "none", "area": [14, 13]},
    }


def _data(number_: int) -> MemberData:
    """The same, checked."""
    body = _body(number_)
    return MemberData(
        external_id=f"M-{number_}",
        name=body["name"],
        phone=f"+81901{number_ % 10**7:07}",
        mail=body["mail"],
        facts=body["facts"],
    )
