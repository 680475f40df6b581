"""Many rows in one statement, on both databases.

A driver's time per parameter is what hot paths are made of: on PostgreSQL all rows travel as one JSON text,
which takes a quarter of the client's time for a hundred rows. On SQLite they are the rows of one VALUES: the
driver gives up the interpreter at every step of a statement, and has to wait for it again among busy threads.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    Table,
    Text,
    TextClause,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.types import TypeEngine

from app.db import UtcDateTime

Row = Mapping[str, Any]
Writers = list[tuple[str, Callable[[Any], Any]]]
MOST_ROWS = 64


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns; one that a unique rule refuses is silently nothing."""
    if not rows:
        return
    names = tuple(rows[0])
    if connection.dialect.name == "sqlite":
        _insert_into_sqlite(connection, table, names, rows)
        return
    values = {"rows": _as_json(connection.dialect, table, names, rows)}
    connection.execute(_postgresql_insert(table, names), values)


def among(connection: Connection, key: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """`column IN (ids)` as one parameter, however many there are: each of its own would be parsed again."""
    if connection.dialect.name == "sqlite":
        values = func.json_each(orjson.dumps(list(ids)).decode()).table_valued("value")
        condition: ColumnElement[bool] = key.in_(select(values.c.value))
        return condition
    given: ColumnElement[bool] = key == any_(bindparam(None, list(ids), ARRAY(BigInteger)))
    return given


def as_table(
    connection: Connection, rows: Sequence[Row], columns: Mapping[str, TypeEngine[Any]]
) -> FromClause:
    """Rows as something to join in an UPDATE: `given.c.<name>` for each of these columns."""
    given = literal(orjson.dumps(rows).decode(), Text())
    if connection.dialect.name == "sqlite":
        each = func.json_each(given).table_valued("value", name="each")
        return select(
            *(func.json_extract(each.c.value, f"$.{name}").label(name) for name in columns)
        ).subquery("given")
    typed = [column(name, type_) for name, type_ in columns.items()]
    rows_ = func.json_to_recordset(cast(given, JSON)).table_valued(*typed, name="given")
    return rows_.render_derived(with_types=True)


def _insert_into_sqlite(
    connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[Row]
) -> None:
    """In statements of 64, 32, 16 … rows: so few different ones stay prepared."""
    writers = _writers(connection.dialect, table, names)
    values = [_with(writers, row).values() for row in rows]
    at = 0
    while at < len(values):
        size = min(MOST_ROWS, 1 << (len(values) - at).bit_length() - 1)
        given = tuple(chain.from_iterable(values[at : at + size]))
        connection.exec_driver_sql(_sqlite_insert(table, names, size), given)
        at += size


@lru_cache
def _sqlite_insert(table: Table, names: tuple[str, ...], size: int) -> str:
    one = f"({', '.join('?' for _ in names)})"
    columns = ", ".join(f'"{name}"' for name in names)
    # Names of our own tables and columns, never a value.
    statement = f'INSERT INTO "{table.name}" ({columns}) VALUES {", ".join([one] * size)}'  # noqa: S608
    return f"{statement} ON CONFLICT DO NOTHING"


@lru_cache
def _postgresql_insert(table: Table, names: tuple[str, ...]) -> TextClause:
    columns = ", ".join(f'"{name}"' for name in names)
    source = f'json_populate_recordset(NULL::"{table.name}", :rows)'
    # Names of our own tables and columns, never a value.
    statement = f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM {source}'  # noqa: S608
    return text(f"{statement} ON CONFLICT DO NOTHING")


def _as_json(dialect: Dialect, table: Table, names: tuple[str, ...], rows: Sequence[Row]) -> str:
    """The rows as JSON, each value as its column's type writes it."""
    writers = _writers(dialect, table, names)
    return orjson.dumps([_with(writers, row) for row in rows]).decode()


def _with(writers: Writers, row: Row) -> Row:
    """The row with its values as their columns' types write them, in the same order."""
    return {**row, **{name: write(row[name]) for name, write in writers}} if writers else row


@lru_cache
def _writers(dialect: Dialect, table: Table, names: tuple[str, ...]) -> Writers:
    """The columns whose type has a way of its own to write a value."""
    found: Writers = []
    for name in names:
        type_ = table.c[name].type
        if write := type_.dialect_impl(dialect).bind_processor(dialect):
            # Rows that are written together share most of their times.
            found.append((name, lru_cache(256)(write) if isinstance(type_, UtcDateTime) else write))
    return found
