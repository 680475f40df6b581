"""Webhooks: signed delivery to the server under test, and redelivery until it says 2xx."""

import asyncio
from collections.abc import Coroutine, Sequence
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from app.json_text import to_bytes
from app.line.signature import sign
from app.simulator.events import Event
from app.simulator.faults import Faults
from app.simulator.platform import Platform
from app.simulator.wire import Crossing, Wire

_FORGED = "a secret that is nobody's"


class Webhooks:
    """Posts events in background tasks, many at once; LINE promises no order and neither does this."""

    def __init__(self, platform: Platform, faults: Faults, wire: Wire) -> None:
        self._platform = platform
        self._config = platform.config
        self._faults = faults
        self._wire = wire
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._sent: dict[str, Event] = {}
        self.url = platform.config.webhook_url

    async def open(self) -> None:
        """Needs the running loop."""
        timeout = aiohttp.ClientTimeout(total=self._config.webhook_timeout)
        connector = aiohttp.TCPConnector(limit=100)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=connector)

    async def close(self) -> None:
        """Give up what is under way."""
        self.forget()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def send(self, events: Sequence[Event]) -> None:
        """Start to deliver these events in one request."""
        for event in events:
            self._remember(event)
        self._start(self._deliver([dict(event) for event in events]))

    def send_again(self, webhook_event_id: str, times: int = 1) -> bool:
        """Deliver an event once more, or several times at the same moment; False when it is not known."""
        event = self._sent.get(webhook_event_id)
        if event is None:
            return False
        for _ in range(times):
            self._start(self._deliver([{**event, "deliveryContext": {"isRedelivery": True}}]))
        return True

    def last_event_of(self, user_id: str) -> str | None:
        """The id of the last event that this person caused."""
        for event_id, event in reversed(self._sent.items()):
            if event.get("source", {}).get("userId") == user_id:
                return event_id
        return None

    def _remember(self, event: Event) -> None:
        event_id = event.get("webhookEventId")
        if event_id is None:
            return
        self._sent[event_id] = dict(event)
        if len(self._sent) > self._config.kept_wire:
            del self._sent[next(iter(self._sent))]

    def _start(self, delivery: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(delivery)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def probe(self, url: str) -> tuple[int, str, str]:
        """Post a signed webhook without events: status (0 without an answer), LINE's reason, and detail."""
        body = to_bytes({"destination": self._platform.bot_user_id, "events": []})
        crossing = self._begin(body, [])
        status, reason, detail = await self._probe(url, body)
        self._wire.end(crossing, status, b"", note=f"test: {reason}")
        return status, reason, detail

    async def _probe(self, url: str, body: bytes) -> tuple[int, str, str]:
        if self._session is None:
            return 0, "UNCLASSIFIED", "not started"
        try:
            headers = self._headers(sign(body, self._config.channel_secret))
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                await response.read()
                is_taken = response.status == 200
                return response.status, "OK" if is_taken else "ERROR_STATUS_CODE", str(response.status)
        except TimeoutError:
            return 0, "REQUEST_TIMEOUT", "no response in time"
        except aiohttp.ClientConnectorError as error:
            return 0, "COULD_NOT_CONNECT", type(error).__name__
        except aiohttp.ClientError as error:
            return 0, "UNCLASSIFIED", type(error).__name__

    def forget(self) -> None:
        """Give up every delivery and redelivery that is still to come."""
        for task in self._tasks:
            task.cancel()

    async def settle(self) -> None:
        """Wait until every delivery has been taken or given up."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _deliver(self, events: list[Event]) -> None:
        tries = self._config.most_deliveries if self._config.has_redelivery else 1
        for number in range(tries):
            if number:
                await asyncio.sleep(self._wait_before(number))
                for event in events:
                    event["deliveryContext"] = {"isRedelivery": True}
            if await self._attempt(events):
                return

    def _wait_before(self, number: int) -> float:
        waits = self._config.redelivery_waits
        return waits[min(number, len(waits)) - 1]

    async def _attempt(self, events: list[Event]) -> bool:
        """One delivery; True when nothing more is to be done."""
        fault = self._faults.strike("webhook")
        kind = fault.kind if fault else ""
        if fault and fault.latency_ms:
            await asyncio.sleep(fault.latency_ms / 1000)
        if kind == "drop":
            self._wire.end(self._begin(b"", events), 0, b"", note="dropped")
            return True
        if kind == "twice":
            return any(await asyncio.gather(self._post(events), self._post(events)))
        is_taken = await self._post(events, self._secret_for(kind))
        return is_taken and kind != "lost_answer"

    def _secret_for(self, kind: str) -> str:
        """What this delivery is signed with."""
        if kind == "forged":
            return _FORGED
        if kind == "older_secret" and self._config.older_secrets:
            return self._config.older_secrets[0]
        return self._config.channel_secret

    async def _post(self, events: list[Event], secret: str | None = None) -> bool:
        body = to_bytes({"destination": self._platform.bot_user_id, "events": events})
        crossing = self._begin(body, events)
        crossing.signature = sign(body, secret or self._config.channel_secret)
        if self.url is None or self._session is None:
            self._wire.end(crossing, 0, b"", note="no webhook address")
            return True
        headers = self._headers(crossing.signature)
        started = perf_counter()
        try:
            async with self._session.post(
                self.url, data=body, headers=headers, allow_redirects=False
            ) as response:
                answer = await response.read()
                self._wire.end(crossing, response.status, answer)
                return 200 <= response.status < 300
        except (aiohttp.ClientError, TimeoutError) as error:
            self._wire.end(crossing, 0, b"", note=type(error).__name__)
            return False
        finally:
            crossing.milliseconds = (perf_counter() - started) * 1000
            self._platform.tell("call", {})

    def _headers(self, signature: str) -> dict[str, str]:
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "LineBotWebhook/2.0",
            "X-Line-Signature": signature,
        }

    def _begin(self, body: bytes, events: list[Event]) -> Crossing:
        now = self._platform.clock.now()
        for event in events:
            token = self._platform.reply_tokens.get(event.get("replyToken", ""))
            if token is not None:
                token.delivered_at = now
        path = urlsplit(self.url).path if self.url else ""
        return self._wire.begin("webhook", self._platform.clock.real_now(), "POST", path, body)
