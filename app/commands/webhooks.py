"""`goen webhooks`: the addresses of the job site that hear what happens on LINE."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

import rich_click as click

from app.announcements.rules import TEST_KIND, Kind
from app.commands.common import named, opened_database, show_table
from app.errors import AppError
from app.settings import Settings

if TYPE_CHECKING:
    from app.announcements.queries import Endpoint
    from app.line.rules import Reply

LISTED = ("id", "url", "kinds", "stopped", "problem", "dead")
DEAD = ("id", "endpoint", "kind", "reason", "ended")
KEEP_IT = "Keep it now: it is not shown again."


@click.group()
def webhooks() -> None:
    """Outgoing webhooks: addresses, secrets, tests, dead letters (docs/webhooks.md)."""


@webhooks.command("add")
@click.argument("url")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([str(kind) for kind in Kind]), help="Default: all."
)
def add(url: str, kinds: tuple[str, ...]) -> None:
    """Add an address; prints the secret that signs what goes there, once."""
    from app.announcements.endpoints import add_endpoint
    from app.clock import Clock
    from app.db import transaction
    from app.encryption import Encryption
    from app.staff.audit import NOBODY, record_audit

    settings = Settings.from_env()
    encryption, now = Encryption(settings.require_secret_keys()), Clock(settings.clock_file).now()
    wanted = [Kind(kind) for kind in kinds]
    with opened_database(settings) as database, transaction(database) as session:
        id_, secret = add_endpoint(
            session, encryption, url, wanted, now, private_allowed=settings.webhook_private
        )
        # Not the address: its path may be a secret of the receiver's.
        record_audit(session, NOBODY, "webhook.added", f"webhook:{id_}", now, {"kinds": sorted(kinds)})
    click.echo(f"Added as {id_}.\nSecret: {secret}")
    click.echo(KEEP_IT, err=True)


@webhooks.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_(as_json: bool) -> None:
    """Every address, what it wants, and what went wrong last."""
    from app.announcements.queries import endpoint_states
    from app.db import reading

    settings = Settings.from_env()
    with opened_database(settings) as database, reading(database) as session:
        found = named(LISTED, endpoint_states(session))
    if not as_json:
        found = [{**row, "kinds": ", ".join(row["kinds"]) or "all"} for row in found]
    show_table(found, "Webhook addresses", as_json=as_json)


@webhooks.command("rotate")
@click.argument("endpoint", type=int)
@click.option("--finish", is_flag=True, help="The receiver knows the new secret: drop the old one.")
def rotate(endpoint: int, finish: bool) -> None:
    """Give ENDPOINT a new secret, printed once; both sign until `--finish`."""
    from app.announcements.endpoints import add_secret, drop_old_secret
    from app.clock import Clock
    from app.db import transaction
    from app.encryption import Encryption
    from app.staff.audit import NOBODY, record_audit

    settings = Settings.from_env()
    encryption, now = Encryption(settings.require_secret_keys()), Clock(settings.clock_file).now()
    with opened_database(settings) as database, transaction(database) as session:
        change = {"old_secret": "dropped" if finish else "kept"}
        record_audit(session, NOBODY, "webhook.secret_changed", f"webhook:{endpoint}", now, change)
        if finish:
            drop_old_secret(session, encryption, endpoint)
            click.echo("From now on the new secret alone signs.")
            return
        secret = add_secret(session, encryption, endpoint)
    click.echo(f"Secret: {secret}")
    click.echo(KEEP_IT, err=True)


@webhooks.command("stop")
@click.argument("endpoint", type=int)
def stop(endpoint: int) -> None:
    """Send nothing more to ENDPOINT, nor what waits for it."""
    from app.announcements.endpoints import stop_endpoint
    from app.clock import Clock
    from app.db import transaction
    from app.staff.audit import NOBODY, record_audit

    settings = Settings.from_env()
    now = Clock(settings.clock_file).now()
    with opened_database(settings) as database, transaction(database) as session:
        stop_endpoint(session, endpoint, now)
        record_audit(session, NOBODY, "webhook.stopped", f"webhook:{endpoint}", now)
    click.echo("Stopped.")


@webhooks.command("dead")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def dead(as_json: bool) -> None:
    """Deliveries that failed for a day or were refused."""
    from app.announcements.queries import find_dead_deliveries
    from app.db import reading

    settings = Settings.from_env()
    with opened_database(settings) as database, reading(database) as session:
        found = named(DEAD, find_dead_deliveries(session))
    show_table(found, "Dead letters (goen webhooks replay ID)", as_json=as_json)


@webhooks.command("replay")
@click.argument("deliveries", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every dead letter.")
def replay(deliveries: tuple[int, ...], every: bool) -> None:
    """Try dead letters (their ids stand in `goen webhooks dead`) for another day."""
    from app.announcements.endpoints import replay_delivery
    from app.announcements.queries import find_dead_deliveries
    from app.clock import Clock
    from app.db import reading, transaction
    from app.staff.audit import NOBODY, record_audit

    settings = Settings.from_env()
    now = Clock(settings.clock_file).now()
    with opened_database(settings) as database:
        if every:
            with reading(database) as session:
                deliveries = tuple(row[0] for row in find_dead_deliveries(session, limit=None))
        done = 0
        for delivery in deliveries:
            with transaction(database) as session:
                if replay_delivery(session, delivery, now):
                    record_audit(session, NOBODY, "message.sent_again", f"message:{delivery}", now)
                    done += 1
    click.echo(f"To be tried again: {done}")
    if done < len(deliveries):
        raise AppError(f"{len(deliveries) - done} of these are no dead letters")


@webhooks.command("test")
@click.argument("endpoint", type=int, required=False)
def test(endpoint: int | None) -> None:
    """Send a test announcement to ENDPOINT, or to all, and print what came back; exit 1 unless all took it."""
    from app.clock import Clock
    from app.encryption import Encryption

    settings = Settings.from_env()
    clock, encryption = Clock(settings.clock_file), Encryption(settings.require_secret_keys())
    endpoints = _live_endpoints(settings, encryption, endpoint)
    replies = asyncio.run(_post_tests(endpoints, settings, clock.now(), clock.real_now()))
    for each, reply in zip(endpoints, replies, strict=True):
        said = reply.body.decode("utf-8", "replace").strip()
        click.echo(f"{each.id} {each.url}: {reply.detail or reply.status}" + (f"\n{said}" if said else ""))
    if not all(reply.status is not None and 200 <= reply.status < 300 for reply in replies):
        raise AppError("not every address has taken it")


def _live_endpoints(settings: Settings, encryption: Any, endpoint: int | None) -> "list[Endpoint]":
    from app.announcements.queries import endpoint_states, read_endpoints
    from app.db import reading

    with opened_database(settings) as database, reading(database) as session:
        live = {row[0] for row in endpoint_states(session) if row[3] is None}
        found = [
            each
            for each in read_endpoints(session, encryption)
            if each.id in live and endpoint in {None, each.id}
        ]
    if not found:
        raise AppError("there is no such webhook address that is not stopped")
    return found


async def _post_tests(
    endpoints: "list[Endpoint]", settings: Settings, now: datetime, real_now: datetime
) -> "list[Reply]":
    from uuid import uuid4

    from app.announcements.delivery import headers_for
    from app.announcements.posting import Poster
    from app.json_text import to_bytes

    poster = Poster(private_allowed=settings.webhook_private)
    said = {"id": f"evt_{uuid4().hex}", "kind": TEST_KIND, "at": now.isoformat()}
    body = to_bytes({**said, "channel": None, "friend": {"line_user_id": None, "member": None}, "data": {}})
    return [
        await poster.post(endpoint.url, body, headers_for(endpoint, body, real_now)) for endpoint in endpoints
    ]
