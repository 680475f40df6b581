"""The routes of the director's drawer: the wire with its causes, deliveries again, and waiting for an end."""

import asyncio
from typing import Any

from aiohttp import web

from app.simulator.causes import told
from app.simulator.clocks import TimeMachine
from app.simulator.dialogs import cookie_of
from app.simulator.json_pages import ROOT, Body, json_answer, json_page
from app.simulator.live import Live
from app.simulator.phones import Impossible
from app.simulator.platform import Platform
from app.simulator.samples import gallery
from app.simulator.webhooks import Webhooks
from app.simulator.wire import Wire

_MOST_WAIT_SECONDS = 60.0
_MOST_AT_ONCE = 5
_SETTLE_SECONDS = 20.0


class Directing:
    """What only somebody who looks behind the stage can do."""

    def __init__(
        self, platform: Platform, wire: Wire, webhooks: Webhooks, live: Live, time_machine: TimeMachine
    ) -> None:
        self._platform = platform
        self._wire = wire
        self._webhooks = webhooks
        self._live = live
        self._time_machine = time_machine

    def routes(self) -> list[web.RouteDef]:
        """See the methods."""
        person = ROOT + "/people/{user_id}"
        return [
            web.get(f"{ROOT}/wire", json_page(self._show_wire)),
            web.post(ROOT + "/events/{event_id}/again", json_page(self._again)),
            web.post(f"{person}/redeliver", json_page(self._redeliver)),
            web.get(f"{person}/messages", self._messages),
            web.post(f"{person}/browser", self._browser),
            web.get(f"{ROOT}/samples", json_page(self._list_samples)),
            web.get(ROOT + "/samples/{name}", self._sample),
            web.get(f"{ROOT}/quota", json_page(self._show_quota)),
            web.post(f"{ROOT}/settle", self._settle),
        ]

    def _show_wire(self, request: web.Request, body: Body) -> Any:
        after = int(request.query.get("after", "0"))
        return {"wire": told(self._wire.crossings, self._platform.config, after)}

    def _again(self, request: web.Request, body: Body) -> Any:
        times = int(body.get("times", 1))
        if not 1 <= times <= _MOST_AT_ONCE:
            raise ValueError(f"times is 1 to {_MOST_AT_ONCE}")
        if not self._webhooks.send_again(request.match_info["event_id"], times):
            raise Impossible("this event is not remembered any more")
        return {}

    def _redeliver(self, request: web.Request, body: Body) -> Any:
        event_id = self._webhooks.last_event_of(request.match_info["user_id"])
        if event_id is None or not self._webhooks.send_again(event_id):
            raise Impossible("nothing has happened yet that could be delivered again")
        return {"event": event_id}

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        """`?after=SEQ&wait=SECONDS`: the chat's entries since then, once the account has said something."""
        chat = request.match_info["user_id"]
        after = int(request.query.get("after", "0"))
        wait = min(float(request.query.get("wait", "0")), _MOST_WAIT_SECONDS)

        def has_answer() -> bool:
            entries = reversed(self._platform.chats.get(chat, ()))
            return any(entry.sender == "bot" for entry in entries if entry.seq > after)

        if wait > 0:
            await self._live.wait_until(has_answer, wait)
        entries = [entry.to_json() for entry in self._platform.chat_of(chat) if entry.seq > after]
        return json_answer({"entries": entries})

    async def _browser(self, request: web.Request) -> web.StreamResponse:
        """From now on the browser that asks is this person's, for LINE's own dialogs."""
        person = self._platform.find_person(request.match_info["user_id"])
        if person is None:
            raise web.HTTPNotFound
        answer = json_answer({})
        answer.headers["Set-Cookie"] = cookie_of(person)
        return answer

    def _list_samples(self, request: web.Request, body: Body) -> Any:
        return {
            "samples": [
                {"kind": each.kind, "name": each.name, "mime": each.mime, "size": len(each.body)}
                for each in gallery().values()
            ]
        }

    async def _sample(self, request: web.Request) -> web.StreamResponse:
        sample = gallery().get(request.match_info["name"])
        if sample is None or sample.kind != "image":
            raise web.HTTPNotFound
        return web.Response(body=sample.body, content_type=sample.mime)

    def _show_quota(self, request: web.Request, body: Body) -> Any:
        quota = self._platform.quota
        return {"limit": quota.limit, "used": quota.spent(self._platform.clock.now())}

    async def _settle(self, request: web.Request) -> web.StreamResponse:
        """Once every webhook is taken and the server has nothing to do."""
        try:
            await asyncio.wait_for(self._webhooks.settle(), _SETTLE_SECONDS)
        except TimeoutError:
            return json_answer({"is_done": False})
        return json_answer({"is_done": await self._time_machine.settle(_SETTLE_SECONDS)})
