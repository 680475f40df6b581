"""Calls to LINE that somebody waits for in the web process: few at a time, so that webhooks keep their threads.

A LINE that hangs would otherwise hold every thread of the web server, and no webhook could be accepted.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import AppError

AT_ONCE = 2


class Busy(AppError):
    """As many calls as may wait are waiting already."""

    status = 503
    message = "ただいま混み合っています。少し時間をおいて、もう一度お試しください。"


class FewAtOnce:
    """Lets a few in; the rest are turned away at once instead of waiting."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._places = threading.BoundedSemaphore(at_once)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One call, or a few in a row. Errors: Busy when every place is taken."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            yield
        finally:
            self._places.release()
