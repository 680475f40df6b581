"""`python -m tests.bench.scoring_run MEMBERS JOBS SILENT [--check]`: the batch's scoring on invented people, as JSON.

Two processes share blocks, as the batch's do. People are invented between the blocks and read from nowhere: what is
measured is scoring with every signal, exclusions, caps, widened wishes and the parts of each score. Every list is
then compared with the rules, job by job.
"""

import gc
import json
import os
import resource
import sys
import time
from collections import defaultdict
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection

import numpy as np

from app.jobs.rules import JobFacts, unmet_conditions
from app.recommend.batch import BLOCK, SHARES
from app.recommend.lists import NONE
from app.recommend.points import Scorer
from app.recommend.ports import Seeker
from app.recommend.rules import LIST_LENGTH
from app.recommend.scoring import Chosen, choose
from tests.recommend.synthetic import (
    facts_of_all,
    synthetic_openings,
    synthetic_scorer,
    synthetic_seekers,
    synthetic_signals,
)


def main() -> None:
    """Both processes' figures together."""
    members, jobs, silent = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    begun = time.perf_counter()
    scorer = synthetic_scorer(synthetic_openings(jobs), synthetic_signals(jobs))
    facts = facts_of_all(scorer.board.openings) if "--check" in sys.argv else []
    built = time.perf_counter() - begun
    gc.collect()
    gc.freeze()
    sys.stderr.write("laid out\n")
    sys.stderr.flush()
    shares = min(SHARES, os.cpu_count() or 1)
    context = get_context("fork")
    pipes = [context.Pipe(duplex=False) for _ in range(shares)]
    processes = [
        context.Process(
            target=_share, args=(scorer, facts, (members, silent), (number, shares), pipes[number][1])
        )
        for number in range(shares)
    ]
    for process in processes:
        process.start()
    found = [receiving.recv() for receiving, _ in pipes]
    for process in processes:
        process.join()
    sys.stdout.write(
        json.dumps(
            {
                "seconds": max(each["seconds"] for each in found),
                "built_seconds": built,
                "processor_seconds": sum(each["processor_seconds"] for each in found),
                "peak_mb": max(each["peak_mb"] for each in found),
                "is_checked": bool(facts),
                "violations": sum(each["violations"] for each in found),
                "jobs_shown": sum(each["jobs_shown"] for each in found),
                "relaxed": sum(each["relaxed"] for each in found),
            }
        )
    )


def _share(
    scorer: Scorer,
    facts: list[JobFacts],
    people: tuple[int, float],
    share: tuple[int, int],
    sending: Connection,
) -> None:
    members, silent = people
    told: dict[str, float] = defaultdict(float)
    for first in islice(range(0, members, BLOCK), share[0], None, share[1]):
        for name, value in _block(scorer, facts, first, min(BLOCK, members - first), silent).items():
            told[name] += value
    sending.send(told | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})


def _block(scorer: Scorer, facts: list[JobFacts], first: int, count: int, silent: float) -> dict[str, float]:
    """A function of its own, so that a block is gone before the next one begins, as in the batch."""
    seekers = synthetic_seekers(count, scorer.board.openings, first, silent=silent)
    begun, worked = time.perf_counter(), time.process_time()
    chosen = choose(scorer, seekers, LIST_LENGTH)
    return {
        "seconds": time.perf_counter() - begun,
        "processor_seconds": time.process_time() - worked,
        "jobs_shown": int((chosen.rows != NONE).sum()),
        "relaxed": int(np.any(list(chosen.tallies.relaxed.values()), axis=(0, 2)).sum()),
        "violations": _violations(scorer, facts, seekers, chosen) if facts else 0,
    }


def _violations(scorer: Scorer, facts: list[JobFacts], seekers: list[Seeker], chosen: Chosen) -> int:
    """Jobs that break a condition that is not told as relaxed, or that the person must not see."""
    found = 0
    indexes = scorer.board.rows.jobs[chosen.rows]
    names = list(chosen.tallies.relaxed)
    for person, seeker in enumerate(seekers):
        for place, row in enumerate(chosen.rows[person].tolist()):
            if row == NONE:
                break
            job = facts[indexes[person, place]]
            told = {name.value for name in names if chosen.tallies.relaxed[name][person, place]}
            unmet = {each.value for each in unmet_conditions(job, seeker.wishes)}
            found += unmet != told or job.id in seeker.excluded
    return found


if __name__ == "__main__":
    main()
