"""Fitting a model at size: seconds, memory and file, beside ALS alone and cosine neighbours alone."""

import json
import subprocess
import sys
from collections.abc import Mapping
from statistics import median

from tests.bench.results import Bench, Result, Target, number

NAMES = {
    "goen": "Goen: all signals, weights from a trial",
    "implicit": "implicit: ALS alone, 128 factors, its defaults",
    "cosine": "scipy: cosine neighbours alone",
}
MUST_SECONDS = 840
"""The worker waits no longer (app/recommend/nightly.py)."""
AIM_MEGABYTES = 64


def measure(bench: Bench) -> Result:
    """Each in a process of its own, in turn, on one thread, as at night."""
    sizes, rounds = ([(5_000, 50_000)], 1) if bench.quick else ([(25_000, 250_000), (100_000, 1_000_000)], 2)
    rows, targets = [], []
    for jobs, pairs in sizes:
        told = [{what: _fitted(what, jobs, pairs) for what in NAMES} for _ in range(rounds)]
        for what, name in NAMES.items():
            found = {key: median(each[what][key] for each in told) for key in told[0][what]}
            rows.append(
                (
                    f"{jobs:,} × {pairs:,}",
                    name,
                    number(found["seconds"], 1),
                    number(found["peak"]),
                    number(found["file"], 1),
                )
            )
        longest = max(each["goen"]["seconds"] for each in told)
        size = told[0]["goen"]["file"]
    targets = [
        Target(f"Goen, {jobs:,} jobs × {pairs:,} pairs", longest, MUST_SECONDS, " s", at_most=True),
        Target("its file", size, AIM_MEGABYTES, " MB", at_most=True),
    ]
    return Result(
        name="fitting",
        title="Fitting a model, one thread",
        columns=("jobs × pairs", "what", "seconds", "peak MB", "result MB"),
        rows=rows,
        targets=targets,
        reading=(
            "Goen fits twice: once without a fifth of the pairs, to find the weights, and once with all. "
            "Beside it are two of its signals as one would fit them alone."
        ),
        growth=(
            "ALS grows with pairs and people times factors, the trial with 3,000 people times jobs, content with the "
            "words of all jobs; each of them in proportion."
        ),
    )


def _fitted(what: str, jobs: int, pairs: int) -> Mapping[str, float]:
    command = [sys.executable, "-m", "tests.bench.fitting_child", what, str(jobs), str(pairs)]
    found: Mapping[str, float] = json.loads(
        subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    )
    return found
