"""A load generator: some connections, each posting the next prepared request as soon as it has its answer.

    python -m tests.bench.load FILE PORT SECONDS

One thread and epoll: about 20 µs a request, so that the server keeps the cores. Prints JSON.
"""

import json
import select
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.bodies import read_requests
from tests.bench.processes import HOST
from tests.bench.results import percentile

CONNECTIONS = 16
WARM_SECONDS = 0.5


@dataclass
class Load:
    """The connections, and what came back over them."""

    port: int
    requests: Iterator[bytes]
    sent_at: dict[int, float] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    answers: int = 0

    def run(self, seconds: float) -> float:
        """Post until the time is over or nothing is left; how long it took after warming up."""
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._parts: dict[int, bytes] = {}
        started = time.perf_counter()
        self._warm_until, self._until = started + WARM_SECONDS, started + WARM_SECONDS + seconds
        for _ in range(CONNECTIONS):
            self._post(self._connect())
        while self.sent_at:
            for number, _ in self._poll.poll():
                self._take(number)
        return time.perf_counter() - self._warm_until

    def _connect(self) -> int:
        """One more connection; a server's workers share them better when each is used at once."""
        connection = socket.create_connection((HOST, self.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._poll.register(connection.fileno(), select.EPOLLIN)
        self._sockets[connection.fileno()] = connection
        self._parts[connection.fileno()] = b""
        return connection.fileno()

    def _post(self, number: int) -> None:
        now = time.perf_counter()
        request = next(self.requests, None) if now < self._until else None
        if request is not None:
            self.sent_at[number] = now
            self._sockets[number].sendall(request)

    def _take(self, number: int) -> None:
        part = self._sockets[number].recv(65536)
        if not part:
            raise ConnectionError("the server closed a connection")
        answer = self._parts[number] + part
        if not _is_whole(answer):
            self._parts[number] = answer
            return
        self._parts[number] = b""
        now, sent_at = time.perf_counter(), self.sent_at.pop(number)
        self.answers += 1
        self.statuses[int(answer[9:12])] += 1
        if sent_at >= self._warm_until:
            self.milliseconds.append((now - sent_at) * 1000)
        self._post(number)


def _is_whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    lower = head.lower()
    at = lower.find(b"content-length:")
    size = int(lower[at + 15 : lower.find(b"\r\n", at) if b"\r\n" in lower[at:] else None])
    return len(body) >= size


def main(path: Path, port: int, seconds: float) -> None:
    """Run the load and print what came of it."""
    load = Load(port, iter(read_requests(path)))
    took = load.run(seconds)
    found = {
        "answers": load.answers,
        "per_second": len(load.milliseconds) / took,
        "p50": percentile(load.milliseconds, 0.50),
        "p99": percentile(load.milliseconds, 0.99),
        "refused": sum(count for status, count in load.statuses.items() if status != 200),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
