"""配信停止, お休み and 再開 in people's words: what asks for them, and what only sounds like it."""

import pytest

from app.friends.commands import Command, is_about_commands, read_command


@pytest.mark.parametrize(
    "text",
    [
        "配信停止",
        " 配信 停止。",
        "配信をやめる",
        "配信を止めて",
        "配信止めてください",
        "通知いらない",
        "もう送らないで",
        "もう求人送ってこないでください",
        "LINEの配信を停止してほしいです",
        "お知らせは不要です",
        "求人情報の配信停止をお願いします",
        "メッセージを止めてもらえますか",
        "通知オフ",
        "求人はもういらない",
        "stop",
    ],
)
def test_a_wish_for_no_more_news_is_obeyed(text: str) -> None:
    assert read_command(text) is Command.OPT_OUT


@pytest.mark.parametrize(
    "text",
    [
        "「お休み」",
        "おやすみ",
        "しばらくお休みしたい",
        "配信をしばらく休んで",
        "配信を休止してください",
    ],
)
def test_a_wish_for_a_break_is_obeyed(text: str) -> None:
    assert read_command(text) is Command.BREAK


@pytest.mark.parametrize(
    "text",
    [
        "再開",
        "配信再開!",
        "配信を再開してください",
        "再開する",
        "求人の配信再開お願いします",
    ],
)
def test_a_wish_for_news_again_is_obeyed(text: str) -> None:
    assert read_command(text) is Command.RESUME


@pytest.mark.parametrize(
    ("text", "is_about"),
    [
        ("", False),
        ("配信停止って何ですか", True),
        ("配信をやめないで", True),
        ("配信停止しないでください", True),
        ("配信停止の方法は?", True),
        ("配信停止を解除", True),
        ("お休みの多い仕事", False),
        ("土日休み", False),
        ("お休みの日は?", False),
        ("仕事を辞めたい", False),
        ("残業はいらない", False),
        ("夜勤は不要", False),
        ("転勤しない", False),
        ("通知が来ない", False),
        ("休みたい", False),
        ("再開発の仕事", False),
        ("仕事は結構あります", False),
        ("面接をお断りしたい", False),
    ],
)
def test_what_only_sounds_like_it_is_no_command(text: str, is_about: bool) -> None:
    assert (read_command(text), is_about_commands(text)) == (None, is_about)


def test_a_text_of_five_thousand_letters_is_no_command() -> None:
    assert read_command("もう" * 2_490 + "送らないで") is None
    assert read_command("もう" * 20 + "送らないで") is Command.OPT_OUT
