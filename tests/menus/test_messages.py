"""What the bot says to the menu's own buttons."""

from datetime import UTC, datetime
from typing import Any

import pytest

from richmenu.messages import (
    SettingsShown,
    glad_to_hear,
    how_is_work,
    how_to_use,
    progress_shown,
    settings_shown,
    ways_to_search,
)

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""A Tuesday, 10:00 in Tokyo."""
SETTINGS: dict[str, Any] = {"is_linked": True, "has_wishes": True, "opted_out": False, "snoozed_until": None}


def text_of(messages: list[dict[str, Any]]) -> str:
    return str(messages[0]["text"])


def labels(messages: list[dict[str, Any]]) -> list[str]:
    """Of the quick replies."""
    return [item["action"]["label"] for item in messages[-1]["quickReply"]["items"]]


@pytest.mark.parametrize(
    ("change", "line", "label"),
    [
        pytest.param({}, "求人のお届け：お届けしています", "停止する", id="delivered"),
        pytest.param({"opted_out": True}, "求人のお届け：停止しています", "お届けを再開", id="stopped"),
        pytest.param(
            {"snoozed_until": AT}, "求人のお届け：11/24(火)までお休み", "お届けを再開", id="on a break"
        ),
        pytest.param({"is_linked": False}, "会員連携：まだ連携していません", "会員連携", id="not linked"),
        pytest.param(
            {"has_wishes": False}, "希望条件：まだ登録していません", "希望条件を登録・変更", id="no wishes"
        ),
    ],
)
def test_settings_say_how_things_stand_and_what_can_be_done(
    change: dict[str, Any], line: str, label: str
) -> None:
    said = settings_shown(SettingsShown(**{**SETTINGS, **change}))
    assert line in text_of(said).splitlines()
    assert label in labels(said)


def test_linking_is_offered_only_to_who_is_not_linked() -> None:
    assert "会員連携" in labels(how_to_use(is_linked=False))
    assert "会員連携" not in labels(how_to_use(is_linked=True))
    assert "会員連携" not in labels(settings_shown(SettingsShown(**SETTINGS)))


def test_progress_lists_what_is_coming_and_what_is_running() -> None:
    said = text_of(
        progress_shown([("架空病院の看護師", "書類選考", AT)], [("面談", AT, "横浜オフィス")], is_linked=True)
    )
    assert said == (
        "これからの予定\n・11/24(火) 10:00 面談（横浜オフィス）\n\n"
        "応募の状況\n・架空病院の看護師\n　書類選考（11/24(火)）"
    )


@pytest.mark.parametrize(
    ("is_linked", "words"),
    [
        pytest.param(True, "いま進んでいる応募や予定はありません。", id="linked"),
        pytest.param(False, "会員連携をすると", id="not linked"),
    ],
)
def test_without_progress_the_next_step_is_offered(is_linked: bool, words: str) -> None:
    said = progress_shown([], [], is_linked=is_linked)
    assert words in text_of(said)
    assert "担当者に相談" in labels(said)


def test_ways_to_search_end_in_something_to_tap() -> None:
    said = ways_to_search()
    kinds = {item["action"]["type"] for item in said[0]["quickReply"]["items"]}
    assert kinds == {"postback", "location"}


def test_how_work_is_can_be_told_by_a_tap() -> None:
    assert labels(how_is_work()) == ["順調です", "少し気になることがある", "相談したい"]
    assert "ありがとうございます" in text_of(glad_to_hear())
