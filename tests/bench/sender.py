"""Messages per CPU-second of the sender, over the SDK's own `push_message`."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from statistics import median

from app.db import open_database
from tests.bench.bodies import user_id
from tests.bench.databases import add_friends, prepared_url
from tests.bench.outbox_rows import add_pushes
from tests.bench.processes import HOST, answers, free_port, started
from tests.bench.results import Bench, Result, Target, median_ratio, number

WAYS = {
    "sdk_sync": "SDK push_message, one client, 64 threads",
    "sdk_async": "SDK push_message, asynchronous client",
    "our_calls": "Goen, the call alone (SDK models, own session)",
    "our_sender": "Goen, whole sender on SQLite FULL, paced",
}
FRIENDS = 2_000


def measure(bench: Bench) -> Result:
    """Rounds of all ways in turn, against one fast server."""
    rounds, count = (1, 3_000) if bench.quick else (5, 8_000)
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.peers.plain_line", str(port)]
    cpu: dict[str, list[float]] = defaultdict(list)
    wall: dict[str, list[float]] = defaultdict(list)
    with started(command, os.environ, bench.folder / "line.log", lambda: answers(f"http://{HOST}:{port}/")):
        for _ in range(rounds):
            for way in WAYS:
                found = _run(bench, way, port, count)
                cpu[way].append(found["cpu"] / count * 1e6)
                wall[way].append(count / found["wall"])
    rows = [
        (
            name,
            number(median(cpu[way])),
            number(1e6 / median(cpu[way])),
            f"{median_ratio(cpu['sdk_sync'], cpu[way]):.1f}x",
            f"{median_ratio(cpu['sdk_async'], cpu[way]):.1f}x",
            number(median(wall[way])),
        )
        for way, name in WAYS.items()
    ]
    return Result(
        name="sender",
        title="Messages per CPU-second, over the SDK's push_message",
        columns=("way", "CPU µs/message", "messages/CPU-s", "over sync", "over async", "messages/s"),
        rows=rows,
        targets=[
            Target(
                "the call, over the SDK's synchronous client",
                median_ratio(cpu["sdk_sync"], cpu["our_calls"]),
                3,
            ),
            Target(
                "the call, over the SDK's asynchronous client",
                median_ratio(cpu["sdk_async"], cpu["our_calls"]),
                3,
            ),
        ],
        reading=(
            "The call keeps the SDK's models and drops what surrounds them. The whole sender also asks the gate, "
            "claims, paces and records every message durably; its messages/s are the pace."
        ),
        growth=(
            "One message costs the same whatever the number. The limit is LINE's 2,000 calls a second for each "
            "channel, of which one process holds nearly all (see below)."
        ),
    )


def _run(bench: Bench, way: str, port: int, count: int) -> dict[str, float]:
    arguments = [way, str(port), str(count)]
    if way == "our_sender":
        arguments.append(_filled(bench, count))
    command = [sys.executable, "-m", "tests.bench.peers.pushing", *arguments]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def _filled(bench: Bench, count: int) -> str:
    url = prepared_url(bench.databases, "sqlite")
    database = open_database(url)
    people = [user_id(each) for each in range(FRIENDS)]
    add_friends(database, people)
    add_pushes(database, people, count)
    database.dispose()
    return url
