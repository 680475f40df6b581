"""`goen import-jobs`: the catalogue."""

import dataclasses
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click
from rich.console import Console

from app.commands.common import opened_database
from app.errors import AppError
from app.settings import Settings

if TYPE_CHECKING:
    from app.db import Database
    from app.jobs.imports import FoundKeys, ImportReport


@click.command("import-jobs")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--close-missing", is_flag=True, help="FILE is the whole catalogue: close the jobs that are not in it."
)
@click.option(
    "--yes-close-many", is_flag=True, help="Close them even if they are more than half of all open jobs."
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def import_jobs(file: Path, close_missing: bool, yes_close_many: bool, as_json: bool) -> None:
    """Import jobs from FILE: CSV, JSON lines or a JSON list, also of schema.org JobPosting.

    Rejected rows go to FILE.rejected.csv and exit 1. With --close-missing, what is not in FILE is closed after
    all of it was read; a rejected row still counts as being in it.
    """
    from app.clock import Clock
    from app.jobs.imports import FoundKeys

    if yes_close_many and not close_missing:
        raise click.UsageError("--yes-close-many says nothing without --close-missing")
    settings = Settings.from_env()
    now, found = Clock(settings.clock_file).now(), FoundKeys()
    with opened_database(settings) as database:
        report = _import(database, file, now, found)
        closed, refusal = _close(database, found, now, yes_close_many) if close_missing else (None, None)
    if as_json:
        told = dataclasses.asdict(report) | {"closed": closed}
        click.echo(json.dumps(told, default=str, ensure_ascii=False))
    else:
        _print(report, closed)
    if refusal is not None:
        raise refusal
    if report.rejected:
        sys.exit(1)


def _import(database: "Database", file: Path, now: datetime, found: "FoundKeys") -> "ImportReport":
    from rich.progress import Progress

    from app.jobs.imports import import_jobs as import_file

    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task(file.name, total=None)

        def advance(done: int, size: int) -> None:
            progress.update(bar, completed=done, total=size)

        return import_file(database, file, now=now, progress=advance, found=found)


def _close(
    database: "Database", found: "FoundKeys", now: datetime, many: bool
) -> tuple[int | None, AppError | None]:
    """How many were closed, or why none was: the report of the import is told in either case."""
    from app.jobs.closing import close_missing_jobs

    try:
        return close_missing_jobs(database, found, now, many=many), None
    except AppError as refusal:
        return None, refusal


def _print(report: "ImportReport", closed: int | None) -> None:
    for line in report.lines():
        click.echo(line)
    if closed is not None:
        click.echo(f"closed {closed}")
    if report.rejected:
        click.echo(f"Rejected rows, with line, field and reason: {report.rejected_path}", err=True)
