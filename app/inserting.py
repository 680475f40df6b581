"""Inserts that lose quietly: unique things are unique in the database, never by looking first.

SQLite and PostgreSQL speak the same `ON CONFLICT`, but SQLAlchemy has an insert of its own for each.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.db import Base

_DIALECTS: Mapping[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}


def insert_unless_there(session: Session, table: type[Base], **values: Any) -> int | None:
    """Insert one row and give its `id`; None when a unique rule says that such a row is there already."""
    statement = insert_ignoring(session, table).values(values)
    inserted: int | None = session.scalar(statement.returning(table.__table__.c.id))
    return inserted


def insert_ignoring(session: Session, table: type[Base]) -> Insert:
    """`INSERT … ON CONFLICT DO NOTHING` for the session's database; what RETURNING gives back was new."""
    statement: Insert = _dialect_of(session).insert(table).on_conflict_do_nothing()
    return statement


def insert_replacing(session: Session, table: type[Base], key: str) -> Insert:
    """Insert; where the unique column `key` has the value already, replace all else but the `id`."""
    insert = _dialect_of(session).insert(table.__table__)
    names = {column.name for column in table.__table__.columns} - {"id", key}
    replaced = {name: insert.excluded[name] for name in names}
    statement: Insert = insert.on_conflict_do_update(index_elements=[key], set_=replaced)
    return statement


def insert_adding(session: Session, table: type[Base], keys: Sequence[str], amount: str) -> Insert:
    """Insert; where a row with these keys is there already, add the new row's `amount` to its own."""
    insert = _dialect_of(session).insert(table.__table__)
    total = table.__table__.c[amount] + insert.excluded[amount]
    statement: Insert = insert.on_conflict_do_update(index_elements=list(keys), set_={amount: total})
    return statement


def _dialect_of(session: Session) -> Any:
    return _DIALECTS[session.get_bind().dialect.name]
