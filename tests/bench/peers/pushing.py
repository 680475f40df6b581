"""One way to push, for `count` messages; prints wall and processor seconds as JSON.

python -m tests.bench.peers.pushing WAY PORT COUNT [DATABASE_URL]
"""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import uvloop
from linebot.v3.messaging import (
    ApiClient,
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    MessagingApi,
    PushMessageRequest,
    TextMessage,
)
from sqlalchemy import func, select

from app.clock import Clock
from app.contact.actions import gate
from app.db import Database, open_database, reading
from app.encryption import Encryption
from app.line.client import LineClient
from app.line.sending import LineSession
from app.memory import keep_what_is_loaded
from app.messaging.claims import Features
from app.messaging.models import OutboxMessage
from app.messaging.rules import OutboxStatus
from app.messaging.sender import Account, Sender
from handlers.ended import on_ended
from handlers.rendering import render
from tests.bench.bodies import user_id
from tests.stack import TOKEN
from tests.waiting import wait_until

IN_FLIGHT = 64
WARM = 200


def text_of(number: int) -> str:
    """Another text for every message: nothing is checked only once because it is the same."""
    return f"【見本】ご希望に近い求人が{number}件あります。メニューの「求人」からご覧ください。"


TO = user_id(1)


def sdk_sync(url: str, count: int, _: str) -> None:
    """One client, 64 threads."""
    with ApiClient(Configuration(host=url, access_token=TOKEN)) as client:
        api = MessagingApi(client)

        def push(number: int) -> None:
            api.push_message(
                PushMessageRequest(to=TO, messages=[TextMessage(text=text_of(number))]),
                x_line_retry_key=str(uuid4()),
                _request_timeout=10,
            )

        with ThreadPoolExecutor(IN_FLIGHT) as threads:
            list(threads.map(push, range(count)))


def sdk_async(url: str, count: int, _: str) -> None:
    """The SDK's asynchronous client, 64 in flight."""

    async def run() -> None:
        async with AsyncApiClient(Configuration(host=url, access_token=TOKEN)) as client:
            api = AsyncMessagingApi(client)

            async def push(number: int) -> None:
                await api.push_message(
                    PushMessageRequest(to=TO, messages=[TextMessage(text=text_of(number))]),
                    x_line_retry_key=str(uuid4()),
                    _request_timeout=10,
                )

            await many(push, count)

    uvloop.run(run())


def our_calls(url: str, count: int, _: str) -> None:
    """Our session alone: the SDK's models, posted and answered."""

    async def run() -> None:
        async with LineSession(url, TOKEN) as line:

            async def push(number: int) -> None:
                reply = await line.push(TO, [{"type": "text", "text": text_of(number)}], str(uuid4()))
                if reply.status != 200:
                    raise RuntimeError(f"answered {reply.status} {reply.detail}")

            await many(push, count)

    uvloop.run(run())


async def many(push: Callable[[int], Awaitable[None]], count: int) -> None:
    """Push so often, 64 at a time."""
    numbers = iter(range(count))

    async def one_after_another() -> None:
        for number in numbers:
            await push(number)

    await asyncio.gather(*(one_after_another() for _ in range(IN_FLIGHT)))


def our_sender(url: str, count: int, database_url: str) -> None:
    """The whole sender: gate, claim, pace, call, record. The rows are in the database already."""
    keep_what_is_loaded()
    database = open_database(database_url)
    client = LineClient(url, url, TOKEN)
    account = Account(1, "default", TOKEN, url, url)
    sender = Sender(
        database,
        account,
        Clock(),
        Features(gate(Encryption(["a-key-that-is-long"])), render, on_ended),
        client,
    )
    watching = threading.Thread(target=_stop_at, args=(sender, database, count))
    watching.start()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(sender.run(lambda: True))
    watching.join()
    client.close()
    database.dispose()


def _stop_at(sender: Sender, database: Database, count: int) -> None:
    query = select(func.count()).where(OutboxMessage.status == OutboxStatus.SENT)

    def sent() -> int:
        with reading(database) as session:
            return session.scalars(query).one()

    target = sent() + count
    wait_until(lambda: sent() >= target, 600, lambda: f"{count} messages are sent", every=0.5)
    sender.stop()


WAYS: Mapping[str, Callable[[str, int, str], None]] = {
    "sdk_sync": sdk_sync,
    "sdk_async": sdk_async,
    "our_calls": our_calls,
    "our_sender": our_sender,
}


def main(way: str, port: int, count: int, database_url: str = "") -> None:
    """Warm up where that is possible, then push and tell the time."""
    url = f"http://127.0.0.1:{port}"
    if way != "our_sender":
        WAYS[way](url, WARM, database_url)
    wall, cpu = time.perf_counter(), time.process_time()
    WAYS[way](url, count, database_url)
    found = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
