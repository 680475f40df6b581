"""Waiting for what another process does: it cannot ring here, so somebody has to look."""

import time
from collections.abc import Callable

LOOK_SECONDS = 0.05
END_SECONDS = 0.02
"""How often a server in a thread looks whether it shall end. Its default is half a second, at each test's end."""


def wait_until(
    is_so: Callable[[], bool], seconds: float, what: Callable[[], str], every: float = LOOK_SECONDS
) -> float:
    """Look again and again until something is so: how many seconds that took. Errors: TimeoutError."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not within {seconds} s: {what()}")
        time.sleep(every)
    return time.monotonic() - began
