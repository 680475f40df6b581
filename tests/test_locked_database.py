"""A database that is locked or hangs: the webhook answers 503 in time, and nothing is lost or invented."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import orjson
import pytest
import requests
from sqlalchemy import func, select, text
from werkzeug.serving import make_server

from app.clock import Clock
from app.db import Database, open_database, reading, write_lock
from app.encryption import Encryption
from app.factory import close_app, create_app
from app.line.signature import sign
from app.messaging.models import InboxEvent
from app.setup import set_up
from tests.databases import Databases, opened
from tests.stack import SECRET, settings_for
from tests.waiting import END_SECONDS, wait_until

PATIENCE_SECONDS = 2.0
"""LINE's own; the door's is 1.2 s."""
NOWHERE = "http://127.0.0.1:9"


class Door:
    """A served web process, and LINE's way of knocking."""

    def __init__(self, url: str, database: Database) -> None:
        self.url = url
        self.database = database

    def deliver(self, event_id: str) -> int:
        """Post one signed event; the status, which must come in time."""
        source = {"type": "user", "userId": "U" + "1" * 32}
        event = {"type": "message", "webhookEventId": event_id, "timestamp": 1, "source": source}
        body = orjson.dumps({"destination": "U" + "b" * 32, "events": [event]})
        headers = {"X-Line-Signature": sign(body, SECRET)}
        return self._timed(requests.Request("POST", f"{self.url}/line/webhook", data=body, headers=headers))

    def get(self, path: str) -> int:
        """The status, which must come in time."""
        return self._timed(requests.Request("GET", self.url + path))

    def count(self) -> int:
        """Events that are stored."""
        with reading(self.database) as session:
            return session.scalars(select(func.count()).select_from(InboxEvent)).one()

    def readiness(self, _: int) -> int | None:
        """The status; None when there was no answer in three seconds."""
        try:
            return requests.get(f"{self.url}/readyz", timeout=3).status_code
        except requests.Timeout:
            return None

    def _timed(self, request: requests.Request) -> int:
        began = time.monotonic()
        with requests.Session() as session:
            status = session.send(request.prepare(), timeout=10).status_code
        assert time.monotonic() - began < PATIENCE_SECONDS
        return status


@contextmanager
def served(url: str) -> Iterator[Door]:
    settings = settings_for(url, NOWHERE)
    with opened(url) as database:
        set_up(settings, database, Encryption(settings.require_secret_keys()), Clock().now())
        app = create_app(settings)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(END_SECONDS,), daemon=True)
        thread.start()
        try:
            yield Door(f"http://127.0.0.1:{server.server_port}", database)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            close_app(app)


@pytest.fixture
def door(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Door]:
    with served(databases.fresh_url(request.param)) as door:
        assert door.deliver("before") == 200
        yield door


@contextmanager
def long_write(database: Database) -> Iterator[None]:
    """A process of ours is in the middle of a long write."""
    with write_lock(database.lock_path):
        yield


@contextmanager
def foreign_transaction(database: Database) -> Iterator[None]:
    """Somebody's own tool holds SQLite's write lock, or PostgreSQL's on the table."""
    stranger = open_database(database.writer.url.render_as_string(hide_password=False))
    with stranger.writer.connect() as connection, connection.begin():
        if not database.is_sqlite:
            connection.execute(text("LOCK TABLE inbox_event IN ACCESS EXCLUSIVE MODE"))
        yield
    stranger.dispose()


@contextmanager
def hanging_server(database: Database) -> Iterator[None]:
    """PostgreSQL stands still: connections stay open, and nobody ever answers on them."""
    with database.reader.connect() as connection:
        backends = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        pids = list(connection.scalars(backends))
        folder = Path(connection.scalars(text("SHOW data_directory")).one())
    pids.append(int((folder / "postmaster.pid").read_text().splitlines()[0]))
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


Lock = Callable[[Database], AbstractContextManager[None]]
TABLE_LOCK = pytest.param("postgresql", foreign_transaction, id="postgresql, the table is locked")
HANGING = pytest.param("postgresql", hanging_server, id="postgresql, the server hangs")
LOCKS = [
    pytest.param("sqlite", long_write, id="sqlite, a long write of ours"),
    pytest.param("sqlite", foreign_transaction, id="sqlite, a long write of somebody else"),
    TABLE_LOCK,
    HANGING,
]


@pytest.mark.parametrize(("door", "lock"), LOCKS, indirect=["door"])
def test_while_the_database_is_locked_the_answer_is_503_in_time_and_the_redelivery_is_stored_once(
    door: Door, lock: Lock
) -> None:
    with lock(door.database):
        statuses = [door.deliver("event") for _ in range(3)]
        assert door.get("/healthz") == 200
    assert statuses == [503] * 3
    wait_until(lambda: door.deliver("event") == 200, 20, lambda: "stored at last")
    wait_until(lambda: door.count() == 2, 20, lambda: f"{door.count()} events")


@pytest.mark.parametrize(("door", "lock"), [*LOCKS[:2], HANGING], indirect=["door"])
def test_once_it_is_known_that_the_database_hangs_nobody_waits_for_it(door: Door, lock: Lock) -> None:
    with lock(door.database):
        assert door.deliver("first") == 503
        began = time.monotonic()
        assert [door.deliver(f"event-{number}") for number in range(4)] == [503] * 4
        assert time.monotonic() - began < 2 * PATIENCE_SECONDS, "each waited for itself"
    wait_until(lambda: door.count() == 6, 20, lambda: "what was handed over is stored at last")


@pytest.mark.parametrize(("door", "lock"), [TABLE_LOCK], indirect=["door"])
def test_figures_of_a_locked_table_are_a_503_in_time(door: Door, lock: Lock) -> None:
    with lock(door.database):
        assert door.get("/metrics") == 503
    assert door.get("/metrics") == 200


@pytest.mark.parametrize(("door", "lock"), [HANGING], indirect=["door"])
def test_whoever_asks_a_hanging_database_whether_it_is_ready_holds_two_threads_at_most(
    door: Door, lock: Lock
) -> None:
    with lock(door.database), ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(door.readiness, range(6)))
    assert answers.count(None) <= 2
    assert set(answers) <= {None, 503}
    wait_until(lambda: door.readiness(0) == 200, 20, lambda: "ready again")


def test_before_the_accounts_could_be_read_every_delivery_is_a_503(tmp_path: Path) -> None:
    """A named account too: nobody can know yet that it is not here."""
    app = create_app(settings_for(f"sqlite:///{tmp_path}/empty.db", NOWHERE))
    for path in ("/line/webhook", "/line/webhook/invented"):
        assert app.test_client().post(path, data=b"{}").status_code == 503
    close_app(app)
