"""`goen check-menus` and `goen richmenu`: rich menus as files, as versions, and as LINE has them."""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from app.commands.common import opened_database, quiet_logs, show_table
from app.errors import AppError
from app.settings import Settings

if TYPE_CHECKING:
    from app.db import Database
    from app.messaging.channels import ChannelKeys
    from richmenu.schema import Menu
    from richmenu.sync import Report

FAILED = 1
FILES = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("check-menus")
@click.argument("files", nargs=-1, type=FILES)
def check_menus(files: tuple[Path, ...]) -> None:
    """Check menu FILES (the shipped ones, if none is named): file, line and fault of each."""
    from app.yaml_files import check_files
    from richmenu.loading import MENU

    faults = check_files(MENU, files)
    for fault in faults:
        click.echo(fault)
    if faults:
        sys.exit(FAILED)
    click.echo("No faults.", err=True)


@click.group()
def richmenu() -> None:
    """Rich menus: versions, publishing, roll back (docs/rich-menus.md)."""


@richmenu.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_(as_json: bool) -> None:
    """Every menu: its versions, and what of it LINE has."""
    from app.db import reading
    from richmenu.queries import menu_versions, newest_menus

    settings = Settings.from_env()
    with opened_database(settings) as database, reading(database) as session:
        found = [
            {
                "menu": menu.name,
                "title": menu.title,
                "tabs": ", ".join(tab.key for tab in menu.tabs),
                "version": newest.version,
                "versions": len(menu_versions(session, menu.name)),
                "published": newest.published_at,
            }
            for newest, menu in newest_menus(session)
        ]
    show_table(found, "Rich menus", as_json=as_json)


@richmenu.command("publish")
@click.argument("file", type=FILES)
def publish(file: Path) -> None:
    """Make the menu in FILE the newest version of its name; the worker brings it to LINE."""
    from app.clock import Clock
    from app.db import transaction
    from app.staff.audit import NOBODY, record_audit
    from richmenu.actions import publish_menu
    from richmenu.loading import load_menu
    from richmenu.schema import menu_json

    settings = Settings.from_env()
    read = load_menu(file)
    if read.value is None:
        raise AppError("the menu has faults\n" + "\n".join(read.faults))
    with opened_database(settings) as database, transaction(database) as session:
        now = Clock(settings.clock_file).now()
        made = publish_menu(session, menu_json(read.value), now=now, by=None)
        record_audit(session, NOBODY, "menu.published", f"menu:{made.name}", now, {"version": made.version})
    click.echo(f"{made.name}: version {made.version} is the newest.")


@richmenu.command("rollback")
@click.argument("menu")
@click.argument("version", type=int)
def rollback(menu: str, version: int) -> None:
    """Publish an old VERSION of MENU again, as the newest."""
    from app.clock import Clock
    from app.db import transaction
    from app.staff.audit import NOBODY, record_audit
    from richmenu.actions import roll_back_menu

    settings = Settings.from_env()
    now = Clock(settings.clock_file).now()
    with opened_database(settings) as database, transaction(database) as session:
        made = roll_back_menu(session, menu, version, now=now, by=None)
        change = {"from": version, "version": made.version}
        record_audit(session, NOBODY, "menu.rolled_back", f"menu:{menu}", now, change)
    click.echo(f"{made.name}: version {made.version} is the newest, with what version {version} says.")


@richmenu.command("draw")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.argument("files", nargs=-1, type=FILES)
def draw(folder: Path, files: tuple[Path, ...]) -> None:
    """Write the pictures of menu FILES (the shipped ones, if none is named) to FOLDER."""
    from richmenu.draw import draw_tab

    folder.mkdir(parents=True, exist_ok=True)
    for menu in _menus_of(files):
        for tab in menu.tabs:
            path = folder / f"menu-{menu.name}-{tab.key}.png"
            path.write_bytes(draw_tab(tab))
            click.echo(str(path))


@richmenu.command("sync")
@click.option("--channel", "name", help="Only this official account.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def sync(name: str | None, dry_run: bool) -> None:
    """Bring the newest versions to LINE now; exit 1 when LINE refuses. The worker does the same by itself."""
    settings = Settings.from_env()
    quiet_logs(settings)
    with opened_database(settings) as database:
        failed = False
        for account in _accounts(settings, database, name):
            report = _sync(settings, database, account, dry_run=dry_run)
            click.echo(f"{account.name}: {len(report.steps)} steps{' to do' if dry_run else ' done'}.")
            if report.waits_for:
                click.echo(f"{account.name}: {report.waits_for}", err=True)
            failed = failed or report.is_stopped
    if failed:
        sys.exit(FAILED)


def _sync(settings: Settings, database: "Database", account: "ChannelKeys", *, dry_run: bool) -> "Report":
    from app.clock import Clock
    from app.line.menus import LineMenus
    from app.locks import named_lock
    from richmenu.looking import look_again
    from richmenu.sync import Report, Site
    from richmenu.sync import dry_run as plan
    from richmenu.sync import sync as run

    line = LineMenus(settings.line_api_base_url, settings.line_data_api_base_url, account.access_token or "")
    with closing(line):
        site = Site(database, Clock(settings.clock_file), account.id, line, say=_say)
        if dry_run:
            report = plan(site)
            for step in report.steps:
                _say(step)
            return report
        lock = named_lock(database, "menus")
        if not lock.try_acquire():
            look_again(database, site.clock.now())
            return Report(
                waits_for="a worker looks after the menus: it compares and publishes within seconds"
            )
        try:
            return run(site)
        finally:
            lock.release()


def _accounts(settings: Settings, database: "Database", name: str | None) -> list["ChannelKeys"]:
    from app.db import reading
    from app.encryption import Encryption
    from app.messaging.channels import read_channels

    with reading(database) as session:
        channels = read_channels(session, Encryption(settings.require_secret_keys()))
    found = [each for each in channels if each.access_token is not None and name in {None, each.name}]
    if not found:
        raise AppError("there is no official account that may send" if name is None else f"no account {name}")
    return found


def _menus_of(files: tuple[Path, ...]) -> list["Menu"]:
    from richmenu.loading import load_menu, shipped_menus

    if not files:
        return list(shipped_menus().values())
    read = [load_menu(file) for file in files]
    faults = [fault for each in read for fault in each.faults]
    if faults:
        raise AppError("a menu has faults\n" + "\n".join(faults))
    return [each.value for each in read if each.value is not None]


def _say(words: str) -> None:
    click.echo(f"  {words}", err=True)
