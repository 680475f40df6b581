"""A job site's receiver: real HTTP on this machine, answering as a test says."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.waiting import END_SECONDS, wait_until

PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Received:
    """One request."""

    path: str
    headers: Mapping[str, str]
    """Lower-case names."""
    body: bytes
    at: float
    """Seconds of this machine's clock that never goes back."""

    @property
    def said(self) -> dict[str, Any]:
        """The announcement."""
        value: dict[str, Any] = json.loads(self.body)
        return value


@dataclass
class Receiver:
    """What came, and what is answered: `statuses` one after the other, then 200."""

    port: int = 0
    host: str = "127.0.0.1"
    received: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    go_on: threading.Event = field(default_factory=threading.Event)
    """While it is not set, requests hang before their answer."""

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.host}:{self.port}/hooks?from=goen"

    def wait_for(self, count: int) -> list[Received]:
        """All requests once there are so many. Errors: TimeoutError."""
        wait_until(lambda: len(self.received) >= count, PATIENCE_SECONDS, lambda: str(self.received))
        return list(self.received)


@contextmanager
def running_receiver(host: str = "127.0.0.1", port: int = 0) -> Iterator[Receiver]:
    """A receiver that answers until the end; whoever hangs then is let go."""
    receiver = Receiver(host=host)
    receiver.go_on.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(self.path, headers, body, time.monotonic()))
            status = receiver.statuses.pop(0) if receiver.statuses else 200
            receiver.go_on.wait()
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(receiver.body)))
            self.end_headers()
            self.wfile.write(receiver.body)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Quiet."""

        def handle(self) -> None:
            try:
                super().handle()
            except (ConnectionError, TimeoutError):
                return  # the caller went away

    server = ThreadingHTTPServer((host, port), Handler)
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(END_SECONDS,), name="receiver", daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
