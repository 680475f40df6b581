"""Shapes of notification messages, flexible and templated (line-platform facts, 3)."""

from collections.abc import Mapping
from typing import Any

from app.simulator.checks.sendable import MESSAGES
from app.simulator.checks.shapes import Address, ByType, Flag, Items, Record, Text, Written

DIGEST = Written("[0-9a-f]{64}", words="The value must be a valid SHA-256 digest.")
DELIVERY_TAG = Written(r"[\x21-\x7e]{16,100}")
_NO_MEDIA = {kind: record for kind, record in MESSAGES.items() if kind not in {"image", "video", "audio"}}
_UNITS = Items(Written("[a-zA-Z0-9_]{1,30}"), most=1, least=0)
FLEXIBLE = Record(
    {
        "to": DIGEST,
        "messages": Items(ByType(_NO_MEDIA), most=5),
        "notificationDisabled": Flag(),
        "customAggregationUnits": _UNITS,
    },
    ("to", "messages"),
)
_BUTTON = Record({"buttonKey": Text(100), "url": Address(most=1000)}, ("buttonKey", "url"))
_BODY = Record(
    {
        "emphasizedItem": Record({"itemKey": Text(100), "content": Text(15)}, ("itemKey", "content")),
        "items": Items(
            Record({"itemKey": Text(100), "content": Text(300)}, ("itemKey", "content")), most=15, least=0
        ),
        "buttons": Items(_BUTTON, most=2, least=0),
    }
)
TEMPLATED = Record(
    {"to": DIGEST, "templateKey": Text(100), "body": _BODY, "customAggregationUnits": _UNITS},
    ("to", "templateKey"),
)
RECORDS: Mapping[str, Record] = {"PnpMessagesRequest": FLEXIBLE}
"""By the name the official specification gives it; it does not have the templated one yet."""

TITLES: Mapping[str, str] = {
    "order_item_completion_ja": "手続き完了のお知らせ",
    "shipment_completed_ja": "発送完了のお知らせ",
    "ride_reservation_reminder_ja": "ご予約のお知らせ",
    "ride_reservation_reminder_previous_day_ja": "ご予約前日のお知らせ",
    "boarding_reservation_reminder_ja": "ご予約のお知らせ",
}
"""The few template keys that are known, with words of ours: LINE's own are not."""
ITEMS: Mapping[str, str] = {
    "date_002_ja": "日付",
    "time_range_001_ja": "時間帯",
    "number_001_ja": "番号",
    "price_001_ja": "金額",
    "name_010_ja": "名称",
    "name_013_ja": "お名前",
}
BUTTONS: Mapping[str, str] = {
    "check_details_ja": "詳細を確認する",
    "contact_ja": "問い合わせる",
    "check_shop_location": "場所を確認する",
    "check_delivery_status_ja": "状況を確認する",
    "change_delivery_datetime_ja": "日時を変更する",
    "check_how_to_update_ja": "変更方法を確認する",
    "check_purchase_history_ja": "購入履歴を確認する",
    "check_order_history_ja": "注文履歴を確認する",
}


def key_fault(request: Mapping[str, Any]) -> str:
    """What LINE says about the first key that it does not know, or that stands twice; empty when none does."""
    if request["templateKey"] not in TITLES:
        return f"Invalid templateKey: {request['templateKey']}"
    body = request.get("body") or {}
    emphasized = body.get("emphasizedItem")
    items = [*([emphasized] if emphasized else []), *body.get("items", [])]
    seen: set[str] = set()
    for item in items:
        key = item["itemKey"]
        if key not in ITEMS:
            return f"The specified item key does not exist: {key}"
        if key in seen:
            return f"Duplicate itemKey in items or between emphasizedItem and items are not allowed: {key}"
        seen.add(key)
    for button in body.get("buttons", []):
        if button["buttonKey"] not in BUTTONS:
            return f"The specified button key does not exist: {button['buttonKey']}"
    return ""


def as_flex(request: Mapping[str, Any]) -> dict[str, Any]:
    """A templated message as a phone shows it: LINE's fixed texts are not known, so these are ours."""
    title, body = TITLES[request["templateKey"]], request.get("body") or {}
    lines: list[dict[str, Any]] = [{"type": "text", "text": title, "weight": "bold", "wrap": True}]
    if body.get("emphasizedItem"):
        words = body["emphasizedItem"]["content"]
        lines.append({"type": "text", "text": words, "size": "xl", "weight": "bold", "wrap": True})
    for item in body.get("items", []):
        lines.append({"type": "text", "text": ITEMS[item["itemKey"]], "size": "xs", "color": "#666666"})
        lines.append({"type": "text", "text": item["content"], "wrap": True})
    content = {"type": "box", "layout": "vertical", "spacing": "sm", "contents": lines}
    bubble: dict[str, Any] = {"type": "bubble", "body": content}
    buttons = [
        {"type": "button", "action": {"type": "uri", "label": BUTTONS[each["buttonKey"]], "uri": each["url"]}}
        for each in body.get("buttons", [])
    ]
    if buttons:
        bubble["footer"] = {"type": "box", "layout": "vertical", "contents": buttons}
    return {"type": "flex", "altText": title, "contents": bubble}
