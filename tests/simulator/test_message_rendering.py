"""How the other messages, their rows and the phone's looks are drawn."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.chromium import needs_chromium
from tests.simulator.browser import css, size_of
from tests.simulator.reference import (
    IMAGEMAP,
    MEDIA,
    PICTURE,
    PLAIN,
    REFERENCE,
    TEMPLATE_ROWS,
    TEMPLATES,
    Message,
    bubble,
    button,
    flex,
    postback,
    template,
    text,
)
from tests.simulator.sheet import NOW, Sheet, boxes, running_sheet

pytestmark = [pytest.mark.browser, needs_chromium]

MINUTE = 60_000
DAY = 1440 * MINUTE
MARKUP = '<script>document.title="x"</script><img src=x onerror=alert(1)>'


@pytest.fixture(scope="module")
def sheet() -> Iterator[Sheet]:
    with running_sheet() as opened:
        yield opened


def entry(at: int, message: Message | None = None, sender: str = "bot", **more: Any) -> dict[str, Any]:
    return {"at": at, "from": sender, "message": message or text(), **more}


def test_a_text_bubble_has_its_measures(sheet: Sheet) -> None:
    node = sheet.draw([text("見" * 100)]).locator(".line-text")
    assert size_of(node)[0] == 260
    assert (css(node, "padding"), css(node, "border-radius")) == ("8px 14px", "17px")
    assert (css(node, "font-size"), css(node, "background-color")) == ("15px", "rgb(255, 255, 255)")


def test_an_own_bubble_is_green_at_the_right_and_read(sheet: Sheet) -> None:
    view = sheet.draw([text("はい")], sender="user")
    node = view.locator(".line-text")
    assert css(node, "background-color") == "rgb(141, 224, 85)"
    bounds = node.bounding_box()
    assert bounds is not None
    assert 375 - bounds["x"] - bounds["width"] == pytest.approx(8)
    assert view.locator(".line-aside").inner_text().split() == ["既読", "11:59"]
    assert view.locator(".line-face, .line-who").count() == 0


def test_the_accounts_messages_never_say_that_they_were_read(sheet: Sheet) -> None:
    assert sheet.draw([text()]).locator(".line-read").count() == 0
    unread = sheet.rows([entry(NOW, sender="user", read=False)])
    assert unread.locator(".line-read").count() == 0


def test_the_first_of_a_run_shows_who_it_is(sheet: Sheet) -> None:
    named = text(sender={"name": "担当 見本", "iconUrl": PICTURE})
    at = NOW - NOW % MINUTE
    view = sheet.rows(
        [
            entry(at),
            entry(at + 1),
            entry(at + 2, named),
            entry(at + 3, named),
            entry(at + MINUTE),
            entry(at, sender="user"),
        ]
    )
    faces = view.locator(".line-row").evaluate_all(
        "rows => rows.map(row => row.querySelectorAll('.line-face').length)"
    )
    assert faces == [1, 0, 1, 0, 1, 0]
    names = view.get_by_test_id("sender").all_inner_texts()
    assert names == ["ごえん（見本）", "担当 見本 from ごえん（見本）", "ごえん（見本）"]
    assert view.locator(".line-face img").count() == 1
    assert size_of(view.locator(".line-face").first) == (30, 30)


@pytest.mark.parametrize(
    ("language", "days"),
    [
        ("ja", ["2025/11/20(木)", "11/20(金)", "昨日", "今日"]),
        ("en", ["Thu, 20/11/2025", "Fri 20/11", "Yesterday", "Today"]),
    ],
)
def test_a_mark_stands_where_the_day_turns_in_japan(sheet: Sheet, language: str, days: list[str]) -> None:
    times = [NOW - 367 * DAY, NOW - 2 * DAY, NOW - DAY, NOW - DAY + MINUTE, NOW]
    marks = sheet.rows([entry(at) for at in times], language=language).get_by_test_id("day")
    assert [each.replace(",", "") for each in marks.all_inner_texts()] == [
        day.replace(",", "") for day in days
    ]
    assert size_of(marks.first.locator("span"))[1] == 24


def test_midnight_in_japan_separates_days(sheet: Sheet) -> None:
    midnight = NOW - 12 * 60 * MINUTE
    view = sheet.rows([entry(midnight - 1), entry(midnight)])
    assert view.get_by_test_id("day").all_inner_texts() == ["昨日", "今日"]
    assert view.locator("time").all_inner_texts() == ["23:59", "0:00"]


@pytest.mark.parametrize(
    ("language", "hours", "shown"),
    [("ja", 24, "13:05"), ("ja", 12, "午後 1:05"), ("en", 12, "1:05 PM"), ("en", 24, "13:05")],
)
def test_times_have_24_or_12_hours(sheet: Sheet, language: str, hours: int, shown: str) -> None:
    view = sheet.rows([entry(NOW + 65 * MINUTE)], language=language, hours=hours)
    assert view.locator("time").inner_text() == shown


def test_a_message_taken_back_leaves_a_note(sheet: Sheet) -> None:
    view = sheet.rows([entry(NOW, {"type": "unsent"}, "user"), entry(NOW)])
    assert view.get_by_test_id("unsent").inner_text() == "メッセージの送信を取り消しました"
    assert view.locator(".line-row").count() == 1


def test_links_and_phone_numbers_are_tapped_through_the_caller(sheet: Sheet) -> None:
    words = "https://example.com/を見るか 03-0000-0000、09000000000 へ。番号 12-3456 は違います。"
    links = sheet.draw([text(words)]).locator("a")
    assert links.all_inner_texts() == ["https://example.com/", "03-0000-0000", "09000000000"]
    for each in links.all():
        each.click()
    uris = [each["uri"] for each in sheet.taps()]
    assert uris == ["https://example.com/", "tel:0300000000", "tel:09000000000"]


@pytest.mark.parametrize(
    ("message", "shown", "emoji"),
    [
        pytest.param(text("$ と $", emojis=[{"index": 4}, {"index": 0}]), " と ", 2, id="emoji in any order"),
        pytest.param(text("🍎$!", emojis=[{"index": 2}]), "🍎!", 1, id="counted in UTF-16"),
        pytest.param(text("(love)!", emojis=[{"index": 0, "length": 6}]), "!", 1, id="a person's own"),
        pytest.param(text("x", emojis=[{"index": 9}]), "x", 1, id="beyond the end"),
        pytest.param(PLAIN[2], "@見本 花子 さん、{見本} です ", 1, id="textV2"),
        pytest.param({"type": "textV2", "text": "{x} {{y}} }}"}, "{x} {y} }", 0, id="nothing to put in"),
        pytest.param(
            {
                "type": "textV2",
                "text": "{a} {b}",
                "substitution": {
                    "a": {"type": "mention", "mentionee": {"type": "all"}},
                    "b": {"type": "mention", "mentionee": {"type": "user", "userId": "U9"}},
                },
            },
            "@すべて @メンバー",
            0,
            id="all, and somebody without a name",
        ),
        pytest.param(
            text("@花子 さん", mention={"mentionees": [{"index": 0, "length": 3, "userId": "U1"}]}),
            "@花子 さん",
            0,
            id="a received mention is there already",
        ),
    ],
)
def test_emoji_and_mentions_stand_at_their_places(
    sheet: Sheet, message: Message, shown: str, emoji: int
) -> None:
    node = sheet.draw([message]).locator(".line-text")
    assert node.evaluate("node => node.textContent") == shown
    assert node.locator(".line-emoji").count() == emoji


@pytest.mark.parametrize(
    ("letters", "factor"), [("small", 0.9), ("normal", 1), ("large", 1.15), ("huge", 1.3)]
)
def test_letters_of_the_chat_follow_the_setting(sheet: Sheet, letters: str, factor: float) -> None:
    view = sheet.draw([text(), *TEMPLATES], letters=letters)
    sizes = [
        float(css(view.locator(where).first, "font-size").removesuffix("px"))
        for where in (".line-text", ".template-words p", ".template-words strong", ".template-choice")
    ]
    assert sizes == pytest.approx([each * factor for each in (15, 14, 16, 15)])


def test_in_the_dark_the_chat_changes_and_flex_does_not(sheet: Sheet) -> None:
    messages = [text(), flex(bubble(text("字"))), TEMPLATES[1]]
    looks = []
    for theme in ("light", "dark"):
        view = sheet.draw(messages, theme=theme)
        nodes = (view, view.locator(".line-text"), view.locator(".flex-bubble"), view.locator(".template"))
        looks.append([(css(each, "background-color"), css(each, "color")) for each in nodes])
    light, dark = looks
    assert dark[0][0] == "rgb(26, 26, 26)"
    assert dark[1] == ("rgb(42, 42, 42)", "rgb(255, 255, 255)")
    assert (light[2], light[1] != dark[1], light[3] != dark[3]) == (dark[2], True, True)


def test_a_picture_takes_its_own_shape_within_its_bounds(sheet: Sheet) -> None:
    view = sheet.draw(MEDIA[:1])
    photo = view.locator(".line-photo")
    assert size_of(photo) == (240, 320)
    assert css(photo, "border-radius") == "12px"
    photo.click()
    assert sheet.taps() == [{"kind": "image", "address": "/picture.png"}]


def test_films_sounds_places_files_and_coupons_say_what_they_are(sheet: Sheet) -> None:
    view = sheet.draw(MEDIA)
    assert view.locator(".line-film .line-duration").inner_text() == "1:01"
    assert size_of(view.locator(".line-audio"))[0] == 200
    assert size_of(view.locator(".line-location"))[0] == 240
    assert view.locator(".line-location").inner_text().split("\n") == [
        "面接会場（見本）",
        "見本市見本町1-2-3",
    ]
    assert view.locator(".line-file").inner_text().split("\n")[-2:] == ["職務経歴書（見本）.pdf", "20.5 KB"]
    assert "01INVENTED" in view.locator(".line-coupon").inner_text()


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (PLAIN[4], "11537 / 52002738"),
        ({"type": "sticker", "packageId": "1", "stickerId": "2", "keywords": ["よろしく"]}, "よろしく"),
    ],
)
def test_a_sticker_is_a_square_with_its_keyword(sheet: Sheet, message: Message, words: str) -> None:
    node = sheet.draw([message]).locator(".line-sticker")
    assert size_of(node) == (150, 150)
    assert node.inner_text() == words


def test_buttons_are_a_card_with_a_picture_words_and_rows(sheet: Sheet) -> None:
    card = template(
        type="buttons",
        thumbnailImageUrl=PICTURE,
        title="題",
        text="文",
        defaultAction=postback("全体"),
        actions=[postback("一"), postback("二")],
    )
    node = sheet.draw([card]).locator(".template")
    width, _ = size_of(node)
    assert 260 <= width <= 300
    assert css(node, "border-radius") == "17px"
    assert size_of(node.locator(".template-picture"))[1] == pytest.approx(width / 1.51, abs=0.1)
    heights = [each["height"] for each in boxes(node.locator(".template-choices"))]
    assert all(44 <= height <= 48 for height in heights)
    node.locator(".template-words").click()
    node.get_by_role("button", name="二").click()
    assert [each["label"] for each in sheet.taps()] == ["全体", "二"]


def test_confirm_has_two_halves(sheet: Sheet) -> None:
    one, two = boxes(sheet.draw(TEMPLATES[1:]).locator(".template-choices"))
    assert one["top"] == two["top"]
    assert one["width"] == pytest.approx(two["width"])


def test_columns_of_a_carousel_are_equally_high(sheet: Sheet) -> None:
    view = sheet.draw(TEMPLATE_ROWS)
    one, two = boxes(view.locator(".template-carousel").first)
    assert (one["height"], one["left"], two["left"] - one["right"]) == (two["height"], 7, 9)
    assert size_of(view.locator(".template-picture").first) == (260, 260)
    assert css(view.locator(".template-picture img").first, "object-fit") == "contain"
    view.locator(".image-square").first.click()
    assert [each["label"] for each in sheet.taps()] == ["医療"]


def test_an_imagemap_is_as_wide_as_the_screen_and_its_places_are_scaled(sheet: Sheet) -> None:
    node = sheet.draw([IMAGEMAP]).locator(".line-imagemap")
    assert size_of(node) == (375, 187.5)
    assert size_of(node.locator(".imagemap-place")) == (187.5, 187.5)
    film = node.locator(".imagemap-film")
    assert size_of(film) == pytest.approx((440 * 375 / 1040, 330 * 375 / 1040), abs=0.1)
    node.locator(".imagemap-place").click()
    node.locator(".line-play").click()
    node.locator(".imagemap-more").click()
    uri = {"type": "uri", "uri": "https://example.com/"}
    assert sheet.taps() == [
        uri | {"label": "左"},
        {"kind": "video", "address": "/picture.png"},
        uri | {"label": "もっと見る"},
    ]


def test_quick_replies_are_pills_and_some_have_signs_of_their_own(sheet: Sheet) -> None:
    actions = [postback("はい"), {"type": "camera", "label": "撮る"}, {"type": "location", "label": "場所"}]
    items = [{"type": "action", "action": action} for action in actions]
    items.append({"type": "action", "imageUrl": PICTURE, "action": {"type": "cameraRoll", "label": "選ぶ"}})
    chips = sheet.draw([text(quickReply={"items": items})]).get_by_test_id("quick-reply")
    assert [size_of(each)[1] for each in chips.all()] == [36] * 4
    assert (css(chips.first, "border-radius"), css(chips.first, "padding")) == ("18px", "0px 12px")
    assert [each.locator("svg").count() for each in chips.all()] == [0, 1, 1, 0]
    assert size_of(chips.last.locator("img")) == (24, 24)
    chips.nth(1).click()
    assert sheet.taps() == [actions[1]]


def test_markup_in_any_words_is_shown_as_words(sheet: Sheet) -> None:
    view = sheet.draw(
        [
            text(MARKUP, sender={"name": "<i>担当</i>"}),
            template(type="buttons", title="<b>題</b>", text=MARKUP[:60], actions=[postback("<b>はい</b>")]),
            flex(bubble(text(MARKUP), button("<b>はい</b>")), altText=MARKUP),
            text(MARKUP, quickReply={"items": [{"type": "action", "action": postback(MARKUP)}]}),
        ]
    )
    assert view.locator("script, img, b, i").count() == 0
    assert view.inner_text().count("<script>") >= 4
    assert "<i>担当</i> from" in view.inner_text()
    assert sheet.page.title() == "sheet"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "data:image/svg+xml;base64,AA", "file:///x", "", "//["],
)
def test_an_address_that_a_page_must_not_load_is_not_loaded(sheet: Sheet, address: str) -> None:
    found = sheet.page.evaluate(
        """async (address) => {
            const { openable, renderMessage } = await import("/static/render/index.js");
            const message = { type: "image", originalContentUrl: "x", previewImageUrl: "x" };
            const node = renderMessage(message, { picture: () => address, onOpen: () => {} });
            return [openable(address), node.querySelectorAll("img").length, node.classList.contains("tappable")];
        }""",
        address,
    )
    assert found == [None, 0, False]


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (text("こんにちは"), "こんにちは"),
        (PLAIN[2], "@メンバー さん、{見本} です ☺"),
        (flex(bubble(text()), altText="代わりの文"), "代わりの文"),
        (MEDIA[0], "写真を送信しました"),
        (MEDIA[2], "ボイスメッセージを送信しました"),
        ({"type": "unsent"}, "メッセージの送信を取り消しました"),
        ({"type": "poem"}, ""),
    ],
)
def test_a_notification_says_the_words_or_what_was_sent(sheet: Sheet, message: Message, shown: str) -> None:
    script = "async (message) => (await import('/static/render/index.js')).previewOf(message)"
    assert sheet.page.evaluate(script, message) == shown


ODD: list[Message] = [
    {"type": "poem"},
    {"type": "text"},
    {"type": "constructor"},
    {"type": "flex"},
    {"type": "flex", "contents": {"type": "carousel"}},
    {"type": "template", "template": {"type": "toString"}},
    {"type": "template"},
    {"type": "imagemap"},
    {"type": "imagemap", "actions": [{"type": "uri"}]},
    {"type": "image"},
    {"type": "video"},
    {"type": "location"},
]


@pytest.mark.parametrize("message", [pytest.param(each, id=str(each)[:60]) for each in ODD])
def test_half_a_message_is_drawn_too(sheet: Sheet, message: Message) -> None:
    assert sheet.draw([message]).locator(".line-message").count() == 1


@pytest.mark.parametrize("width", [320, 375, 430])
@pytest.mark.parametrize("letters", ["normal", "huge"])
def test_every_kind_of_message_fits_the_screen(sheet: Sheet, letters: str, width: int) -> None:
    sheet.page.set_viewport_size({"width": width, "height": 700})
    every = [message for messages in REFERENCE.values() for message in messages]
    view = sheet.draw(every, letters=letters)
    widths = view.locator(".line-message").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().right)"
    )
    assert max(widths) <= width
    assert sheet.page.evaluate("document.documentElement.scrollWidth") == width
    sheet.page.set_viewport_size({"width": 375, "height": 812})
