"""/healthz, /readyz and /metrics: what operators are told, on both databases."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.clock import Clock
from app.db import Database, reading, transaction
from app.factory import close_app, create_app
from app.messaging.event_rules import InboxStatus
from app.messaging.intake import inbox_rows, write_events
from app.messaging.models import InboxEvent, OutboxMessage
from app.messaging.outbox import NewOutboxMessage, enqueue
from app.messaging.queries import queue_figures
from app.messaging.rules import (
    Carrier,
    OutboxStatus,
)
from app.settings import Settings
from tests.databases import KINDS, Databases, counted_statements, explained
from tests.factories import make_channel
from tests.payloads import event
from tests.stack import environment_for

NOWHERE = "http://127.0.0.1:9"
TOKEN = "invented-metrics-token"
A_MINUTE = timedelta(minutes=1)


@contextmanager
def operating(url: str, **variables: str) -> Iterator[FlaskClient]:
    """The web application as its operator asks it."""
    app = create_app(Settings.from_env(environment_for(url, NOWHERE) | variables))
    yield app.test_client()
    close_app(app)


@pytest.fixture
def url(database: Database) -> str:
    return database.writer.url.render_as_string(hide_password=False)


@pytest.fixture
def client(url: str) -> Iterator[FlaskClient]:
    with operating(url) as client:
        yield client


def figures(client: FlaskClient) -> dict[str, float]:
    """The metrics by name."""
    answer = client.get("/metrics")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    lines = [line.split() for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def store_events(database: Database, statuses: list[InboxStatus], due_at: datetime) -> None:
    channel = make_channel(database)
    with transaction(database) as session:
        write_events(session.connection(), inbox_rows(channel, [event() for _ in statuses], due_at))
        rows = session.scalars(select(InboxEvent).where(InboxEvent.channel_id == channel))
        for row, status in zip(rows, statuses, strict=True):
            row.status = status


def store_rows(database: Database, statuses: list[OutboxStatus], due_at: datetime) -> None:
    channel = make_channel(database)
    rows = [
        NewOutboxMessage(Carrier.PUSH, channel, f"{channel}:{number}", {}, due_at=due_at)
        for number in range(len(statuses))
    ]
    with transaction(database) as session:
        enqueue(session, rows, due_at)
        stored = session.scalars(select(OutboxMessage).where(OutboxMessage.channel_id == channel))
        for row, status in zip(stored, statuses, strict=True):
            row.status = status


def test_a_process_with_this_releases_tables_is_ready(client: FlaskClient) -> None:
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok\n")
    assert (client.get("/readyz").status_code, client.get("/readyz").json) == (200, {"ready": True})


@pytest.mark.parametrize("kind", KINDS)
def test_without_tables_it_is_not_ready_and_says_what_to_do(databases: Databases, kind: str) -> None:
    with operating(databases.empty_url(kind)) as client:
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "goen migrate" in answer.text
        assert client.get("/metrics").status_code == 503
        assert client.get("/healthz").status_code == 200


def test_without_a_database_it_lives_and_says_quickly_that_it_is_not_ready() -> None:
    with operating("postgresql://127.0.0.1:9/nowhere") as client:
        began = time.monotonic()
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json) == (
            503,
            {"ready": False, "why": "the database does not answer"},
        )
        assert client.get("/metrics").status_code == 503
        assert client.get("/healthz").status_code == 200
        assert time.monotonic() - began < 5


def test_empty_queues_are_zeros(client: FlaskClient) -> None:
    found = figures(client)
    assert {name for name in found if not name.startswith("goen_")} == set()
    assert set(found.values()) == {0.0}


def test_the_numbers_are_those_of_the_tables(client: FlaskClient, database: Database) -> None:
    now = Clock().now()
    store_events(database, [InboxStatus.WAITING] * 2 + [InboxStatus.DEAD], now - 2 * A_MINUTE)
    store_events(database, [InboxStatus.HANDLED, InboxStatus.DISCARDED], now - 3 * A_MINUTE)
    store_rows(database, [OutboxStatus.WAITING] * 3, now - 4 * A_MINUTE)
    store_rows(database, [OutboxStatus.SENDING, OutboxStatus.UNKNOWN, OutboxStatus.UNKNOWN], now)
    store_rows(database, [OutboxStatus.FAILED, OutboxStatus.SENT, OutboxStatus.REFUSED], now)
    found = figures(client)
    assert found.pop("goen_inbox_oldest_seconds") == pytest.approx(120, abs=30)
    assert found.pop("goen_outbox_oldest_seconds") == pytest.approx(240, abs=30)
    assert found == {
        "goen_work_due": 6,
        "goen_inbox_due": 2,
        "goen_inbox_dead": 1,
        "goen_outbox_due": 3,
        "goen_outbox_sending": 1,
        "goen_outbox_unknown": 2,
        "goen_outbox_failed": 1,
    }


def test_what_is_due_later_is_no_work_yet_and_what_is_in_flight_still_is(
    client: FlaskClient, database: Database
) -> None:
    later = Clock().now() + 10 * A_MINUTE
    store_events(database, [InboxStatus.WAITING], later)
    store_rows(database, [OutboxStatus.WAITING], later)
    assert figures(client)["goen_work_due"] == 0
    store_rows(database, [OutboxStatus.SENDING], later)
    assert figures(client)["goen_work_due"] == 1


def test_a_long_queue_is_counted_up_to_a_bound_and_its_oldest_is_right(
    client: FlaskClient, database: Database
) -> None:
    now = Clock().now()
    channel = make_channel(database)
    with transaction(database) as session:
        for minutes in (1, 3, 2):
            events = inbox_rows(channel, [event() for _ in range(4_000)], now - minutes * A_MINUTE)
            write_events(session.connection(), events)
            rows = [
                NewOutboxMessage(
                    Carrier.PUSH, channel, f"{minutes}:{number}", {}, due_at=now - minutes * A_MINUTE
                )
                for number in range(4_000)
            ]
            enqueue(session, rows, now)
        later = [
            NewOutboxMessage(Carrier.PUSH, channel, f"l:{n}", {}, due_at=now + A_MINUTE) for n in range(9)
        ]
        enqueue(session, later, now)
    with counted_statements(database) as statements:
        found = figures(client)
    assert len(statements) <= 10
    assert (found["goen_inbox_due"], found["goen_outbox_due"]) == (10_000, 10_000)
    assert found["goen_work_due"] == 20_000
    assert found["goen_outbox_oldest_seconds"] == pytest.approx(180, abs=30)
    assert found["goen_inbox_oldest_seconds"] == pytest.approx(180, abs=30)
    assert "counted up to 10000" in client.get("/metrics").text


def test_each_queue_is_read_by_an_index_of_its_own(database: Database) -> None:
    make_channel(database)
    with counted_statements(database) as statements, reading(database) as session:
        queue_figures(session, Clock().now())
    found = [statement for statement in statements if "FROM channel" not in statement]
    assert len(found) == 6
    assert all("status = '" in statement for statement in found)
    if database.is_sqlite:
        plans = [explained(database, statement) for statement in found]
        for name in ("inbox_event_waiting", "inbox_event_dead", "message_waiting", "message_sending"):
            assert any(f"ix_{name}" in plan or f"ix_outbox_{name}" in plan for plan in plans), name
        assert sum("ix_outbox_message_trouble" in plan for plan in plans) == 2
        assert not any(
            line.endswith(("inbox_event", "outbox_message")) for p in plans for line in p.split("; ")
        )


@pytest.mark.parametrize(
    ("token", "address", "headers", "status"),
    [
        pytest.param("", "127.0.0.1", {}, 200, id="loopback"),
        pytest.param("", "::1", {}, 200, id="loopback by IPv6"),
        pytest.param("", "192.0.2.7", {}, 403, id="from elsewhere"),
        pytest.param("", "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403, id="forwarded"),
        pytest.param("", "127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 403, id="forwarded, newer header"),
        pytest.param("", "127.0.0.1", {"Host": "127.0.0.1:8000"}, 200, id="by this machine's address"),
        pytest.param("", "127.0.0.1", {"Host": "[::1]:8000"}, 200, id="by its address of IPv6"),
        pytest.param("", "127.0.0.1", {"Host": "pointed-here.example"}, 403, id="by another name"),
        pytest.param("", "192.0.2.7", {"Authorization": "Bearer "}, 403, id="an empty token opens nothing"),
        pytest.param(TOKEN, "192.0.2.7", {"Authorization": f"Bearer {TOKEN}"}, 200, id="with the token"),
        pytest.param(
            TOKEN,
            "127.0.0.1",
            {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "192.0.2.7"},
            200,
            id="forwarded, with the token",
        ),
        pytest.param(TOKEN, "127.0.0.1", {}, 403, id="loopback without the token"),
        pytest.param(TOKEN, "127.0.0.1", {"Authorization": f"Bearer {TOKEN}x"}, 403, id="another token"),
        pytest.param(TOKEN, "127.0.0.1", {"Authorization": TOKEN}, 403, id="token without its word"),
        pytest.param(TOKEN, "127.0.0.1", {"Authorization": "Bearer \xff"}, 403, id="a token that is no text"),
    ],
)
def test_metrics_are_for_this_machine_or_for_whoever_has_the_token(
    databases: Databases, token: str, address: str, headers: dict[str, str], status: int
) -> None:
    with operating(databases.fresh_url("sqlite"), METRICS_TOKEN=token) as client:
        answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
        assert answer.status_code == status
        assert ("goen_work_due" in answer.text) == (status == 200)
