"""Procrastinate doing jobs that do nothing, in order for each person.

    python -m tests.bench.peers.procrastinate_jobs URL JOBS PEOPLE

Enqueues first, then starts a worker and prints the seconds that it took until every job was done.
"""

import asyncio
import sys
import time

from procrastinate import App, PsycopgConnector

url, jobs, people = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
app = App(connector=PsycopgConnector(conninfo=url))


@app.task(queue="bench", name="nothing")
async def nothing(number: int) -> None:
    """An event's handler, without its work."""


async def main() -> None:
    """Enqueue, then work until nothing is left."""
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        for number in range(jobs):
            await nothing.configure(lock=f"person{number % people}").defer_async(number=number)
        started = time.perf_counter()
        await app.run_worker_async(
            queues=["bench"], concurrency=20, wait=False, listen_notify=False, install_signal_handlers=False
        )
        took = time.perf_counter() - started
        left = await app.job_manager.list_jobs_async(status="todo")
    if list(left):
        raise RuntimeError("jobs are left")
    sys.stdout.write(str(took))


asyncio.run(main())
