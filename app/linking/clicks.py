"""The one thread of a web process that writes clicks down, so that nobody waits for the database on their way.

A database that is locked stops no redirect: clicks wait here for as long as `KEPT_SECONDS`. A process that is
killed meanwhile, or a database that stays away, loses them, and a log entry says how many: a click is worth
less than the person who clicks.
"""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from queue import Empty, SimpleQueue

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from app.db import Database, transaction
from app.tracking.actions import record_click
from app.tracking.rules import TrackedLink

MOST_WAITING = 5_000
AT_ONCE = 50
"""Clicks in one transaction: on SQLite it is to be short."""
KEPT_SECONDS = 120.0
PAUSE_SECONDS = 0.5
log = structlog.get_logger(__name__)
Click = tuple[TrackedLink, datetime]


class ClickWriter:
    """Takes clicks at once and writes them soon. Its thread starts at the first use, so after any fork."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: SimpleQueue[Click | None] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    def note(self, link: TrackedLink, at: datetime) -> None:
        """A person opened the page of this link at this time."""
        if self._waiting.qsize() >= MOST_WAITING:
            log.error("clicks_lost", clicks=1)
            return
        self._ensure_running()
        self._waiting.put((link, at))

    def close(self) -> None:
        """Write what waits, without patience, and end; for those who make several in one process."""
        self._closing.set()
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()

    def _ensure_running(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="click-writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while clicks := self._next_clicks():
            until = time.monotonic() + KEPT_SECONDS
            while clicks := self._left_of(clicks):
                if self._closing.wait(PAUSE_SECONDS) or time.monotonic() >= until:
                    log.error("clicks_lost", clicks=len(clicks))
                    break

    def _next_clicks(self) -> list[Click]:
        """The first that comes, and what waits behind it; nothing once it is closed."""
        clicks: list[Click] = []
        click = self._waiting.get()
        with suppress(Empty):
            while click is not None:
                clicks.append(click)
                if len(clicks) >= AT_ONCE:
                    return clicks
                click = self._waiting.get_nowait()
            if clicks:
                self._waiting.put(None)  # first write these, then end
        return clicks

    def _left_of(self, clicks: Sequence[Click]) -> list[Click]:
        """Write them; those that are to be tried again. One that can never be written takes no other with it."""
        try:
            self._write(clicks)
        except (OperationalError, InterfaceError, TimeoutError, OSError) as error:
            log.warning("clicks_not_written", clicks=len(clicks), error=type(error).__name__)
            return list(clicks)
        except Exception as error:
            if len(clicks) == 1:
                log.error("clicks_lost", clicks=1, error=type(error).__name__)
                return []
            return [left for click in clicks for left in self._left_of([click])]
        return []

    def _write(self, clicks: Sequence[Click]) -> None:
        with transaction(self._database) as session:
            # In one order for all, so that two processes never wait for each other.
            for link, at in sorted(clicks, key=lambda click: (click[0].friend_id, click[0].job_id)):
                record_click(session, link, at)
