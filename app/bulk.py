"""Many rows in one statement, on both databases.

A driver's time per parameter is what hot paths are made of: on PostgreSQL all rows travel as one JSON text,
which takes a quarter of the client's time for a hundred rows, and what they all share travels once. On SQLite
they are the rows of one VALUES: the driver gives up the interpreter at every step of a statement, and has to wait
for it again among busy threads.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    Table,
    Text,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.types import TypeEngine

from app.db import UtcDateTime
from app.json_text import to_text

Row = Mapping[str, Any]
Writer = Callable[[Any], Any]
MOST_ROWS = 64


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns; one that a unique rule refuses is silently nothing."""
    if not rows:
        return
    columns = tuple(column.name for column in table.columns if column.name in rows[0])
    if connection.dialect.name == "sqlite":
        _insert_into_sqlite(connection, table, columns, rows)
    else:
        _insert_into_postgresql(connection, table, columns, rows)


def replace_rows(connection: Connection, table: Table, rows: Sequence[Row], key: str) -> dict[Any, int]:
    """Insert rows with distinct values of `key`; where one is there, all but its `id` becomes the new row's.

    Gives the ids by key.
    """
    columns = tuple(column.name for column in table.columns if column.name in rows[0])
    if connection.dialect.name == "sqlite":
        statement = _replacing(sqlite.insert(table), table, columns, key)
        return dict(connection.execute(statement, rows).all())
    writers = _writers(connection.dialect, table, columns)
    given = [
        {name: row[name] if write is None else write(row[name]) for name, write in writers} for row in rows
    ]
    types = {name: table.c[name].type for name in columns}
    records = _records(bindparam("rows", type_=Text()), types)
    inserting = postgresql.insert(table).from_select(columns, select(*records.c), include_defaults=False)
    return dict(
        connection.execute(_replacing(inserting, table, columns, key), {"rows": to_text(given)}).all()
    )


def _replacing(inserting: Any, table: Table, columns: Sequence[str], key: str) -> Any:
    replaced = {name: inserting.excluded[name] for name in columns if name not in {"id", key}}
    return inserting.on_conflict_do_update(index_elements=[key], set_=replaced).returning(
        table.c[key], table.c.id
    )


def among(connection: Connection, key: Any, ids: Sequence[int] | Sequence[str]) -> ColumnElement[bool]:
    """`column IN (ids)` as one parameter, however many there are: each of its own would be parsed again."""
    condition: ColumnElement[bool]
    if connection.dialect.name == "sqlite":
        values = func.json_each(to_text(list(ids))).table_valued("value")
        condition = key.in_(select(values.c.value))
    elif any(isinstance(id_, str) for id_ in ids):
        texts = func.json_array_elements_text(cast(literal(to_text(list(ids)), Text()), JSON))
        condition = key.in_(select(texts.column_valued()))
    else:  # as a text, which the driver does not have to look through number by number
        numbers = literal(f"{{{','.join(map(str, ids))}}}", Text())
        condition = key == any_(cast(numbers, ARRAY(BigInteger)))
    return condition


def as_table(
    connection: Connection, rows: Sequence[Row], columns: Mapping[str, TypeEngine[Any]]
) -> FromClause:
    """Rows as something to join in an UPDATE: `given.c.<name>` for each of these columns."""
    given = literal(to_text(rows), Text())
    if connection.dialect.name == "sqlite":
        each = func.json_each(given).table_valued("value", name="each")
        return select(
            *(func.json_extract(each.c.value, f"$.{name}").label(name) for name in columns)
        ).subquery("given")
    return _records(given, columns)


def _records(given: ColumnElement[str], columns: Mapping[str, TypeEngine[Any]]) -> FromClause:
    """PostgreSQL: a JSON text of objects as a table."""
    typed = [column(name, type_) for name, type_ in columns.items()]
    rows = func.json_to_recordset(cast(given, JSON)).table_valued(*typed, name="given")
    return rows.render_derived(with_types=True)


def _insert_into_postgresql(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Row]
) -> None:
    shared = tuple(name for name in columns if _is_shared([row[name] for row in rows]))
    own = tuple(name for name in columns if name not in shared)
    writers = _writers(connection.dialect, table, own)
    given = [
        {name: row[name] if write is None else write(row[name]) for name, write in writers} for row in rows
    ]
    values = {name: rows[0][name] for name in shared}
    connection.execute(_postgresql_insert(table, shared, own), {"rows": to_text(given), **values})


def _is_shared(values: list[Any]) -> bool:
    """True when all are equal; by `count`, which compares without a step of the interpreter for each."""
    return values.count(values[0]) == len(values)


def _insert_into_sqlite(
    connection: Connection, table: Table, columns: tuple[str, ...], given: Sequence[Row]
) -> None:
    """In statements of 64, 32, 16 … rows: so few different ones stay prepared."""
    writers = _writers(connection.dialect, table, columns)
    rows = [
        tuple([row[name] if write is None else write(row[name]) for name, write in writers]) for row in given
    ]
    at = 0
    while at < len(rows):
        size = min(MOST_ROWS, 1 << (len(rows) - at).bit_length() - 1)
        values = tuple(chain.from_iterable(rows[at : at + size]))
        connection.exec_driver_sql(_sqlite_insert(table, columns, size), values)
        at += size


@lru_cache
def _sqlite_insert(table: Table, columns: tuple[str, ...], size: int) -> str:
    """The statement's text; its parameters are row after row, each in the order of these columns."""
    empty = dict.fromkeys(columns)
    statement = sqlite.insert(table).values([empty] * size).on_conflict_do_nothing()
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark")))


@lru_cache
def _postgresql_insert(table: Table, shared: tuple[str, ...], own: tuple[str, ...]) -> postgresql.Insert:
    """Its parameters: `rows`, the JSON text of what differs, and each shared value by its column's name."""
    types = {name: table.c[name].type for name in (*shared, *own)}
    given = _records(
        bindparam("rows", type_=Text()), {name: types[name] for name in own} or {"nothing": Text()}
    )
    values = [
        given.c[name] if name in own else cast(bindparam(name, type_=types[name]), types[name])
        for name in types
    ]
    rows = select(*values).select_from(given)
    statement = postgresql.insert(table).from_select(list(types), rows, include_defaults=False)
    return statement.on_conflict_do_nothing()


@lru_cache
def _writers(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> list[tuple[str, Writer | None]]:
    """For each column how its type writes a value; None: as it is."""
    return [(name, _writer(dialect, table.c[name].type)) for name in columns]


def _writer(dialect: Dialect, type_: TypeEngine[Any]) -> Writer | None:
    write = type_.dialect_impl(dialect).bind_processor(dialect)
    # Rows that are written together share most of their times.
    return lru_cache(256)(write) if write is not None and isinstance(type_, UtcDateTime) else write
