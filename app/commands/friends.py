"""`goen import-friends`: friends that an account had before Goen."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click
from rich.console import Console
from rich.progress import Progress

from app.commands.common import opened_database
from app.errors import AppError
from app.settings import Settings

if TYPE_CHECKING:
    from app.friends.imports import FriendImport
    from app.messaging.channels import ChannelKeys


@click.command("import-friends")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--channel", "name", default="default", show_default=True, help="Whose friends they are.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def import_friends(file: Path | None, name: str, as_json: bool) -> None:
    """Write down the friends that the account has already: those LINE tells, or the LINE user ids in FILE
    (one a line, or CSV). They are not new, get no greeting, and may be run again; names come by and by."""
    from app.clock import Clock
    from app.db import reading
    from app.encryption import Encryption
    from app.friends.imports import import_friends as import_ids
    from app.friends.imports import read_user_ids
    from app.messaging.accounts import find_account

    settings = Settings.from_env()
    encryption = Encryption(settings.require_secret_keys())
    unreadable: list[int] = []
    with opened_database(settings) as database, _progress(file) as advance:
        with reading(database) as session:
            account = find_account(session, encryption, name)
        now = Clock(settings.clock_file).now()
        if file is None:
            with _from_line(settings, account) as user_ids:
                report = import_ids(database, account.id, user_ids, now, advance)
        else:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                user_ids = read_user_ids(lines, unreadable.append)
                report = import_ids(database, account.id, user_ids, now, advance)
    _say(report, unreadable, as_json=as_json)


@contextmanager
def _from_line(settings: Settings, account: "ChannelKeys") -> Iterator[Iterator[str]]:
    from app.friends.followers import follower_ids
    from app.line.client import LineClient

    if account.access_token is None:
        raise AppError(f"the account {account.name} has no access token: give a file of user ids")
    client = LineClient(settings.line_api_base_url, settings.line_data_api_base_url, account.access_token)
    try:
        yield follower_ids(client)
    finally:
        client.close()


@contextmanager
def _progress(file: Path | None) -> Iterator[Callable[[int], None]]:
    with Progress(
        *Progress.get_default_columns()[:1], "{task.completed}", console=Console(stderr=True)
    ) as bar:
        task = bar.add_task(file.name if file else "LINE", total=None)
        yield lambda read: bar.update(task, completed=read)


def _say(report: "FriendImport", unreadable: list[int], *, as_json: bool) -> None:
    found = {**dataclasses.asdict(report), "unreadable": len(unreadable), "unreadable_lines": unreadable[:10]}
    if as_json:
        click.echo(json.dumps(found))
        return
    click.echo(
        ", ".join(f"{name} {found[name]}" for name in ("read", "new", "marked", "unchanged", "unreadable"))
    )
    if unreadable:
        click.echo(f"Lines without a LINE user id: {', '.join(map(str, unreadable[:10]))}", err=True)
