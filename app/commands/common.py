"""What commands share: the database, quiet logs, and how a list is shown."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import rich_click as click
from rich.console import Console
from rich.table import Table

from app.errors import AppError
from app.settings import Settings

if TYPE_CHECKING:
    from app.db import Database


@contextmanager
def opened_database(settings: Settings) -> Iterator["Database"]:
    """The database, closed at the end; one that is away, or without this release's tables, is one line."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from app.db import open_database

    database = open_database(settings.database_url)
    try:
        yield database
    except (OperationalError, ProgrammingError):
        fault = _fault_of(database)
        if fault is None:
            raise
        raise AppError(fault) from None
    finally:
        database.dispose()


def _fault_of(database: "Database") -> str | None:
    from sqlalchemy.exc import SQLAlchemyError

    from app.schema import is_current

    try:
        current = is_current(database)
    except SQLAlchemyError:
        return "the database of DATABASE_URL does not answer"
    return None if current else "the tables are not of this release: run `goen migrate`"


def quiet_logs(settings: Settings) -> None:
    """Warnings and errors only: a command speaks for itself."""
    import logging

    from app.logs import configure_logs

    configure_logs(settings.log_format, logging.WARNING)


def named(names: Sequence[str], rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows as objects."""
    return [dict(zip(names, row, strict=True)) for row in rows]


def show_table(found: Sequence[Mapping[str, Any]], title: str, *, as_json: bool) -> None:
    """A list for people, or for machines."""
    if as_json:
        click.echo(json.dumps(found, default=str, ensure_ascii=False))
        return
    console = Console()
    if not found:
        console.print(f"{title}: none")
        return
    table = Table(*found[0], title=title, title_justify="left")
    for row in found:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    console.print(table)
