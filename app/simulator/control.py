"""The routes that LINE does not have: for the phone in the browser, the demo and tests."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from app.simulator.faults import Faults, read_fault
from app.simulator.json_pages import ROOT, Body
from app.simulator.json_pages import json_page as _json
from app.simulator.live import Live
from app.simulator.phones import Phones
from app.simulator.platform import Friendship, Person, Platform, person_json

_WRITABLE = "text|sticker|image|video|audio|file|location"


class Control:
    """People, chats, raw events, faults, quota and what was accepted."""

    def __init__(self, platform: Platform, phones: Phones, faults: Faults, reset: Callable[[], None]) -> None:
        self._platform = platform
        self._phones = phones
        self._faults = faults
        self._reset_all = reset

    def routes(self, live: Live) -> list[web.RouteDef]:
        """Everything under /simulator/api."""
        person = ROOT + "/people/{user_id}"
        return [
            web.get(f"{ROOT}/people", _json(self._list_people)),
            web.post(f"{ROOT}/people", _json(self._add_people)),
            web.get(f"{person}/chat", _json(self._chat)),
            web.post(person + "/{act:follow|block|unblock}", _json(self._befriend)),
            web.post(person + "/{kind:" + _WRITABLE + "}", _json(self._write)),
            web.post(f"{person}/unsend", _json(self._unsend)),
            web.post(f"{person}/postback", _json(self._postback)),
            web.post(f"{person}/tap", _json(self._tap)),
            web.get(ROOT + "/content/{id}", self._content),
            web.post(f"{ROOT}/groups", _json(self._join_group)),
            web.post(ROOT + "/groups/{group_id}/text", _json(self._write_in_group)),
            web.get(ROOT + "/groups/{group_id}/chat", _json(self._chat)),
            web.post(f"{ROOT}/events", _json(self._send_raw)),
            web.get(f"{ROOT}/accepted", _json(self._accepted)),
            web.get(f"{ROOT}/counters", _json(self._counters)),
            web.get(f"{ROOT}/faults", _json(self._show_faults)),
            web.post(f"{ROOT}/faults", _json(self._set_faults)),
            web.delete(f"{ROOT}/faults", _json(self._clear_faults)),
            web.post(f"{ROOT}/faults/more", _json(self._add_fault)),
            web.post(f"{ROOT}/latency", _json(self._set_latency)),
            web.post(f"{ROOT}/quota", _json(self._set_quota)),
            web.post(f"{ROOT}/reset", _json(self._reset)),
            web.get(f"{ROOT}/stream", live.stream),
        ]

    def _list_people(self, request: web.Request, body: Body) -> Any:
        account = {"name": self._platform.config.account_name, "id": self._platform.bot_user_id}
        asset_host = self._platform.config.asset_host
        people = [
            person_json(person) | {"last": self._last_said(person.id)}
            for person in self._platform.people.values()
        ]
        return {"account": account, "asset_host": asset_host, "people": people}

    def _last_said(self, user_id: str) -> Any:
        """The newest entry by the account, for the marks on the phones of others; None when there is none."""
        entries = reversed(self._platform.chats.get(user_id, ()))
        return next((entry.to_json() for entry in entries if entry.sender == "bot"), None)

    def _add_people(self, request: web.Request, body: Body) -> Any:
        friendship = Friendship.FRIEND if body.get("following") else Friendship.NONE
        if "count" in body:
            people = [self._add(f"友だち{number + 1}", None, friendship) for number in range(body["count"])]
            return {"people": [person_json(person) for person in people]}
        return person_json(self._add(body["name"], body.get("user_id"), friendship))

    def _add(self, name: str, user_id: str | None, friendship: Friendship) -> Person:
        return self._platform.add_person(name, user_id, friendship)

    def _chat(self, request: web.Request, body: Body) -> Any:
        chat = request.match_info.get("user_id") or request.match_info["group_id"]
        after = int(request.query.get("after", "0"))
        entries = [entry.to_json() for entry in self._platform.chat_of(chat) if entry.seq > after]
        person = self._platform.find_person(chat)
        read_up_to = self._platform.read_up_to.get(chat, 0)
        return {
            "person": person_json(person) if person else None,
            "entries": entries,
            "read_up_to": read_up_to,
        }

    def _befriend(self, request: web.Request, body: Body) -> Any:
        act = {"follow": self._phones.follow, "block": self._phones.block, "unblock": self._phones.unblock}
        return act[request.match_info["act"]](request.match_info["user_id"])

    def _write(self, request: web.Request, body: Body) -> Any:
        return self._phones.write(request.match_info["user_id"], request.match_info["kind"], body).to_json()

    def _unsend(self, request: web.Request, body: Body) -> Any:
        return self._phones.unsend(request.match_info["user_id"], body["message_id"])

    def _postback(self, request: web.Request, body: Body) -> Any:
        action = {"type": "postback", "data": body["data"], "displayText": body.get("display_text")}
        self._phones.tap(request.match_info["user_id"], action, body.get("params"))
        return {}

    def _tap(self, request: web.Request, body: Body) -> Any:
        self._phones.tap(request.match_info["user_id"], body["action"], body.get("params"))
        return {}

    async def _content(self, request: web.Request) -> web.StreamResponse:
        """What a person sent, for their own phone; never run by a browser."""
        content = self._platform.contents.get(request.match_info["id"])
        if content is None or content.is_gone:
            raise web.HTTPNotFound
        is_picture = content.mime.startswith("image/") and content.mime != "image/svg+xml"
        mime = content.mime if is_picture else "application/octet-stream"
        return web.Response(body=content.body, content_type=mime)

    def _join_group(self, request: web.Request, body: Body) -> Any:
        return {"group_id": self._phones.join_group()}

    def _write_in_group(self, request: web.Request, body: Body) -> Any:
        group_id = request.match_info["group_id"]
        return self._phones.write_in_group(group_id, body["user_id"], body["text"]).to_json()

    def _send_raw(self, request: web.Request, body: Body) -> Any:
        self._phones.send_raw(body["events"])
        return {}

    def _accepted(self, request: web.Request, body: Body) -> Any:
        return [call.to_json() for call in self._platform.accepted]

    def _counters(self, request: web.Request, body: Body) -> Any:
        platform = self._platform
        totals = {"accepted": dict(platform.accepted_counts), "refused": dict(platform.refused_counts)}
        return (
            totals if "totals" in request.query else totals | {"delivered": dict(platform.delivered_counts)}
        )

    def _show_faults(self, request: web.Request, body: Body) -> Any:
        faults = [fault.to_json() for fault in self._faults.scripted]
        return {"faults": faults, "latency_ms": self._faults.latency_ms}

    def _set_faults(self, request: web.Request, body: Body) -> Any:
        self._faults.set([read_fault(data) for data in body.get("faults", [])], body.get("latency_ms", 0))
        return self._show_faults(request, body)

    def _add_fault(self, request: web.Request, body: Body) -> Any:
        self._faults.add(read_fault(body))
        return self._show_faults(request, body)

    def _set_latency(self, request: web.Request, body: Body) -> Any:
        self._faults.be_late(body.get("latency_ms"))
        return self._show_faults(request, body)

    def _clear_faults(self, request: web.Request, body: Body) -> Any:
        self._faults.set([])
        return {}

    def _set_quota(self, request: web.Request, body: Body) -> Any:
        self._platform.quota.limit = body.get("limit")
        if "used" in body:
            self._platform.quota.used.clear()
            self._platform.quota.spend(self._platform.clock.now(), body["used"])
        return {"limit": self._platform.quota.limit}

    def _reset(self, request: web.Request, body: Body) -> Any:
        self._reset_all()
        return {}
