"""Plays a script on a running simulator, and tells the first thing that is not as expected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.simulator.scripts.matching import described, differences
from app.simulator.scripts.moments import next_moment
from app.simulator.scripts.phone_line import PhoneLine, PhoneRefused
from app.simulator.scripts.script import (
    Expected,
    Script,
    Step,
    buttons_of,
    chips_of,
)

PATIENCE_SECONDS = 20.0
Entry = Mapping[str, Any]


class ScriptFailed(Exception):
    """A step that could not be done, or a message that was not the expected one; the text is the whole story."""


@dataclass
class _Phone:
    """One person of the script."""

    person: str
    seen: int = 0
    """The last entry that a step has looked at."""
    acted_at: int = 0
    """Business time in milliseconds."""
    unread: list[Entry] = field(default_factory=list)
    """What the account has said and no step has expected yet."""
    said: list[Entry] = field(default_factory=list)
    """All entries, oldest first."""


class Player:
    """Everybody in one script, with fresh phones. `told` hears of each step that went well."""

    def __init__(
        self, line: PhoneLine, script: Script, told: Callable[[Step], None] = lambda step: None
    ) -> None:
        self._line = line
        self._script = script
        self._told = told
        self._phones: dict[str, _Phone] = {}
        self._verbs: Mapping[str, Callable[[_Phone, Any], None]] = {
            "say": lambda phone, text: self._act(phone, "text", {"text": text}),
            "tap": self._tap,
            "menu": self._menu,
            "send": self._send,
            "unsend": self._unsend,
            "expect": self._expect,
            "expect_nothing": self._expect_nothing,
            "skip": self._skip,
            "wait": lambda phone, duration: self._travel({"advance_seconds": int(duration.total_seconds())}),
            "until": self._until,
            "fault": self._fault,
            "quota": self._quota,
            "redeliver": lambda phone, value: self._line.redeliver(phone.person),
        }

    def play(self) -> None:
        """All steps in order; in the end nothing may be left that no step expected. Errors: ScriptFailed."""
        now = self._line.now()
        for name in self._script.people:
            self._phones[name] = _Phone(self._line.add_person(name), acted_at=now)
        try:
            for step in self._script.steps:
                self._do(step)
                self._told(step)
        finally:
            self._line.set_faults([])
        self._end()

    def people(self) -> list[str]:
        """The ids of who has been made for this script."""
        return [phone.person for phone in self._phones.values()]

    def _do(self, step: Step) -> None:
        phone = self._phones[step.who]
        try:
            verb = self._verbs.get(step.verb)
            if verb is None:
                self._act(phone, step.verb, {})
            else:
                verb(phone, step.value)
        except PhoneRefused as error:
            raise ScriptFailed(f"{self._script.place(step)}: {error}") from None
        except ScriptFailed as error:
            raise ScriptFailed(f"{self._script.place(step)}: {error}") from None

    def _act(self, phone: _Phone, what: str, body: Mapping[str, Any]) -> None:
        phone.acted_at = self._line.now()
        self._line.act(phone.person, what, body)

    def _tap(self, phone: _Phone, value: Mapping[str, Any]) -> None:
        self._read(phone)
        action = _find_action(phone.said, value["label"])
        self._act(phone, "tap", {"action": dict(action), "params": value["params"]})

    def _menu(self, phone: _Phone, value: Mapping[str, Any]) -> None:
        areas = (self._line.menu(phone.person).get("menu") or {}).get("areas", [])
        body = {"area": _find_area(areas, value["area"]), "params": value["params"]}
        self._act(phone, "menu/tap", body)

    def _send(self, phone: _Phone, value: Mapping[str, Any]) -> None:
        self._act(phone, value["kind"], {name: item for name, item in value.items() if name != "kind"})

    def _unsend(self, phone: _Phone, text: str) -> None:
        self._read(phone)
        for entry in reversed(phone.said):
            message = entry["message"]
            if entry["from"] == "user" and text in str(message.get("text", message["type"])):
                self._act(phone, "unsend", {"message_id": message["id"]})
                return
        raise ScriptFailed(f"there is no own message with {text!r}")

    def _expect(self, phone: _Phone, expected: tuple[Expected, ...]) -> None:
        for number, each in enumerate(expected, start=1):
            where = f" (message {number} of {len(expected)})" if len(expected) > 1 else ""
            entry = self._next(phone)
            if entry is None:
                wanted = ", ".join(each.texts) or each.kind or "any"
                raise ScriptFailed(f"no message came within {PATIENCE_SECONDS:g} s{where}\n  - {wanted}")
            took = timedelta(milliseconds=max(0, entry["at"] - phone.acted_at))
            found = differences(each, entry["message"], took)
            if found:
                lines = "\n".join(f"  {line}" for line in "\n".join(found).splitlines())
                raise ScriptFailed(f"the message is not the expected one{where}\n{lines}")

    def _expect_nothing(self, phone: _Phone, value: None) -> None:
        self._settle()
        self._read(phone)
        if phone.unread:
            lines = "\n".join(f"  + {described(entry['message'])}" for entry in phone.unread)
            raise ScriptFailed(f"nothing was expected\n{lines}")

    def _skip(self, phone: _Phone, value: None) -> None:
        self._settle()
        self._read(phone)
        phone.unread.clear()

    def _until(self, phone: _Phone, moment: Any) -> None:
        if moment == "next":
            self._travel({"to": "next"})
        else:
            self._travel({"until": next_moment(moment, self._line.now())})

    def _fault(self, phone: _Phone, fault: Mapping[str, Any] | None) -> None:
        self._line.set_faults([] if fault is None else [fault])

    def _quota(self, phone: _Phone, left: int | str | None) -> None:
        number = {"spent": 0, "none": None}.get(left, left) if isinstance(left, str) else left
        self._line.set_quota({"limit": number, "used": 0})

    def _travel(self, body: Mapping[str, Any]) -> None:
        self._settle()
        self._line.travel(body)

    def _settle(self) -> None:
        if not self._line.settle():
            raise ScriptFailed("what was under way did not come to an end")

    def _next(self, phone: _Phone) -> Entry | None:
        if not phone.unread:
            self._read(phone, wait=PATIENCE_SECONDS)
        return phone.unread.pop(0) if phone.unread else None

    def _read(self, phone: _Phone, wait: float = 0) -> None:
        for entry in self._line.chat(phone.person, after=phone.seen, wait=wait):
            phone.seen = max(phone.seen, entry["seq"])
            phone.said.append(entry)
            if entry["from"] == "bot":
                phone.unread.append(entry)

    def _end(self) -> None:
        last = self._script.steps[-1]
        for phone in self._phones.values():
            try:
                self._expect_nothing(phone, None)
            except ScriptFailed as error:
                place = self._script.place(last)
                raise ScriptFailed(f"{place}: after the last step: {error}") from None


def _find_action(said: list[Entry], label: str) -> Mapping[str, Any]:
    """What a tap on this label means: a quick reply of the last message, else the newest such button."""
    chips = chips_of(said[-1]["message"]) if said and said[-1]["from"] == "bot" else []
    shown = [entry["message"] for entry in reversed(said) if entry["from"] == "bot"]
    for action in (*chips, *(action for message in shown for action in buttons_of(message))):
        if action.get("label") == label:
            return action
    there = [str(action.get("label")) for action in (*chips, *(buttons_of(shown[0]) if shown else ()))]
    raise ScriptFailed(f"there is no button {label!r}\n  + buttons: {' | '.join(there) or '(none)'}")


def _find_area(areas: list[dict[str, Any]], wanted: int | str) -> int:
    """An area of the rich menu by its number from 1, or by the words of its action; its index."""
    for index, area in enumerate(areas):
        action = area["action"]
        if wanted in {index + 1, action.get("label"), action.get("text"), action.get("displayText")}:
            return index
    labels = [str(area["action"].get("label", area["action"]["type"])) for area in areas]
    raise ScriptFailed(f"the menu has no area {wanted!r}\n  + areas: {' | '.join(labels) or '(no menu)'}")
