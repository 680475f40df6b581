"""The sender of one channel: takes due rows, asks the gate, sends, records. One at a time by lock.

asyncio for the calls, one thread for the database, so that neither waits for the other. Calls are paced
below LINE's limits; what ended is recorded in batches. Only this module may reach a person.
"""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from sqlalchemy import select, update

from app.clock import Clock
from app.db import Database, reading, transaction
from app.line.client import LineClient
from app.line.rules import Outcome, Reply, outcome_of
from app.line.sending import LineSession
from app.messaging import one_by_one
from app.messaging.background import call_in_background
from app.messaging.claims import Features, free_claims, hand_back, sent_for
from app.messaging.due import MOST_ROWS, due_rows
from app.messaging.models import Channel
from app.messaging.outbox import OutboxRow
from app.messaging.pacing import Pace
from app.messaging.rules import BACKGROUND_CARRIERS, Carrier, Stop, start_of_next_month
from app.messaging.standstill import EVERYTHING, STOP_SECONDS, Standstill

T = TypeVar("T")
log = structlog.get_logger(__name__)

RECORD_EVERY_SECONDS = 0.1
LOOK_EVERY_SECONDS = 1.0
LEASE_MARGIN = timedelta(seconds=12)
"""A row whose lease ends sooner than this is given back untried: a call may take 10 s."""
PACES = {Carrier.REPLY: 1950.0, Carrier.PUSH: 1950.0, Carrier.MULTICAST: 190.0}
"""Calls a second; LINE allows 2,000 and 200. Background calls share one slow pace."""
BACKGROUND_PACE = 50.0
BACKGROUND_THREADS = 4
BACKGROUND_ROWS = 2 * BACKGROUND_THREADS
"""Claimed at once: calls that LINE lets hang must not fill the house and keep replies waiting."""
_STANDSTILLS = frozenset({Outcome.UNAUTHORIZED, Outcome.FORBIDDEN, Outcome.QUOTA_SPENT})


@dataclass(frozen=True)
class Account:
    """Which channel a sender serves, and where LINE is."""

    channel_id: int
    name: str
    access_token: str
    api_base_url: str
    data_api_base_url: str


class Sender:
    """Sends for one channel until it is stopped. The caller holds the channel's lock."""

    def __init__(
        self,
        database: Database,
        account: Account,
        clock: Clock,
        features: Features,
        client: LineClient,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        self._database = database
        self._account = account
        self._clock = clock
        self._features = features
        self._client = client
        self._paces = {carrier: Pace(rate) for carrier, rate in PACES.items()}
        self._background_pace = Pace(BACKGROUND_PACE)
        self._background_places = asyncio.Semaphore(BACKGROUND_THREADS)
        self._standstill = Standstill(stop_seconds)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._in_background: set[asyncio.Task[None]] = set()
        self._answers: list[tuple[OutboxRow, Reply]] = []
        self._untried: list[OutboxRow] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake: asyncio.Event | None = None
        self._stopping = False
        self._mended_by: frozenset[Carrier] = frozenset()
        """Whose next 200 shows that the channel's problem is mended; empty while there is none."""

    def wake(self) -> None:
        """There may be something due; callable from any thread."""
        self._tell(lambda wake: wake.set())

    def stop(self) -> None:
        """Claim nothing more, let what is in flight end, record it; callable from any thread."""
        self._stopping = True
        self.wake()

    def _tell(self, what: Callable[[asyncio.Event], None]) -> None:
        loop, wake = self._loop, self._wake
        if loop is not None and wake is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just closed
                loop.call_soon_threadsafe(what, wake)

    async def run(self, is_held: Callable[[], bool]) -> None:
        """Send until stopped, or until `is_held` says that the lock is lost.

        Errors: whatever the database raises; the caller starts anew, and lock or lease free what was claimed.
        """
        self._loop, self._wake = asyncio.get_running_loop(), asyncio.Event()
        with (
            ThreadPoolExecutor(1, f"outbox-{self._account.name}") as self._storage,
            ThreadPoolExecutor(BACKGROUND_THREADS, f"line-{self._account.name}") as self._background,
        ):
            async with LineSession(self._account.api_base_url, self._account.access_token) as self._line:
                try:
                    await self._send_until_stopped(is_held)
                finally:
                    await self._finish()

    async def _send_until_stopped(self, is_held: Callable[[], bool]) -> None:
        loop = asyncio.get_running_loop()
        await self._in_storage(
            self._free_claims, None if self._database.is_sqlite else self._clock.real_now()
        )
        had_problem = await self._in_storage(self._read_problem)
        self._mended_by = EVERYTHING if had_problem else frozenset()
        looked_at = recorded_at = loop.time()
        while not self._stopping:
            assert self._wake is not None
            self._wake.clear()
            claimed = await self._claim() if len(self._in_flight) < MOST_ROWS else 0
            if (self._answers or self._untried) and loop.time() - recorded_at >= RECORD_EVERY_SECONDS:
                await self._record()
                recorded_at = loop.time()
                self._wake.set()  # a person's next row may have waited for this one
            if loop.time() - looked_at >= LOOK_EVERY_SECONDS:
                looked_at = loop.time()
                if not await self._in_storage(is_held):
                    return
                if not self._database.is_sqlite:
                    await self._in_storage(self._free_claims, self._clock.real_now())
            if claimed < MOST_ROWS // 2:  # what came meanwhile has set `wake`, and ends the rest at once
                await self._rest()

    async def _rest(self) -> None:
        """Until woken; a short while when there is something to record, else the regular look."""
        assert self._wake is not None
        busy = bool(self._in_flight or self._answers or self._untried)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), RECORD_EVERY_SECONDS if busy else LOOK_EVERY_SECONDS)

    async def _claim(self) -> int:
        stopped = self._standstill.stopped(asyncio.get_running_loop().time())
        if stopped == EVERYTHING:
            return 0
        room = BACKGROUND_ROWS - len(self._in_background)
        rows = await self._in_storage(self._claim_due, stopped, room)
        for row in rows:
            self._begin(row)
        return len(rows)

    def _begin(self, row: OutboxRow) -> None:
        task = asyncio.create_task(self._send(row))
        is_background = row.carrier in BACKGROUND_CARRIERS
        for tasks in (self._in_flight, self._in_background) if is_background else (self._in_flight,):
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    async def _send(self, row: OutboxRow) -> None:
        """Wait for the row's turn, then try it. Background calls have few places, so that they hold up nobody."""
        if row.carrier in self._paces:
            await self._paces[row.carrier].wait()
            await self._attempt(row)
            return
        async with self._background_places:
            await self._background_pace.wait()
            await self._attempt(row)

    async def _attempt(self, row: OutboxRow) -> None:
        """One attempt, or none: what waited too long, or must stand still now, is given back."""
        if self._stopping or self._held_too_long(row) or self._is_stopped(row.carrier):
            self._untried.append(row)
            return
        try:
            reply = await self._call(row)
        except Exception as error:
            # Without an outcome the row would stay in flight and hold its person's other messages back.
            log.error("call_failed", row=row.id, carrier=row.carrier, exc_info=error)
            reply = Reply(None, detail=type(error).__name__)
        now, outcome = asyncio.get_running_loop().time(), outcome_of(reply)
        self._standstill.note(row.carrier, outcome, reply.retry_after_seconds, now)
        self._answers.append((row, reply))
        if outcome is not Outcome.ACCEPTED:
            log.warning(
                "not_accepted",
                row=row.id,
                carrier=row.carrier,
                outcome=outcome,
                request_id=reply.request_id,
                detail=reply.detail,
            )

    async def _call(self, row: OutboxRow) -> Reply:
        frozen = row.frozen or {}
        messages = frozen.get("messages", [])
        match row.carrier:
            case Carrier.REPLY:
                return await self._line.reply(row.reply_token or "", messages)
            case Carrier.PUSH:
                return await self._line.push(row.recipient or "", messages, row.retry_key)
            case Carrier.MULTICAST:
                return await self._line.multicast(frozen.get("to", []), messages, row.retry_key)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._background, call_in_background, self._client, row)

    def _held_too_long(self, row: OutboxRow) -> bool:
        return row.leased_until is not None and self._clock.real_now() > row.leased_until - LEASE_MARGIN

    def _is_stopped(self, carrier: Carrier) -> bool:
        return self._standstill.is_stopped(carrier, asyncio.get_running_loop().time())

    async def _record(self) -> None:
        answers, self._answers = self._answers, []
        untried, self._untried = self._untried, []
        try:
            await self._in_storage(self._record_in_storage, answers, untried)
        except BaseException:
            self._answers, self._untried = answers + self._answers, untried + self._untried
            raise

    async def _finish(self) -> None:
        self._stopping = True
        if self._in_flight:
            await asyncio.wait(self._in_flight)
        if self._answers or self._untried:
            await self._record()

    # What follows runs in the storage thread.

    def _claim_due(self, without: frozenset[Carrier], room: int) -> list[OutboxRow]:
        now, real_now = self._clock.now(), self._clock.real_now()
        with reading(self._database) as session:
            due = due_rows(session, self._account.channel_id, now, without=without)
        background = [row for row in due if row.carrier in BACKGROUND_CARRIERS]
        due = [row for row in due if row.carrier not in BACKGROUND_CARRIERS] + background[:room]
        if not due:
            return []
        return one_by_one.claim(self._database, due, self._features, now, real_now)

    def _record_in_storage(self, answers: list[tuple[OutboxRow, Reply]], untried: list[OutboxRow]) -> None:
        now, real_now = self._clock.now(), self._clock.real_now()
        if answers:
            stops = one_by_one.record(self._database, answers, self._features.on_ended, now, real_now)
            self._record_problem(answers, stops)
        if untried:
            with transaction(self._database) as session:
                hand_back(session, untried)

    def _record_problem(self, answers: list[tuple[OutboxRow, Reply]], stops: set[Stop]) -> None:
        """Say at the channel why sending stands still, and take it back once LINE accepts again."""
        values: dict[str, object] = {}
        accepted = {row.carrier for row, reply in answers if reply.status == 200}
        if stops:
            row, reply = next(each for each in answers if outcome_of(each[1]) in _STANDSTILLS)
            values["problem"] = f"LINE answered {reply.detail}"[:200]
            self._mended_by = EVERYTHING if Stop.SENDER in stops else frozenset({row.carrier})
            log.error("sender_stopped", channel=self._account.name, stops=sorted(stops), detail=reply.detail)
        elif self._mended_by & accepted:
            values["problem"] = None
            self._mended_by = frozenset()
        if Stop.PROMOTIONS in stops:
            values["promotions_stopped_until"] = start_of_next_month(self._clock.now())
        if values:
            channel = update(Channel).where(Channel.id == self._account.channel_id)
            with transaction(self._database) as session:
                session.execute(channel.values(values))

    def _free_claims(self, leased_before: datetime | None) -> None:
        with transaction(self._database) as session:
            freed = free_claims(session, sent_for(self._account.channel_id), leased_before=leased_before)
        if freed:
            log.warning("claims_freed", channel=self._account.name, rows=freed)

    def _read_problem(self) -> bool:
        query = select(Channel.problem).where(Channel.id == self._account.channel_id)
        with reading(self._database) as session:
            return session.scalars(query).one() is not None

    async def _in_storage(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._storage, work, *arguments)
