"""Many rows in one statement, on both databases.

A driver's time per parameter is what hot paths are made of: on PostgreSQL all rows travel as one JSON text,
which takes a quarter of the client's time for a hundred rows; on SQLite the driver's own loop is as good.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
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
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.types import TypeEngine

Row = Mapping[str, Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row], *, notify: str) -> None:
    """Insert rows that all have the same columns; one that a unique rule refuses is silently nothing.

    `notify`: PostgreSQL's channel that is told at commit, by the same statement.
    """
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(_sqlite_insert(table), rows)
        return
    names = tuple(rows[0])
    values = {"rows": _as_json(connection.dialect, table, names, rows), "channel": notify}
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


@lru_cache
def _sqlite_insert(table: Table) -> sqlite.Insert:
    return sqlite.insert(table).on_conflict_do_nothing()


@lru_cache
def _postgresql_insert(table: Table, names: tuple[str, ...]) -> TextClause:
    columns = ", ".join(f'"{name}"' for name in names)
    source = f'json_populate_recordset(NULL::"{table.name}", :rows) CROSS JOIN told'
    # Names of our own tables and columns, never a value.
    statement = (
        f"WITH told AS (SELECT pg_notify(:channel, ''))"  # noqa: S608 - names only, see above
        f' INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM {source} ON CONFLICT DO NOTHING'
    )
    return text(statement)


def _as_json(dialect: Dialect, table: Table, names: tuple[str, ...], rows: Sequence[Row]) -> str:
    """The rows as JSON, each value as its column's type writes it."""
    writers = _writers(dialect, table, names)
    written = [{**row, **{name: write(row[name]) for name, write in writers}} for row in rows]
    return orjson.dumps(written).decode()


@lru_cache
def _writers(
    dialect: Dialect, table: Table, names: tuple[str, ...]
) -> list[tuple[str, Callable[[Any], Any]]]:
    """The columns whose type has a way of its own to write a value."""
    found = [(name, table.c[name].type.bind_processor(dialect)) for name in names]
    return [(name, write) for name, write in found if write is not None]
