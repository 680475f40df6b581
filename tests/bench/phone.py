"""From a phone to its answer through everything: simulator, web, worker, simulator."""

import asyncio
import random
import time
from collections.abc import Iterator

import aiohttp
import uvloop

from app.db import open_database
from tests.bench.databases import add_friends, prepared_url
from tests.bench.line_calls import SimulatedLine
from tests.bench.processes import HOST, Stopwatch, environment, free_port, gunicorn, simulator, worker
from tests.bench.results import Bench, Result, Target, number, percentile

PEOPLE = 1_000
RATES = (50, 100, 200)
TEXT = "こんにちは"


def measure(bench: Bench) -> Result:
    """Three rates on both databases; the middle one has the targets."""
    seconds = 6 if bench.quick else 25
    rows, targets = [], []
    for kind, name in (("sqlite", "SQLite FULL"), ("postgresql", "PostgreSQL")):
        for rate, milliseconds, missing, cores in _runs(bench, kind, seconds):
            p50, p90, p99 = (percentile(milliseconds, share) for share in (0.5, 0.9, 0.99))
            figures = (number(p50), number(p90), number(p99))
            rows.append((name, str(rate), *figures, str(missing), f"{cores:.2f}"))
            if rate == 100:
                targets.append(Target(f"{name}, p50 at 100 events/s", p50, 100, " ms", at_most=True))
                targets.append(Target(f"{name}, p99 at 100 events/s", p99, 500, " ms", at_most=True))
    return Result(
        name="phone",
        title=f"Phone to answer, {seconds} s each",
        columns=("database", "events/s", "p50 ms", "p90 ms", "p99 ms", "unanswered", "cores of Goen"),
        rows=rows,
        targets=targets,
        reading=(
            "From the moment a message is written on a phone until its answer is in the chat: webhook, commit, "
            "wake-up, handler, commit, wake-up, claim, reply."
        ),
        growth=(
            "Idle time is a few commits and looks; it grows with the batch that an event shares. What limits the "
            "rate are the cores: the web process for each webhook, the worker for each handler and call."
        ),
    )


def _runs(bench: Bench, kind: str, seconds: int) -> Iterator[tuple[int, list[float], int, float]]:
    """For each rate: milliseconds to each answer, answers that did not come, cores of Goen."""
    url, port, web_port = prepared_url(bench.databases, kind), free_port(), free_port()
    env, folder = environment(url, port), bench.folder
    with (
        simulator(port, env, folder / "simulator.log", web_port),
        gunicorn("wsgi:application", web_port, env, folder / "web.log", workers=1) as web,
        worker(env, folder / "worker.log") as process,
    ):
        line = SimulatedLine(port)
        people = line.add_friends(PEOPLE)
        _befriend(url, people)
        uvloop.run(_talk(port, people, RATES[0], 2))
        pids = (web.pid, process.pid, *((bench.postgresql_pid,) if kind == "postgresql" else ()))
        for rate in RATES:
            watch, begun = Stopwatch(pids), time.time() * 1000
            written = uvloop.run(_talk(port, people, rate, seconds))
            wall, cpu = watch.read()
            milliseconds = [took for person in people for took in _answer_times(line, person, begun)]
            yield rate, milliseconds, written - len(milliseconds), cpu / wall


def _befriend(url: str, people: list[str]) -> None:
    database = open_database(url)
    add_friends(database, people)
    database.dispose()


async def _talk(port: int, people: list[str], rate: int, seconds: int) -> int:
    """Messages at random moments, so many a second on average, each of another person; how many."""
    choose, loop = random.Random(rate), asyncio.get_running_loop()
    url = f"http://{HOST}:{port}/simulator/api/people"
    count, at = rate * seconds, loop.time()
    async with aiohttp.ClientSession() as session:

        async def say(person: str) -> None:
            async with session.post(f"{url}/{person}/text", json={"text": TEXT}) as answer:
                answer.raise_for_status()

        talking = []
        for number_ in range(count):
            at += choose.expovariate(rate)
            await asyncio.sleep(max(0.0, at - loop.time()))
            talking.append(asyncio.create_task(say(people[number_ % len(people)])))
        await asyncio.gather(*talking)
    await asyncio.sleep(1.5)
    return count


def _answer_times(line: SimulatedLine, person: str, begun: float) -> list[float]:
    """The n-th answer belongs to the n-th message; those from before are left out."""
    asked: list[float] = []
    answered: list[float] = []
    for entry in line.chat(person):
        (asked if entry["from"] == "user" else answered).append(entry["at"])
    return [b - a for a, b in zip(asked, answered, strict=False) if a >= begun]
