"""A sender of our own beside a simulated LINE: rows in, calls out, on either database."""

import asyncio
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.clock import Clock
from app.contact.actions import gate
from app.db import Database, reading, transaction
from app.encryption import Encryption
from app.friends.models import Friend
from app.line.client import LineClient
from app.messaging.claims import Features, claim_rows
from app.messaging.due import due_rows
from app.messaging.models import Channel, OutboxMessage
from app.messaging.outbox import NewOutboxMessage, OutboxRow, enqueue
from app.messaging.rules import Carrier, OutboxStatus, Purpose, reply_deadline
from app.messaging.sender import Account, Sender
from app.simulator.clocks import write_offset
from app.simulator.running import RunningSimulator
from handlers.ended import on_ended
from handlers.rendering import render
from tests.stack import TOKEN
from tests.waiting import wait_until

PATIENCE_SECONDS = 30


@dataclass
class Sending:
    """Rows, people, and senders that can be started and stopped. Dedupe keys name the rows."""

    line: RunningSimulator
    database: Database
    clock_file: Path
    channel_id: int
    features: Features = field(
        default_factory=lambda: Features(gate(Encryption(["a-key-that-is-long"])), render, on_ended)
    )
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _sender: Sender | None = None

    @property
    def clock(self) -> Clock:
        return Clock(self.clock_file)

    def friend(self, **columns: Any) -> Friend:
        """Somebody who follows the account, at LINE and here."""
        user_id = self.line.add_person("架空 花子", is_friend=True)
        now = self.clock.now()
        values = {"followed_at": now, **columns}
        with transaction(self.database) as session:
            friend = Friend(channel_id=self.channel_id, line_user_id=user_id, created_at=now, **values)
            session.add(friend)
            return friend

    def push(self, friend: Friend, text: str = "お知らせ", **values: Any) -> str:
        """A waiting push; its key."""
        return self.add(Carrier.PUSH, friend, {"messages": [message(text)]}, **values)

    def reply(self, friend: Friend, *, age: timedelta = timedelta(0), known: bool = True) -> str:
        """A waiting reply to an event of this age; `known`: LINE knows its token."""
        token = f"invented-token-{next(self._numbers)}"
        if known:
            self.line.accept_reply_token(token, friend.line_user_id)
        at = self.clock.now() - age
        body = {"messages": [message("お返事")]}
        until = reply_deadline(at, at)
        return self.add(Carrier.REPLY, friend, body, reply_token=token, reply_until=until)

    def add(self, carrier: Carrier, friend: Friend | None, body: Mapping[str, Any], **values: Any) -> str:
        """A waiting row; its key."""
        key = f"invented:{next(self._numbers)}"
        row = NewOutboxMessage(
            carrier,
            self.channel_id,
            key,
            body,
            friend_id=None if friend is None else friend.id,
            recipient=None if friend is None else friend.line_user_id,
        )
        with transaction(self.database) as session:
            enqueue(session, [replace(row, **values)], self.clock.now())
        self.wake()
        return key

    def row(self, key: str) -> OutboxMessage:
        """The row as it is now."""
        with reading(self.database) as session:
            return session.scalars(select(OutboxMessage).where(OutboxMessage.dedupe_key == key)).one()

    def rows(self) -> Sequence[OutboxMessage]:
        """All rows, oldest first."""
        with reading(self.database) as session:
            return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()

    def channel(self) -> Channel:
        """The account as it is now."""
        with reading(self.database) as session:
            return session.get_one(Channel, self.channel_id)

    def wait_for(self, key: str, *statuses: OutboxStatus) -> OutboxMessage:
        """The row once it has one of these states, `sent` if none is named."""
        wanted = statuses or (OutboxStatus.SENT,)
        wait_until(lambda: self.row(key).status in wanted, PATIENCE_SECONDS, lambda: str(vars(self.row(key))))
        return self.row(key)

    def wait_for_try(self, key: str) -> OutboxMessage:
        """The row once an attempt has failed and the next is planned."""

        def is_put_off() -> bool:
            row = self.row(key)
            return row.status == OutboxStatus.WAITING and row.reason is not None

        wait_until(is_put_off, PATIENCE_SECONDS, lambda: str(vars(self.row(key))))
        return self.row(key)

    def later(self, seconds: int) -> None:
        """Move business time on."""
        write_offset(self.clock_file, int(self.clock.offset().total_seconds()) + seconds)
        self.wake()

    def wake(self) -> None:
        """As the worker does at every commit."""
        if self._sender is not None:
            self._sender.wake()

    def claim(self, *, ago: timedelta = timedelta(0)) -> list[OutboxRow]:
        """Claim what is due, as a sender does that dies right afterwards."""
        now = self.clock.now()
        with transaction(self.database) as session:
            due = due_rows(session, self.channel_id, now)
            return claim_rows(session, due, self.features, now, self.clock.real_now() - ago)

    @contextmanager
    def running(self, stop_seconds: float = 60.0) -> Iterator[None]:
        """A sender works meanwhile; its errors are ours."""
        account = Account(self.channel_id, "default", TOKEN, self.line.url, self.line.url)
        client = LineClient(self.line.url, self.line.url, TOKEN)
        sender = Sender(self.database, account, self.clock, self.features, client, stop_seconds)
        errors: list[BaseException] = []

        def work() -> None:
            try:
                asyncio.run(sender.run(lambda: True))
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=work, name="sender")
        thread.start()
        self._sender = sender
        try:
            yield
        finally:
            self._sender = None
            sender.stop()
            thread.join()
            client.close()
        assert errors == []


def message(text: str) -> dict[str, Any]:
    """A text message."""
    return {"type": "text", "text": text}


def texts_to(line: RunningSimulator, friend: Friend) -> list[str]:
    """What reached this person, in order."""
    return [each["text"] for each in line.messages_to(friend.line_user_id)]


def promotion(now: datetime) -> dict[str, Any]:
    """Values of a row that advertises."""
    return {"purpose": Purpose.PROMOTION, "expires_at": now + timedelta(hours=24)}
