"""Everybody's lists: a million people against 100,000 jobs, against other ways; and one person in chat meanwhile."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

from threadpoolctl import threadpool_limits

from app.children import NICENESS
from app.jobs.card_messages import JobCard, job_carousel
from app.jobs.rules import JobFacts
from app.memory import keep_what_is_loaded
from app.recommend.answers import picks_of
from app.recommend.points import Scorer
from app.recommend.ports import Seeker
from app.recommend.reasons import Telling, pick_reasons
from app.recommend.rules import LIST_LENGTH
from app.recommend.scoring import choose
from app.search.reading import read_request
from app.search.wishes import job_wishes
from tests.bench.matching_peers import PEERS, market_of, one_cell, seconds_of
from tests.bench.results import Bench, Result, Target, median_ratio, number, percentile
from tests.recommend.synthetic import (
    facts_of_all,
    synthetic_openings,
    synthetic_scorer,
    synthetic_seekers,
    synthetic_signals,
)
from tests.recommend.world import TODAY

JOBS = 100_000
MUST_SECONDS, MUST_MEMORY, MUST_MILLISECONDS = 90, 1.2, 20
SILENT = 0.1
SHOWN = 5
ASKED = (
    "横浜 看護師 夜勤なし 月30万以上",
    "東京 介護職 正社員",
    "大阪か兵庫で一般事務",
    "営業 年収500万以上",
    "看護師",
)


def measure(bench: Bench) -> Result:
    """Growth in people and jobs, peers in turn, and one person while a batch runs."""
    base = 50_000 if bench.quick else 250_000
    runs = {(n * base, JOBS): _run(n * base, JOBS, check=not bench.quick) for n in (1, 2, 4)}
    runs[base, JOBS // 2] = _run(base, JOBS // 2)
    if not bench.quick:
        runs[100_000, JOBS] = _run(100_000, JOBS, check=True)
    rows = [_run_row(members, jobs, found) for (members, jobs), found in runs.items()]
    silent = _run(base, JOBS, SILENT, check=True)
    rows.append(_run_row(base, JOBS, silent, f", {SILENT:.0%} do not say what, {SILENT:.0%} not where"))
    largest, smallest = runs[4 * base, JOBS], runs[min(runs)]
    if not bench.quick:
        smallest = runs[100_000, JOBS]
    openings = synthetic_openings(JOBS)
    scorer = synthetic_scorer(openings, synthetic_signals(JOBS))
    rows += _peer_rows(scorer, 5_000 if bench.quick else 100_000, rounds=2 if bench.quick else 3)
    chat = _chat(scorer, 300 if bench.quick else 2_000)
    rows.append(("one person in chat while the batch runs", *_chat_columns(chat)))
    checked = [found for found in (*runs.values(), silent) if found["is_checked"]]
    violations, shown = (sum(found[name] for found in checked) for name in ("violations", "jobs_shown"))
    million = largest["seconds"] * 1_000_000 / (4 * base)
    return Result(
        name="recommend",
        title=f"Everybody's ten best of {JOBS:,} jobs",
        columns=("what", "seconds", "µs a person", "peak MB a process"),
        rows=rows,
        targets=[
            Target("1,000,000 people, two processes", million, MUST_SECONDS, " s", at_most=True),
            Target(f"conditions broken by {int(shown):,} jobs", float(violations), 0, "", at_most=True),
            Target(
                "memory, most people against fewest",
                largest["peak_mb"] / smallest["peak_mb"],
                MUST_MEMORY,
                at_most=True,
            ),
            Target(
                "one person, from text to message, 99th percentile",
                percentile(chat, 0.99),
                MUST_MILLISECONDS,
                " ms",
                at_most=True,
            ),
        ],
        reading=(
            "Scoring with every signal, 20 excluded jobs each, employers capped, wishes widened where too few jobs "
            "fit, and the parts of every score, in two processes. Everybody says what and where, as in the design's "
            "own measurement; who says less looks at a longer shelf. People are invented between the blocks; the "
            "database is not read. The peers' task is easier: one cell, one floor of pay, a dot product. In chat: "
            "reading the request, choosing, reasons and the carousel, without the database and LINE."
        ),
        growth=(
            "Twice the people take twice as long, and the memory of a block; twice the jobs take less than twice as "
            "long: much of the time of a small shelf is numpy's own, however few jobs stand on it."
        ),
    )


def _run(members: int, jobs: int, silent: float = 0.0, *, check: bool = False) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.scoring_run", str(members), str(jobs), str(silent)]
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        command + ["--check"] * check, env=env, stdout=subprocess.PIPE, check=True, timeout=3_600
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _run_row(members: int, jobs: int, found: dict[str, Any], who: str = "") -> tuple[str, ...]:
    name = f"{members:,} people, {jobs:,} jobs{who}"
    each = found["seconds"] / members * 1e6
    return name, number(found["seconds"], 1), number(each, 1), number(found["peak_mb"])


def _peer_rows(scorer: Scorer, count: int, *, rounds: int) -> list[tuple[str, ...]]:
    """One process each, in turn; how many times our time."""
    seekers = one_cell(synthetic_seekers(count, scorer.board.openings, 77))
    market = market_of(scorer, seekers)
    took: dict[str, list[float]] = {name: [] for name in ("ours", *PEERS)}
    for _ in range(rounds):
        begun = time.perf_counter()
        choose(scorer, seekers, LIST_LENGTH)
        took["ours"].append(time.perf_counter() - begun)
        for name, way in PEERS.items():
            took[name].append(seconds_of(way, market))
    return [
        (
            f"{name}, {len(seekers):,} people of one cell ({median_ratio(times, took['ours']):.1f}x ours)",
            number(median(times), 1),
            number(median(times) / len(seekers) * 1e6, 1),
            "",
        )
        for name, times in took.items()
    ]


def _chat(scorer: Scorer, count: int) -> list[float]:
    """Milliseconds of each, while two processes score others."""
    seekers = synthetic_seekers(count, scorer.board.openings, 99)
    facts = facts_of_all(scorer.board.openings)
    keep_what_is_loaded()  # this, and one thread, as the process does that answers in chat
    with threadpool_limits(1, "blas"), _busy():
        for seeker in seekers[:50]:
            _answer(scorer, facts, seeker, ASKED[0])
        took = []
        for at, seeker in enumerate(seekers):
            begun = time.perf_counter()
            _answer(scorer, facts, seeker, ASKED[at % len(ASKED)])
            took.append((time.perf_counter() - begun) * 1000)
    return took


def _answer(scorer: Scorer, facts: Sequence[JobFacts], seeker: Seeker, said: str) -> object:
    """From the text of a person whom the database knows to the message."""
    wishes = job_wishes(read_request(said))
    asking = Seeker(wishes, seeker.history, seeker.excluded, seed=seeker.seed)
    [picks] = picks_of(scorer.board, choose(scorer, [asking], LIST_LENGTH))
    telling = Telling(TODAY)
    jobs = [(facts[pick.job_id - 1], pick) for pick in picks[:SHOWN]]
    cards = [JobCard(job, pick_reasons(pick, job, wishes, telling)) for job, pick in jobs]
    return job_carousel(cards) if cards else None


@contextmanager
def _busy() -> Iterator[None]:
    """A batch beside this process, as nice as the real one."""
    command = [
        "nice",
        "-n",
        str(NICENESS),
        sys.executable,
        "-m",
        "tests.bench.scoring_run",
        "100000000",
        str(JOBS),
        "0",
    ]
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    quiet, heard = subprocess.DEVNULL, subprocess.PIPE
    with subprocess.Popen(command, env=env, stdout=quiet, stderr=heard, start_new_session=True) as process:
        try:
            while b"laid out" not in _line_of(process):
                pass
            yield
        finally:
            os.killpg(process.pid, 9)


def _line_of(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stderr is not None
    line = process.stderr.readline()
    if not line:
        raise RuntimeError("the batch beside ended before it began to score")
    return line


def _chat_columns(took: Sequence[float]) -> tuple[str, str, str]:
    middle, late = percentile(took, 0.5), percentile(took, 0.99)
    return f"{middle:.1f} ms p50", f"{late:.1f} ms p99", f"{max(took):.1f} ms max"
