"""A scripted conversation as values: who is in it, and what happens, step by step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

DEFAULT_PERSON = "架空 花子"


class BadScript(Exception):
    """A script that cannot be played: every fault as `file:line: step N: what`."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Expected:
    """What one message from the account must be like; what is None or empty is not looked at."""

    texts: tuple[str, ...] = ()
    """Each must stand somewhere in the message, in whatever part of it."""
    absent: tuple[str, ...] = ()
    kind: str | None = None
    quick_replies: tuple[str, ...] | None = None
    """All labels, in order; empty: none at all."""
    buttons: tuple[str, ...] = ()
    """Labels that must be among those of its buttons."""
    sender: str | None = None
    within: timedelta | None = None
    """Business time since the last thing anybody did."""


@dataclass(frozen=True)
class Step:
    """One step. `value` is what its verb needs, already read (see reading.VERBS)."""

    number: int
    line: int
    who: str
    verb: str
    value: Any


@dataclass(frozen=True)
class Script:
    """A whole conversation. `source`: what its errors begin with, such as the file's name."""

    source: str
    name: str
    about: str
    people: tuple[str, ...]
    steps: tuple[Step, ...]

    def place(self, step: Step) -> str:
        """Where a step stands, for a reader and for an editor."""
        return f"{self.source}:{step.line}: step {step.number} ({step.verb})"


def flat_texts(message: Any) -> list[str]:
    """Every text that a person can read in a message, in the order of its JSON."""
    if isinstance(message, list):
        return [text for item in message for text in flat_texts(item)]
    if not isinstance(message, Mapping):
        return []
    own = [str(message[name]) for name in _READ if isinstance(message.get(name), str)]
    below = [text for name, item in message.items() if name != "quickReply" for text in flat_texts(item)]
    return own + below


_READ = ("title", "text", "label", "altText")


def flat_actions(message: Any) -> list[Mapping[str, Any]]:
    """Every action with a label inside a message, in order; those of its quick replies too."""
    if isinstance(message, list):
        return [action for item in message for action in flat_actions(item)]
    if not isinstance(message, Mapping):
        return []
    if "type" in message and "label" in message:
        return [message]
    return [action for item in message.values() for action in flat_actions(item)]


def chips_of(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The actions of a message's quick replies."""
    return [item["action"] for item in (message.get("quickReply") or {}).get("items", [])]


def buttons_of(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The actions inside the message itself."""
    return flat_actions({name: value for name, value in message.items() if name != "quickReply"})
