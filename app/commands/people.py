"""Commands about one person, and about everybody's personal data (docs/personal-data.md)."""

import dataclasses
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click
from rich.console import Console

from app.commands.common import opened_database, show_table
from app.settings import Settings

if TYPE_CHECKING:
    from app.batches import Progress


@click.command()
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="The certificate as data.")
def forget(person: str, yes: bool, as_json: bool) -> None:
    """Erase PERSON everywhere, for good, and print the certificate.

    PERSON is the job site's id of a member, friend:ID, or a LINE user id; whoever is linked goes too. What is
    left are keyed hashes, so that somebody placed or opted out is left alone. Broken off, the same again goes on.
    """
    from app.clock import Clock
    from app.db import reading
    from app.encryption import Encryption
    from app.people.persons import find_person
    from app.privacy.actions import forget_person
    from app.privacy.certificate import certificate_as_json, certificate_as_text
    from app.staff.audit import NOBODY

    settings = Settings.from_env()
    encryption = Encryption(settings.require_secret_keys())
    with opened_database(settings) as database:
        with reading(database) as session:
            found = find_person(session, person)
        who = f"{len(found.member_ids)} member(s) and {len(found.friend_ids)} friend(s)"
        if not yes:
            click.confirm(f"Erase {who} for good?", abort=True, err=True)
        made = forget_person(database, encryption, found, NOBODY, Clock(settings.clock_file).now())
    click.echo(
        json.dumps(certificate_as_json(made), ensure_ascii=False) if as_json else certificate_as_text(made),
        nl=as_json,
    )


@click.command("export-person")
@click.argument("person")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; else standard output."
)
def export_person(person: str, output: Path | None) -> None:
    """Everything about PERSON as one JSON file: both sides, readable.

    PERSON is the job site's id of a member, friend:ID, or a LINE user id. The audit notes that it was exported.
    """
    from app.clock import Clock
    from app.db import reading, transaction
    from app.encryption import Encryption
    from app.people.persons import find_person
    from app.privacy.erasing import subjects_of
    from app.privacy.export import person_as_data
    from app.staff.audit import NOBODY, record_audit

    settings = Settings.from_env()
    encryption = Encryption(settings.require_secret_keys())
    now = Clock(settings.clock_file).now()
    with opened_database(settings) as database:
        with reading(database) as session:
            found = find_person(session, person)
            text = json.dumps(person_as_data(session, encryption, found, now), ensure_ascii=False, indent=2)
        with transaction(database) as session:
            for subject in subjects_of(found):
                record_audit(session, NOBODY, "person.exported", subject, now)
    if output is None:
        click.echo(text)
        return
    private = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(private, "w", encoding="utf-8") as file:
        file.write(text + "\n")


@click.command()
@click.argument("person")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def explain(person: str, limit: int, as_json: bool) -> None:
    """What was sent to PERSON, what was refused and why, and what may be sent now.

    PERSON is the job site's id of a member, friend:ID, or a LINE user id.
    """
    from app.clock import Clock
    from app.db import reading
    from app.encryption import Encryption
    from app.people.explaining import sent_and_refused, verdicts
    from app.people.persons import find_person

    settings = Settings.from_env()
    encryption = Encryption(settings.require_secret_keys())
    with opened_database(settings) as database, reading(database) as session:
        found = find_person(session, person)
        rows = [dataclasses.asdict(row) for row in sent_and_refused(session, found, limit)]
        now = [
            {
                "friend": each.friend_id,
                "account": each.account,
                **{str(purpose): refusal or "may be sent" for purpose, refusal in each.refusals.items()},
                "placed_until": each.barred_until,
            }
            for each in verdicts(session, encryption, found, Clock(settings.clock_file).now())
        ]
    if as_json:
        click.echo(json.dumps({"now": now, "rows": rows}, default=str, ensure_ascii=False))
        return
    show_table(now, "What may be sent now", as_json=False)
    show_table(rows, "Sent and refused, the newest first", as_json=False)


@click.command("rotate-keys")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def rotate_keys(as_json: bool) -> None:
    """Bring everything that is encrypted to the first key of SECRET_KEY; may be broken off and run again."""
    from app.encryption import Encryption
    from app.privacy.rotation import rotate_keys as rotate

    settings = Settings.from_env()
    encryption = Encryption(settings.require_secret_keys())
    with opened_database(settings) as database, _progress("rows") as progress:
        done = rotate(database, encryption, progress)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(done)))
        return
    click.echo(f"Rows looked at {done.rows}, rotated {done.rotated}.")
    if done.held_by_older_keys:
        click.echo(
            f"Keep the older keys in SECRET_KEY: {done.held_by_older_keys} hashes of erased people "
            "can be found by nothing else."
        )
    else:
        click.echo("The older keys are needed no more.")


@click.command("import-members")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def import_members(file: Path, as_json: bool) -> None:
    """Import members from FILE (CSV or JSON lines) by their external id; rejected rows go to FILE.rejected.csv, exit 1.

    A column that is missing stays as it is, an empty cell empties.
    """
    from app.clock import Clock
    from app.encryption import Encryption
    from app.people.imports import import_members as import_file

    settings = Settings.from_env()
    encryption = Encryption(settings.require_secret_keys())
    with opened_database(settings) as database, _progress(file.name) as progress:
        report = import_file(
            database, encryption, file, now=Clock(settings.clock_file).now(), progress=progress
        )
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(report), default=str, ensure_ascii=False))
    else:
        for line in report.lines():
            click.echo(line)
        if report.rejected:
            click.echo(f"Rejected rows, with line, field and reason: {report.rejected_path}", err=True)
    if report.rejected:
        sys.exit(1)


@contextmanager
def _progress(title: str) -> Iterator["Progress"]:
    """A bar on standard error, moved by what is given: done, total."""
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


COMMANDS = (forget, export_person, explain, rotate_keys, import_members)
