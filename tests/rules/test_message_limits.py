"""LINE's limits on fields that our builders do not fill yet, just inside and just outside."""

from typing import Any

import pytest

from app.line.limits import MessageRefused, checked

MESSAGE = {"type": "message", "label": "a", "text": "a"}


def text(**fields: Any) -> dict[str, Any]:
    return {"type": "text", "text": "a", **fields}


def quick(item: dict[str, Any]) -> dict[str, Any]:
    return text(quickReply={"items": [{"type": "action", "action": MESSAGE, **item}]})


def action(**fields: Any) -> dict[str, Any]:
    return quick({"action": {"label": "a", **fields}})


def image(url: str) -> dict[str, Any]:
    return {"type": "image", "originalContentUrl": "https://a.example/a.png", "previewImageUrl": url}


def sticker(sticker_id: str) -> dict[str, Any]:
    return {"type": "sticker", "packageId": "446", "stickerId": sticker_id}


def template(**fields: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "a", "template": fields}


def bubble(**fields: Any) -> dict[str, Any]:
    body = {"type": "box", "layout": "vertical", "contents": []}
    return {"type": "flex", "altText": "a", "contents": {"type": "bubble", "body": body, **fields}}


def picture_address(length: int) -> str:
    return "https://a.example/".ljust(length, "a")


@pytest.mark.parametrize(
    ("inside", "outside", "where"),
    [
        pytest.param(
            image(picture_address(2000)),
            image(picture_address(2001)),
            "previewImageUrl",
            id="an address's length",
        ),
        pytest.param(
            image("https://a.example/a"),
            image("http://a.example/a"),
            "previewImageUrl",
            id="pictures by https",
        ),
        pytest.param(
            image("https://a.example/%20"),
            image("https://a.example/ "),
            "previewImageUrl",
            id="an address with a space",
        ),
        pytest.param(image("https://a"), image("https://"), "previewImageUrl", id="an address of nobody"),
        pytest.param(image("https://[::1]/"), image("https://[/"), "previewImageUrl", id="half an address"),
        pytest.param(sticker("9" * 20), sticker("9" * 21), "stickerId", id="sticker id"),
        pytest.param(
            template(type="buttons", text="a", actions=[MESSAGE]),
            template(type="carousel", columns=[]),
            "template.type",
            id="kinds of template",
        ),
        pytest.param(
            quick({"imageUrl": "https://a.example/a.png"}),
            quick({"imageUrl": "data:image/png;base64,"}),
            "items[0].imageUrl",
            id="picture of a quick reply",
        ),
        pytest.param(quick({}), quick({"label": "a"}), "items[0].label", id="unknown field of a quick reply"),
        pytest.param(
            action(type="clipboard", clipboardText="a" * 1000),
            action(type="clipboard", clipboardText="a" * 1001),
            "clipboardText",
            id="text to be copied",
        ),
        pytest.param(
            action(type="postback", data="a", displayText="あ" * 300),
            action(type="postback", data="a", displayText="あ" * 301),
            "displayText",
            id="displayed text",
        ),
        pytest.param(
            action(type="message", text="a" * 300),
            action(type="message", text="a" * 301),
            "text",
            id="said text",
        ),
        pytest.param(
            action(type="camera"), action(type="camera", data="a"), "data", id="fields of an action"
        ),
        pytest.param(
            action(type="message", text="a"),
            action(type="message"),
            "action.text",
            id="a text that is missing",
        ),
        pytest.param(
            text(sender={"name": "ごえん", "iconUrl": "https://a.example/a.png"}),
            text(sender={"name": "ごえん", "iconUrl": "http://a.example/a.png"}),
            "sender.iconUrl",
            id="sender's picture",
        ),
        pytest.param(
            text(sender={"name": "あ" * 20}),
            text(sender={"name": "あ" * 21}),
            "sender.name",
            id="sender's name",
        ),
        pytest.param(
            bubble(action={"type": "uri", "uri": "tel:0000"}),
            bubble(action={"type": "uri", "uri": "ftp://a.example"}),
            "contents.action.uri",
            id="a tap on a bubble",
        ),
        pytest.param(bubble(), bubble(type="box"), "contents.type", id="a bubble is expected"),
    ],
)
def test_just_inside_passes_and_just_outside_is_refused_by_name(
    inside: dict[str, Any], outside: dict[str, Any], where: str
) -> None:
    assert checked(inside) is inside
    with pytest.raises(MessageRefused) as refused:
        checked(outside)
    assert [fault for fault in refused.value.faults if fault.where.endswith(where)]
