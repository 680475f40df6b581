"""Message shapes, LINE's limits, text counting and postback data."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.friends import messages as friend_messages
from app.line.limits import MessageRefused, check_messages, checked
from app.line.messages import (
    box,
    bubble,
    button,
    buttons_message,
    carousel,
    confirm_message,
    date_picker_action,
    flex_message,
    flex_text,
    message_action,
    postback_action,
    separator,
    text_message,
    uri_action,
)
from app.line.postback import Command, pack, unpack
from app.line.text import clean_text, clip_graphemes, clip_utf16, clip_words, grapheme_length, utf16_length
from app.links import messages as link_messages
from app.links.rules import Refusal

FAMILY = "👨‍👩‍👧"
APPLE = "🍎"
YES = postback_action("はい", pack("yes"))
NO = message_action("いいえ")


@pytest.mark.parametrize(
    ("text", "utf16", "graphemes"),
    [
        ("abc", 3, 3),
        ("求人", 2, 2),
        (APPLE, 2, 1),
        (FAMILY, 8, 1),
        ("e\u0301", 2, 1),
        ("🇯🇵", 4, 1),
        ("", 0, 0),
    ],
)
def test_how_line_counts(text: str, utf16: int, graphemes: int) -> None:
    assert (utf16_length(text), grapheme_length(text)) == (utf16, graphemes)


@given(st.text(), st.integers(2, 50))
def test_clipping_keeps_the_limit_and_the_beginning(text: str, limit: int) -> None:
    by_units, by_graphemes = clip_utf16(text, limit), clip_graphemes(text, limit)
    assert utf16_length(by_units) <= limit
    assert grapheme_length(by_graphemes) <= limit
    assert text.startswith(by_units.removesuffix("…")) or by_units == text
    if utf16_length(text) <= limit:
        assert by_units == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("看護師", "看護師", id="short"),
        pytest.param("あいうえおか", "あいうえ…", id="too many letters"),
        pytest.param("か\u3099" * 5, "か\u3099" * 5, id="letters of two units"),
        pytest.param("e" + "\u0301" * 9_000, "…", id="one letter under thousands of marks"),
    ],
)
def test_what_a_sentence_quotes_is_short_in_both_counts(text: str, shown: str) -> None:
    assert clip_words(text, 5) == shown


def test_clipping_tears_no_emoji() -> None:
    assert clip_utf16(APPLE * 5, 5) == APPLE * 2 + "…"
    assert clip_utf16(FAMILY + "ab", 8) == "…"


@given(st.text(st.characters()))
def test_cleaned_text_can_be_stored_anywhere(text: str) -> None:
    cleaned = clean_text(text + "\x00" + "\ud800")
    assert "\x00" not in cleaned
    assert cleaned.encode("utf-8").decode() == cleaned


@pytest.mark.parametrize(
    ("length", "passes"), [pytest.param(5000, True, id="5,000 units"), pytest.param(5001, False, id="5,001")]
)
def test_a_text_has_5000_utf16_units(length: int, passes: bool) -> None:
    texts = ["a" * length, APPLE * (length // 2) + "a" * (length % 2)]
    for text in texts:
        if passes:
            assert text_message(text)["text"] == text
        else:
            with pytest.raises(MessageRefused, match=r"message\.text"):
                text_message(text)


def nested(component: dict[str, Any]) -> dict[str, Any]:
    return flex_message("alt", bubble(body=box("vertical", [component])))


REFUSED = {
    "empty text": lambda: text_message(""),
    "only spaces": lambda: text_message(" \n"),
    "14 quick replies": lambda: text_message("a", choices=[YES] * 14),
    "label of 21 graphemes": lambda: checked(
        {
            "type": "text",
            "text": "a",
            "quickReply": {
                "items": [{"type": "action", "action": {"type": "message", "label": "a" * 21, "text": "a"}}]
            },
        }
    ),
    "confirm with three actions": lambda: checked(
        {
            "type": "template",
            "altText": "a",
            "template": {"type": "confirm", "text": "a", "actions": [YES, NO, NO]},
        }
    ),
    "confirm text of 241": lambda: confirm_message("あ" * 241, YES, NO),
    "five buttons": lambda: buttons_message("a", [YES] * 5),
    "buttons text of 161": lambda: buttons_message("あ" * 161, [YES]),
    "buttons text of 61 beside a title": lambda: buttons_message("あ" * 61, [YES], title="t"),
    "13 bubbles": lambda: flex_message("a", carousel([bubble(body=box("vertical", []))] * 13)),
    "bubbles of two sizes": lambda: flex_message(
        "a", carousel([bubble(body=box("vertical", [])), bubble(body=box("vertical", []), size="kilo")])
    ),
    "a bubble over 30 KB": lambda: nested(flex_text("あ" * 4000 * 3)),
    "a bubble without a block": lambda: flex_message("a", {"type": "bubble"}),
    "an unknown Flex field": lambda: nested(flex_text("a", colour="#000000")),
    "an unknown component": lambda: nested({"type": "spacer"}),
    "a picture by http": lambda: nested({"type": "image", "url": "http://example.com/a.png"}),
    "a javascript address": lambda: nested(button(uri_action("a", "javascript:alert(1)"))),
    "an address that is not encoded": lambda: nested(button(uri_action("a", "https://example.com/求人"))),
    "alt text of 1,501": lambda: flex_message("a" * 1501, bubble(body=box("vertical", []))),
    "a sender that names LINE": lambda: checked(
        {"type": "text", "text": "a", "sender": {"name": "LINEさん"}}
    ),
    "a kind that we do not build": lambda: checked({"type": "imagemap"}),
    "postback data of 301": lambda: text_message(
        "a", choices=[{"type": "postback", "label": "a", "data": "d" * 301}]
    ),
    "an unknown action": lambda: text_message("a", choices=[{"type": "richmenuswitch", "label": "a"}]),
}


@pytest.mark.parametrize("build", REFUSED.values(), ids=REFUSED.keys())
def test_what_line_would_refuse_cannot_be_built(build: Any) -> None:
    with pytest.raises(MessageRefused):
        build()


def test_what_the_builders_make_passes() -> None:
    picker = date_picker_action(
        "日付", pack("d"), initial="2026-12-01", least="2026-11-22", most="2027-12-31"
    )
    card = bubble(
        body=box("vertical", [flex_text("題"), separator(margin="md"), button(YES, style="primary")]),
        footer=box("horizontal", [button(uri_action("見る", "https://example.com/"))], spacing="sm"),
    )
    check_messages(
        [
            text_message("a" * 5000, choices=[YES, NO, picker]),
            confirm_message("あ" * 240, YES, NO),
            buttons_message("あ" * 60, [YES] * 4, title="題" * 40),
            flex_message("a", carousel([card] * 12)),
            checked({"type": "sticker", "packageId": "446", "stickerId": "1988"}),
        ]
    )


@pytest.mark.parametrize("count", [0, 6])
def test_one_call_has_one_to_five_messages(count: int) -> None:
    with pytest.raises(MessageRefused, match="1 to 5"):
        check_messages([text_message("a")] * count)


def test_every_message_about_friendship_and_link_passes() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    answers = [
        friend_messages.greeting(),
        friend_messages.welcome_back(has_answers=True),
        friend_messages.opted_out(),
        friend_messages.on_break(now),
        friend_messages.resumed(),
        friend_messages.not_understood(),
        friend_messages.thanks_for("画像"),
        friend_messages.small_talk(),
        friend_messages.linking_is_off(),
        friend_messages.button_is_old(),
        [link_messages.linked_text(replaced_member=True, replaced_line=True)],
        link_messages.already_linked(),
        link_messages.offer_link("https://goen.example/link/start?t=" + "a" * 43),
        link_messages.ask_to_unlink("menu"),
        link_messages.unlinked(),
        link_messages.unlinked("https://goen.example/login/line/leave?channel=default"),
        link_messages.link_is_kept(),
        link_messages.not_linked(),
        link_messages.replaced_by_another(),
        link_messages.replaced_by_another("https://goen.example/login/line/leave?channel=default"),
        link_messages.ended_elsewhere(),
        link_messages.ended_elsewhere("https://goen.example/login/line/leave?channel=default"),
        link_messages.account_link_refused(),
        link_messages.account_link_failed(),
        *(link_messages.code_refused(reason) for reason in Refusal),
    ]
    for answer in answers:
        check_messages(answer)


def test_a_command_survives_its_way_through_a_button() -> None:
    data = pack("survey.answer", s=12, q="area", v="横浜市 & 川崎=市?")
    assert unpack(data) == Command("survey.answer", {"s": "12", "q": "area", "v": "横浜市 & 川崎=市?"})


def test_data_over_300_characters_cannot_be_packed() -> None:
    with pytest.raises(ValueError, match="300"):
        pack("a", v="x" * 300)


@pytest.mark.parametrize(
    "data", ["", "v1:", "v2:a", "tab=b", "v1:a?x", "v1:a?" + "y" * 300, "\x00" * 300, "💣" * 150]
)
def test_rubbish_is_no_command(data: str) -> None:
    assert unpack(data) is None


@given(st.text(max_size=400))
def test_unpack_never_raises(data: str) -> None:
    command = unpack(data)
    assert command is None or command.action


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("0", 0), ("-1", None), ("１２", None), ("1" * 19, None), ("", None), ("a", None)],
)
def test_ids_in_buttons_are_small_numbers_or_nothing(text: str, number: int | None) -> None:
    assert Command("a", {"n": text}).integer("n") == number
