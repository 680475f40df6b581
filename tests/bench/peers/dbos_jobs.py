"""DBOS doing workflows that do nothing, on a queue.

    python -m tests.bench.peers.dbos_jobs URL JOBS enqueue PEOPLE
    python -m tests.bench.peers.dbos_jobs URL JOBS work PEOPLE

In order for each person; if PEOPLE is 0, in any order. The second prints the seconds from the first workflow's
start until all were recorded as done.
"""

import logging
import sys
import threading
import time

from dbos import DBOS, SetEnqueueOptions

from tests.waiting import wait_until

url, jobs, phase, people = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
UNFINISHED = ["ENQUEUED", "PENDING"]
started: list[float] = []
all_started = threading.Event()
DBOS(
    config={
        "name": "bench",
        "system_database_url": url,
        "application_version": "1",
        "executor_id": "one",
        "log_level": "ERROR",
    }
)


@DBOS.workflow()
def nothing(number: int) -> int:
    """An event's handler, without its work."""
    started.append(time.perf_counter())
    if len(started) == jobs:
        all_started.set()
    return number


def enqueue() -> None:
    """Add the jobs; nobody listens."""
    DBOS.listen_queues([])
    DBOS.launch()
    in_order = 1 if people else None
    DBOS.register_queue(
        "bench", worker_concurrency=100, partition_concurrency=in_order, polling_interval_sec=0.05
    )
    for number in range(jobs):
        with SetEnqueueOptions(queue_partition_key=f"person{number % people}" if people else None):
            DBOS.enqueue_workflow("bench", nothing, number)


def is_done() -> bool:
    """Nothing is left to be recorded."""
    return not DBOS.list_workflows(status=UNFINISHED, limit=1, load_input=False, load_output=False)


def work() -> float:
    """Launch and wait until nothing is left; the seconds."""
    DBOS.launch()
    all_started.wait()
    wait_until(is_done, 600, lambda: "DBOS has recorded all workflows as done", every=0.01)
    return time.perf_counter() - started[0]


logging.disable(logging.WARNING)
if phase == "enqueue":
    enqueue()
else:
    sys.stdout.write(str(work()))
DBOS.destroy()
