"""What the API's requests work with, put together in factory.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from app.api.problems import busy
from app.clock import Clock
from app.db import Database
from app.encryption import Encryption
from app.settings import Settings

AT_ONCE = 4
"""Requests of the API that a web process answers at the same time: half of its threads stay for webhooks."""
PATIENCE_SECONDS = 5.0
"""How long a request waits for the database before its 503."""


@dataclass(frozen=True)
class ApiDoor:
    """The API's own engines, so that it can never use up the webhook's, and what its functions need."""

    database: Database
    encryption: Encryption
    clock: Clock
    settings: Settings
    _free: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE), repr=False)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """One of the few places. Errors: a 503 problem when all are taken: nobody waits, and holds a thread."""
        if not self._free.acquire(blocking=False):
            raise busy(f"{AT_ONCE} requests are being answered already")
        try:
            yield
        finally:
            self._free.release()
