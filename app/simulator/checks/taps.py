"""Shapes of action objects: what a button may do, by the place where the button is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.simulator.checks.shapes import (
    FINE,
    INVALID,
    Address,
    ByType,
    Faults,
    Record,
    Shape,
    Text,
    choice,
    fault,
)

_URI = Address(most=1000, schemes=frozenset({"http", "https", "line", "tel"}))
_DATA = Text(300, least=0)
_SPOKEN = Text(300, unit="grapheme")
_FORMATS = {"date": "%Y-%m-%d", "time": "%H:%M", "datetime": "%Y-%m-%dT%H:%M"}
_WHEN = Text(16)


def _postback_rule(action: Mapping[str, Any]) -> Faults:
    if action.get("displayText") is not None and action.get("text") is not None:
        return fault("displayText and text cannot be set at the same time", "text")
    if action.get("fillInText") is not None and action.get("inputOption") != "openKeyboard":
        return fault(INVALID, "fillInText")
    return FINE


def _picker_rule(action: Mapping[str, Any]) -> Faults:
    mode = str(action["mode"])
    times: dict[str, datetime] = {}
    for name in ("initial", "min", "max"):
        if action.get(name) is None:
            continue
        at = _moment(mode, action[name])
        if at is None or (mode != "time" and not 1900 <= at.year <= 2100):
            return fault(INVALID, name)
        times[name] = at
    if "min" in times and "max" in times and times["min"] >= times["max"]:
        return fault(INVALID, "min")
    return FINE


def _moment(mode: str, text: str) -> datetime | None:
    """A picker's value; None when it is not of the mode's form (LINE takes a small t too)."""
    form, written = _FORMATS[mode], text.replace("t", "T")
    try:
        at = datetime.strptime(written, form).replace(tzinfo=UTC)
    except ValueError:
        return None
    # strptime reads 2026-1-2 too.
    return at if f"{at:{form}}" == written else None


def _record(fields: Mapping[str, Shape], *required: str, rule: Any = None) -> Record:
    return Record({"label": Text(20, unit="grapheme"), **fields}, required, rule=rule)


POSTBACK = _record(
    {
        "data": _DATA,
        "displayText": _SPOKEN,
        "text": _SPOKEN,
        "inputOption": choice("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"),
        "fillInText": _SPOKEN,
    },
    "data",
    rule=_postback_rule,
)
MESSAGE = _record({"text": _SPOKEN}, "text")
URI = _record({"uri": _URI, "altUri": Record({"desktop": _URI})}, "uri")
DATETIME_PICKER = _record(
    {
        "data": _DATA,
        "mode": choice("date", "time", "datetime"),
        "initial": _WHEN,
        "max": _WHEN,
        "min": _WHEN,
    },
    "data",
    "mode",
    rule=_picker_rule,
)
CLIPBOARD = _record({"clipboardText": Text(1000)}, "clipboardText")
CAMERA = _record({})
CAMERA_ROLL = _record({})
LOCATION = _record({})

EVERYWHERE: Mapping[str, Record] = {
    "postback": POSTBACK,
    "message": MESSAGE,
    "uri": URI,
    "datetimepicker": DATETIME_PICKER,
    "clipboard": CLIPBOARD,
}
QUICK_REPLY_ONLY: Mapping[str, Record] = {
    "camera": CAMERA,
    "cameraRoll": CAMERA_ROLL,
    "location": LOCATION,
}


def tap(*, most: int, needs_label: bool, closed: bool = False, in_quick_reply: bool = False) -> ByType:
    """The actions possible at one place.

    `most`: graphemes of the label; `closed`: unknown fields are refused; richmenuswitch is possible nowhere
    but in a rich menu.
    """
    kinds = {**EVERYWHERE, **(QUICK_REPLY_ONLY if in_quick_reply else {})}
    return ByType({kind: _at_place(record, most, needs_label, closed) for kind, record in kinds.items()})


def _at_place(record: Record, most: int, needs_label: bool, closed: bool) -> Record:
    fields = {**record.fields, "label": Text(most, unit="grapheme")}
    required = (*record.required, "label") if needs_label else record.required
    return replace(record, fields=fields, required=required, closed=closed)
