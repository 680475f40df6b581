"""The simulated LINE platform as a server in a thread, for tests."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvloop

from app.simulator.assembly import Simulator, serve
from app.simulator.config import SimulatorConfig
from app.simulator.running import RunningSimulator


@contextmanager
def run_simulator(config: SimulatorConfig, port: int = 0) -> Iterator[RunningSimulator]:
    """Serve a platform in a background thread with its own loop, on this port or a free one."""
    simulator = Simulator(config)
    served = _Served(simulator, port)
    served.thread.start()
    try:
        yield served.wait()
    finally:
        served.stop()


class _Served:
    """The thread, its loop, and the word that it listens."""

    def __init__(self, simulator: Simulator, port: int) -> None:
        self._simulator = simulator
        self._port = port
        self._is_up = threading.Event()
        self._error: BaseException | None = None
        self._loop = uvloop.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self.thread = threading.Thread(target=self._run, name="simulator", daemon=True)

    def wait(self) -> RunningSimulator:
        """Until it listens; raises what kept it from listening."""
        self._is_up.wait()
        if self._error is not None:
            raise self._error
        return RunningSimulator(self._simulator, self._loop, self._port)

    def stop(self) -> None:
        """Until the thread is gone."""
        if self._task is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._task.cancel)
        self.thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._serve())
            except asyncio.CancelledError:
                pass
            except Exception as error:
                self._error = error
            finally:
                self._is_up.set()

    async def _serve(self) -> None:
        self._task = asyncio.current_task()

        def started(port: int) -> None:
            self._port = port
            self._is_up.set()

        await serve(self._simulator, self._port, started)
