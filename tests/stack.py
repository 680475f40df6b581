"""A whole Goen in one process for scenario tests: real HTTP, a real worker, the simulated LINE."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from app.clock import Clock
from app.db import Database, transaction
from app.encryption import Encryption
from app.factory import close_app, create_app
from app.samplesite.goen import Goen
from app.samplesite.people import People
from app.samplesite.site import Site, create_site
from app.settings import Settings
from app.setup import set_up
from app.simulator.config import SimulatorConfig
from app.simulator.running import RunningSimulator
from app.simulator.server import run_simulator
from app.site_keys.actions import add_api_key
from app.site_keys.scopes import Scope
from app.worker import run_worker
from tests.databases import opened
from tests.waiting import END_SECONDS

SECRET = "invented-channel-secret"
TOKEN = "invented-channel-token"
KEY = "an-invented-secret-key-for-tests"
LOGIN_CHANNEL = "1650000001"
LOGIN_SECRET = "invented-login-channel-secret-32"
SITE_ORIGIN = "http://127.0.0.1:9"
"""Where the job site is said to be, in stacks without one: nobody listens there."""


@dataclass(frozen=True)
class Stack:
    """What a scenario works with."""

    line: RunningSimulator
    web_url: str
    database: Database
    settings: Settings
    clock: Clock
    site_url: str = ""
    """The sample job site's address, where the stack has one."""

    @property
    def encryption(self) -> Encryption:
        """By the stack's own keys."""
        return Encryption(self.settings.require_secret_keys())


def environment_for(database_url: str, line_url: str, clock_file: Path | None = None) -> dict[str, str]:
    """The variables that an operator would set."""
    env = {
        "DATABASE_URL": database_url,
        "SECRET_KEY": KEY,
        "GOEN_WEBHOOK_PRIVATE": "1",
        "ASSET_BASE_URL": "https://goen-test.example",
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "LINE_API_BASE_URL": line_url,
        "LINE_DATA_API_BASE_URL": line_url,
        "LINE_LOGIN_BASE_URL": line_url,
    }
    if clock_file is not None:
        env["GOEN_CLOCK_FILE"] = str(clock_file)
    return env


def settings_for(database_url: str, line_url: str, clock_file: Path | None = None) -> Settings:
    """Settings as the environment would give them."""
    return Settings.from_env(environment_for(database_url, line_url, clock_file))


ReachedBy = Callable[[RunningSimulator], AbstractContextManager[str]]


def directly(line: RunningSimulator) -> AbstractContextManager[str]:
    """The address of a simulated LINE, with nothing in front of it."""
    return nullcontext(line.url)


@contextmanager
def running_stack(
    database_url: str, folder: Path, *, with_site: bool = False, reached_by: ReachedBy = directly
) -> Iterator[Stack]:
    """Everything running, on demand with the sample job site; it is stopped, and every thread ended, on leaving.

    `reached_by` gives the address by which Goen calls LINE.
    """
    if not with_site:
        with _running(database_url, folder, SITE_ORIGIN, reached_by) as stack:
            yield stack
        return
    with bound_socket() as door:
        site_url = f"http://127.0.0.1:{door.getsockname()[1]}"
        with _running(database_url, folder, site_url, reached_by) as stack:
            with transaction(stack.database) as session:
                key = add_api_key(session, "見本サイト(架空)", list(Scope), stack.clock.now())
            site = Site(Goen(stack.web_url, key), People(folder / "site.db"), site_url)
            with serving(create_site(site, KEY), door):
                yield replace(stack, site_url=site_url)


@contextmanager
def _running(database_url: str, folder: Path, site_url: str, reached_by: ReachedBy) -> Iterator[Stack]:
    clock_file = folder / "clock"
    config = SimulatorConfig(
        channel_secret=SECRET,
        access_token=TOKEN,
        clock_file=clock_file,
        login_channel_id=LOGIN_CHANNEL,
        login_channel_secret=LOGIN_SECRET,
    )
    with (
        run_simulator(config) as line,
        reached_by(line) as line_url,
        opened(database_url) as database,
        bound_socket() as door,
    ):
        env = environment_for(database_url, line_url, clock_file) | {
            "BASE_URL": f"http://127.0.0.1:{door.getsockname()[1]}",
            "LINE_LOGIN_CHANNEL_ID": LOGIN_CHANNEL,
            "LINE_LOGIN_CHANNEL_SECRET": LOGIN_SECRET,
            "SITE_URL": f"{site_url}/mypage/line",
        }
        settings = Settings.from_env(env)
        clock = Clock(clock_file)
        set_up(settings, database, Encryption(settings.require_secret_keys()), clock.now())
        app = create_app(settings)
        with serving(app, door) as web_url, _working(settings):
            line.point_at(f"{web_url}/line/webhook", web_url)
            yield Stack(line, web_url, database, settings, clock)
            line.settle()
        close_app(app)


@contextmanager
def bound_socket() -> Iterator[socket.socket]:
    """A free port that is ours already, for what must know its address before it is made."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(128)
        yield door


@contextmanager
def serving(app: Flask, door: socket.socket) -> Iterator[str]:
    """Serve an application on a bound socket; its address."""
    port = door.getsockname()[1]
    server: BaseWSGIServer = make_server("127.0.0.1", port, app, threaded=True, fd=door.fileno())
    thread = threading.Thread(target=server.serve_forever, args=(END_SECONDS,), name="web", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _working(settings: Settings) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=run_worker, args=(settings, stop), name="worker")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
