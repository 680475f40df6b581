"""Real processes for crash tests: started the way an operator starts them, killed without a word."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from app.clock import Clock
from app.db import Database
from app.demo import HOST, gunicorn_options
from app.encryption import Encryption
from app.setup import set_up
from app.simulator.config import SimulatorConfig
from app.simulator.running import RunningSimulator
from app.simulator.server import run_simulator
from tests.databases import opened
from tests.stack import SECRET, TOKEN, environment_for, settings_for
from tests.waiting import wait_until

START_SECONDS = 90
"""Bounded, and generous: a start is little else than imports, and other tests want the cores too."""


@dataclass
class Program:
    """One process that can be killed and started again; its log grows over all its lives."""

    command: list[str]
    env: Mapping[str, str]
    log_path: Path
    is_ready: Callable[["Program"], bool]
    starts: int = 0
    started_at: float = 0.0
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin a new life; `wait_until_ready` says when it works."""
        self.starts += 1
        self.started_at = time.monotonic()
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                self.command, env=dict(self.env), stdout=log, stderr=log, start_new_session=True
            )

    def end(self, number: signal.Signals, seconds: float) -> int:
        """Ask it to end, as its operator does: its exit code. Errors: TimeoutExpired."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(seconds)

    def kill(self) -> None:
        """kill -9, with all its children, at once."""
        if self._process is not None:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def wait_until_ready(self) -> None:
        """TimeoutError with the end of its log when it does not start."""
        wait_until(lambda: self.is_ready(self), START_SECONDS, lambda: f"start: {self.log()[-2000:]}")

    def log(self) -> str:
        """All that it has said in all its lives."""
        return self.log_path.read_text("utf-8", "replace") if self.log_path.exists() else ""


@dataclass
class Site:
    """A simulated LINE, a database, and the processes between them."""

    line: RunningSimulator
    database: Database
    env: Mapping[str, str]
    folder: Path
    clock_file: Path
    web_port: int
    programs: list[Program] = field(default_factory=list)

    def add_web(self) -> Program:
        """Start the web process on the site's port."""
        command = ["-m", "gunicorn", *gunicorn_options(f"{HOST}:{self.web_port}"), "wsgi:application"]
        return self._add("web", command, lambda _: answers(f"http://{HOST}:{self.web_port}/healthz"))

    def add_worker(self, name: str = "worker") -> Program:
        """Start a worker; ready once it has said so, in this life."""
        return self._add(name, ["-m", "app.cli", "worker"], _has_said_that_it_works)

    def _add(self, name: str, command: list[str], is_ready: Callable[[Program], bool]) -> Program:
        program = Program([sys.executable, *command], self.env, self.folder / f"{name}.log", is_ready)
        self.programs.append(program)
        program.start()
        return program

    def kill_all(self) -> None:
        """Leave nothing behind."""
        for program in self.programs:
            program.kill()


@contextmanager
def crash_site(database_url: str, folder: Path, **line: Any) -> Iterator[Site]:
    """A site without processes yet; `line` are settings of the simulated platform."""
    clock_file = folder / "clock"
    config = SimulatorConfig(channel_secret=SECRET, access_token=TOKEN, clock_file=clock_file, **line)
    with run_simulator(config) as simulator, opened(database_url) as database, _held_port() as port:
        simulator.point_at(f"http://{HOST}:{port}/line/webhook")
        settings = settings_for(database_url, simulator.url, clock_file)
        set_up(settings, database, Encryption(settings.require_secret_keys()), Clock(clock_file).now())
        env = {**os.environ, **environment_for(database_url, simulator.url, clock_file)}
        site = Site(simulator, database, env, folder, clock_file, port)
        try:
            yield site
        finally:
            site.kill_all()


@contextmanager
def _held_port() -> Iterator[int]:
    """A port that nobody else is given: bound without listening, which lets the web process have it."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((HOST, 0))
        yield held.getsockname()[1]


def answers(address: str) -> bool:
    """Whether a page is there."""
    try:
        return requests.get(address, timeout=1).status_code == 200
    except requests.RequestException:
        return False


def _has_said_that_it_works(worker: Program) -> bool:
    return worker.log().count('"worker_started"') >= worker.starts
