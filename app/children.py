"""Python programs of ours that run beside this process, and end with it."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

TASK_PATIENCE_SECONDS = 840.0
"""For the child of a task: less than a run's lease (app/tasks.py), so that no second worker begins meanwhile."""
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""For children with numbers: they share the work out themselves, and threads of both kinds get in each other's way."""
NICENESS = 19
"""Of those that work through many: whoever waits for an answer goes first."""
_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()


class ChildFailed(Exception):
    """A child did not end well; the text says how."""


def start_module(
    module: str, arguments: Sequence[str], variables: Mapping[str, str], **pipes: Any
) -> subprocess.Popen[bytes]:
    """Start `python -m module` with these variables besides our own; `pipes` as Popen takes them."""
    command = [sys.executable, "-m", module, *arguments]
    env = {**os.environ, **variables}
    return subprocess.Popen(command, env=env, **pipes)  # noqa: S603 - a module of ours, by name, without a shell


def answer_parent(text: str) -> None:
    """For a child of `run_child`, at its end: what the parent is given."""
    sys.stdout.write(text)


def run_child(
    module: str,
    arguments: Sequence[str] = (),
    variables: Mapping[str, str] = MappingProxyType({}),
    *,
    patience_seconds: float,
    given: bytes | None = None,
) -> bytes:
    """Run `python -m module`; what it wrote to its standard output. Errors: ChildFailed.

    It reads `given` on its standard input; without it that is its lifeline (`end_with_parent`).
    """
    with _lock:
        child = start_module(
            module,
            arguments,
            variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        _running.add(child)
    lifeline = None if given is not None else child.stdin
    if lifeline is not None:
        child.stdin = None  # or communicate() would close it
    try:
        with child:
            try:
                output, said = child.communicate(given, timeout=patience_seconds)
            except BaseException:
                child.kill()
                raise
    except subprocess.TimeoutExpired:
        raise ChildFailed(f"{module}: not done within {patience_seconds:.0f} s") from None
    finally:
        if lifeline is not None:
            lifeline.close()
        with _lock:
            _running.discard(child)
    if child.returncode:
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ChildFailed(f"{module} ended with {child.returncode}: {' '.join(last)}"[:300].rstrip(" :"))
    return output


def end_with_parent(lifeline: int = 0) -> None:
    """For a child of `run_child`, once: it ends when whoever started it is gone, even killed.

    Its standard input is a pipe that nothing is written to and that only its parent holds open.
    """
    threading.Thread(target=_wait_for_end, args=(lifeline,), name="lifeline", daemon=True).start()


def _wait_for_end(lifeline: int) -> None:
    while os.read(lifeline, 1):
        pass
    os._exit(1)


def end_children() -> None:
    """End those that run: who waits for one hears of it at once, as ChildFailed."""
    with _lock:
        for child in _running:
            child.kill()
