"""Records what is done in the phones and what the account answers, as a script that can be played again."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from app.clock import in_tokyo
from app.json_text import from_bytes
from app.simulator.platform import Platform
from app.simulator.scripts.script import buttons_of, chips_of, flat_texts

_MOST_LETTERS = 40
_BARE = frozenset({"follow", "block", "unblock", "redeliver"})
_SENT = frozenset({"sticker", "image", "video", "audio", "file", "location"})
_LEFT_OUT = frozenset({"content"})
Step = Any
WebHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Recorder:
    """Looks on while a recording is under way; at other times it only asks whether one is."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.is_recording = False
        self.steps: list[tuple[str, Step]] = []
        """User id (empty: nobody's) and the step."""

    def start(self) -> None:
        """A new recording; what was recorded before is forgotten."""
        self.steps = []
        if not self.is_recording:
            self.is_recording = True
            self._platform.observers.append(self._observe)

    def stop(self) -> None:
        """No more steps; those that there are stay."""
        if self.is_recording:
            self.is_recording = False
            self._platform.observers.remove(self._observe)

    def script(self, name: str, about: str = "") -> dict[str, Any]:
        """The recording as a script's data."""
        ids = list(dict.fromkeys(user for user, _ in self.steps if user))
        names = self._names(ids)
        first = ids[0] if ids else ""
        steps = [step if user in {"", first} else _by(names[user], step) for user, step in self.steps]
        return {"name": name, "about": about, "people": list(names.values()), "steps": steps}

    def watched(self, routes: Iterable[web.RouteDef]) -> list[web.RouteDef]:
        """The same routes; what is posted to them is recorded when it worked."""
        return [
            web.RouteDef(route.method, route.path, self._watching(route.handler), route.kwargs)
            if route.method in {"POST", "DELETE"}
            else route
            for route in routes
        ]

    def _watching(self, handler: Any) -> WebHandler:
        async def handle(request: web.Request) -> web.StreamResponse:
            if not self.is_recording:
                answer: web.StreamResponse = await handler(request)
                return answer
            step = self._step(request, await _body(request))
            place = len(self.steps)
            answer = await handler(request)
            if step is not None and answer.status < 300:
                self.steps.insert(place, (request.match_info.get("user_id", ""), step))
            return answer

        return handle

    def _step(self, request: web.Request, body: Mapping[str, Any]) -> Step | None:
        what = request.path.rsplit("/", 1)[-1]
        if what in _BARE:
            return what
        if what == "text":
            return {"say": body.get("text", "")}
        if what in _SENT:
            fields = {name: value for name, value in body.items() if name not in _LEFT_OUT}
            return {"send": {"kind": what, **fields} if fields else what}
        if what == "unsend":
            return {"unsend": self._words_of(request.match_info["user_id"], body.get("message_id"))}
        writer = _WRITERS.get(what)
        return None if writer is None else writer(body)

    def _words_of(self, user_id: str, message_id: Any) -> str:
        for entry in self._platform.chat_of(user_id):
            if entry.message.get("id") == message_id:
                return str(entry.message.get("text", entry.message["type"]))[:_MOST_LETTERS]
        return ""

    def _observe(self, what: str, data: Mapping[str, Any]) -> None:
        if what == "entry" and data["entry"].sender == "bot" and data["chat"] in self._platform.people:
            self.steps.append((data["chat"], {"expect": _expected(data["entry"].message)}))

    def _names(self, ids: list[str]) -> dict[str, str]:
        """A name for each person, no two the same."""
        names: dict[str, str] = {}
        for user_id in ids:
            person = self._platform.people.get(user_id)
            name = person.name if person is not None else "架空の人"
            names[user_id] = name if name not in names.values() else f"{name} {len(names) + 1}"
        return names


def _expected(message: Mapping[str, Any]) -> dict[str, Any]:
    """What of a message a script should insist on: the kind, its first words, its quick replies and buttons."""
    expected: dict[str, Any] = {}
    if message["type"] != "text":
        expected["type"] = message["type"]
    texts = [message["altText"]] if "altText" in message else flat_texts(message)
    if texts and texts[0].strip():
        expected["text"] = texts[0].strip().splitlines()[0][:_MOST_LETTERS]
    buttons = list(dict.fromkeys(str(action["label"]) for action in buttons_of(message) if action["label"]))
    if buttons:
        expected["buttons"] = buttons[:4]
    expected["quick_replies"] = [str(action.get("label")) for action in chips_of(message)]
    return expected


def _by(name: str, step: Step) -> dict[str, Any]:
    fields = {step: None} if isinstance(step, str) else step
    return {"who": name, **fields}


def _tap(body: Mapping[str, Any]) -> Step:
    """A button; or an area of the rich menu, of which the phone says what it calls it."""
    params = body.get("params")
    if "area" in body:
        area = body.get("label") or int(body["area"]) + 1
        return {"menu": {"label": area, **params} if params else area}
    label = body["action"].get("label") or body["action"].get("text") or ""
    return {"tap": {"label": label, **params} if params else label}


def _clock(body: Mapping[str, Any]) -> Step:
    if body.get("to") == "next":
        return {"until": "next"}
    if "until" in body:
        at = in_tokyo(datetime.fromtimestamp(body["until"] / 1000, UTC))
        return {"until": f"{at:%Y-%m-%d %H:%M}"}
    return {"wait": written_duration(int(body["advance_seconds"]))}


def _faults(body: Mapping[str, Any]) -> Step | None:
    faults = body.get("faults", [])
    return {"fault": dict(faults[-1])} if faults else None


def _quota(body: Mapping[str, Any]) -> Step:
    limit = body.get("limit")
    return {"quota": "none" if limit is None else max(0, int(limit) - int(body.get("used", 0))) or "spent"}


_WRITERS: Mapping[str, Callable[[Mapping[str, Any]], Step | None]] = {
    "tap": _tap,
    "clock": _clock,
    "faults": _faults,
    "quota": _quota,
}


def written_duration(seconds: int) -> str:
    """`1d 2h`, as values.read_duration reads it."""
    parts = []
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts)


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = from_bytes(await request.read() or b"{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
