"""`goen status`, `goen replay`, `goen close-conversation`: what needs a person, and what operators do about it."""

import json
from typing import Any

import rich_click as click
from rich.console import Console

from app.commands.common import named, opened_database, show_table
from app.errors import AppError
from app.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(as_json: bool) -> None:
    """Queues, accounts, and what needs a person."""
    from app.announcements.queries import endpoint_states
    from app.clock import Clock
    from app.commands.webhooks import LISTED
    from app.db import reading
    from app.handoff.queries import waiting_conversations
    from app.messaging.queries import (
        COUNTED_AT_MOST,
        channel_problems,
        find_dead_events,
        find_rows_in_trouble,
        queue_figures,
    )
    from app.recommend.queries import recommender_figures
    from richmenu.queries import menu_states

    settings = Settings.from_env()
    now = Clock(settings.clock_file).now()
    with opened_database(settings) as database, reading(database) as session:
        figures, recommender = queue_figures(session, now), recommender_figures(session, now)
        found = {
            "queues": {
                "inbox_due": figures.inbox_due,
                "inbox_dead": figures.inbox_dead,
                "outbox_due": figures.outbox_due,
                "outbox_sending": figures.outbox_sending,
                "outbox_unknown": figures.outbox_unknown,
                "outbox_failed": figures.outbox_failed,
            },
            "counted_at_most": COUNTED_AT_MOST,
            "accounts": named(
                ("name", "problem", "promotions_stopped_until"),
                (problems for _, *problems in channel_problems(session)),
            ),
            "webhooks": named(LISTED, endpoint_states(session)),
            "menus": [state._asdict() for state in menu_states(session)],
            "recommender": {
                "model": recommender.model_version,
                "model_age_hours": recommender.model_age_hours,
                "lists_made_at": recommender.lists_made_at,
            },
            "scoring": [state._asdict() for state in recommender.workers],
            "conversations": named(("id", "friend", "name", "why", "since"), waiting_conversations(session)),
            "outbox_in_trouble": named(
                ("id", "carrier", "status", "reason", "created"), find_rows_in_trouble(session)
            ),
            "dead_events": named(("id", "event", "error", "received"), find_dead_events(session)),
        }
    if as_json:
        click.echo(json.dumps(found, default=str, ensure_ascii=False))
        return
    _print_status(found)


@click.command()
@click.argument("event", type=int)
@click.option("--discard", is_flag=True, help="Give the event up instead of trying again.")
def replay(event: int, discard: bool) -> None:
    """Try a dead EVENT again (its id stands in `goen status`)."""
    from app.clock import Clock
    from app.db import transaction
    from app.messaging.inbox import discard_event, replay_event
    from app.messaging.waking import wake_workers
    from app.staff.audit import NOBODY, record_audit

    settings = Settings.from_env()
    now = Clock(settings.clock_file).now()
    act, action = (discard_event, "event.discarded") if discard else (replay_event, "event.replayed")
    with opened_database(settings) as database, transaction(database) as session:
        done = act(session, event, now)
        if done:
            record_audit(session, NOBODY, action, f"event:{event}", now)
        wake_workers(session)
    if not done:
        raise AppError(f"there is no dead event {event} whose content is kept")
    click.echo("Discarded." if discard else "It will be tried again.")


@click.command("close-conversation")
@click.argument("conversation", type=int)
def close_conversation(conversation: int) -> None:
    """A person has answered CONVERSATION (its id stands in `goen status`)."""
    from app.clock import Clock
    from app.db import transaction
    from app.handoff.actions import close_conversation as close
    from app.staff.audit import NOBODY, record_audit

    settings = Settings.from_env()
    now = Clock(settings.clock_file).now()
    with opened_database(settings) as database, transaction(database) as session:
        done = close(session, conversation, now)
        if done:
            record_audit(session, NOBODY, "conversation.closed", f"conversation:{conversation}", now)
    if not done:
        raise AppError(f"there is no open conversation {conversation}")
    click.echo("Closed.")


def _recommender_line(recommender: dict[str, Any]) -> str:
    if recommender["model"] is None:
        return "Recommendations: popular jobs, there is no model yet"
    lists = recommender["lists_made_at"] or "never"
    age = recommender["model_age_hours"]
    return f"Recommendations: model {recommender['model']}, {age} h old; lists made: {lists}"


def _print_status(found: dict[str, Any]) -> None:
    console = Console()
    titles = {
        "accounts": "Official accounts",
        "webhooks": "Webhook addresses (goen webhooks dead)",
        "menus": "Rich menus at LINE (tabs)",
        "scoring": "What answers in each worker (no model: popular jobs)",
        "conversations": "Waiting for a person",
        "outbox_in_trouble": "Messages that nobody can be sure of, or that LINE refused",
        "dead_events": "Events that could not be handled (goen replay ID)",
    }
    most = found["counted_at_most"]
    counts = (
        f"{name} {count}{' or more' if count >= most else ''}" for name, count in found["queues"].items()
    )
    console.print("Queues: " + ", ".join(counts))
    console.print(_recommender_line(found["recommender"]))
    for key, title in titles.items():
        show_table(found[key], title, as_json=False)


COMMANDS = (status, replay, close_conversation)
