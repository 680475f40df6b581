"""`goen channel`: official accounts besides the one of the environment."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import rich_click as click

from app.commands.common import opened_database, show_table
from app.errors import AppError
from app.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.encryption import Encryption
    from app.messaging.channels import ChannelKeys

ASK = "-"
"""The value of an option that is to be asked for, unseen."""


@click.group()
def channel() -> None:
    """Official accounts besides the one of the environment."""


@channel.command("add")
@click.argument("name")
@click.option("--secret", envvar="GOEN_CHANNEL_SECRET", prompt="Channel secret", hide_input=True)
@click.option("--token", envvar="GOEN_CHANNEL_TOKEN", prompt="Channel access token", hide_input=True)
@click.option("--title", help="What people call it.")
@click.option("--login-id", help="Its LINE Login channel, for linking.")
@click.option("--login-secret", envvar="GOEN_LOGIN_SECRET", help="Asked for unseen if left out.")
@click.option("--site-url", help="Where a member signs in at the job site to be linked.")
def add(name: str, secret: str, token: str, **given: str | None) -> None:
    """Add the account NAME. Secrets are asked for unseen, or read from GOEN_CHANNEL_SECRET, GOEN_CHANNEL_TOKEN and
    GOEN_LOGIN_SECRET; as options they would stand in the shell's history."""
    from app.db import transaction
    from app.encryption import Encryption
    from app.messaging.accounts import add_account, keep_bot_info
    from app.messaging.channels import Credentials

    settings = Settings.from_env()
    encryption = Encryption(settings.require_secret_keys())
    if given["login_id"] and not given["login_secret"]:
        given["login_secret"] = click.prompt("Login channel secret", hide_input=True)
    credentials = Credentials(
        secrets=(_stripped(secret),),
        access_token=_stripped(token),
        title=given["title"],
        login_channel_id=given["login_id"],
        login_secret=given["login_secret"],
        site_url=given["site_url"],
    )
    info = _bot_info(settings, _stripped(token))
    with opened_database(settings) as database, transaction(database) as session:
        added = add_account(session, encryption, name, credentials)
        _refuse_double(session, encryption, added.id, info)
        keep_bot_info(session, added.id, info)
        _note(session, settings, "channel.added", added.id, {"name": name})
    who = info.get("basicId") or "not known yet: LINE does not answer, it is asked again later"
    click.echo(f"Added {name} ({who}).\nIts webhook address: {_webhook_url(settings, name)}")


@channel.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_(as_json: bool) -> None:
    """Every account: its webhook address, its basic id, what it can do, and what is wrong."""
    from app.db import reading
    from app.encryption import Encryption
    from app.messaging.channels import read_channels
    from app.messaging.queries import channel_problems

    settings = Settings.from_env()
    encryption = Encryption(settings.require_secret_keys())
    with opened_database(settings) as database, reading(database) as session:
        problems = {name: problem for _, name, problem, _ in channel_problems(session)}
        found = [
            _shown(settings, each, problems.get(each.name)) for each in read_channels(session, encryption)
        ]
    show_table(found, "Official accounts", as_json=as_json)


@channel.command("change")
@click.argument("name")
@click.option("--token", is_flag=False, flag_value=ASK, envvar="GOEN_CHANNEL_TOKEN", help="Asked for unseen.")
@click.option("--title", help="What people call it.")
@click.option("--login-id", help="Its LINE Login channel.")
@click.option("--login-secret", is_flag=False, flag_value=ASK, envvar="GOEN_LOGIN_SECRET")
@click.option("--site-url", help="Where a member signs in at the job site to be linked.")
def change(name: str, **given: str | None) -> None:
    """Change what is named; a new token starts the account's sender anew within seconds."""
    from app.db import transaction
    from app.encryption import Encryption
    from app.messaging.accounts import change_account

    settings = _settings_for(name)
    encryption = Encryption(settings.require_secret_keys())
    asked = {key: _asked(key, value) for key, value in given.items() if value is not None}
    if not asked:
        raise AppError("say what is to be changed: see goen channel change --help")
    fields = {"token": "access_token", "login_id": "login_channel_id"}
    if "token" in asked:
        _bot_info(settings, asked["token"])
    with opened_database(settings) as database, transaction(database) as session:
        changes = {fields.get(key, key): text for key, text in asked.items()}
        changed = change_account(session, encryption, name, changes)
        _note(session, settings, "channel.changed", changed.id, {"fields": sorted(changes)})
    click.echo("Changed.")


@channel.command("rotate")
@click.argument("name")
@click.option("--secret", envvar="GOEN_CHANNEL_SECRET", help="Asked for unseen if left out.")
@click.option("--finish", is_flag=True, help="LINE signs by the new secret: drop the old one.")
def rotate(name: str, secret: str | None, finish: bool) -> None:
    """Give NAME a new channel secret; webhooks signed by the old one are taken until `--finish`."""
    from app.db import transaction
    from app.encryption import Encryption
    from app.messaging.accounts import add_channel_secret, drop_old_channel_secrets, find_account

    settings = _settings_for(name)
    encryption = Encryption(settings.require_secret_keys())
    with opened_database(settings) as database, transaction(database) as session:
        if finish:
            drop_old_channel_secrets(session, encryption, name)
        else:
            new = secret or click.prompt("New channel secret", hide_input=True)
            add_channel_secret(session, encryption, name, _stripped(new))
        known = find_account(session, encryption, name)
        _note(session, settings, "channel.secret_changed", known.id, {"finished": finish})
    click.echo("The new secret alone is taken." if finish else "Both are taken; then run it with --finish.")


def _note(
    session: "Session", settings: Settings, action: str, channel_id: int, change: Mapping[str, Any]
) -> None:
    """In the audit: what was changed, never to what."""
    from app.clock import Clock
    from app.staff.audit import NOBODY, record_audit

    now = Clock(settings.clock_file).now()
    record_audit(session, NOBODY, action, f"channel:{channel_id}", now, change)


def _settings_for(name: str) -> Settings:
    """Errors: AppError for the account that the environment would set again at the next start."""
    from app.messaging.channels import DEFAULT_CHANNEL

    settings = Settings.from_env()
    if name == DEFAULT_CHANNEL and settings.line_channel_secrets:
        raise AppError("the default account is what the environment says: change LINE_CHANNEL_… there")
    return settings


def _bot_info(settings: Settings, token: str) -> dict[str, Any]:
    """What LINE says of the account; empty when it does not answer. Errors: AppError for a wrong token."""
    from app.json_text import from_bytes
    from app.line.client import LineClient
    from app.line.rules import Outcome, outcome_of

    client = LineClient(settings.line_api_base_url, settings.line_data_api_base_url, token)
    try:
        reply = client.bot_info()
    finally:
        client.close()
    outcome = outcome_of(reply)
    if outcome is Outcome.UNAUTHORIZED:
        raise AppError("LINE does not take this channel access token")
    info = from_bytes(reply.body) if outcome is Outcome.ACCEPTED else {}
    return info if isinstance(info, dict) else {}


def _refuse_double(
    session: "Session", encryption: "Encryption", channel_id: int, info: dict[str, Any]
) -> None:
    """Errors: AppError when LINE says that another account here is the same; what was added is rolled back."""
    from app.messaging.channels import read_channels

    for known in read_channels(session, encryption):
        if known.id != channel_id and known.bot_user_id == info.get("userId", ""):
            raise AppError(f"this account is here already, as {known.name}")


def _shown(settings: Settings, known: "ChannelKeys", problem: str | None) -> dict[str, Any]:
    return {
        "name": known.name,
        "title": known.title,
        "basic_id": known.basic_id,
        "webhook": _webhook_url(settings, known.name),
        "secrets": len(known.secrets),
        "sends": known.access_token is not None,
        "login": known.login_channel_id,
        "problem": problem,
    }


def _webhook_url(settings: Settings, name: str) -> str:
    return f"{settings.base_url}/line/webhook/{name}"


def _asked(key: str, value: str) -> str:
    if value != ASK:
        return _stripped(value)
    return _stripped(click.prompt(key.replace("_", " ").capitalize(), hide_input=True))


def _stripped(text: str) -> str:
    """As it is pasted, often with a space or a line's end. Errors: AppError when nothing is left."""
    if not text.strip():
        raise AppError("a secret or a value is empty")
    return text.strip()
