"""One address for several simulated LINEs, as the real one has many accounts: each call says which is meant."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import requests
from requests.structures import CaseInsensitiveDict

from tests.waiting import END_SECONDS

TAKEN = ("Authorization", "Content-Type", "X-Line-Retry-Key")
GIVEN = ("Content-Type", "X-Line-Request-Id", "X-Line-Accepted-Request-Id", "Retry-After", "Location")


class _Which:
    """Which LINE a call is for."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = urls
        self.issued: dict[str, str] = {}

    def line_of(self, headers: Mapping[str, str], query: str, body: bytes) -> str:
        """By the access token, in the header or in a field, or by the login channel."""
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        is_form = "form" in headers.get("Content-Type", "")
        values = {**parse_qs(query), **(parse_qs(body.decode()) if is_form else {})}
        names = (token, *(values.get(name, [""])[0] for name in ("access_token", "client_id")))
        known = {**self._urls, **self.issued}
        return next((known[name] for name in names if name in known), next(iter(self._urls.values())))


def _only(names: Sequence[str], headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in names if name in headers}


@contextmanager
def lines_by_token(urls: Mapping[str, str]) -> Iterator[str]:
    """Serve an address that hands each call to the LINE of its access token or login channel.

    A token that one of them issues is its own from then on; what names neither goes to the first.
    """
    which = _Which(urls)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _hand_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            given = CaseInsensitiveDict(self.headers.items())
            url = which.line_of(given, urlsplit(self.path).query, body)
            headers = _only(TAKEN, given)
            answer = requests.request(
                self.command, url + self.path, data=body, headers=headers, timeout=10, allow_redirects=False
            )
            if self.path == "/oauth2/v2.1/token" and answer.ok:
                which.issued[answer.json()["access_token"]] = url
            self.send_response(answer.status_code)
            for name, value in _only(GIVEN, answer.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def do_GET(self) -> None:
            self._hand_on()

        def do_POST(self) -> None:
            self._hand_on()

        def do_DELETE(self) -> None:
            self._hand_on()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(END_SECONDS,), name="lines", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
