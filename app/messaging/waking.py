"""Waking up: tells the threads of a worker that somebody, anywhere, has committed work.

SQLite: `PRAGMA data_version` every 25 ms, less than one percent of a core, sees the commits of every process.
PostgreSQL: LISTEN/NOTIFY. A notice can be lost, so every listener also looks by itself from time to time.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from secrets import token_hex

import psycopg
import structlog
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.db import Database, writing_once

WAKE_CHANNEL = "goen"
"""PostgreSQL's NOTIFY channel: somebody has committed work."""
_THIS_WORKER = token_hex(8)
POLL_SECONDS = 0.025
GATHER_SECONDS = 0.01
"""How long further notices wait after one: a look costs more than ten events, so they share it."""
log = structlog.get_logger(__name__)


def wake_workers(connection: Session | Connection) -> None:
    """Tell workers on PostgreSQL, at commit; on SQLite they see every commit by themselves."""
    dialect = (connection.get_bind() if isinstance(connection, Session) else connection).dialect
    if dialect.name == "postgresql":
        connection.execute(text(f"NOTIFY {WAKE_CHANNEL}"))


def wake_workers_now(database: Database) -> None:
    """The same after a commit, for hot paths: PostgreSQL lets one notifying transaction commit at a time, so
    a transaction that waits for the disk had better not be one."""
    if not database.is_sqlite:
        with writing_once(database) as connection:
            wake_workers(connection)


def wake_other_workers(database: Database) -> None:
    """The same, from a worker that rings its own bell itself."""
    if not database.is_sqlite:
        with writing_once(database) as connection:
            connection.execute(text(f"NOTIFY {WAKE_CHANNEL}, '{_THIS_WORKER}'"))


class Bell:
    """Rings every listener when a commit was seen."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    def add(self, listener: Callable[[], None]) -> None:
        """Call this, from the watching thread, at each ring; it must return at once."""
        self._listeners.append(listener)

    def remove(self, listener: Callable[[], None]) -> None:
        """No longer call this."""
        self._listeners.remove(listener)

    @contextmanager
    def heard(self) -> Iterator[threading.Event]:
        """An event that every ring sets, while this is open."""
        rung = threading.Event()
        self.add(rung.set)
        try:
            yield rung
        finally:
            self.remove(rung.set)

    def ring(self) -> None:
        """Wake every listener."""
        for listener in tuple(self._listeners):
            listener()


def watch_commits(database: Database, bell: Bell, stop: threading.Event) -> None:
    """Ring the bell whenever work was committed, until stopped. Errors: the database's own."""
    if database.is_sqlite:
        _watch_sqlite(database, bell, stop)
    else:
        _watch_postgresql(database, bell, stop)


def _watch_sqlite(database: Database, bell: Bell, stop: threading.Event) -> None:
    with database.reader.connect() as connection:
        cursor = connection.connection.cursor()
        seen = None
        while not stop.is_set():
            time.sleep(POLL_SECONDS)  # half the processor time of `stop.wait`
            version = cursor.execute("PRAGMA data_version").fetchone()
            if version != seen:
                seen = version
                bell.ring()


def _watch_postgresql(database: Database, bell: Bell, stop: threading.Event) -> None:
    with database.reader.connect() as connection:
        connection.execute(text(f"LISTEN {WAKE_CHANNEL}"))
        raw = connection.connection.driver_connection
        if not isinstance(raw, psycopg.Connection):
            raise TypeError("psycopg 3 is expected")
        bell.ring()
        while not stop.is_set():
            if any(notice.payload != _THIS_WORKER for notice in raw.notifies(timeout=1.0, stop_after=1)):
                bell.ring()
                stop.wait(GATHER_SECONDS)
