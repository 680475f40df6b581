"""How the values of a script's steps are written: durations, moments, and one reader for each verb (pure)."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from app.simulator.scripts.script import Expected

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([dhms])")
_KINDS = ("sticker", "image", "video", "audio", "file", "location")
_PICKED = ("date", "time", "datetime")
_EXPECTED = ("text", "not_text", "type", "quick_replies", "buttons", "sender", "within")
_MESSAGE_TYPES = (
    "text",
    "textV2",
    "sticker",
    "image",
    "video",
    "audio",
    "location",
    "imagemap",
    "template",
    "flex",
)


class BadValue(ValueError):
    """A value that makes no sense; the text says what would."""


def read_duration(value: Any) -> timedelta:
    """`90s`, `15m`, `2h`, `3d`, or several: `1d 2h`. Errors: BadValue."""
    text = str(value).strip()
    if not text or _DURATION.sub("", text).strip():
        raise BadValue(f"{value!r} is not a duration: write 90s, 15m, 2h, 3d, or several of them")
    parts = {_UNITS[unit]: float(number) for number, unit in _DURATION.findall(text)}
    duration = timedelta(**parts)
    if duration <= timedelta(0):
        raise BadValue("a duration is longer than nothing")
    return duration


def read_moment(value: Any) -> time | datetime | str:
    """`09:00` (the next one), a date, a date with time (Tokyo), or `next` (the next due thing)."""
    if value == "next":
        return "next"
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - Tokyo's, made so by the player
    for read in (time.fromisoformat, datetime.fromisoformat):
        try:
            return read(str(value))
        except ValueError:
            continue
    raise BadValue(f"{value!r} is not a moment: write 09:00, 2026-12-24, 2026-12-24 09:00, or next")


def read_nothing(value: Any) -> None:
    """A step that says all by its name."""
    if value not in (None, True):
        raise BadValue("this step takes no value")


def read_text(value: Any) -> str:
    """A text that is not empty."""
    if not isinstance(value, str | int | float) or isinstance(value, bool) or not str(value):
        raise BadValue("a text is expected")
    return str(value)


def read_tap(value: Any) -> dict[str, Any]:
    """A label; or `{label, date | time | datetime}` for a picker."""
    if not isinstance(value, Mapping):
        return {"label": read_text(value), "params": None}
    _only(value, ("label", *_PICKED))
    params = {name: str(value[name]).replace(" ", "T")[:16] for name in _PICKED if name in value}
    return {"label": read_text(value.get("label")), "params": params or None}


def read_menu(value: Any) -> dict[str, Any]:
    """What is tapped on the rich menu: its words, or the area's number from 1; a picker as in read_tap."""
    if isinstance(value, int):
        return {"area": value, "params": None}
    tapped = read_tap(value)
    return {"area": tapped["label"], "params": tapped["params"]}


def read_sent(value: Any) -> dict[str, Any]:
    """A kind of message, or `{kind, and its fields}`, as in `{kind: sticker, keywords: [OK]}`."""
    fields = dict(value) if isinstance(value, Mapping) else {"kind": value}
    if fields.get("kind") not in _KINDS:
        raise BadValue(f"{fields.get('kind')!r} cannot be sent: {', '.join(_KINDS)}")
    return fields


def read_expected(value: Any) -> tuple[Expected, ...]:
    """One message, or a list of messages in their order."""
    items = value if isinstance(value, list) else [value]
    if not items:
        raise BadValue("nothing is expected: write expect_nothing")
    return tuple(_expected(item) for item in items)


def read_fault(value: Any) -> Mapping[str, Any] | None:
    """A fault as the drawer makes it, `{endpoint, kind, times …}`; `none` ends all."""
    if value == "none":
        return None
    if not isinstance(value, Mapping) or not {"endpoint", "kind"} <= set(value):
        raise BadValue("a fault has endpoint and kind; none ends all faults")
    return dict(value)


def read_quota(value: Any) -> int | str:
    """`spent`, `none` (no limit), or how many messages are left."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if value in ("spent", "none"):
        return str(value)
    raise BadValue("a quota is spent, none, or how many messages are left")


def _expected(item: Any) -> Expected:
    if isinstance(item, str):
        return Expected(texts=(item,))
    if not isinstance(item, Mapping):
        raise BadValue("a message is expected by a text, or by text, type, quick_replies, buttons …")
    _only(item, _EXPECTED)
    kind = item.get("type")
    if kind is not None and kind not in _MESSAGE_TYPES:
        raise BadValue(f"{kind!r} is not a type of message: {', '.join(_MESSAGE_TYPES)}")
    chips = item.get("quick_replies")
    return Expected(
        texts=_texts(item.get("text")),
        absent=_texts(item.get("not_text")),
        kind=kind,
        quick_replies=None if chips is None else _texts(chips),
        buttons=_texts(item.get("buttons")),
        sender=item.get("sender"),
        within=read_duration(item["within"]) if "within" in item else None,
    )


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(read_text, value)) if isinstance(value, list) else (read_text(value),)


def _only(value: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in value:
        if name not in known:
            raise BadValue(f"{name!r} is not known here: {', '.join(known)}")


VERBS: Mapping[str, Callable[[Any], Any]] = {
    "follow": read_nothing,
    "block": read_nothing,
    "unblock": read_nothing,
    "say": read_text,
    "tap": read_tap,
    "menu": read_menu,
    "send": read_sent,
    "unsend": read_text,
    "expect": read_expected,
    "expect_nothing": read_nothing,
    "skip": read_nothing,
    "wait": read_duration,
    "until": read_moment,
    "fault": read_fault,
    "quota": read_quota,
    "redeliver": read_nothing,
}
"""What a step can be, and how its value is read."""
