"""The live view: server-sent events for phones, and waiting for something to happen."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from app.json_text import to_bytes
from app.simulator.platform import Platform

_HEARTBEAT_SECONDS = 15.0
_KEPT = 1000
_SIGNALS = frozenset({"call", "clock", "reset", "ring"})
"""Say only that something moved: one waiting signal of a kind is enough."""
_PRIVATE = frozenset({"loading", "menu", "sms", "read"})
"""Told to one person's phone only."""


class Live:
    """Looks on while somebody listens; costs nothing while nobody does."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._listeners: set[_Listener] = set()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """`?person=`: entries, unsent notes and states of one person; `call` whenever the wire moved, `ring`
        whenever somebody else's chat did.

        An entry's id is its `seq`: a phone that comes back with Last-Event-ID gets what it missed.
        """
        person = request.query.get("person", "")
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        with self._listening(person) as listener:
            await response.prepare(request)
            await response.write(b"retry: 500\n\n")
            await self._catch_up(request, response, person)
            await listener.pump(response)
        return response

    async def close(self, app: web.Application) -> None:
        """End all streams, so that the server can stop."""
        for listener in tuple(self._listeners):
            listener.stop()

    async def wait_until(self, is_so: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is so, looking again at every change; False when the time is over."""
        changed = asyncio.Event()

        def observe(what: str, data: Mapping[str, Any]) -> None:
            changed.set()

        self._platform.observers.append(observe)
        try:
            async with asyncio.timeout(seconds):
                while not is_so():
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            return is_so()
        finally:
            self._platform.observers.remove(observe)
        return True

    @contextmanager
    def _listening(self, person: str) -> Iterator["_Listener"]:
        listener = _Listener(person, asyncio.current_task())
        self._platform.observers.append(listener.observe)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._platform.observers.remove(listener.observe)
            self._listeners.discard(listener)

    async def _catch_up(self, request: web.Request, response: web.StreamResponse, person: str) -> None:
        last = request.headers.get("Last-Event-ID", "")
        if not last.isdecimal():
            return
        for entry in self._platform.chat_of(person):
            if entry.seq > int(last):
                await response.write(_event("entry", entry.to_json(), entry.seq))


class _Listener:
    """One open stream: what it still has to be told."""

    def __init__(self, person: str, task: "asyncio.Task[Any] | None") -> None:
        self._person = person
        self._task = task
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(_KEPT)
        self._told: set[str] = set()

    def observe(self, what: str, data: Mapping[str, Any]) -> None:
        """Queue what happened; many calls in a row are one. Who cannot keep up is sent away to come again."""
        if what == "entry" and data["chat"] != self._person:
            what, data = "ring", {}
        if what in self._told:
            return
        frame = _frame(what, data, self._person)
        if frame is None:
            return
        if self._queue.full():
            self.stop()
            return
        if what in _SIGNALS:
            self._told.add(what)
        self._queue.put_nowait(frame)

    def stop(self) -> None:
        """End the stream."""
        if self._task is not None:
            self._task.cancel()

    async def pump(self, response: web.StreamResponse) -> None:
        """Write until the other side goes away."""
        while True:
            try:
                frame = await asyncio.wait_for(self._queue.get(), _HEARTBEAT_SECONDS)
            except TimeoutError:
                frame = b": still here\n\n"
            if self._queue.empty():
                self._told.clear()
            try:
                await response.write(frame)
            except ConnectionError:
                return


def _frame(what: str, data: Mapping[str, Any], person: str) -> bytes | None:
    """What one phone is told; None when it is not its business."""
    if what in {"entry", "unsent"}:
        if data["chat"] != person:
            return None
        entry = data["entry"]
        return _event(what, entry.to_json(), entry.seq if what == "entry" else None)
    if what in _PRIVATE and data["chat"] != person:
        return None
    return _event(what, data)


def _event(what: str, data: Any, number: int | None = None) -> bytes:
    lines = b"event: %s\ndata: %s\n" % (what.encode(), to_bytes(data))
    return (b"id: %d\n" % number if number is not None else b"") + lines + b"\n"
