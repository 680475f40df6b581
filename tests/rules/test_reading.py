"""From LINE's JSON to our own events: every shape of line-platform's list, and any JSON at all."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messaging.inbox import InboxEntry
from handlers.events import (
    AccountLink,
    Delivery,
    Event,
    File,
    Follow,
    Location,
    MessageEvent,
    Other,
    Postback,
    Text,
    Unsend,
)
from handlers.reading import read_event

PERSON = "U" + "5" * 32
AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
RECEIVED = AT + timedelta(seconds=2)
NOBODY: dict[str, Any] = {"source": None}


def read(raw: Any) -> Event:
    """The event in a stored row of this content."""
    return read_event(InboxEntry(1, 1, "01INVENTED", PERSON, AT, RECEIVED, json.dumps(raw), 0, 0))


def of_kind(kind: str, own: Any = None, /, **fields: Any) -> dict[str, Any]:
    """An event as LINE sends it; `own` is the object under the event's own key."""
    key = {"accountLink": "link"}.get(kind, kind)
    source = {"type": "user", "userId": PERSON}
    common = {"type": kind, "mode": "active", "webhookEventId": "01INVENTED", "source": source}
    return {**common, **({} if own is None else {key: own}), **fields}


def message(kind: str, **fields: Any) -> dict[str, Any]:
    """A message event with a reply token."""
    return of_kind("message", {"id": "4701", "type": kind, **fields}, replyToken="invented-token")


@pytest.mark.parametrize(
    ("raw", "kind", "expected"),
    [
        pytest.param(
            message("text", text="日程を変えたい", quoteToken="q", markAsReadToken="m"),
            Text,
            {"text": "日程を変えたい", "message_id": "4701", "reply_token": "invented-token"},
            id="text",
        ),
        pytest.param(message("text", text="a\x00\ud800"), Text, {"text": "a\ufffd\ufffd"}, id="unstorable"),
        pytest.param(message("text", text="あ" * 5001), Text, {"text": "あ" * 5000}, id="5,001 letters"),
        pytest.param(message("text", text=""), Text, {"text": ""}, id="empty text"),
        pytest.param(message("text"), MessageEvent, {"message_kind": "text"}, id="text without text"),
        pytest.param(
            message("file", fileName="職務経歴書.pdf", fileSize=20480),
            File,
            {"file_name": "職務経歴書.pdf", "at_line": True, "message_kind": "file"},
            id="file",
        ),
        pytest.param(
            message("image", contentProvider={"type": "line"}, imageSet={"id": "E1", "index": 1, "total": 2}),
            File,
            {"file_name": None, "at_line": True},
            id="image of a set",
        ),
        pytest.param(
            message("video", contentProvider={"type": "external", "originalContentUrl": "https://a.example"}),
            File,
            {"at_line": False, "message_kind": "video"},
            id="video on another host",
        ),
        pytest.param(message("audio", contentProvider="line"), File, {"at_line": True}, id="audio"),
        pytest.param(
            message("location", address="横浜市", latitude=35.4, longitude=139),
            Location,
            {"address": "横浜市", "latitude": 35.4, "longitude": 139.0},
            id="location",
        ),
        pytest.param(
            message("location", latitude=90, longitude=-180),
            Location,
            {"address": None, "latitude": 90.0, "longitude": -180.0},
            id="the ends of the globe",
        ),
        pytest.param(
            message("location", latitude=90.5, longitude=10**400),
            Location,
            {"latitude": None, "longitude": None},
            id="beyond the globe",
        ),
        pytest.param(
            message("location", latitude=float("nan"), longitude=True),
            Location,
            {"latitude": None, "longitude": None},
            id="no numbers",
        ),
        pytest.param(
            message("sticker", packageId="1", stickerId="2", stickerResourceType="ANIMATION"),
            MessageEvent,
            {"message_kind": "sticker"},
            id="sticker",
        ),
        pytest.param(
            message("hologram" * 5), MessageEvent, {"message_kind": "hologramhologramholo"}, id="new kind"
        ),
        pytest.param(
            message("text", text="x", id=4701), Other, {"kind": "message"}, id="an id that is no text"
        ),
        pytest.param(message("text", text="x", id="4" * 41), Other, {"kind": "message"}, id="an id too long"),
        pytest.param(of_kind("message"), Other, {"kind": "message"}, id="message without message"),
        pytest.param(of_kind("follow", {"isUnblocked": False}), Follow, {"is_unblocked": False}, id="follow"),
        pytest.param(of_kind("follow", {"isUnblocked": True}), Follow, {"is_unblocked": True}, id="unblock"),
        pytest.param(of_kind("follow"), Follow, {"is_unblocked": False}, id="follow without follow"),
        pytest.param(of_kind("follow", {"isUnblocked": "yes"}), Follow, {"is_unblocked": False}, id="a word"),
        pytest.param(of_kind("unfollow"), Other, {"kind": "unfollow", "reply_token": None}, id="unfollow"),
        pytest.param(
            of_kind("postback", {"data": "v1:x?id=12", "params": {"datetime": "2026-12-25T10:00"}}),
            Postback,
            {"data": "v1:x?id=12", "params": {"datetime": "2026-12-25T10:00"}},
            id="postback of a date picker",
        ),
        pytest.param(
            of_kind("postback", {"data": "tab=b", "params": {"status": "SUCCESS", "n": 5}}),
            Postback,
            {"data": "tab=b", "params": {"status": "SUCCESS"}},
            id="postback of a menu",
        ),
        pytest.param(of_kind("postback", {"params": {}}), Other, {"kind": "postback"}, id="without data"),
        pytest.param(
            of_kind("postback", {"data": 5}), Other, {"kind": "postback"}, id="data that is no text"
        ),
        pytest.param(
            of_kind("accountLink", {"result": "ok", "nonce": "bm9uY2U"}, replyToken="t"),
            AccountLink,
            {"result": "ok", "nonce": "bm9uY2U", "reply_token": "t"},
            id="link",
        ),
        pytest.param(
            of_kind("accountLink", {"result": "failed", "nonce": "bm9uY2U"}, **NOBODY),
            AccountLink,
            {"result": "failed", "source": None},
            id="a link that failed, of nobody",
        ),
        pytest.param(of_kind("accountLink", {"result": "ok"}), Other, {"kind": "accountLink"}, id="no nonce"),
        pytest.param(of_kind("unsend", {"messageId": "4701"}), Unsend, {"message_id": "4701"}, id="unsend"),
        pytest.param(of_kind("unsend", {}), Other, {"kind": "unsend"}, id="unsend of nothing"),
        pytest.param(
            of_kind("delivery", {"data": "invented-tag"}, **NOBODY),
            Delivery,
            {"tag": "invented-tag", "source": None},
            id="delivery",
        ),
        pytest.param(of_kind("delivery", {"data": ""}), Other, {"kind": "delivery"}, id="an empty tag"),
        pytest.param(
            {**message("text", text="hi"), "mode": "standby"}, Text, {"is_standby": True}, id="standby"
        ),
        pytest.param(
            of_kind("join", source={"type": "group", "groupId": "C1", "userId": PERSON}),
            Other,
            {"source": "group", "place_id": "C1"},
            id="group",
        ),
        pytest.param(
            of_kind("leave", source={"type": "room", "roomId": "R1"}),
            Other,
            {"source": "room", "place_id": "R1"},
            id="room",
        ),
        pytest.param(
            of_kind("follow", replyToken="t" * 200), Follow, {"reply_token": "t" * 200}, id="long token"
        ),
        pytest.param(
            of_kind("follow", replyToken="t" * 201), Follow, {"reply_token": None}, id="token too long"
        ),
        pytest.param(of_kind("telepathy", {"thought": "?"}), Other, {"kind": "telepathy"}, id="unknown type"),
        pytest.param({"type": 5}, Other, {"kind": ""}, id="a type that is no text"),
        pytest.param({}, Other, {"kind": "", "source": None}, id="nothing"),
        pytest.param([], Other, {"kind": ""}, id="a list"),
        pytest.param(None, Other, {"kind": ""}, id="null"),
    ],
)
def test_every_shape_becomes_its_event(raw: Any, kind: type[Event], expected: dict[str, Any]) -> None:
    event = read(raw)
    assert type(event) is kind
    assert {name: getattr(event, name) for name in expected} == expected


def test_person_and_times_are_those_of_the_row() -> None:
    event = read(message("text", text="x") | {"source": {"type": "user", "userId": "U" + "9" * 32}})
    assert (event.line_user_id, event.at, event.received_at) == (PERSON, AT, RECEIVED)


def test_what_a_person_wrote_is_in_no_repr() -> None:
    assert "日程" not in repr(read(message("text", text="日程を変えたい")))
    assert "invented-token" not in repr(read(message("text", text="x")))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
_KINDS = ("follow", "message", "postback", "unsend", "delivery", "accountLink", "link", "unfollow")
_BODIES = _JSON | st.fixed_dictionaries(
    {},
    optional={
        "id": _JSON | st.just("4701"),
        "type": _JSON | st.sampled_from(["text", "image", "file", "location", "sticker"]),
        **dict.fromkeys(("text", "data", "params", "address", "latitude", "longitude", "fileName"), _JSON),
        **dict.fromkeys(("contentProvider", "messageId", "result", "nonce", "isUnblocked"), _JSON),
    },
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "type": _JSON | st.sampled_from(_KINDS),
            "source": _JSON | st.fixed_dictionaries({"type": _JSON, "groupId": _JSON}),
            "mode": _JSON,
            "replyToken": _JSON,
            **dict.fromkeys(_KINDS, _BODIES),
        },
    )
    | _JSON
)
def test_any_json_becomes_an_event(raw: Any) -> None:
    event = read(raw)
    assert isinstance(event, Event)
    assert event.line_user_id == PERSON
    for value in vars(event).values():
        if isinstance(value, str):
            value.encode("utf-8")
            assert "\x00" not in value
