"""Engines, the declarative base, and the one way to open a transaction.

One code path for SQLite and PostgreSQL. On SQLite a write transaction takes a file lock beside the
database and then `BEGIN IMMEDIATE` (docs/decisions/0001-storage-and-queue.md): SQLite's own busy handler
is unfair, and its default deferred transactions lose updates. Reads use an autocommitting engine.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    create_engine,
    event,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_SECONDS = 10
LOCK_LOOK_SECONDS = 0.005
LOST_NETWORK = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""PostgreSQL over a network: a server that is gone without a word is noticed in seconds, not in a quarter of
an hour, so that a lock's holder stops and the webhook's writer connects anew."""
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BigInt = BigInteger().with_variant(Integer, "sqlite")
"""The type of every `id`: SQLite numbers rows by itself only in a plain INTEGER key."""


class Base(DeclarativeBase):
    """Every table of Goen."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, aware UTC out, on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite keeps no zone, so it gets the naive UTC time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone reached the database")
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Give aware UTC back. In one function, unlike `process_result_value`: rows have many times."""
        read = self.impl_instance.dialect_impl(dialect).result_processor(dialect, coltype)

        def process(value: Any) -> datetime | None:
            time: datetime | None = value if value is None or read is None else read(value)
            if time is None or time.tzinfo is UTC:
                return time
            return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)

        return process


@dataclass(frozen=True)
class Database:
    """The two engines of one database: `writer` for transactions, `reader` for single reads."""

    writer: Engine
    reader: Engine
    lock_path: Path | None
    """The file whose lock serialises writers on SQLite; None on PostgreSQL."""
    lock_patience_seconds: float | None = None
    """How long a writer waits for that lock before it raises TimeoutError; None: as long as it takes."""

    @property
    def is_sqlite(self) -> bool:
        """True on SQLite."""
        return self.lock_path is not None

    @property
    def url(self) -> str:
        """Its address with the password, for a child process."""
        return self.writer.url.render_as_string(hide_password=False)

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.writer.dispose()
        self.reader.dispose()


def open_database(
    url: str,
    *,
    patience_seconds: float | None = None,
    lock_patience_seconds: float | None = None,
    synchronous: str = "FULL",
) -> Database:
    """Make the engines for `url`; nothing is connected yet.

    `patience_seconds` bounds connect, pool wait and statement time: set behind the webhook, where a hanging
    database must become a 503. `lock_patience_seconds` bounds the wait for SQLite's writers' lock: set where
    a request waits for it itself. `synchronous` is SQLite's: FULL survives power loss, NORMAL is to measure by.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, synchronous, lock_patience_seconds)
    return _open_postgresql(parsed, patience_seconds)


@contextmanager
def transaction(database: Database) -> Iterator[Session]:
    """One write transaction: returning commits, raising rolls back. The door owns it."""
    with (
        write_lock(database.lock_path, database.lock_patience_seconds),
        Session(database.writer, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def writing(database: Database) -> Iterator[Connection]:
    """The same transaction without an ORM session: half the processor time, for the hottest paths only."""
    lock = write_lock(database.lock_path, database.lock_patience_seconds)
    with lock, database.writer.begin() as connection:
        yield connection


@contextmanager
def writing_once(database: Database) -> Iterator[Connection]:
    """For statements that each stand alone: PostgreSQL commits them without a BEGIN and COMMIT to wait for."""
    if database.is_sqlite:
        with writing(database) as connection:
            yield connection
    else:
        with database.reader.connect() as connection:
            yield connection


@contextmanager
def reading(database: Database) -> Iterator[Session]:
    """A session for reads: no transaction is held open between statements, no lock is taken."""
    with Session(database.reader, expire_on_commit=False, autoflush=False) as session:
        yield session


@contextmanager
def write_lock(path: Path | None, patience_seconds: float | None = None) -> Iterator[None]:
    """Hold the file lock that serialises writers on SQLite; nothing on PostgreSQL (None).

    Errors: TimeoutError when somebody else holds it for longer than the patience.
    """
    if path is None:
        yield
        return
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _wait_for_lock(descriptor, patience_seconds)
        yield
    finally:
        os.close(descriptor)  # closing releases the lock, as does the death of the process


def _wait_for_lock(descriptor: int, patience_seconds: float | None) -> None:
    if patience_seconds is None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return
    until = time.monotonic() + patience_seconds
    while True:  # the kernel's own wait has no end; whoever uses it goes first, which is the webhook's writer
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise TimeoutError("another writer holds the database") from None
            time.sleep(LOCK_LOOK_SECONDS)  # nobody tells who lets go of a file lock
        else:
            return


def _open_sqlite(url: URL, synchronous: str, lock_patience_seconds: float | None) -> Database:
    if not url.database or url.database == ":memory:":
        raise ValueError("DATABASE_URL must name a file: several processes share the database")
    # One file, one lock, however it is named: a link to the database must not make a second sender.
    path = Path(url.database).resolve()
    path.parent.mkdir(parents=True, exist_ok=True)

    def connect(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None
        cursor = dbapi.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}",
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    arguments = {"check_same_thread": False, "timeout": BUSY_TIMEOUT_SECONDS}
    writer = create_engine(url, connect_args=arguments, hide_parameters=True)
    reader = create_engine(url, connect_args=arguments, hide_parameters=True, isolation_level="AUTOCOMMIT")
    event.listen(writer, "connect", connect)
    event.listen(reader, "connect", connect)
    event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return Database(writer, reader, path.with_name(path.name + ".writer.lock"), lock_patience_seconds)


def _open_postgresql(url: URL, patience_seconds: float | None) -> Database:
    url = url.set(drivername="postgresql+psycopg")
    arguments: dict[str, Any] = {"options": "-c timezone=utc", **LOST_NETWORK}
    pool: dict[str, Any] = {"pool_pre_ping": True, "hide_parameters": True}
    if patience_seconds is not None:
        milliseconds = int(patience_seconds * 1000)
        arguments["connect_timeout"] = max(2, round(patience_seconds))  # libpq's least is two seconds
        arguments["options"] += f" -c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
        # Few connections: if the server hangs, no more threads than these hang with it.
        pool |= {"pool_timeout": patience_seconds, "pool_pre_ping": False, "pool_size": 2, "max_overflow": 0}
    writer = create_engine(url, connect_args=arguments, **pool)
    reader = create_engine(url, connect_args=arguments, isolation_level="AUTOCOMMIT", **pool)
    return Database(writer, reader, None)
