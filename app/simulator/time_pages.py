"""The time machine over HTTP: by so much, to a moment, or to the next thing that is due."""

import asyncio
from typing import Any

from aiohttp import web

from app.json_text import from_bytes
from app.simulator.clocks import NoTimeMachine, TimeMachine
from app.simulator.json_pages import ROOT, Body, json_answer, json_page
from app.simulator.under_test import UnderTest


class TimePages:
    """`clock` and `agenda`."""

    def __init__(self, time_machine: TimeMachine, under_test: UnderTest) -> None:
        self._time_machine = time_machine
        self._under_test = under_test

    def routes(self) -> list[web.RouteDef]:
        """GET and POST `clock`, DELETE to stop a journey, GET `agenda`."""
        return [
            web.get(f"{ROOT}/clock", json_page(self._show)),
            web.post(f"{ROOT}/clock", self._advance),
            web.delete(f"{ROOT}/clock", json_page(self._stop)),
            web.get(f"{ROOT}/agenda", self._agenda),
        ]

    def _show(self, request: web.Request, body: Body) -> Any:
        """Now, the offset, and a journey's progress."""
        return self._time_machine.state()

    def _stop(self, request: web.Request, body: Body) -> Any:
        self._time_machine.stop()
        return self._time_machine.state()

    async def _advance(self, request: web.Request) -> web.StreamResponse:
        """`advance_seconds`, `until` (milliseconds) or `to: next`.

        202 at once, or 200 at its end with `wait`; 409 when time cannot be moved.
        """
        try:
            body = from_bytes(await request.read())
            journey = self._time_machine.start(await self._seconds(body))
        except NoTimeMachine as error:
            return json_answer({"message": str(error)}, 409)
        except (KeyError, TypeError, ValueError) as error:
            return json_answer({"message": f"{type(error).__name__}: {error}"}, 400)
        if body.get("wait"):
            await asyncio.shield(journey)
            return json_answer(self._time_machine.state())
        return json_answer(self._time_machine.state(), 202)

    async def _seconds(self, body: Body) -> int:
        if body.get("to") == "next":
            return self._time_machine.seconds_until(await self._next_due())
        if "until" in body:
            return self._time_machine.seconds_until(int(body["until"]))
        return int(body["advance_seconds"])

    async def _next_due(self) -> int:
        """Milliseconds of the next thing that is due later than now."""
        agenda = await self._under_test.agenda({})
        if agenda is None:
            raise NoTimeMachine("the server under test does not say what is due")
        if not agenda["coming"]:
            raise NoTimeMachine("nothing is due")
        return int(agenda["coming"][0]["at"])

    async def _agenda(self, request: web.Request) -> web.StreamResponse:
        """What has happened since `?since=` and what is due, as Goen says it; 409 when it does not."""
        agenda = await self._under_test.agenda(request.query)
        if agenda is None:
            return json_answer({"message": "the server under test does not say what is due"}, 409)
        return json_answer(agenda)
