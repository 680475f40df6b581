"""One row about a person in every table there is, made from the metadata: a new table is filled by itself."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Enum, LargeBinary, MetaData, String, Table, insert, select
from sqlalchemy.orm import Session

from app.db import UtcDateTime
from app.messaging.models import JsonText

MARK = "Zq7x"
"""An invented text that is nowhere else; short, since the shortest column has room for eight characters."""
THEN = datetime(2026, 11, 1, tzinfo=UTC)
_numbers = count(1)


def fill_every_table(
    session: Session, metadata: MetaData, given: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """A row in each table, all texts marked, foreign keys pointing to the other rows; `given` overrides by table.

    Gives the key of the row of each table that has an `id`.
    """
    ids: dict[str, Any] = {}
    for table in metadata.sorted_tables:
        row = {column.name: _value(column, ids) for column in table.columns if column.name != "id"}
        row |= given.get(table.name, {})
        made = session.execute(insert(table).values(row).returning(*table.primary_key))
        ids[table.name] = made.one()[0]
    return ids


def _value(column: Column[Any], ids: dict[str, Any]) -> Any:
    for key in column.foreign_keys:
        return ids.get(key.column.table.name)
    kind = column.type
    simple: tuple[tuple[Any, Any], ...] = (
        (JsonText, {"text": MARK, MARK: [MARK]}),
        (JSON, {"text": MARK}),
        (LargeBinary, MARK.encode()),
        (UtcDateTime, THEN),
        (Date, date(2026, 11, 1)),
        (Boolean, True),
    )
    for type_, value in simple:
        if isinstance(kind, type_):
            return value
    if isinstance(kind, Enum):
        return kind.enums[0]
    return f"{MARK}{next(_numbers)}" if isinstance(kind, String) else next(_numbers)


def marked(session: Session, metadata: MetaData) -> Iterator[tuple[str, str]]:
    """(table, column) of every value that holds the mark, in any spelling of its type."""
    for table in metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            yield from ((table.name, name) for name, value in row.items() if MARK in _as_text(value))


def texts_of(table: Table) -> list[str]:
    """The columns in which somebody's words could stand."""
    kinds = (String, JSON, LargeBinary, JsonText)
    return [
        column.name
        for column in table.columns
        if isinstance(column.type, kinds) and not isinstance(column.type, Enum)
    ]


def _as_text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
