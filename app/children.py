"""Python programs of ours that run beside this process, and end with it."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence

_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()


class ChildFailed(Exception):
    """A child did not end well; the text says how."""


def run_child(
    module: str, arguments: Sequence[str], variables: Mapping[str, str], *, patience_seconds: float
) -> bytes:
    """Run `python -m module`; what it wrote to its standard output. Errors: ChildFailed."""
    env = {**os.environ, **variables}
    command = [sys.executable, "-m", module, *arguments]
    lifeline, ours = os.pipe()
    with _lock:
        child = subprocess.Popen(  # noqa: S603 - no word of it comes from outside
            command, env=env, stdin=lifeline, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        _running.add(child)
    os.close(lifeline)
    try:
        with child:
            try:
                output, said = child.communicate(timeout=patience_seconds)
            except BaseException:
                child.kill()
                raise
    except subprocess.TimeoutExpired:
        raise ChildFailed(f"{module}: not done within {patience_seconds:.0f} s") from None
    finally:
        os.close(ours)
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
