"""The webhook door: what is stored and what is refused, on both databases."""

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.serving import make_server

from app.clock import Clock
from app.db import Database, reading, transaction
from app.encryption import Encryption
from app.factory import close_app, create_app
from app.line.signature import is_signed, sign
from app.messaging.channels import Credentials, store_channel
from app.messaging.intake import InboxRow, NotEvents, inbox_rows, read_body, write_events
from app.messaging.models import Channel, InboxEvent
from app.settings import Settings
from app.setup import set_up
from tests.factories import make_channel
from tests.payloads import BOT, body_of, event, text_content, user_id
from tests.stack import KEY, SECRET, settings_for
from tests.waiting import END_SECONDS

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def door_settings(database: Database) -> Settings:
    url = database.writer.url.render_as_string(hide_password=False)
    made = settings_for(url, "http://127.0.0.1:9")
    set_up(made, database, Encryption([KEY]), Clock().now())
    return made


@pytest.fixture
def app(door_settings: Settings) -> Iterator[Flask]:
    made = create_app(door_settings)
    yield made
    close_app(made)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def deliver(client: FlaskClient, body: bytes, *, secret: str = SECRET, path: str = "/line/webhook") -> int:
    return client.post(path, data=body, headers={"X-Line-Signature": sign(body, secret)}).status_code


def stored(database: Database) -> list[InboxEvent]:
    with reading(database) as session:
        return list(session.scalars(select(InboxEvent).order_by(InboxEvent.id)))


def test_a_signature_is_that_of_lines_golden_vector() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    secret = "8c570fa6dd201bb328f1c1eac23a96d8"
    assert sign(body, secret) == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="
    assert is_signed(body, sign(body, secret), ["another", secret])
    assert not is_signed(body, sign(body, secret), ["another"])


def test_a_signed_event_is_stored_as_it_is(client: FlaskClient, database: Database) -> None:
    sent = event(user=user_id(7), extra={"new": ["property", None]})
    assert deliver(client, body_of(sent)) == 200
    [row] = stored(database)
    assert json.loads(row.payload or "") == sent
    assert (row.webhook_event_id, row.line_user_id) == (sent["webhookEventId"], user_id(7))
    assert row.event_at == datetime.fromtimestamp(sent["timestamp"] / 1000, UTC)
    assert (row.status, row.attempts) == ("waiting", 0)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="missing"),
        pytest.param({"X-Line-Signature": ""}, id="empty"),
        pytest.param({"X-Line-Signature": sign(b"other", SECRET)}, id="of another body"),
        pytest.param({"X-Line-Signature": sign(body_of(), "another-secret")}, id="by another secret"),
        pytest.param({"X-Line-Signature": "署名"}, id="not ASCII"),
        pytest.param({"X-Line-Signature": sign(body_of(), SECRET)[:-2]}, id="cut"),
    ],
)
def test_what_is_not_signed_is_refused_and_not_stored(
    client: FlaskClient, database: Database, headers: dict[str, str]
) -> None:
    given = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    answer = client.post("/line/webhook", data=body_of(event()), headers=given)
    assert answer.status_code == 401
    assert stored(database) == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"hello", id="not JSON"),
        pytest.param(body_of(event())[:-9], id="truncated"),
        pytest.param(b'{"events": {}}', id="events is no list"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"destination": "U"}', id="no events"),
        pytest.param(b'{"events": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}", id="100,000 deep"),
        pytest.param(b'{"events": ["\xff\xfe"]}', id="not UTF-8"),
    ],
)
def test_signed_rubbish_is_400(client: FlaskClient, database: Database, body: bytes) -> None:
    assert deliver(client, body) == 400
    assert stored(database) == []


ODD = {
    "unknown type": event("telepathy", telepathy={"thought": "?"}),
    "unknown mode": event(mode="asleep"),
    "no source": {k: v for k, v in event().items() if k != "source"},
    "no id": {k: v for k, v in event().items() if k != "webhookEventId"},
    "an id that is no text": event(webhookEventId=5),
    "a long id": event(webhookEventId="x" * 1000),
    "no timestamp": {k: v for k, v in event().items() if k != "timestamp"},
    "a timestamp in words": event(timestamp="yesterday"),
    "a negative timestamp": event(timestamp=-1),
    "a huge timestamp": event(timestamp=10**30),
    "not an object": 5,
    "null": None,
    "a user id that is none": event(source={"type": "user", "userId": "me'; DROP TABLE friend;--"}),
    "900 deep": event(deep=json.loads("[" * 900 + "]" * 900)),
    "NUL and a lone surrogate": event(message=text_content(1, "a\x00b\ud800c")),
    "5,000 emoji": event(message=text_content(2, "🍎" * 2500)),
    "template strings": event(message=text_content(3, "{{7*7}} %s {0} ${x} <script>alert(1)</script>")),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_signed_and_odd_inside_is_stored_as_it_is(client: FlaskClient, database: Database, odd: Any) -> None:
    assert deliver(client, body_of(odd)) == 200
    [row] = stored(database)
    assert json.loads(row.payload or "") == odd
    assert row.event_at <= row.received_at


def test_no_events_are_200(client: FlaskClient, database: Database) -> None:
    assert deliver(client, body_of()) == 200
    assert stored(database) == []


def test_standby_is_stored(client: FlaskClient, database: Database) -> None:
    assert deliver(client, body_of(event(mode="standby"))) == 200
    assert len(stored(database)) == 1


def test_an_event_from_2099_has_happened_no_later_than_it_arrived(
    client: FlaskClient, database: Database
) -> None:
    old, future = event(timestamp=978307200000), event(timestamp=4070908800000)
    assert deliver(client, body_of(old, future)) == 200
    first, second = stored(database)
    assert first.event_at == datetime(2001, 1, 1, tzinfo=UTC)
    assert second.event_at == second.received_at


def test_the_same_event_is_stored_once(client: FlaskClient, database: Database) -> None:
    twice = event()
    again = {**twice, "deliveryContext": {"isRedelivery": True}}
    assert deliver(client, body_of(twice, twice)) == 200
    assert deliver(client, body_of(again)) == 200
    nameless = {k: v for k, v in event().items() if k != "webhookEventId"}
    assert deliver(client, body_of(nameless)) == 200
    assert deliver(client, body_of({**nameless, "deliveryContext": {"isRedelivery": True}})) == 200
    assert len(stored(database)) == 2


def test_the_same_event_in_simultaneous_requests_is_stored_once(app: Flask, database: Database) -> None:
    body = body_of(event(), event())
    start = threading.Barrier(8)

    def post(_: int) -> int:
        start.wait()
        return deliver(app.test_client(), body)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(post, range(8))) == {200}
    assert len(stored(database)) == 2


def test_two_secrets_are_valid_during_a_rotation(client: FlaskClient, database: Database) -> None:
    with transaction(database) as session:
        rotated = Credentials(secrets=("the-new-secret", SECRET), access_token="token")
        store_channel(session, Encryption([KEY]), "default", rotated)
    assert deliver(client, body_of(event()), secret=SECRET) == 200
    assert deliver(client, body_of(event()), secret="the-new-secret") == 200
    assert deliver(client, body_of(event()), secret="an-older-secret") == 401


def test_the_secret_of_one_account_never_opens_the_door_of_another(
    client: FlaskClient, database: Database
) -> None:
    with transaction(database) as session:
        store_channel(
            session,
            Encryption([KEY]),
            "tokyo",
            Credentials(secrets=("secret-of-tokyo",), access_token="token"),
        )
    body = body_of(event())
    assert deliver(client, body, secret="secret-of-tokyo", path="/line/webhook/tokyo") == 200
    assert deliver(client, body, secret=SECRET, path="/line/webhook/tokyo") == 401
    assert deliver(client, body, secret="secret-of-tokyo", path="/line/webhook/default") == 401
    assert deliver(client, body, secret="secret-of-tokyo") == 401
    assert deliver(client, body, secret="secret-of-tokyo", path="/line/webhook/osaka") == 404
    [row] = stored(database)
    with reading(database) as session:
        [name] = session.scalars(select(Channel.name).where(Channel.id == row.channel_id))
    assert name == "tokyo"


def test_a_verified_body_teaches_the_accounts_own_id_and_is_found_by_it(
    client: FlaskClient, database: Database
) -> None:
    assert deliver(client, body_of(event(), destination=BOT)) == 200
    other = "U" + "c" * 32
    assert deliver(client, body_of(event(), destination=other)) == 200
    with reading(database) as session:
        assert session.scalars(select(Channel.bot_user_id)).all() == [BOT]


@pytest.mark.parametrize("destination", ["\ud800", "a\x00b", "x" * 33, ""])
def test_an_odd_destination_is_not_learnt_and_harms_nobody(
    client: FlaskClient, database: Database, destination: str
) -> None:
    assert deliver(client, body_of(event(), destination=destination)) == 200
    assert len(stored(database)) == 1
    with reading(database) as session:
        assert session.scalars(select(Channel.bot_user_id)).all() == [None]


def test_the_same_events_in_opposite_order_do_not_wait_for_each_other(database: Database) -> None:
    rows = inbox_rows(make_channel(database), [event() for _ in range(20)], NOW)
    turns = threading.Barrier(2)

    def write(mine: list[InboxRow]) -> None:
        for _ in range(20):
            turns.wait()
            with transaction(database) as session:
                write_events(session.connection(), mine)
                session.rollback()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(write, [rows, rows[::-1]])) == [None, None]


def test_over_4_mib_is_413(client: FlaskClient, database: Database) -> None:
    body = b'{"events": [], "x": "' + b"x" * (5 * 1024 * 1024) + b'"}'
    assert deliver(client, body) == 413
    assert stored(database) == []


def test_without_an_account_nothing_can_be_proven(database: Database) -> None:
    url = database.writer.url.render_as_string(hide_password=False)
    app = create_app(settings_for(url, "http://127.0.0.1:9"))
    assert deliver(app.test_client(), body_of(event())) == 503
    assert stored(database) == []
    close_app(app)


@pytest.fixture
def address(app: Flask) -> Iterator[tuple[str, int]]:
    """The door behind a real HTTP server."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(END_SECONDS,), daemon=True)
    thread.start()
    yield "127.0.0.1", server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_request_that_ends_early_stores_nothing(address: tuple[str, int], database: Database) -> None:
    body = body_of(event())
    head = f"POST /line/webhook HTTP/1.1\r\nHost: a\r\nX-Line-Signature: {sign(body, SECRET)}\r\n"
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:-5])
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1000)
    assert stored(database) == []


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters()),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
        max_leaves=12,
    )
)
def test_any_json_inside_a_signed_body_becomes_a_row_of_exactly_that(inside: Any) -> None:
    events = [inside, {"source": inside, "timestamp": inside}]
    body = json.dumps({"destination": BOT, "events": events})
    rows = inbox_rows(1, read_body(body.encode())["events"], NOW)
    for row, sent in zip(rows, events, strict=True):
        assert json.loads(row["payload"]) == sent
        assert b"\0" not in row["payload"].encode()  # no lone surrogate and no NUL: PostgreSQL takes it
        assert row["event_at"] <= NOW
        assert 0 <= row["lane"] < 64
        assert len(row["webhook_event_id"]) <= 80


@pytest.mark.parametrize("digits", ["9" * 5000, "1e999", "-1.5E400"], ids=["long", "large", "negative"])
def test_a_number_beyond_python_is_kept_as_text(digits: str) -> None:
    [row] = inbox_rows(1, read_body(f'{{"events": [{{"n": {digits}}}]}}'.encode())["events"], NOW)
    assert json.loads(row["payload"]) == {"n": digits}


@pytest.mark.parametrize("number", [2**63 - 1, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**40])
@pytest.mark.parametrize("written", ['{{"events":[{{"n":{}}}]}}', '{{"events": [{{"n": [1,\n{}]}}]}}'])
def test_a_number_of_more_than_64_bits_is_kept_exactly(number: int, written: str) -> None:
    [row] = inbox_rows(1, read_body(written.format(number).encode())["events"], NOW)
    assert str(number) in row["payload"]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_only_python_takes_for_json_is_refused(constant: str) -> None:
    with pytest.raises(NotEvents):
        read_body(f'{{"events": [{{"n": {constant}}}]}}'.encode())


def test_nesting_too_deep_to_be_written_is_refused() -> None:
    deep: Any = []
    for _ in range(300_000):
        deep = [deep]
    with pytest.raises(NotEvents):
        inbox_rows(1, [deep], NOW)


def test_an_event_is_taken_at_its_own_time() -> None:
    [row] = inbox_rows(1, [event(timestamp=int((NOW - timedelta(hours=1)).timestamp() * 1000))], NOW)
    assert row["event_at"] == NOW - timedelta(hours=1)
