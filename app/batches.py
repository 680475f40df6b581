"""Long work in short transactions: rows are found outside of any, then a few hundred at a time are changed."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, tuple_
from sqlalchemy.orm import Session

from app.db import Database, reading, transaction

BATCH = 500
"""Rows in one transaction: well under 50 ms on SQLite, where everybody else waits meanwhile."""

Progress = Callable[[int, int], None]
"""Called after each batch with what is done and what there is, in the same unit."""
Change = Callable[[Session, Sequence[Row[Any]]], int]
"""Changes those of these rows that are still as they were found; how many. None must be found again then."""


def in_batches(database: Database, found: Select[Any], change: Change, *, size: int = BATCH) -> int:
    """Change all that a query finds; how many rows. It must find no longer what was changed."""
    changed = 0
    while True:
        with reading(database) as session:
            rows = session.execute(found.limit(size)).all()
        if not rows:
            return changed
        with transaction(database) as session:
            done = change(session, rows)
        changed += done
        if len(rows) < size or not done:  # none: somebody else changes the same
            return changed


def among_rows(table: Table, rows: Sequence[Row[Any]]) -> ColumnElement[bool]:
    """Rows of a table by its key; each of `rows` begins with the key's columns."""
    keys = list(table.primary_key.columns)
    if len(keys) == 1:
        return keys[0].in_([row[0] for row in rows])
    return tuple_(*keys).in_([tuple(row[: len(keys)]) for row in rows])
