"""`goen demo` as a process: it comes up, mends itself, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from app.demo import HOST
from tests.crash.processes import Program, answers
from tests.waiting import wait_until

READY_SECONDS = 60
"""As long as the demo itself would wait: a start is a migration, 2,000 jobs and three processes."""
END_SECONDS = 15


def free_port() -> int:
    """The first of three neighbouring ports that nobody listens on."""
    for _ in range(50):
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            first.bind((HOST, 0))
            port = int(first.getsockname()[1])
            try:
                second.bind((HOST, port + 1))
                third.bind((HOST, port + 2))
            except (OSError, OverflowError):
                continue
            return port
    raise AssertionError("no three free ports beside each other")


def demo(port: int, data: Path) -> list[str]:
    return [sys.executable, "-m", "app.cli", "demo", "--port", str(port), "--data", str(data)]


def processes_of(data: Path) -> dict[int, str]:
    """Everybody whose environment or command names this demo's folder: process id -> command."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            known = command + (entry / "environ").read_bytes()
        except OSError:
            continue  # ended meanwhile, or not ours to look into
        if str(data).encode() in known:
            found[int(entry.name)] = command.replace(b"\0", b" ").decode("utf-8", "replace")
    return found


def worker_of(data: Path) -> int | None:
    """The process id of the demo's worker."""
    return next((pid for pid, command in processes_of(data).items() if "app.cli worker" in command), None)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="/proc tells whose process is whose")
def test_the_demo_comes_up_starts_a_dead_worker_again_and_ends_with_all_its_processes(tmp_path: Path) -> None:
    port, data = free_port(), tmp_path / "demo"
    web, phone = f"http://{HOST}:{port}", f"http://{HOST}:{port + 1}"
    program = Program(
        demo(port, data),
        os.environ,
        tmp_path / "demo.log",
        lambda started: "is running" in started.log(),
    )
    program.start()
    try:
        program.wait_until_ready()
        assert answers(f"{web}/readyz")
        assert answers(f"{phone}/")
        assert f"{phone}/" in program.log()
        site = f"http://{HOST}:{port + 2}/"
        assert site in program.log()
        assert "見本のサイトです" in requests.get(site, timeout=10).text
        first = worker_of(data)
        assert first is not None
        os.kill(first, signal.SIGKILL)
        wait_until(
            lambda: worker_of(data) not in {None, first}, READY_SECONDS, lambda: str(processes_of(data))
        )
        assert program.end(signal.SIGINT, 2 * END_SECONDS) == 0
        wait_until(lambda: not processes_of(data), END_SECONDS, lambda: str(processes_of(data)))
        assert not answers(f"{web}/healthz")
    finally:
        program.kill()
        for pid in processes_of(data):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("offset", [0, 1, 2], ids=["of the web server", "of the phone", "of the job site"])
def test_a_taken_port_is_named_and_nothing_is_started(tmp_path: Path, offset: int) -> None:
    port, data = free_port(), tmp_path / "demo"
    with socket.socket() as taken:
        taken.bind((HOST, port + offset))
        taken.listen()
        began = time.monotonic()
        ended = subprocess.run(
            demo(port, data), capture_output=True, text=True, timeout=READY_SECONDS, check=False
        )
    assert ended.returncode == 1
    assert f"port {port + offset} is taken" in ended.stderr.replace("\n", " ")
    assert not data.exists()
    assert time.monotonic() - began < END_SECONDS
