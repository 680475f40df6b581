"""Every other kind of message and action at its limit, and one beyond it."""

from typing import Any

import pytest

from app.simulator.checks import flex as flex_checks
from app.simulator.checks.sendable import error_body
from app.simulator.checks.shapes import Fault, Record
from tests.simulator.reference import (
    IMAGEMAP,
    PICTURE,
    Message,
    bubble,
    flex,
    image,
    postback,
    template,
    text,
)

AREA = {"x": 0, "y": 0, "width": 10, "height": 10}
MENTION = {"type": "mention", "mentionee": {"type": "user", "userId": "U" + "0" * 32}}
EMOJI = {"type": "emoji", "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}
LONG = "https://example.com/"


def address(length: int) -> str:
    return LONG + "a" * (length - len(LONG))


def wrong_of(message: Message) -> list[tuple[str, str]]:
    """What LINE says about a message that is refused in the plain form: words, and place in the message."""
    body = error_body("push", {"to": "x", "messages": [message]})
    if body is None:
        return []
    return [(each["message"], each["property"].removeprefix("messages[0].")) for each in body["details"]]


def v2(words: str, **substitution: Any) -> Message:
    return {"type": "textV2", "text": words, "substitution": substitution}


def many(count: int, what: Message) -> Message:
    return v2("".join(f"{{k{number}}}" for number in range(count)), **{f"k{n}": what for n in range(count)})


def imagemap(**more: Any) -> Message:
    return IMAGEMAP | more


def mapped(**action: Any) -> Message:
    return imagemap(actions=[{"area": AREA, **action}])


def film(**more: Any) -> Message:
    return imagemap(
        video={name: value for name, value in (IMAGEMAP["video"] | more).items() if value is not None}
    )


def squares(*columns: Any) -> Message:
    return template(type="image_carousel", columns=list(columns))


def square(**more: Any) -> Message:
    return {"imageUrl": PICTURE, "action": postback("見る")} | more


def columns(*given: Any, **more: Any) -> Message:
    return template(type="carousel", columns=list(given), **more)


def column(**more: Any) -> Message:
    return {"text": "文", "actions": [postback("見る")]} | more


def quick(**action: Any) -> Message:
    return text(quickReply={"items": [{"type": "action", "action": {"label": "押す", **action}}]})


def picker(**more: Any) -> Message:
    return quick(type="datetimepicker", data="d", **more)


def place(**more: Any) -> Message:
    return {"type": "location", "title": "題", "address": "所", "latitude": 35.0, "longitude": 139.0} | more


def audio(**more: Any) -> Message:
    return {"type": "audio", "originalContentUrl": PICTURE, "duration": 1} | more


def video(**more: Any) -> Message:
    return {"type": "video", "originalContentUrl": PICTURE, "previewImageUrl": PICTURE} | more


TAKEN = [
    pytest.param(v2("{a} さん {{見本}}", a=MENTION), id="textV2 with a mention and braces"),
    pytest.param(v2("{a}", a={"type": "mention", "mentionee": {"type": "all"}}), id="a mention of all"),
    pytest.param(v2("{" + "k" * 20 + "}", **{"k" * 20: EMOJI}), id="a key of 20"),
    pytest.param(many(20, EMOJI), id="20 emoji"),
    pytest.param(many(20, MENTION), id="20 mentions"),
    pytest.param({"type": "textV2", "text": "あ" * 5000}, id="textV2 of 5000 without anything in it"),
    pytest.param(imagemap(actions=[IMAGEMAP["actions"][0]] * 50), id="50 places"),
    pytest.param(imagemap(altText="あ" * 1500), id="altText of 1500"),
    pytest.param(imagemap(baseUrl=address(2000)), id="baseUrl of 2000"),
    pytest.param(mapped(type="message", text="あ" * 400, label="あ" * 100), id="a place that says 400"),
    pytest.param(mapped(type="uri", linkUri=address(1000)), id="a place with an address of 1000"),
    pytest.param(mapped(type="clipboard", clipboardText="あ" * 1000), id="a place that copies 1000"),
    pytest.param(film(), id="a film with its link"),
    pytest.param(film(externalLink=None), id="a film alone"),
    pytest.param(squares(*[square(action=postback("あ" * 12))] * 10), id="10 squares with labels of 12"),
    pytest.param(squares(square(action={"type": "uri", "uri": LONG})), id="a square without label"),
    pytest.param(columns(*[column(text="あ" * 120)] * 10), id="10 columns of 120"),
    pytest.param(columns(column(title="あ" * 40, text="あ" * 60)), id="a column with title"),
    pytest.param(columns(column(actions=[postback("見る")] * 3)), id="3 actions"),
    pytest.param(
        place(title="あ" * 100, address="あ" * 100, latitude=90, longitude=-180), id="a place at the pole"
    ),
    pytest.param(audio(), id="audio"),
    pytest.param(video(trackingId="a" * 100), id="a film with a tracking id of 100"),
    pytest.param({"type": "coupon", "couponId": "01A", "deliveryTag": "a" * 30}, id="a coupon"),
    pytest.param(text(sender={"name": "あ" * 20, "iconUrl": PICTURE}), id="a sender of 20"),
    pytest.param(quick(type="camera"), id="camera"),
    pytest.param(quick(type="cameraRoll"), id="cameraRoll"),
    pytest.param(quick(type="location"), id="location"),
    pytest.param(quick(type="clipboard", clipboardText="あ" * 1000), id="clipboard of 1000"),
    pytest.param(quick(type="message", text="あ" * 300), id="a message of 300"),
    pytest.param(quick(type="uri", uri="line://nv/camera", altUri={"desktop": LONG}), id="line: with altUri"),
    pytest.param(
        quick(type="postback", data="d", inputOption="openKeyboard", fillInText="あ" * 300), id="the keyboard"
    ),
    pytest.param(picker(mode="date", initial="2026-11-22", min="1900-01-01", max="2100-12-31"), id="a date"),
    pytest.param(picker(mode="time", initial="23:59", min="00:00", max="23:59"), id="a time"),
    pytest.param(picker(mode="datetime", initial="2026-11-22t00:00"), id="date and time, small t"),
    pytest.param(flex(bubble(*[image(animated=True)] * 10, image())), id="10 moving pictures"),
]


@pytest.mark.parametrize("message", TAKEN)
def test_at_the_limit_a_message_is_taken(message: Message) -> None:
    assert error_body("push", {"to": "x", "messages": [message]}) is None


INVALID = "invalid property"
EMPTY = "May not be empty"


def too_long(most: int) -> str:
    return f"Length must be between 0 and {most}"


def size(least: int, most: int) -> str:
    return f"Size must be between {least} and {most}"


REFUSED = [
    pytest.param(v2("{b}", a=MENTION), INVALID, "text", id="a placeholder for nothing"),
    pytest.param(v2("{a", a=MENTION), INVALID, "text", id="a brace of its own"),
    pytest.param(v2("a}", a=MENTION), INVALID, "text", id="a closing brace of its own"),
    pytest.param(v2("{}", a=MENTION), INVALID, "text", id="an empty placeholder"),
    pytest.param(v2("x", **{"k" * 21: EMOJI}), INVALID, "substitution." + "k" * 21, id="a key of 21"),
    pytest.param(v2("x", **{"a-b": EMOJI}), INVALID, "substitution.a-b", id="a key with a hyphen"),
    pytest.param(many(21, EMOJI), INVALID, "substitution", id="21 emoji"),
    pytest.param(many(21, MENTION), INVALID, "substitution", id="21 mentions"),
    pytest.param(many(101, EMOJI), INVALID, "substitution", id="101 substitutions"),
    pytest.param(
        v2("{a}", a={"type": "emoji", "productId": "x"}), EMPTY, "substitution.a.emojiId", id="half an emoji"
    ),
    pytest.param(
        v2("{a}", a={"type": "mention"}), EMPTY, "substitution.a.mentionee", id="a mention of nobody"
    ),
    pytest.param(
        v2("{a}", a={"type": "mention", "mentionee": {"type": "user"}}),
        EMPTY,
        "substitution.a.mentionee.userId",
        id="a mention without id",
    ),
    pytest.param(v2("{a}", a={"type": "name"}), INVALID, "substitution.a.type", id="an unknown substitution"),
    pytest.param(v2("あ" * 5001), too_long(5000), "text", id="textV2 of 5001"),
    pytest.param(imagemap(actions=[IMAGEMAP["actions"][0]] * 51), size(0, 50), "actions", id="51 places"),
    pytest.param(imagemap(altText="あ" * 1501), too_long(1500), "altText", id="altText of 1501"),
    pytest.param(imagemap(baseUrl=address(2001)), too_long(2000), "baseUrl", id="baseUrl of 2001"),
    pytest.param(imagemap(baseUrl="http://a.example/a"), "invalid uri", "baseUrl", id="http baseUrl"),
    pytest.param(imagemap(baseSize={"width": 1039, "height": 1}), INVALID, "baseSize.width", id="1039 wide"),
    pytest.param(imagemap(baseSize={"width": 1040}), EMPTY, "baseSize.height", id="no height"),
    pytest.param(mapped(type="message", text="あ" * 401), too_long(400), "actions[0].text", id="says 401"),
    pytest.param(
        mapped(type="message", text="x", label="あ" * 101),
        too_long(100),
        "actions[0].label",
        id="label of 101",
    ),
    pytest.param(
        mapped(type="uri", linkUri=address(1001)), too_long(1000), "actions[0].linkUri", id="linkUri of 1001"
    ),
    pytest.param(
        mapped(type="clipboard", clipboardText="a" * 1001),
        too_long(1000),
        "actions[0].clipboardText",
        id="copies 1001",
    ),
    pytest.param(mapped(type="postback", data="x"), INVALID, "actions[0].type", id="postback in an imagemap"),
    pytest.param(
        imagemap(actions=[{"type": "message", "text": "x"}]), EMPTY, "actions[0].area", id="a place nowhere"
    ),
    pytest.param(
        mapped(type="message", text="x", area=AREA | {"x": -1}), INVALID, "actions[0].area.x", id="outside"
    ),
    pytest.param(film(area=None), EMPTY, "video.area", id="a film nowhere"),
    pytest.param(film(previewImageUrl=None), EMPTY, "video.previewImageUrl", id="a film without preview"),
    pytest.param(
        film(externalLink={"linkUri": LONG}), EMPTY, "video.externalLink.label", id="a link without label"
    ),
    pytest.param(
        film(externalLink={"linkUri": LONG, "label": "あ" * 31}),
        too_long(30),
        "video.externalLink.label",
        id="a link's label of 31",
    ),
    pytest.param(squares(*[square()] * 11), size(1, 10), "template.columns", id="11 squares"),
    pytest.param(
        squares(square(action=postback("あ" * 13))),
        too_long(12),
        "template.columns[0].action.label",
        id="a square's label of 13",
    ),
    pytest.param(
        squares(square(imageUrl="http://a.example/")),
        "invalid uri",
        "template.columns[0].imageUrl",
        id="a square with an http picture",
    ),
    pytest.param(
        squares({"imageUrl": PICTURE}), EMPTY, "template.columns[0].action", id="a square to look at"
    ),
    pytest.param(columns(*[column()] * 11), size(1, 10), "template.columns", id="11 columns"),
    pytest.param(columns(), size(1, 10), "template.columns", id="no column"),
    pytest.param(
        columns(column(text="あ" * 121)), too_long(120), "template.columns[0].text", id="a column of 121"
    ),
    pytest.param(
        columns(column(title="題", text="あ" * 61)),
        too_long(60),
        "template.columns[0].text",
        id="61 with title",
    ),
    pytest.param(
        columns(column(title="あ" * 41)), too_long(40), "template.columns[0].title", id="a title of 41"
    ),
    pytest.param(
        columns(column(actions=[postback("見る")] * 4)),
        size(1, 3),
        "template.columns[0].actions",
        id="4 actions",
    ),
    pytest.param(
        columns(column(), column(actions=[postback("見る")] * 2)),
        "invalid columns",
        "template.columns",
        id="other numbers of actions",
    ),
    pytest.param(
        columns(column(), column(title="題")), "invalid columns", "template.columns", id="one title"
    ),
    pytest.param(
        columns(column(), imageAspectRatio="round"),
        INVALID,
        "template.imageAspectRatio",
        id="a round picture",
    ),
    pytest.param(place(title="あ" * 101), too_long(100), "title", id="a place's title of 101"),
    pytest.param(place(address=""), EMPTY, "address", id="a place without address"),
    pytest.param(place(latitude=90.1), INVALID, "latitude", id="beyond the pole"),
    pytest.param(place(longitude="139"), INVALID, "longitude", id="a longitude in words"),
    pytest.param(audio(duration=0), INVALID, "duration", id="no sound"),
    pytest.param(audio(duration=None), EMPTY, "duration", id="sound of unknown length"),
    pytest.param(video(previewImageUrl=None), EMPTY, "previewImageUrl", id="a film without picture"),
    pytest.param(video(trackingId="a" * 101), too_long(100), "trackingId", id="a tracking id of 101"),
    pytest.param({"type": "coupon"}, EMPTY, "couponId", id="no coupon"),
    pytest.param(
        {"type": "coupon", "couponId": "0", "deliveryTag": "a" * 31}, INVALID, "deliveryTag", id="a tag of 31"
    ),
    pytest.param(
        {"type": "sticker", "packageId": "a", "stickerId": "1"}, INVALID, "packageId", id="a sticker by name"
    ),
    pytest.param(
        text(sender={"iconUrl": "http://a.example/"}), "invalid uri", "sender.iconUrl", id="an http icon"
    ),
    pytest.param(
        quick(type="richmenuswitch", richMenuAliasId="a", data="d"),
        INVALID,
        "quickReply.items[0].action.type",
        id="a switch of rich menus outside one",
    ),
    pytest.param(
        quick(type="camera", label="あ" * 21),
        too_long(20),
        "quickReply.items[0].action.label",
        id="label of 21",
    ),
    pytest.param(
        quick(type="cameraRoll", label=None), EMPTY, "quickReply.items[0].action.label", id="without label"
    ),
    pytest.param(
        quick(type="clipboard", clipboardText=""),
        EMPTY,
        "quickReply.items[0].action.clipboardText",
        id="copies nothing",
    ),
    pytest.param(
        quick(type="message", text="あ" * 301),
        too_long(300),
        "quickReply.items[0].action.text",
        id="says 301",
    ),
    pytest.param(
        quick(type="uri", uri=address(1001)),
        too_long(1000),
        "quickReply.items[0].action.uri",
        id="uri of 1001",
    ),
    pytest.param(
        quick(type="postback", data="d", displayText="あ" * 301),
        too_long(300),
        "quickReply.items[0].action.displayText",
        id="displayText of 301",
    ),
    pytest.param(
        quick(type="postback", data="d", fillInText="x"),
        INVALID,
        "quickReply.items[0].action.fillInText",
        id="words for a closed keyboard",
    ),
    pytest.param(
        quick(type="postback", data="d", inputOption="shout"),
        INVALID,
        "quickReply.items[0].action.inputOption",
        id="an unknown inputOption",
    ),
    pytest.param(picker(mode="year"), INVALID, "quickReply.items[0].action.mode", id="a picker of years"),
    pytest.param(picker(), EMPTY, "quickReply.items[0].action.mode", id="a picker of anything"),
    pytest.param(
        picker(mode="date", initial="2026-1-2"),
        INVALID,
        "quickReply.items[0].action.initial",
        id="short date",
    ),
    pytest.param(
        picker(mode="date", min="1899-12-31"), INVALID, "quickReply.items[0].action.min", id="before 1900"
    ),
    pytest.param(
        picker(mode="date", max="2101-01-01"), INVALID, "quickReply.items[0].action.max", id="after 2100"
    ),
    pytest.param(
        picker(mode="time", initial="24:00"), INVALID, "quickReply.items[0].action.initial", id="24:00"
    ),
    pytest.param(
        picker(mode="time", min="10:00", max="10:00"), INVALID, "quickReply.items[0].action.min", id="no time"
    ),
]


@pytest.mark.parametrize(("message", "words", "where"), REFUSED)
def test_beyond_the_limit_it_is_refused_in_lines_words(message: Message, words: str, where: str) -> None:
    assert wrong_of(message) == [(words, where)]


@pytest.mark.parametrize("kind", ["camera", "cameraRoll", "location"])
def test_some_actions_are_possible_in_quick_replies_only(kind: str) -> None:
    action = {"type": kind, "label": "押す"}
    assert wrong_of(template(type="confirm", text="x", actions=[action, action]))[0] == (
        INVALID,
        "template.actions[0].type",
    )
    in_flex = error_body(
        "push", {"to": "x", "messages": [flex(bubble({"type": "button", "action": action}))]}
    )
    assert in_flex is not None
    assert in_flex["details"] == [{"message": INVALID, "property": "/body/contents/0/action/type"}]


def test_more_than_ten_moving_pictures_are_refused() -> None:
    row = bubble(*[image(animated=True)] * 6)
    for count, is_taken in ((1, True), (2, False)):
        contents = {"type": "carousel", "contents": [row] * count}
        assert (error_body("push", {"to": "x", "messages": [flex(contents)]}) is None) is is_taken


FLEX_FIELDS = [
    pytest.param(record, name, id=f"{kind}.{name}")
    for kind, record in flex_checks.RECORDS.items()
    for name in record.fields
]


@pytest.mark.parametrize(("record", "name"), FLEX_FIELDS)
def test_every_field_of_flex_refuses_what_it_cannot_mean(record: Record, name: str) -> None:
    for value in ("?", 1.5, {"?": 1}, ["?"]):
        assert record.fields[name].faults(value) or (name, value) == ("text", "?")


@pytest.mark.parametrize("kind", flex_checks.RECORDS)
def test_a_field_that_flex_does_not_have_is_refused(kind: str) -> None:
    faults = flex_checks.RECORDS[kind].faults({"colour": "#112233"})
    assert Fault(("colour",), "unknown field") in faults
