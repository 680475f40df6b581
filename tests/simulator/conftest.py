"""A running simulator, a client that speaks to it as a server would, and a receiver for its webhooks."""

import asyncio
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.sync_api import Browser, Page

from app.simulator.config import SimulatorConfig
from app.simulator.running import RunningSimulator
from app.simulator.server import run_simulator
from tests.chromium import open_page

SECRET = "invented-secret"
TOKEN = "invented-token"
HELLO = [{"type": "text", "text": "こんにちは"}]


@dataclass(frozen=True)
class Response:
    """An HTTP answer, its JSON read."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass(frozen=True)
class Api:
    """LINE's API as a client sees it."""

    url: str
    token: str = TOKEN

    def post(self, path: str, body: Any, **headers: str) -> Response:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.call("POST", path, raw, **headers)

    def get(self, path: str) -> Response:
        return self.call("GET", path)

    def call(self, method: str, path: str, raw: bytes | None = None, **headers: str) -> Response:
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, data=raw, headers=sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return _read(answer.status, answer.read(), answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return _read(error.code, error.read(), error.headers)


def _read(status: int, raw: bytes, headers: Any) -> Response:
    is_json = raw and "json" in headers.get("Content-Type", "")
    return Response(status, json.loads(raw) if is_json else raw, {k.lower(): v for k, v in headers.items()})


@dataclass
class Receiver:
    """A server that takes webhooks and answers what `answers` say, 200 when they are used up."""

    url: str = ""
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """Statuses to give; 0 holds the request until the client goes."""
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """What GET gives, by path: type and body."""

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for _, raw in self.received for event in json.loads(raw)["events"]]

    async def take(self, request: web.Request) -> web.Response:
        self.received.append(({k.lower(): v for k, v in request.headers.items()}, await request.read()))
        status = self.answers.pop(0) if self.answers else 200
        if status == 0:
            await asyncio.Event().wait()
        return web.Response(status=status)

    async def give(self, request: web.Request) -> web.Response:
        if request.path not in self.pages:
            raise web.HTTPNotFound
        mime, body = self.pages[request.path]
        return web.Response(body=body, content_type=mime)


@contextmanager
def serving(receiver: Receiver) -> Iterator[Receiver]:
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    is_up = threading.Event()

    async def serve() -> None:
        app = web.Application()
        app.add_routes([web.post("/line/webhook", receiver.take), web.get("/{path:.*}", receiver.give)])
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        is_up.set()
        await stop.wait()
        await runner.cleanup()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    is_up.wait()
    try:
        yield receiver
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with serving(Receiver()) as served:
        yield served


Start = Callable[..., RunningSimulator]


@pytest.fixture
def start(receiver: Receiver) -> Iterator[Start]:
    """Start simulators with other settings; all are stopped at the end, before who takes their webhooks.

    A connection that comes while a receiver closes would be left open.
    """
    running = []

    def begin(**settings: Any) -> RunningSimulator:
        config = SimulatorConfig(channel_secret=SECRET, access_token=TOKEN, **settings)
        context = run_simulator(config)
        simulator = context.__enter__()
        running.append((context, simulator))
        return simulator

    yield begin
    for context, simulator in running:
        # A webhook under way would be accepted by a receiver that is just going, and never be closed.
        with suppress(TimeoutError):
            simulator.settle(1)
        context.__exit__(None, None, None)


@pytest.fixture
def line(start: Start, receiver: Receiver) -> RunningSimulator:
    return start(webhook_url=f"{receiver.url}/line/webhook", redelivery_waits=(0.01,), webhook_timeout=0.5)


@pytest.fixture
def api(line: RunningSimulator) -> Api:
    return Api(line.url)


@pytest.fixture
def clock_file(tmp_path: Path) -> Path:
    return tmp_path / "clock"


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """A page on a laptop's screen, with room for two phones."""
    with open_page(browser) as page:
        yield page
