"""What the platform refuses in messages, and with which words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.line.limits import MessageRefused, check_messages
from app.simulator.checks.sendable import error_body

OK = {"type": "postback", "label": "はい", "data": "v1:x"}
FAMILY = "👨‍👩‍👧"


def text(words: str = "こんにちは", **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def quick(action: Any, count: int = 1) -> dict[str, Any]:
    return text(quickReply={"items": [{"type": "action", "action": action}] * count})


def template(**fields: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "x", "template": fields}


def flex(contents: Any) -> dict[str, Any]:
    return {"type": "flex", "altText": "x", "contents": contents}


def bubble(*parts: Any, **more: Any) -> dict[str, Any]:
    return {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": list(parts)}, **more}


def buttons(**more: Any) -> dict[str, Any]:
    return template(**{"type": "buttons", "text": "どうしますか", "actions": [OK]} | more)


TAKEN = [
    pytest.param(text("あ" * 5000), id="5000 units"),
    pytest.param(text("🍎" * 2500), id="2500 apples are 5000 units"),
    pytest.param(quick(OK, 13), id="13 quick replies"),
    pytest.param(quick({**OK, "label": FAMILY * 20}), id="20 families are 20 graphemes"),
    pytest.param(quick({"type": "camera", "label": "写真"}), id="camera in a quick reply"),
    pytest.param(buttons(text="あ" * 160, actions=[OK] * 4), id="buttons at their limits"),
    pytest.param(buttons(title="あ" * 40, text="あ" * 60), id="buttons with title at their limits"),
    pytest.param(template(type="confirm", text="あ" * 240, actions=[OK, OK]), id="confirm at its limit"),
    pytest.param(flex(bubble({"type": "text", "text": "x", "size": "12.5px"})), id="a size in pixels"),
    pytest.param(flex(bubble()), id="an empty box"),
    pytest.param(flex({"type": "carousel", "contents": [bubble({"type": "filler"})] * 12}), id="12 bubbles"),
    pytest.param(text("$ です", emojis=[{"index": 0, "productId": "a", "emojiId": "001"}]), id="an emoji"),
    pytest.param(quick({"type": "uri", "label": "電話", "uri": "tel:0312345678"}), id="tel"),
    pytest.param(
        quick({"type": "datetimepicker", "label": "日", "data": "d", "mode": "date", "min": "2026-01-01"}),
        id="a date picker",
    ),
]


@pytest.mark.parametrize("message", TAKEN)
def test_messages_within_the_limits_are_taken(message: dict[str, Any]) -> None:
    assert error_body("push", {"to": "x", "messages": [message]}) is None


PLAIN = [
    pytest.param(text("あ" * 5001), "Length must be between 0 and 5000", "text", id="5001 units"),
    pytest.param(text("🍎" * 2501), "Length must be between 0 and 5000", "text", id="2501 apples"),
    pytest.param(text(""), "May not be empty", "text", id="no words"),
    pytest.param(text("\n "), "May not be empty", "text", id="only spaces"),
    pytest.param({"type": "text"}, "May not be empty", "text", id="no text"),
    pytest.param({"type": "poem"}, "invalid property", "type", id="an unknown type"),
    pytest.param({}, "must be specified", "type", id="no type"),
    pytest.param(quick(OK, 14), "Size must be between 1 and 13", "quickReply.items", id="14 quick replies"),
    pytest.param(
        quick({**OK, "label": "あ" * 21}),
        "Length must be between 0 and 20",
        "quickReply.items[0].action.label",
        id="a label of 21",
    ),
    pytest.param(
        quick({"type": "postback", "data": "x"}),
        "May not be empty",
        "quickReply.items[0].action.label",
        id="no label",
    ),
    pytest.param(
        quick({**OK, "data": "x" * 301}),
        "Length must be between 0 and 300",
        "quickReply.items[0].action.data",
        id="data of 301",
    ),
    pytest.param(
        quick({"type": "uri", "label": "x", "uri": "javascript:alert(1)"}),
        "invalid uri",
        "quickReply.items[0].action.uri",
        id="javascript",
    ),
    pytest.param(
        {
            "type": "image",
            "originalContentUrl": "http://a.example/a.png",
            "previewImageUrl": "https://a.example/a",
        },
        "invalid uri",
        "originalContentUrl",
        id="an http picture",
    ),
    pytest.param(text(sender={"name": "LINE公式"}), "invalid property", "sender.name", id="LINE as a name"),
    pytest.param(text(sender={"name": "あ" * 21}), "invalid property", "sender.name", id="a long name"),
    pytest.param(
        buttons(actions=[OK] * 5), "Size must be between 1 and 4", "template.actions", id="five buttons"
    ),
    pytest.param(
        buttons(title="題", text="あ" * 61),
        "Length must be between 0 and 60",
        "template.text",
        id="61 characters beside a title",
    ),
    pytest.param(
        buttons(actions=[{"type": "camera", "label": "写真"}]),
        "invalid property",
        "template.actions[0].type",
        id="camera in a template",
    ),
    pytest.param(
        template(type="confirm", text="x", actions=[OK]),
        "Size must be between 2 and 2",
        "template.actions",
        id="a confirm with one button",
    ),
    pytest.param(
        text("x", emojis=[{"index": 0, "productId": "a", "emojiId": "001"}]),
        "The emoji's index does not point to a '$'",
        "emojis[0].index",
        id="an emoji without its dollar",
    ),
]


@pytest.mark.parametrize(("message", "words", "place"), PLAIN)
def test_plain_fields_are_refused_with_their_place(message: dict[str, Any], words: str, place: str) -> None:
    body = error_body("push", {"to": "x", "messages": [message]})
    assert body == {
        "message": "The request body has 1 error(s)",
        "details": [{"message": words, "property": f"messages[0].{place}"}],
    }


FLEX = [
    pytest.param(
        bubble({"type": "text", "text": "x", "size": "huge"}),
        "invalid property",
        "/body/contents/0/size",
        id="a bad size",
    ),
    pytest.param(
        bubble({"type": "text", "text": "x", "bold": True}),
        "unknown field",
        "/body/contents/0/bold",
        id="an unknown field",
    ),
    pytest.param(
        bubble({"type": "text"}),
        "`text` or `contents` must be specified",
        "/body/contents/0",
        id="a text without text",
    ),
    pytest.param(
        bubble({"type": "text", "text": ""}),
        "must be non-empty text",
        "/body/contents/0/text",
        id="an empty text",
    ),
    pytest.param(bubble({"type": "spacer"}), "invalid property", "/body/contents/0/type", id="a spacer"),
    pytest.param({"type": "bubble"}, "At least one block must be specified", "/", id="no block"),
    pytest.param(
        bubble({"type": "image", "url": "http://a.example/a.png"}),
        "invalid property",
        "/body/contents/0/url",
        id="an http picture",
    ),
    pytest.param(
        bubble({"type": "image", "url": "https://a.example/a.png", "aspectRatio": "1:4"}),
        "invalid property",
        "/body/contents/0/aspectRatio",
        id="too high a picture",
    ),
    pytest.param(
        bubble({"type": "button", "action": {"type": "uri", "uri": "https://a.example"}}),
        "May not be empty",
        "/body/contents/0/action/label",
        id="a button without label",
    ),
    pytest.param(
        bubble({"type": "button", "action": {**OK, "label": "あ" * 41}}),
        "Length must be between 0 and 40",
        "/body/contents/0/action/label",
        id="a label of 41",
    ),
    pytest.param(
        bubble({"type": "text", "text": "x", "color": "red"}),
        "invalid property",
        "/body/contents/0/color",
        id="a colour by name",
    ),
    pytest.param(
        bubble(
            {
                "type": "box",
                "layout": "baseline",
                "contents": [{"type": "image", "url": "https://a.example/a"}],
            }
        ),
        "invalid property",
        "/body/contents/0/contents/0/type",
        id="a picture on a baseline",
    ),
    pytest.param(
        {"type": "carousel", "contents": [bubble()] * 13},
        "Size must be between 1 and 12",
        "/contents",
        id="13 bubbles",
    ),
    pytest.param(
        {"type": "carousel", "contents": [bubble(), bubble(size="kilo")]},
        "invalid property",
        "/contents/1/size",
        id="bubbles of two sizes",
    ),
    pytest.param(
        bubble(*[{"type": "text", "text": "あ" * 1000}] * 11),
        "Too large flex message. The maximum size of JSON data is 30KB",
        "/",
        id="a bubble over 30 KB",
    ),
    pytest.param(
        {"type": "carousel", "contents": [bubble(*[{"type": "text", "text": "あ" * 1000}] * 9)] * 2},
        "Too large flex message. The maximum size of JSON data is 50KB",
        "/",
        id="a carousel over 50 KB",
    ),
]


@pytest.mark.parametrize(("contents", "words", "place"), FLEX)
def test_flex_is_refused_in_its_own_form(contents: dict[str, Any], words: str, place: str) -> None:
    body = error_body("push", {"to": "x", "messages": [text(), flex(contents)]})
    assert body == {
        "message": "A message (messages[1]) in the request body is invalid",
        "details": [{"message": words, "property": place}],
    }


@pytest.mark.parametrize(("count", "is_taken"), [(0, False), (1, True), (5, True), (6, False)])
def test_one_to_five_messages(count: int, is_taken: bool) -> None:
    body = error_body("push", {"to": "x", "messages": [text()] * count})
    if is_taken:
        assert body is None
    else:
        assert body is not None
        details = [{"message": "Size must be between 1 and 5", "property": "messages"}]
        assert body["details"] == details


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("type", "text", "quickReply", "items", "action", "label", "data", "template", "contents", "body")
message_like = st.recursive(
    json_values | st.sampled_from(["text", "flex", "bubble", "box", "template", "confirm", "vertical"]),
    lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner) | st.lists(inner, max_size=3),
    max_leaves=20,
)


@given(st.sampled_from(["reply", "push", "multicast", "validate/push"]), message_like)
def test_whatever_is_sent_the_checks_answer_and_never_break(kind: str, value: Any) -> None:
    for body in (value, {"to": "x", "replyToken": "t", "messages": [value]}):
        answer = error_body(kind, body)
        assert answer is None or answer["message"]


@given(st.text(alphabet=st.characters(), max_size=200), st.text(alphabet=st.characters(), max_size=60))
def test_what_our_own_limits_let_through_the_platform_takes(words: str, label: str) -> None:
    messages = [
        quick({**OK, "label": label}),
        text(words),
        buttons(text=words, actions=[{**OK, "label": label}]),
    ]
    for message in messages:
        try:
            check_messages([message])
        except MessageRefused:
            continue
        assert error_body("push", {"to": "x", "messages": [message]}) is None
