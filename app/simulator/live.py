"""The live view: server-sent events for phones, and waiting for something to happen."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from app.simulator.json_text import to_bytes
from app.simulator.platform import Platform

_HEARTBEAT_SECONDS = 15.0
_KEPT = 1000


class Live:
    """Looks on while somebody listens; costs nothing while nobody does."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._tasks: set[asyncio.Task[Any]] = set()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """`?person=`: entries, unsent notes and states of one person; `call` whenever the wire moved.

        An entry's id is its `seq`: a phone that comes back with Last-Event-ID gets what it missed.
        """
        person = request.query.get("person", "")
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        with self._listening(person) as queue:
            await response.prepare(request)
            await response.write(b"retry: 500\n\n")
            await self._catch_up(request, response, person)
            await self._pump(queue, response)
        return response

    async def close(self, app: web.Application) -> None:
        """End all streams, so that the server can stop."""
        for task in tuple(self._tasks):
            task.cancel()

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
    def _listening(self, person: str) -> Iterator["asyncio.Queue[bytes]"]:
        queue: asyncio.Queue[bytes] = asyncio.Queue(_KEPT)
        task = asyncio.current_task()

        def observe(what: str, data: Mapping[str, Any]) -> None:
            frame = _frame(what, data, person)
            if frame is not None and not queue.full():
                queue.put_nowait(frame)

        self._platform.observers.append(observe)
        if task is not None:
            self._tasks.add(task)
        try:
            yield queue
        finally:
            self._platform.observers.remove(observe)
            if task is not None:
                self._tasks.discard(task)

    async def _catch_up(self, request: web.Request, response: web.StreamResponse, person: str) -> None:
        last = request.headers.get("Last-Event-ID", "")
        if not last.isdecimal():
            return
        for entry in self._platform.chat_of(person):
            if entry.seq > int(last):
                await response.write(_event("entry", entry.to_json(), entry.seq))

    async def _pump(self, queue: "asyncio.Queue[bytes]", response: web.StreamResponse) -> None:
        while True:
            try:
                frame = await asyncio.wait_for(queue.get(), _HEARTBEAT_SECONDS)
            except TimeoutError:
                frame = b": still here\n\n"
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
    if what == "loading" and data["chat"] != person:
        return None
    return _event(what, data)


def _event(what: str, data: Any, number: int | None = None) -> bytes:
    lines = b"event: %s\ndata: %s\n" % (what.encode(), to_bytes(data))
    return (b"id: %d\n" % number if number is not None else b"") + lines + b"\n"
