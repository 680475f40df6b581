"""Inserts that lose quietly: unique things are unique in the database, never by looking first."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.db import Base


def insert_unless_there(session: Session, table: type[Base], **values: Any) -> int | None:
    """Insert one row and give its `id`; None when a unique rule says that such a row is there already."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    inserted: int | None = session.scalar(statement.returning(table.__table__.c.id))
    return inserted
