"""Titles with one letter wrong are kept as written and asked back; words of talk that look alike are none."""

import pytest

from app.search.misspelt import one_letter_off
from app.search.nearest import nearest_titles
from app.search.reading import read_request


@pytest.mark.parametrize(
    ("text", "written", "meant"),
    [
        pytest.param("事無 東京", "事無", "一般事務", id="the second letter of two"),
        pytest.param("大阪で英業", "英業", "営業", id="the first letter of two, after a place"),
        pytest.param("経里の求人", "経里", "経理", id="before 求人"),
        pytest.param("東京、一般事部", "一般事部", "一般事務", id="the last of four"),
        pytest.param("歯科衛星士 神戸", "歯科衛星士", "歯科衛生士", id="in the middle"),
    ],
)
def test_a_title_with_one_letter_wrong_is_kept_and_the_right_one_offered(
    text: str, written: str, meant: str
) -> None:
    assert read_request(text).occupation == (written,)
    assert nearest_titles(written)[0] == meant


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("夜勤 勤務 東京", id="勤務 is not 事務"),
        pytest.param("社保 完備 大阪", id="完備 is not 警備"),
        pytest.param("企業 東京", id="企業 is not 営業"),
        pytest.param("料理 好き 京都", id="料理 is not 経理"),
        pytest.param("美容院 渋谷", id="美容院 is not 美容師"),
        pytest.param("横浜 病院 夜勤なし", id="病院 is like no title"),
        pytest.param("相談 したい", id="talk"),
    ],
)
def test_ordinary_words_are_no_titles(text: str) -> None:
    assert read_request(text).occupation == ()


def test_a_known_title_and_a_foreign_word_are_not_one_letter_away() -> None:
    assert one_letter_off("爬虫類飼育員") == ()
    assert one_letter_off("事無") == ("一般事務",)
