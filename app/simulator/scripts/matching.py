"""Whether a message is the expected one, and how it differs (pure)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from app.simulator.scripts.script import Expected, buttons_of, chips_of, flat_texts

_MOST_LETTERS = 300


def differences(expected: Expected, message: Mapping[str, Any], took: timedelta) -> list[str]:
    """Pairs of lines, `- what was expected` and `+ what came`; empty when it is as expected.

    `took`: business time since the last thing anybody did.
    """
    texts = flat_texts(message)
    whole = "\n".join(texts)
    found: list[str] = []
    if expected.kind not in {None, message.get("type")}:
        found += [f"- type: {expected.kind}", f"+ type: {message.get('type')}"]
    missing = [text for text in expected.texts if text not in whole]
    if missing:
        found += [*(f"- text with: {text}" for text in missing), f"+ text: {_short(texts)}"]
    found += [f"- text without: {text}\n+ text: {_short(texts)}" for text in expected.absent if text in whole]
    found += _label_differences(expected, message)
    sender = (message.get("sender") or {}).get("name")
    if expected.sender not in {None, sender}:
        found += [f"- sender: {expected.sender}", f"+ sender: {sender or '(the account)'}"]
    if expected.within is not None and took > expected.within:
        found += [f"- within: {_spoken(expected.within)}", f"+ after: {_spoken(took)}"]
    return found


def _label_differences(expected: Expected, message: Mapping[str, Any]) -> list[str]:
    chips = tuple(str(action.get("label")) for action in chips_of(message))
    found: list[str] = []
    if expected.quick_replies is not None and chips != expected.quick_replies:
        found += [f"- quick replies: {_row(expected.quick_replies)}", f"+ quick replies: {_row(chips)}"]
    buttons = [str(action.get("label")) for action in buttons_of(message)]
    missing = [label for label in expected.buttons if label not in buttons]
    if missing:
        found += [f"- buttons: {_row(missing)}", f"+ buttons: {_row(buttons)}"]
    return found


def described(message: Mapping[str, Any]) -> str:
    """A message in one line, for errors."""
    return f"{message.get('type')}: {_short(flat_texts(message))}"


def _short(texts: Sequence[str]) -> str:
    whole = " / ".join(" ".join(text.split()) for text in texts)
    return whole if len(whole) <= _MOST_LETTERS else f"{whole[:_MOST_LETTERS]}…"


def _row(labels: Sequence[str]) -> str:
    return " | ".join(labels) if labels else "(none)"


def _spoken(duration: timedelta) -> str:
    return str(timedelta(seconds=round(duration.total_seconds(), 1)))
