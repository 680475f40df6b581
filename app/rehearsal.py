"""`goen simulate --script`: plays scripted conversations, on a running simulator or on a Goen started for them."""

import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.demo import HOST, keep_running, make_environment, parts_of, prepare, wait_until_ready
from app.errors import AppError
from app.simulator.scripts.phone_line import PhoneLine, PhoneRefused
from app.simulator.scripts.playing import Player, ScriptFailed
from app.simulator.scripts.script import Script


def play_scripts(line_url: str, scripts: Sequence[Script]) -> Iterator[tuple[Script, str | None]]:
    """Each script once it is played, with what went wrong; None when all was as expected."""
    with PhoneLine(line_url) as line:
        for script in scripts:
            yield script, _play(line, script)


def _play(line: PhoneLine, script: Script) -> str | None:
    try:
        Player(line, script).play()
    except (ScriptFailed, PhoneRefused) as failed:
        return str(failed)
    return None


@contextmanager
def rehearsal_stage() -> Iterator[str]:
    """A whole Goen with invented jobs in a folder of its own, on free ports; the simulator's address.

    Errors: AppError when it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="goen-rehearsal-", ignore_cleanup_errors=True) as folder:
        data, port, stop = Path(folder), _free_pair(), threading.Event()
        env = make_environment(port, data)
        prepare(env)
        threads = [
            threading.Thread(target=keep_running, args=(part, env, data, stop), name=part.name)
            for part in parts_of(port, data)
        ]
        for thread in threads:
            thread.start()
        try:
            if not wait_until_ready(port, stop):
                raise AppError("the rehearsal did not start")
            yield f"http://{HOST}:{port + 1}"
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def _free_pair() -> int:
    """A port that is free, and the one after it too."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind((HOST, 0))
            port = int(first.getsockname()[1])
            try:
                second.bind((HOST, port + 1))
            except (OSError, OverflowError):
                continue
            return port
