"""`goen routes`: links and QR codes by which people add an account, and what came of each."""

import json

import rich_click as click

from app.commands.common import named, opened_database, show_table
from app.errors import AppError
from app.settings import Settings


@click.group()
def routes() -> None:
    """流入経路: links and QR codes by which people add an account, and what came of each."""


@routes.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_routes(as_json: bool) -> None:
    """Every route with its address; ended ones last."""
    from app.db import reading
    from app.routes.queries import all_routes

    settings = Settings.from_env()
    with opened_database(settings) as database, reading(database) as session:
        names = ("name", "title", "method", "url", "ended_at")
        found = named(
            names,
            (
                (route.name, route.title, route.method.value, _page_of(settings, route.name), route.ended_at)
                for route in all_routes(session)
            ),
        )
    show_table(found, "Routes", as_json=as_json)


@routes.command("add")
@click.argument("name")
@click.option("--title", required=True, help="What staff call it; never shown to the public.")
@click.option("--method", type=click.Choice(["login", "code", "none"]), default="code", show_default=True)
@click.option("--promise", help="What one gets for adding the account, as the page says it.")
@click.option("--account", default="default", show_default=True, help="The account that is added.")
def add_route(name: str, title: str, method: str, promise: str | None, account: str) -> None:
    """Make the route NAME (small letters, digits, hyphens); its page is BASE_URL/add/NAME."""
    from app.clock import Clock
    from app.db import transaction
    from app.messaging.channels import require_channel_id
    from app.routes.actions import RouteDraft
    from app.routes.actions import add_route as add
    from app.routes.rules import Method
    from app.staff.audit import NOBODY, record_audit

    settings = Settings.from_env()
    now = Clock(settings.clock_file).now()
    with opened_database(settings) as database, transaction(database) as session:
        draft = RouteDraft(title, Method(method), promise)
        id_ = add(session, require_channel_id(session, account), name, draft, now)
        record_audit(session, NOBODY, "route.added", f"route:{id_}", now, {"name": name})
    page = _page_of(settings, name)
    click.echo(f"{page}\n{page}.png\n{page}.svg")


@routes.command("end")
@click.argument("name")
def end_route(name: str) -> None:
    """The page of NAME says from now on that it has ended; its numbers stay."""
    from app.clock import Clock
    from app.db import transaction
    from app.routes.actions import end_route as end
    from app.routes.queries import find_route
    from app.staff.audit import NOBODY, record_audit

    settings = Settings.from_env()
    now = Clock(settings.clock_file).now()
    with opened_database(settings) as database, transaction(database) as session:
        route = find_route(session, name)
        if route is None or not end(session, name, now):
            raise AppError(f"there is no open route {name}")
        record_audit(session, NOBODY, "route.ended", f"route:{route.id}", now)
    click.echo("Ended.")


@routes.command("report")
@click.option("--days", type=click.IntRange(1, 400), default=28, show_default=True, help="Up to today.")
@click.option("--account", default="default", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def report_routes(days: int, account: str, as_json: bool) -> None:
    """What came by each route: proven and unknown apart. Nobody is given to a route without proof."""
    from datetime import timedelta

    from app.clock import Clock, today_in_tokyo
    from app.db import reading
    from app.messaging.channels import require_channel_id
    from app.routes.queries import all_routes, report_data, route_report

    settings = Settings.from_env()
    until = today_in_tokyo(Clock(settings.clock_file).now())
    with opened_database(settings) as database, reading(database) as session:
        channel_id = require_channel_id(session, account)
        report = route_report(session, channel_id, until - timedelta(days=days - 1), until)
        found = report_data(report, all_routes(session, channel_id))
    if as_json:
        click.echo(json.dumps(found, default=str, ensure_ascii=False))
        return
    click.echo(
        f"{report.since} to {until}: {report.new_friends} new friends, {report.proven} by a proven route, "
        f"{report.unknown} unknown"
    )
    show_table(found["routes"], "Routes", as_json=as_json)


def _page_of(settings: Settings, route: str) -> str:
    return f"{settings.base_url}/add/{route}"
