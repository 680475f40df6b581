"""`goen api-key`: keys of the job site for `/api/v1`."""

import json

import rich_click as click

from app.commands.common import opened_database
from app.errors import AppError
from app.settings import Settings


@click.group("api-key")
def api_key() -> None:
    """Keys of the job site for `/api/v1`."""


@api_key.command("add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, help="A right such as members:write; several are possible.")
@click.option("--all-scopes", is_flag=True, help="Every right that there is.")
def add_api_key(name: str, scopes: tuple[str, ...], all_scopes: bool) -> None:
    """Make a key called NAME and print it: it is shown this once and stored nowhere."""
    from app.clock import Clock
    from app.db import transaction
    from app.site_keys.actions import add_api_key as add
    from app.site_keys.scopes import Scope

    known = ", ".join(Scope)
    if unknown := [scope for scope in scopes if scope not in set(Scope)]:
        raise click.BadParameter(f"{unknown[0]} is none of {known}", param_hint="--scope")
    if not scopes and not all_scopes:
        raise click.UsageError(f"give --scope once or more, or --all-scopes; there are {known}")
    if not 0 < len(name) <= 50:
        raise click.BadParameter("1 to 50 characters", param_hint="NAME")
    chosen = list(Scope) if all_scopes else [Scope(scope) for scope in scopes]
    settings = Settings.from_env()
    with opened_database(settings) as database, transaction(database) as session:
        token = add(session, name, chosen, Clock(settings.clock_file).now())
    click.echo(token)
    click.echo("Keep it now: it cannot be shown again.", err=True)


@api_key.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_api_keys(as_json: bool) -> None:
    """Every key with its rights; never the key itself."""
    from app.db import reading
    from app.site_keys.actions import list_api_keys as keys

    names = ("id", "name", "scopes", "created_at", "revoked_at")
    with opened_database(Settings.from_env()) as database, reading(database) as session:
        found = [{name: getattr(key, name) for name in names} for key in keys(session)]
    if as_json:
        click.echo(json.dumps(found, default=str, ensure_ascii=False))
        return
    for key in found:
        state = "revoked" if key["revoked_at"] else "valid"
        click.echo(f"{key['id']}  {key['name']}  {state}  {' '.join(key['scopes'])}")


@api_key.command("revoke")
@click.argument("key", type=int)
def revoke_api_key(key: int) -> None:
    """From now on KEY (its id stands in `goen api-key list`) opens nothing."""
    from app.clock import Clock
    from app.db import transaction
    from app.site_keys.actions import revoke_api_key as revoke

    settings = Settings.from_env()
    with opened_database(settings) as database, transaction(database) as session:
        done = revoke(session, key, Clock(settings.clock_file).now())
    if not done:
        raise AppError(f"there is no valid key {key}")
    click.echo("Revoked.")
