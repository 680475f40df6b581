"""Ending by signal, in a process of its own: signals are the main thread's business."""

import subprocess
import sys

ASLEEP = """
import signal, threading
from app.signals import stop_on
stop = stop_on(signal.SIGTERM)
other = threading.Thread(target=lambda: (signal.pthread_kill(threading.get_ident(), signal.SIGTERM), stop.wait()))
other.start()
other.join()
print("ended")
"""


def _run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False
    )


def test_a_signal_that_does_not_wake_the_main_thread_ends_the_program() -> None:
    """The other thread gets it, while the main thread sleeps in `join` and runs no handler."""
    ended = _run(ASLEEP)
    assert (ended.returncode, ended.stdout) == (0, "ended\n"), ended.stderr


def test_another_signal_with_a_handler_of_its_own_does_not_end_it() -> None:
    program = """
import signal
from app.signals import stop_on
signal.signal(signal.SIGUSR1, lambda number, frame: print("other"))
stop = stop_on(signal.SIGTERM)
signal.raise_signal(signal.SIGUSR1)
print(stop.wait(0.2))
signal.raise_signal(signal.SIGTERM)
print(stop.wait(30))
"""
    ended = _run(program)
    assert (ended.returncode, ended.stdout) == (0, "other\nFalse\nTrue\n"), ended.stderr
