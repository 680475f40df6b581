"""One address for several simulated LINEs, as the real one has many accounts: the token says which is meant."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

TAKEN = ("Authorization", "Content-Type", "X-Line-Retry-Key")
GIVEN = ("Content-Type", "X-Line-Request-Id", "X-Line-Accepted-Request-Id", "Retry-After")


@contextmanager
def lines_by_token(urls: Mapping[str, str]) -> Iterator[str]:
    """Serve an address that hands each call to the LINE of its access token; unknown ones to the first."""
    first = next(iter(urls.values()))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _hand_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            url = urls.get(self.headers.get("Authorization", "").removeprefix("Bearer "), first)
            headers = {name: self.headers[name] for name in TAKEN if name in self.headers}
            answer = requests.request(
                self.command, url + self.path, data=body, headers=headers, timeout=10, allow_redirects=False
            )
            self.send_response(answer.status_code)
            for name in GIVEN:
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
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
    thread = threading.Thread(target=server.serve_forever, name="lines", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
