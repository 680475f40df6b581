"""The duty that delivers outgoing webhooks; one process has it at a time, by lock.

Every address has a few places of its own, so one that hangs holds up nobody else, and the senders to LINE
know nothing of it. What a person does arrives in its order, as long as the receiver answers: of one friend
one delivery to an address is under way at a time. A delivery that has to wait for its next try holds
nothing back. What follows each attempt is a table of app/messaging/rules.py.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import NamedTuple, TypeVar

import structlog
from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from app.announcements.models import WebhookEndpoint
from app.announcements.posting import Poster
from app.announcements.queries import Endpoint, read_endpoints
from app.announcements.signing import HEADER, sign_delivery
from app.clock import Clock
from app.db import Database, reading, transaction
from app.encryption import Encryption
from app.json_text import to_bytes
from app.line.rules import Outcome, Reply, outcome_of
from app.messaging import one_by_one
from app.messaging.claims import Features, free_claims
from app.messaging.due import due_deliveries
from app.messaging.models import OutboxMessage
from app.messaging.outbox import Ended, OutboxRow, Render
from app.messaging.rules import Carrier, Next, OutboxStatus

T = TypeVar("T")
log = structlog.get_logger(__name__)

PLACES = 4
"""Deliveries under way to one address."""
LOOKED_AT = 50
"""Due rows of one address that are considered at a time."""
LOOK_EVERY_SECONDS = 2.0
GATHER_SECONDS = 0.05
"""Between two looks: bells ring at every commit, and a webhook may be that late."""
RATE_LIMIT_SECONDS = 30.0
"""After a 429 without Retry-After."""
USER_AGENT = "Goen-Webhooks/1"
STOPPED = Next(OutboxStatus.CANCELLED, "the address was stopped")


class Flight(NamedTuple):
    """What must not be under way twice: an address and the friend it is told of."""

    endpoint_id: int
    friend_id: int


class Deliverer:
    """Delivers until it is stopped. The caller holds the lock."""

    def __init__(
        self, database: Database, encryption: Encryption, clock: Clock, render: Render, poster: Poster
    ) -> None:
        self._database = database
        self._encryption = encryption
        self._clock = clock
        self._features = Features(cancel_stopped, render, after_deliveries)
        self._poster = poster
        self._flying: dict[Flight, asyncio.Task[None]] = {}
        self._paused: dict[int, float] = {}
        self._answers: list[tuple[OutboxRow, Reply]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """There may be something due; callable from any thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just closed
                self._loop.call_soon_threadsafe(self._wake.set)

    def stop(self) -> None:
        """Begin nothing more, let what is under way end, record it; callable from any thread."""
        self._stopping = True
        self.wake()

    async def run(self, is_held: Callable[[], bool]) -> None:
        """Deliver until stopped, or until `is_held` says that the lock is lost.

        Errors: whatever the database raises; the caller starts anew, and lock or lease free what was claimed.
        """
        self._loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, "webhooks") as self._storage:
            try:
                await self._deliver_until_stopped(is_held)
            finally:
                if self._flying:
                    await asyncio.wait(self._flying.values())
                await self._record()

    async def _deliver_until_stopped(self, is_held: Callable[[], bool]) -> None:
        loop = asyncio.get_running_loop()
        await self._in_storage(
            self._free_claims, None if self._database.is_sqlite else self._clock.real_now()
        )
        looked_at = loop.time()
        while not self._stopping:
            self._wake.clear()
            await self._record()
            await self._begin_due()
            if loop.time() - looked_at >= LOOK_EVERY_SECONDS:
                looked_at = loop.time()
                if not await self._in_storage(is_held):
                    return
                if not self._database.is_sqlite:
                    await self._in_storage(self._free_claims, self._clock.real_now())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK_EVERY_SECONDS)
            if not self._stopping:
                await asyncio.sleep(GATHER_SECONDS)

    async def _begin_due(self) -> None:
        now = asyncio.get_running_loop().time()
        paused = {endpoint_id for endpoint_id, until in self._paused.items() if now < until}
        for endpoint, row in await self._in_storage(self._claim, frozenset(self._flying), paused):
            flight = _flight(row)
            task = asyncio.create_task(self._deliver(endpoint, row))
            self._flying[flight] = task
            task.add_done_callback(partial(self._land, flight))

    def _land(self, flight: Flight, _task: asyncio.Task[None]) -> None:
        self._flying.pop(flight, None)
        self._wake.set()

    async def _deliver(self, endpoint: Endpoint, row: OutboxRow) -> None:
        """One attempt. Whatever goes wrong in it is its outcome: else the row would stay under way."""
        try:
            reply = await self._post(endpoint, row)
        except Exception as error:
            log.error("delivery_failed", row=row.id, endpoint=endpoint.id, exc_info=error)
            reply = Reply(None, detail=type(error).__name__)
        outcome = outcome_of(reply)
        if outcome is Outcome.RATE_LIMITED:
            pause = reply.retry_after_seconds or RATE_LIMIT_SECONDS
            self._paused[endpoint.id] = asyncio.get_running_loop().time() + pause
        if outcome is not Outcome.ACCEPTED:
            log.warning(
                "not_delivered", row=row.id, endpoint=endpoint.id, outcome=outcome, detail=reply.detail
            )
        self._answers.append((row, reply))

    async def _post(self, endpoint: Endpoint, row: OutboxRow) -> Reply:
        body = to_bytes(row.frozen or {})
        return await self._poster.post(
            endpoint.url, body, headers_for(endpoint, body, self._clock.real_now())
        )

    async def _record(self) -> None:
        answers, self._answers = self._answers, []
        if answers:
            await self._in_storage(self._record_in_storage, answers)

    # What follows runs in the storage thread.

    def _claim(self, flying: frozenset[Flight], paused: set[int]) -> list[tuple[Endpoint, OutboxRow]]:
        now, real_now = self._clock.now(), self._clock.real_now()
        taken = Counter(flight.endpoint_id for flight in flying)
        with reading(self._database) as session:
            endpoints = {each.id: each for each in read_endpoints(session, self._encryption)}
            due = [
                row
                for id_ in endpoints
                if id_ not in paused and taken[id_] < PLACES
                for row in _next_of(
                    due_deliveries(session, str(id_), now, LOOKED_AT), flying, PLACES - taken[id_]
                )
            ]
        if not due:
            return []
        claimed = one_by_one.claim(self._database, due, self._features, now, real_now)
        return [(endpoints[_flight(row).endpoint_id], row) for row in claimed]

    def _record_in_storage(self, answers: Sequence[tuple[OutboxRow, Reply]]) -> None:
        now, real_now = self._clock.now(), self._clock.real_now()
        one_by_one.record(self._database, answers, self._features.on_ended, now, real_now)

    def _free_claims(self, leased_before: datetime | None) -> None:
        with transaction(self._database) as session:
            mine = and_(OutboxMessage.carrier == Carrier.WEBHOOK)
            freed = free_claims(session, mine, leased_before=leased_before)
        if freed:
            log.warning("deliveries_freed", rows=freed)

    async def _in_storage(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._storage, work, *arguments)


def headers_for(endpoint: Endpoint, body: bytes, real_now: datetime) -> dict[str, str]:
    """What goes with a delivery; `real_now` is machine time."""
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        HEADER: sign_delivery(endpoint.secrets, real_now, body),
    }


def _next_of(due: Sequence[OutboxRow], flying: frozenset[Flight], places: int) -> list[OutboxRow]:
    """The oldest of each friend of whom nothing is under way."""
    first: dict[Flight, OutboxRow] = {}
    for row in due:
        flight = _flight(row)
        if flight not in flying:
            first.setdefault(flight, row)
    return list(first.values())[:places]


def _flight(row: OutboxRow) -> Flight:
    values = row.body["values"]
    return Flight(int(values["endpoint_id"]), int(values["friend_id"]))


def cancel_stopped(session: Session, rows: Sequence[OutboxRow], now: datetime) -> Mapping[int, Next]:
    """The gate of deliveries: what was queued for an address that has been stopped since."""
    stopped = set(session.scalars(select(WebhookEndpoint.id).where(WebhookEndpoint.stopped_at.is_not(None))))
    return {row.id: STOPPED for row in rows if _flight(row).endpoint_id in stopped}


def after_deliveries(session: Session, ended: Sequence[Ended], now: datetime) -> None:
    """What was taken is forgotten here; and each address says what went wrong last, or that all is well again."""
    _forget_what_was_told(session, [item.row for item in ended if item.next.status is OutboxStatus.SENT])
    last = {_flight(item.row).endpoint_id: item for item in ended if item.reply is not None}
    for endpoint_id, item in last.items():
        problem = None
        if item.next.status is not OutboxStatus.SENT and item.reply is not None:
            problem = f"{item.next.reason}: {item.reply.detail}"[:200]
        session.execute(
            update(WebhookEndpoint)
            .where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.problem.is_distinct_from(problem))
            .values(problem=problem)
        )


def _forget_what_was_told(session: Session, sent: Sequence[OutboxRow]) -> None:
    """The receiver has it now: answers and names need no second place. What it was and when stays."""
    for row in sent:
        kept = {name: row.body["values"][name] for name in ("id", "kind", "at", "endpoint_id")}
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == row.id, OutboxMessage.status == OutboxStatus.SENT)
            .values(body={"values": kept}, frozen=None)
            .execution_options(synchronize_session=False)
        )
