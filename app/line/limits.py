"""LINE's limits on message objects, checked when a message is built so that LINE never answers 400.

Pure data in, a list of faults out. Facts: line-platform sheet §2.8–2.10 and the Flex rules; sizes are of
the JSON as LINE measures it (UTF-8 bytes). Only what Goen builds is allowed: an unknown field is a fault,
since the SDK's models would drop it without a word.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson

from app.line.addresses import is_address
from app.line.text import grapheme_length, utf16_length

MAX_MESSAGES = 5
MAX_QUICK_REPLIES = 13
MAX_BUBBLES = 12
BUBBLE_BYTES = 30 * 1024
CAROUSEL_BYTES = 50 * 1024
TEXT_UNITS = 5000

Message = dict[str, Any]
"""A LINE message object as JSON data."""


@dataclass(frozen=True)
class Fault:
    """One thing that LINE would refuse: where, and what is wrong."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class MessageRefused(ValueError):
    """A message that LINE would answer with 400 was about to be built; the faults say where."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


def checked(message: Message) -> Message:
    """The message itself; MessageRefused when LINE would refuse it."""
    faults = list(_message_faults(message, "message"))
    if faults:
        raise MessageRefused(faults)
    return message


def check_messages(messages: Sequence[Message]) -> None:
    """Check what goes into one call: 1–5 messages, each within the limits; MessageRefused otherwise."""
    faults = []
    if not 1 <= len(messages) <= MAX_MESSAGES:
        faults.append(Fault("messages", f"{len(messages)} messages, 1 to {MAX_MESSAGES} are possible"))
    for index, message in enumerate(messages):
        faults.extend(_message_faults(message, f"messages[{index}]"))
    if faults:
        raise MessageRefused(faults)


def _message_faults(message: Message, where: str) -> Iterator[Fault]:
    kind = message.get("type")
    checks = _MESSAGES.get(str(kind))
    if checks is None:
        yield Fault(f"{where}.type", f"{kind!r} is not a message that Goen builds")
        return
    fields, deeper = checks
    yield from _unknown(message, fields | {"type", "quickReply", "sender"}, where)
    yield from deeper(message, where)
    yield from _quick_reply_faults(message.get("quickReply"), f"{where}.quickReply")
    yield from _sender_faults(message.get("sender"), f"{where}.sender")


def _text_faults(message: Message, where: str) -> Iterator[Fault]:
    yield from _length(message.get("text"), f"{where}.text", 1, TEXT_UNITS, utf16_length)


def _sticker_faults(message: Message, where: str) -> Iterator[Fault]:
    for key in ("packageId", "stickerId"):
        yield from _length(message.get(key), f"{where}.{key}", 1, 20, utf16_length)


def _image_faults(message: Message, where: str) -> Iterator[Fault]:
    for key in ("originalContentUrl", "previewImageUrl"):
        yield from _address(message.get(key), f"{where}.{key}", 2000, {"https"})


def _template_faults(message: Message, where: str) -> Iterator[Fault]:
    yield from _length(message.get("altText"), f"{where}.altText", 1, 1500, utf16_length)
    template = message.get("template", {})
    kind, inner = template.get("type"), f"{where}.template"
    if kind == "confirm":
        yield from _unknown(template, {"type", "text", "actions"}, inner)
        yield from _length(template.get("text"), f"{inner}.text", 1, 240, grapheme_length)
        yield from _actions(template.get("actions", ()), f"{inner}.actions", 2, 2)
    elif kind == "buttons":
        yield from _unknown(template, {"type", "title", "text", "actions"}, inner)
        yield from _length(template.get("title", "-"), f"{inner}.title", 1, 40, grapheme_length)
        limit = 60 if "title" in template else 160
        yield from _length(template.get("text"), f"{inner}.text", 1, limit, grapheme_length)
        yield from _actions(template.get("actions", ()), f"{inner}.actions", 1, 4)
    else:
        yield Fault(f"{inner}.type", f"{kind!r} is not a template that Goen builds")


def _actions(actions: Sequence[Message], where: str, least: int, most: int) -> Iterator[Fault]:
    if not least <= len(actions) <= most:
        yield Fault(where, f"{len(actions)} actions, {least} to {most} are possible")
    for index, action in enumerate(actions):
        yield from action_faults(action, f"{where}[{index}]", label_limit=20)


def _quick_reply_faults(quick_reply: Message | None, where: str) -> Iterator[Fault]:
    if quick_reply is None:
        return
    items = quick_reply.get("items", [])
    if not 1 <= len(items) <= MAX_QUICK_REPLIES:
        yield Fault(f"{where}.items", f"{len(items)} items, 1 to {MAX_QUICK_REPLIES} are possible")
    for index, item in enumerate(items):
        inner = f"{where}.items[{index}]"
        yield from _unknown(item, {"type", "imageUrl", "action"}, inner)
        if "imageUrl" in item:
            yield from _address(item["imageUrl"], f"{inner}.imageUrl", 2000, {"https"})
        yield from action_faults(item.get("action", {}), f"{inner}.action", label_limit=20)


def _sender_faults(sender: Message | None, where: str) -> Iterator[Fault]:
    if sender is None:
        return
    yield from _unknown(sender, {"name", "iconUrl"}, where)
    yield from _length(sender.get("name", "-"), f"{where}.name", 1, 20, utf16_length)
    if "line" in str(sender.get("name", "")).lower():
        yield Fault(f"{where}.name", "LINE refuses this word in a name")
    if "iconUrl" in sender:
        yield from _address(sender["iconUrl"], f"{where}.iconUrl", 2000, {"https"})


def action_faults(action: Message, where: str, *, label_limit: int) -> Iterator[Fault]:
    """Faults of one action object; the label is required (it is only on Flex boxes that it may miss)."""
    yield from _length(action.get("label"), f"{where}.label", 1, label_limit, grapheme_length)
    yield from _bare_action_faults(action, where)


def _bare_action_faults(action: Message, where: str) -> Iterator[Fault]:
    kind = action.get("type")
    fields = _ACTION_FIELDS.get(str(kind))
    if fields is None:
        yield Fault(f"{where}.type", f"{kind!r} is not an action that Goen builds")
        return
    yield from _unknown(action, fields | {"type", "label"}, where)
    if "data" in fields:
        yield from _length(action.get("data"), f"{where}.data", 1, 300, utf16_length)
    if "displayText" in action:
        yield from _length(action["displayText"], f"{where}.displayText", 1, 300, grapheme_length)
    if "text" in fields:
        yield from _length(action.get("text"), f"{where}.text", 1, 300, grapheme_length)
    if "uri" in fields:
        yield from _address(action.get("uri"), f"{where}.uri", 1000, {"http", "https", "line", "tel"})
    if "clipboardText" in fields:
        yield from _length(action.get("clipboardText"), f"{where}.clipboardText", 1, 1000, utf16_length)


_ACTION_FIELDS: dict[str, set[str]] = {
    "postback": {"data", "displayText", "inputOption", "fillInText"},
    "message": {"text"},
    "uri": {"uri"},
    "datetimepicker": {"data", "mode", "initial", "max", "min"},
    "clipboard": {"clipboardText"},
    "camera": set(),
    "cameraRoll": set(),
    "location": set(),
}


def _flex_faults(message: Message, where: str) -> Iterator[Fault]:
    yield from _length(message.get("altText"), f"{where}.altText", 1, 1500, utf16_length)
    contents, inner = message.get("contents", {}), f"{where}.contents"
    if contents.get("type") == "carousel":
        yield from _carousel_faults(contents, inner)
    else:
        yield from _bubble_faults(contents, inner)


def _carousel_faults(carousel: Message, where: str) -> Iterator[Fault]:
    yield from _unknown(carousel, {"type", "contents"}, where)
    bubbles = carousel.get("contents", [])
    if not 1 <= len(bubbles) <= MAX_BUBBLES:
        yield Fault(f"{where}.contents", f"{len(bubbles)} bubbles, 1 to {MAX_BUBBLES} are possible")
    if len({bubble.get("size", "mega") for bubble in bubbles}) > 1:
        yield Fault(f"{where}.contents", "the bubbles of a carousel have one size")
    if json_bytes(carousel) > CAROUSEL_BYTES:
        yield Fault(where, f"{json_bytes(carousel)} bytes, {CAROUSEL_BYTES} at most")
    for index, bubble in enumerate(bubbles):
        yield from _bubble_faults(bubble, f"{where}.contents[{index}]")


def _bubble_faults(bubble: Message, where: str) -> Iterator[Fault]:
    if bubble.get("type") != "bubble":
        yield Fault(f"{where}.type", "a bubble or a carousel is expected")
        return
    blocks = ("header", "hero", "body", "footer")
    yield from _unknown(bubble, {"type", "size", "direction", "styles", "action", *blocks}, where)
    if not any(block in bubble for block in blocks):
        yield Fault(where, "at least one block must be specified")
    if json_bytes(bubble) > BUBBLE_BYTES:
        yield Fault(where, f"{json_bytes(bubble)} bytes, {BUBBLE_BYTES} at most")
    if "action" in bubble:
        yield from _bare_action_faults(bubble["action"], f"{where}.action")
    for block in blocks:
        if block in bubble:
            yield from _component_faults(bubble[block], f"{where}.{block}")


_PLACED = {"type", "flex", "margin", "position", "offsetTop", "offsetBottom", "offsetStart", "offsetEnd"}
_PADDING = {"paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"}
_STYLED_TEXT = {"text", "size", "color", "weight", "style", "decoration"}
_COMPONENT_FIELDS: dict[str, set[str]] = {
    "box": _PLACED
    | _PADDING
    | {
        "layout",
        "contents",
        "spacing",
        "width",
        "height",
        "maxWidth",
        "maxHeight",
        "backgroundColor",
        "background",
    }
    | {"borderColor", "borderWidth", "cornerRadius", "justifyContent", "alignItems", "action"},
    "text": _PLACED
    | _STYLED_TEXT
    | {"contents", "adjustMode", "align", "gravity", "wrap", "lineSpacing", "maxLines", "scaling", "action"},
    "span": {"type"} | _STYLED_TEXT,
    "button": _PLACED | {"action", "height", "style", "color", "gravity", "adjustMode", "scaling"},
    "image": _PLACED
    | {
        "url",
        "align",
        "gravity",
        "size",
        "aspectRatio",
        "aspectMode",
        "backgroundColor",
        "animated",
        "action",
    },
    "icon": _PLACED | {"url", "size", "aspectRatio", "scaling"},
    "separator": {"type", "margin", "color"},
}


def _component_faults(component: Message, where: str) -> Iterator[Fault]:
    kind = str(component.get("type"))
    fields = _COMPONENT_FIELDS.get(kind)
    if fields is None:
        yield Fault(f"{where}.type", f"{kind!r} is not a component that Goen builds")
        return
    yield from _unknown(component, fields, where)
    if kind in {"text", "span"} and "contents" not in component:
        yield from _length(component.get("text"), f"{where}.text", 1, TEXT_UNITS, utf16_length)
    if kind in {"image", "icon"}:
        yield from _address(component.get("url"), f"{where}.url", 2000, {"https"})
    if kind == "button":
        yield from action_faults(component.get("action", {}), f"{where}.action", label_limit=40)
    elif "action" in component:
        yield from _bare_action_faults(component["action"], f"{where}.action")
    for index, child in enumerate(component.get("contents", ())):
        yield from _component_faults(child, f"{where}.contents[{index}]")


_MESSAGES: dict[str, tuple[set[str], Callable[[Message, str], Iterator[Fault]]]] = {
    "text": ({"text"}, _text_faults),
    "sticker": ({"packageId", "stickerId"}, _sticker_faults),
    "image": ({"originalContentUrl", "previewImageUrl"}, _image_faults),
    "template": ({"altText", "template"}, _template_faults),
    "flex": ({"altText", "contents"}, _flex_faults),
}


def json_bytes(value: Any) -> int:
    """Size of a value as compact JSON in UTF-8."""
    with suppress(TypeError):  # the fast writer refuses lone surrogates
        return len(orjson.dumps(value))
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def _unknown(value: Mapping[str, Any], allowed: set[str], where: str) -> Iterator[Fault]:
    yield from (Fault(f"{where}.{key}", "unknown field") for key in value if key not in allowed)


def _length(
    value: object, where: str, least: int, most: int, measure: Callable[[str], int]
) -> Iterator[Fault]:
    if not isinstance(value, str):
        yield Fault(where, "text is missing")
    elif not least <= measure(value) <= most or (least and not value.strip()):
        yield Fault(where, f"length {measure(value)}, {least} to {most} are possible, and not only spaces")


def _address(value: object, where: str, most: int, schemes: set[str]) -> Iterator[Fault]:
    if not isinstance(value, str) or not is_address(value, schemes):
        yield Fault(where, f"an address with {', '.join(sorted(schemes))} is expected, percent-encoded")
    elif len(value) > most:
        yield Fault(where, f"length {len(value)}, {most} at most")
