"""Processes under measurement: started as an operator starts them, ended by their own id, timed as a tree."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests

from app.demo import gunicorn_options
from tests.stack import KEY, SECRET, TOKEN
from tests.waiting import wait_until

HOST = "127.0.0.1"
READY_SECONDS = 60.0


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def environment(database_url: str, line_port: int) -> dict[str, str]:
    """What every process of ours gets."""
    line = f"http://{HOST}:{line_port}"
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "SECRET_KEY": KEY,
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "LINE_API_BASE_URL": line,
        "LINE_DATA_API_BASE_URL": line,
        "LINE_LOGIN_BASE_URL": line,
        "GOEN_LOG_FORMAT": "json",
    }


@contextmanager
def started(
    command: Sequence[str], env: Mapping[str, str], log: Path, is_ready: Callable[[], bool]
) -> Iterator[psutil.Popen]:
    """A running process, ready to be measured; ended on leaving."""
    with log.open("ab") as output:
        process = psutil.Popen(list(command), env=dict(env), stdout=output, stderr=output)
    try:
        _wait_until(is_ready, process, log)
        _wait_until_still(process)
        yield process
    finally:
        end(process)


def end(process: psutil.Popen) -> None:
    """Ask it to stop, the quick way (gunicorn waits at SIGTERM); after ten seconds make it."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
            process.kill()
            process.wait()


def _wait_until(is_ready: Callable[[], bool], process: psutil.Popen, log: Path) -> None:
    def what() -> str:
        return f"{process.args} is ready:\n{log.read_text(errors='replace')[-2000:]}"

    wait_until(lambda: is_ready() or process.poll() is not None, READY_SECONDS, what)
    if process.poll() is not None:
        raise RuntimeError(f"ended before {what()}")


def _wait_until_still(process: psutil.Popen) -> None:
    """Until all of its processes have loaded what they need: gunicorn answers when the first one has."""
    seen = -1.0

    def is_still() -> bool:
        nonlocal seen
        before, seen = seen, cpu_seconds(process.pid)
        return seen - before <= 0.015

    wait_until(is_still, READY_SECONDS, lambda: f"{process.args} is still", every=0.4)


def answers(url: str) -> bool:
    """Whether something answers there at all."""
    try:
        return requests.get(url, timeout=2).status_code < 500
    except requests.RequestException:
        return False


def gunicorn(
    application: str, port: int, env: Mapping[str, str], log: Path, *, workers: int = 2
) -> AbstractContextManager[psutil.Popen]:
    """A web server as the demo and the documentation start it, with eight threads in each worker."""
    options = gunicorn_options(f"{HOST}:{port}", workers=workers)
    command = [sys.executable, "-m", "gunicorn", *options, application]
    return started(command, env, log, lambda: answers(f"http://{HOST}:{port}/"))


def worker(env: Mapping[str, str], log: Path) -> AbstractContextManager[psutil.Popen]:
    """`goen worker`, ready when it says so."""
    command = [sys.executable, "-m", "app.cli", "worker"]
    begun = log.stat().st_size if log.exists() else 0

    def has_started() -> bool:
        return b"worker_started" in log.read_bytes()[begun:]

    return started(command, env, log, has_started)


def simulator(
    port: int, env: Mapping[str, str], log: Path, web_port: int | None = None
) -> AbstractContextManager[psutil.Popen]:
    """The simulated LINE as a process of its own, with LINE's limits."""
    command = [sys.executable, "-m", "app.simulator", "--port", str(port)]
    if web_port is not None:
        command += ["--webhook-url", f"http://{HOST}:{web_port}/line/webhook"]
    return started(command, env, log, lambda: answers(f"http://{HOST}:{port}/simulator/api/clock"))


def cpu_seconds(*pids: int) -> float:
    """Processor time of these processes, of their living descendants, and of those that have ended."""
    return sum(_tree_seconds(psutil.Process(pid)) for pid in pids)


def _tree_seconds(process: psutil.Process) -> float:
    seconds = 0.0
    for each in (process, *process.children(recursive=True)):
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system + times.children_user + times.children_system
    return float(seconds)


@dataclass
class Stopwatch:
    """Wall and processor time of some processes since it was made."""

    pids: tuple[int, ...]

    def __post_init__(self) -> None:
        self._at, self._cpu = time.monotonic(), cpu_seconds(*self.pids)

    def read(self) -> tuple[float, float]:
        """Seconds on the wall, seconds of processor."""
        return time.monotonic() - self._at, cpu_seconds(*self.pids) - self._cpu
