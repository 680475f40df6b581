"""Shapes of the messages that may be sent, and of the three requests that send them.

Not built on app/line/limits.py, on purpose: a mistake in one is found by the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.simulator.checks import flex, imagemap, taps, templates, texts
from app.simulator.checks.shapes import (
    INVALID,
    Address,
    ByType,
    Faults,
    Flag,
    Items,
    Number,
    Parts,
    Record,
    Shape,
    Text,
    Whole,
    Written,
)

_SENDER = Record({"name": Written(r"(?i)(?!.*line).{1,20}", words=INVALID), "iconUrl": Address()})
_QUICK_REPLY_ITEM = Record(
    {
        "type": Written("action"),
        "imageUrl": Address(),
        "action": taps.tap(most=20, needs_label=True, in_quick_reply=True),
    },
    ("action",),
)
_QUICK_REPLY = Record({"items": Items(_QUICK_REPLY_ITEM, most=13)}, ("items",))
_COMMON: Mapping[str, Shape] = {"quickReply": _QUICK_REPLY, "sender": _SENDER}
_ALT_TEXT = Text(1500)
_QUOTE = Text(1000)


def _message(fields: Mapping[str, Shape], *required: str, rule: Any = None) -> Record:
    return Record({**_COMMON, **fields}, required, rule=rule)


TEXT = _message(
    {"text": Text(5000), "emojis": Items(texts.EMOJI, most=20, least=0), "quoteToken": _QUOTE},
    "text",
    rule=texts.emojis_rule,
)
TEXT_V2 = _message(
    {"text": Text(5000), "substitution": texts.Substitution(), "quoteToken": _QUOTE},
    "text",
    rule=texts.placeholders_rule,
)
STICKER = _message(
    {"packageId": Written(r"\d{1,20}"), "stickerId": Written(r"\d{1,20}"), "quoteToken": _QUOTE},
    "packageId",
    "stickerId",
)
_MEDIA: Mapping[str, Shape] = {"originalContentUrl": Address(), "previewImageUrl": Address()}
IMAGE = _message(_MEDIA, "originalContentUrl", "previewImageUrl")
VIDEO = _message({**_MEDIA, "trackingId": Text(100)}, "originalContentUrl", "previewImageUrl")
AUDIO = _message(
    {"originalContentUrl": Address(), "duration": Whole(1, 2**53)}, "originalContentUrl", "duration"
)
LOCATION = _message(
    {
        "title": Text(100),
        "address": Text(100),
        "latitude": Number(-90, 90),
        "longitude": Number(-180, 180),
    },
    "title",
    "address",
    "latitude",
    "longitude",
)
COUPON = _message({"couponId": Text(100), "deliveryTag": Written("[a-zA-Z0-9_]{1,30}")}, "couponId")
TEMPLATE = _message({"altText": _ALT_TEXT, "template": templates.TEMPLATE}, "altText", "template")
IMAGEMAP = _message({"altText": _ALT_TEXT, **imagemap.FIELDS}, "baseUrl", "altText", "baseSize", "actions")
FLEX = _message({"altText": _ALT_TEXT}, "altText", "contents")
"""Its contents are asked separately: their faults are answered in another form."""

MESSAGES: Mapping[str, Record] = {
    "text": TEXT,
    "textV2": TEXT_V2,
    "sticker": STICKER,
    "image": IMAGE,
    "video": VIDEO,
    "audio": AUDIO,
    "location": LOCATION,
    "imagemap": IMAGEMAP,
    "template": TEMPLATE,
    "flex": FLEX,
    "coupon": COUPON,
}
_LIST = Items(ByType(MESSAGES), most=5)
_UNITS = Items(Written("[a-zA-Z0-9_]{1,30}"), most=1, least=0)
VALIDATE = Record({"messages": _LIST}, ("messages",))
REPLY = Record(
    {"messages": _LIST, "replyToken": Text(1000), "notificationDisabled": Flag()}, ("messages", "replyToken")
)
PUSH = Record(
    {
        "messages": _LIST,
        "to": Text(100),
        "notificationDisabled": Flag(),
        "customAggregationUnits": _UNITS,
    },
    ("messages", "to"),
)
MULTICAST = replace(PUSH, fields={**PUSH.fields, "to": Items(Text(100), most=500)})
REQUESTS: Mapping[str, Record] = {
    "reply": REPLY,
    "push": PUSH,
    "multicast": MULTICAST,
    "validate/reply": VALIDATE,
    "validate/push": VALIDATE,
    "validate/multicast": VALIDATE,
    "validate/narrowcast": VALIDATE,
    "validate/broadcast": VALIDATE,
}
RECORDS: Mapping[str, Record] = {
    "ReplyMessageRequest": REPLY,
    "PushMessageRequest": PUSH,
    "MulticastRequest": MULTICAST,
    "ValidateMessageRequest": VALIDATE,
    "QuickReply": _QUICK_REPLY,
    "QuickReplyItem": _QUICK_REPLY_ITEM,
    "Sender": _SENDER,
    "Emoji": texts.EMOJI,
    "MentionSubstitutionObject": texts.MENTION,
    "EmojiSubstitutionObject": texts.EMOJI_IN_TEXT,
    "TextMessage": TEXT,
    "TextMessageV2": TEXT_V2,
    "StickerMessage": STICKER,
    "ImageMessage": IMAGE,
    "VideoMessage": VIDEO,
    "AudioMessage": AUDIO,
    "LocationMessage": LOCATION,
    "CouponMessage": COUPON,
    "TemplateMessage": TEMPLATE,
    "FlexMessage": FLEX,
    "ImagemapMessage": IMAGEMAP,
    "PostbackAction": taps.POSTBACK,
    "MessageAction": taps.MESSAGE,
    "URIAction": taps.URI,
    "DatetimePickerAction": taps.DATETIME_PICKER,
    "ClipboardAction": taps.CLIPBOARD,
    "CameraAction": taps.CAMERA,
    "CameraRollAction": taps.CAMERA_ROLL,
    "LocationAction": taps.LOCATION,
    **imagemap.RECORDS,
    **templates.RECORDS,
    **flex.RECORDS,
}
"""Every record by the name the official specification gives it."""


def error_body(kind: str, body: Any) -> dict[str, Any] | None:
    """LINE's answer to a request of this kind that it refuses; None when it takes it.

    Plain fields first (`messages[0].text`); then the contents of Flex messages, in LINE's other form.
    """
    if not isinstance(body, dict):
        return {"message": "The request body could not be parsed as JSON object"}
    faults = REQUESTS[kind].faults(body)
    if faults:
        return plain_error(faults)
    return container_error(body["messages"])


def container_error(messages: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """LINE's answer to the first Flex message whose contents it refuses; None when it takes them."""
    for index, message in enumerate(messages):
        if message["type"] == "flex":
            faults = flex.CONTAINER.faults(message["contents"])
            if faults:
                return _container_body(index, faults)
    return None


def plain_error(faults: Faults) -> dict[str, Any]:
    """LINE's answer to faults of plain fields."""
    details = [{"message": each.message, "property": _dotted(each.parts)} for each in faults]
    return {"message": f"The request body has {len(faults)} error(s)", "details": details}


def _container_body(index: int, faults: Faults) -> dict[str, Any]:
    details = [{"message": each.message, "property": _slashed(each.parts)} for each in faults]
    return {"message": f"A message (messages[{index}]) in the request body is invalid", "details": details}


def _dotted(parts: Parts) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return text.removeprefix(".")


def _slashed(parts: Parts) -> str:
    return "/" + "/".join(str(part) for part in parts)
