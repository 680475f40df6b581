"""Named locks that decide which process does what.

SQLite: a lock file beside the database, gone with its process. PostgreSQL: a session advisory lock, gone
with its connection; whoever loses the connection has lost the lock and must stop.
"""

import fcntl
import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from app.db import Database


class NamedLock(Protocol):
    """At most one holder in all processes and hosts."""

    def try_acquire(self) -> bool:
        """Take the lock if it is free; never waits."""
        ...

    def is_held(self) -> bool:
        """Whether this object still holds it; asks the database where that can change."""
        ...

    def release(self) -> None:
        """Give it back; harmless when it is not held."""
        ...


def named_lock(database: Database, name: str) -> NamedLock:
    """The lock of this name for this database."""
    if database.lock_path is not None:
        safe = name.replace(":", "-")
        return FileLock(database.lock_path.with_name(f"{database.lock_path.name}.{safe}"))
    return AdvisoryLock(database.reader, advisory_key(name))


def advisory_key(name: str) -> int:
    """A signed 64-bit key for PostgreSQL's advisory locks."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


class FileLock:
    """`flock` on a file: the kernel frees it when the process dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def try_acquire(self) -> bool:
        """Take the lock if it is free."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def is_held(self) -> bool:
        """A file lock cannot be lost while the process lives."""
        return self._descriptor is not None

    def release(self) -> None:
        """Give it back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class AdvisoryLock:
    """A session advisory lock on a connection of its own, kept open between tries."""

    def __init__(self, engine: Engine, key: int) -> None:
        self._engine = engine
        self._key = key
        self._connection: Connection | None = None
        self._held = False

    def try_acquire(self) -> bool:
        """Take the lock if it is free."""
        if self._held:
            return self.is_held()
        try:
            connection = self._connect()
            self._held = bool(
                connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key})
            )
        except DBAPIError:
            self.release()
            raise
        return self._held

    def is_held(self) -> bool:
        """True while the connection answers; a lost connection is a lost lock."""
        if not self._held or self._connection is None:
            return False
        try:
            self._connection.scalar(text("SELECT 1"))
        except DBAPIError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Give it back by closing the connection."""
        self._held = False
        if self._connection is not None:
            connection, self._connection = self._connection, None
            # Closing frees it too, but only once the server has noticed; the next holder need not wait for that.
            with suppress(DBAPIError):
                connection.execute(text("SELECT pg_advisory_unlock_all()"))
            connection.close()

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.detach()  # never back into the pool: the lock lives and dies with it
        return self._connection


class NoLock:
    """For work that everybody may do at once."""

    def try_acquire(self) -> bool:
        """Always ours."""
        return True

    def is_held(self) -> bool:
        """Always."""
        return True

    def release(self) -> None:
        """Nothing to give back."""
