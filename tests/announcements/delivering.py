"""A deliverer of our own: announcements in, posts to receivers out, on either database."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.announcements.actions import Announcement, announce
from app.announcements.delivery import Deliverer
from app.announcements.endpoints import add_endpoint
from app.announcements.posting import Poster
from app.announcements.queries import endpoint_states
from app.announcements.rules import Kind
from app.clock import Clock
from app.db import Database, reading, transaction
from app.encryption import Encryption
from app.friends.models import Friend
from app.messaging.models import OutboxMessage
from app.messaging.rules import OutboxStatus
from app.simulator.clocks import write_offset
from handlers.announcements import announcement_bodies
from tests.factories import make_friend
from tests.stack import KEY
from tests.waiting import wait_until

PATIENCE_SECONDS = 20
ENCRYPTION = Encryption([KEY])


@dataclass
class Delivering:
    """Endpoints, announcements, and a deliverer that can be started and stopped."""

    database: Database
    clock_file: Path
    _causes: "count[int]" = field(default_factory=lambda: count(1))
    _deliverer: Deliverer | None = None

    @property
    def clock(self) -> Clock:
        return Clock(self.clock_file)

    def friend(self) -> Friend:
        """Somebody who follows an account of their own."""
        return make_friend(self.database, self.clock.now())

    def endpoint(self, url: str, *kinds: Kind) -> tuple[int, str]:
        """A new address: its id and its secret."""
        with transaction(self.database) as session:
            return add_endpoint(session, ENCRYPTION, url, kinds, self.clock.now(), private_allowed=True)

    def tell(
        self, friend: Friend, kind: Kind = Kind.BLOCKED, *, cause: str | None = None, **data: Any
    ) -> None:
        """Announce something of a friend."""
        said = Announcement(
            kind, friend.channel_id, friend.id, cause or f"invented:{next(self._causes)}", data
        )
        with transaction(self.database) as session:
            announce(session, said, self.clock.now())
        self.wake()

    def rows(self) -> Sequence[OutboxMessage]:
        """All rows, oldest first."""
        with reading(self.database) as session:
            return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()

    def wait_for(self, *statuses: OutboxStatus) -> Sequence[OutboxMessage]:
        """All rows, once they have these states in this order."""
        wanted = [str(status) for status in statuses]
        wait_until(
            lambda: [row.status for row in self.rows()] == wanted,
            PATIENCE_SECONDS,
            lambda: str([(row.status, row.reason, row.attempts) for row in self.rows()]),
        )
        return self.rows()

    def wait_for_tries(self, attempts: int) -> OutboxMessage:
        """The only row, once it waits after so many tries."""

        def is_put_off() -> bool:
            [row] = self.rows()
            return (row.status, row.attempts) == (OutboxStatus.WAITING, attempts) and row.reason is not None

        wait_until(is_put_off, PATIENCE_SECONDS, lambda: str(vars(self.rows()[0])))
        return self.rows()[0]

    def problem(self, endpoint_id: int) -> str | None:
        """What an operator reads of an address."""
        with reading(self.database) as session:
            return next(row[4] for row in endpoint_states(session) if row[0] == endpoint_id)

    def later(self, seconds: int) -> None:
        """Move business time on."""
        write_offset(self.clock_file, int(self.clock.offset().total_seconds()) + seconds)
        self.wake()

    def wake(self) -> None:
        """As the worker does at every commit."""
        if self._deliverer is not None:
            self._deliverer.wake()

    @contextmanager
    def running(self, patience_seconds: float = 10.0) -> Iterator[None]:
        """A deliverer works meanwhile; its errors are ours."""
        poster = Poster(private_allowed=True, patience_seconds=patience_seconds)
        deliverer = Deliverer(self.database, ENCRYPTION, self.clock, announcement_bodies, poster)
        errors: list[BaseException] = []

        def work() -> None:
            try:
                asyncio.run(deliverer.run(lambda: True))
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=work, name="deliverer")
        thread.start()
        self._deliverer = deliverer
        try:
            yield
        finally:
            self._deliverer = None
            deliverer.stop()
            thread.join()
        assert errors == []
