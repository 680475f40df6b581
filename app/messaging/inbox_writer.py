"""The one thread of a web process that writes events: it commits all that has arrived together.

Durability is nearly free only when it is shared (group commit): request threads hand their rows over and
wait; they never take the database's write lock themselves, since that wait could not be bounded.
"""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.db import Database, writing_once
from app.messaging.channels import learn_bot_user_id
from app.messaging.intake import InboxRow, write_events
from app.messaging.waking import wake_workers_now

MAX_WAITING_REQUESTS = 1000
MAX_GROUP_ROWS = 1000
"""Rows in one commit, or one request's if it has more: a write transaction on SQLite is to be short."""
GATHER_SECONDS = 0.006
"""Under load a commit waits for those who are about to arrive: it costs as much processor time as several
requests."""
log = structlog.get_logger(__name__)


@dataclass
class _Batch:
    """One request's rows on their way through the writer thread."""

    rows: Sequence[InboxRow]
    learnt: tuple[int, str] | None
    """A channel id and the bot user id that a verified body named for it."""
    done: threading.Lock = field(default_factory=threading.Lock)
    """Held until the rows are written or not: a bare lock, since an event costs a request three of them."""
    is_stored: bool = False

    def __post_init__(self) -> None:
        self.done.acquire()


class InboxWriter:
    """The one thread of a web process that writes events. It starts at the first use, so after any fork."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: SimpleQueue[_Batch | None] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._writing_since: float | None = None
        self._last_requests = 1
        """How many shared the last commit."""

    def store(
        self, rows: Sequence[InboxRow], learnt: tuple[int, str] | None, patience_seconds: float
    ) -> bool:
        """Wait until the rows are committed; False when they were not within the patience.

        While the database hangs nobody waits in vain: requests that did would hold every thread of the
        process. What is queued then is still stored when the database is back.
        """
        batch = _Batch(rows, learnt)
        self._ensure_running()
        if self._waiting.qsize() >= MAX_WAITING_REQUESTS:
            return False
        self._waiting.put(batch)
        patience = 0.0 if self._hangs(patience_seconds) else max(0.0, patience_seconds)
        return batch.done.acquire(timeout=patience) and batch.is_stored

    def close(self) -> None:
        """Write what is queued and end; for those who make several in one process."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()

    def _hangs(self, patience_seconds: float) -> bool:
        since = self._writing_since
        return since is not None and time.monotonic() - since > patience_seconds

    def _ensure_running(self) -> None:
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="inbox-writer", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while group := self._next_group():
            self._writing_since = time.monotonic()
            stored = self._write(group)
            self._writing_since = None
            for batch in group:
                batch.is_stored = stored
                batch.done.release()
            if stored:
                self._wake_workers()

    def _write(self, group: Sequence[_Batch]) -> bool:
        try:
            with writing_once(self._database) as connection:
                write_events(connection, [row for batch in group for row in batch.rows])
                for channel_id, bot_user_id in {batch.learnt for batch in group if batch.learnt}:
                    learn_bot_user_id(connection, channel_id, bot_user_id)
        except Exception as error:
            log.error("events_not_stored", requests=len(group), error=type(error).__name__)
            return False
        return True

    def _wake_workers(self) -> None:
        with suppress(SQLAlchemyError):  # they look for themselves every second
            wake_workers_now(self._database)

    def _next_group(self) -> list[_Batch]:
        """The first that comes, and what comes with it, up to a bound; nothing once it is closed.

        A moment is waited for as many as came the last time; one alone is not kept waiting.
        """
        group: list[_Batch] = []
        batch = self._waiting.get()
        until = time.monotonic() + GATHER_SECONDS
        with suppress(Empty):
            while batch is not None:
                group.append(batch)
                if sum(len(each.rows) for each in group) >= MAX_GROUP_ROWS:
                    break
                patience = until - time.monotonic() if len(group) < self._last_requests else 0.0
                batch = self._waiting.get(timeout=max(0.0, patience))
            if batch is None and group:
                self._waiting.put(None)  # first write these, then end
        self._last_requests = len(group)
        return group
