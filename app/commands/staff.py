"""`goen staff`: who may sign in to the console."""

import dataclasses
import json

import rich_click as click
from rich.console import Console
from rich.table import Table

from app.commands.common import opened_database
from app.errors import AppError
from app.settings import Settings


@click.group()
def staff() -> None:
    """担当者: who may sign in to the console."""


@staff.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What colleagues see.")
@click.option("--role", type=click.Choice(["admin", "recruiter", "editor"]), required=True)
@click.option("--ask-password", is_flag=True, help="Ask for a password instead of inventing one.")
def staff_add(email: str, name: str, role: str, ask_password: bool) -> None:
    """Let somebody in. Prints an invented password once; at the first sign-in another one must be chosen."""
    from app.clock import Clock
    from app.db import transaction
    from app.staff.actions import NewStaff, add_staff
    from app.staff.audit import NOBODY
    from app.staff.passwords import hash_password
    from app.staff.rules import Role

    settings = Settings.from_env()
    password = _new_password(email, ask=ask_password)
    new = NewStaff(email, name, Role(role), hash_password(password), password_is_temporary=not ask_password)
    with opened_database(settings) as database, transaction(database) as session:
        add_staff(session, new, NOBODY, Clock(settings.clock_file).now())
    click.echo(f"Added {email} as {role}.")
    _say_password(password, was_asked=ask_password)


@staff.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def staff_list(as_json: bool) -> None:
    """Everybody, those who have left last."""
    from app.db import reading
    from app.staff.queries import staff_rows

    settings = Settings.from_env()
    with opened_database(settings) as database, reading(database) as session:
        rows = [dataclasses.asdict(row) for row in staff_rows(session)]
    if as_json:
        click.echo(json.dumps(rows, default=str, ensure_ascii=False))
        return
    table = Table("id", "name", "mail", "role", "left on", "last seen")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console().print(table)


@staff.command("reset-password")
@click.argument("email")
@click.option("--ask-password", is_flag=True, help="Ask for a password instead of inventing one.")
def staff_reset_password(email: str, ask_password: bool) -> None:
    """Give a new password, and sign all of this person's browsers out."""
    from app.clock import Clock
    from app.db import transaction
    from app.staff.actions import set_password
    from app.staff.audit import NOBODY
    from app.staff.passwords import hash_password
    from app.staff.queries import staff_id_of

    settings = Settings.from_env()
    password = _new_password(email, ask=ask_password)
    hashed, now = hash_password(password), Clock(settings.clock_file).now()
    with opened_database(settings) as database, transaction(database) as session:
        staff_id = staff_id_of(session, email)
        set_password(session, staff_id, hashed, NOBODY, now, is_temporary=not ask_password)
    _say_password(password, was_asked=ask_password)


@staff.command("leave")
@click.argument("email")
def staff_leave(email: str) -> None:
    """Somebody has left: signed out everywhere, cannot sign in again; what they did stays in the audit."""
    from app.clock import Clock
    from app.db import transaction
    from app.staff.actions import leave_staff
    from app.staff.audit import NOBODY
    from app.staff.queries import staff_id_of

    settings = Settings.from_env()
    with opened_database(settings) as database, transaction(database) as session:
        leave_staff(session, staff_id_of(session, email), NOBODY, Clock(settings.clock_file).now())
    click.echo("Cannot sign in any more.")


def _new_password(email: str, *, ask: bool) -> str:
    from app.staff.passwords import make_password
    from app.staff.rules import fault_of_password, fold_mail

    if not ask:
        return make_password()
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    fault = fault_of_password(password, fold_mail(email))
    if fault is not None:
        raise AppError(fault)
    return password


def _say_password(password: str, *, was_asked: bool) -> None:
    if not was_asked:
        click.echo(f"Password, shown only now: {password}")
