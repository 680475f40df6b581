"""What typed words mean as an answer: the shipped questions and small ones of each type."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.line.text import clean_text
from surveys.loading import shipped_surveys
from surveys.reading import Accepted, Ambiguous, Refused, folded, read_answer, read_tap
from surveys.schema import Question

TODAY = date(2026, 11, 22)
SURVEYS = shipped_surveys()
QUESTIONS = [question for survey in SURVEYS.values() for question in survey.questions]


def shipped(key: str) -> Question:
    return next(question for question in QUESTIONS if question.key == key)


def make_question(kind: str, **more: Any) -> Question:
    return Question.model_validate({"key": "k", "type": kind, "text": "質問", "label": "項目", **more})


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        pytest.param("occupation", "看護師", Accepted("看護師"), id="a label"),
        pytest.param("occupation", "ナース", Accepted("看護師"), id="another word for it"),
        pytest.param("occupation", "なーす", Accepted("看護師"), id="in hiragana"),
        pytest.param("occupation", "ｓｅ", Accepted("ITエンジニア"), id="full width, lower case"),
        pytest.param(
            "occupation", "准看護師がいいです", Accepted("准看護師"), id="the longer name, with small words"
        ),
        pytest.param("occupation", "調理師", Accepted("調理師"), id="one that has no button"),
        pytest.param(
            "occupation", "看護", Ambiguous(("看護師", "准看護師", "看護助手")), id="part of several"
        ),
        pytest.param(
            "occupation", "看護師か保健師", Ambiguous(("看護師", "保健師")), id="two where one is asked"
        ),
        pytest.param(
            "occupation", "看護師以外", Ambiguous(("看護師",)), id="a denial is not taken as a wish"
        ),
        pytest.param("employment", "正社員とパート", Accepted(["full_time", "part_time"]), id="two of many"),
        pytest.param("employment", "バイト", Accepted(["part_time"]), id="an alias of many"),
        pytest.param("employment", "パート・アルバイト", Accepted(["part_time"]), id="a label with a dot"),
        pytest.param(
            "employment", "正社員以外", Ambiguous(("full_time",)), id="a denial in a multi question"
        ),
        pytest.param("licence", "なし", Accepted(["none"]), id="an exclusive option alone"),
        pytest.param(
            "licence", "なし、看護師", Ambiguous(("看護師", "none")), id="an exclusive one with another"
        ),
        pytest.param("area", "横浜", Accepted([14100]), id="a city"),
        pytest.param("area", "横浜市、川崎市", Accepted([14100, 14130]), id="two cities"),
        pytest.param("area", "横浜と川崎", Accepted([14100, 14130]), id="joined by と"),
        pytest.param("area", "横浜　横浜市", Accepted([14100]), id="one city twice"),
        pytest.param("area", "東京都内", Accepted([13]), id="a prefecture, with 内"),
        pytest.param("area", "横浜市内がいいです", Accepted([14100]), id="a phrase"),
        pytest.param("area", "広島県", Accepted([34]), id="a whole prefecture"),
        pytest.param("area", "広島", Ambiguous(("34", "34100")), id="prefecture or city"),
        pytest.param("area", "府中市", Ambiguous(("13206", "34208")), id="two cities of one name"),
        pytest.param("area", "四国", Ambiguous(("36", "37", "38", "39")), id="a region is narrowed"),
        pytest.param("area", "東京都府中市", Accepted([13206]), id="with its prefecture"),
        pytest.param("wage_month", "25", Accepted(250_000), id="bare 25 of a monthly wage"),
        pytest.param("wage_month", "25万円", Accepted(250_000), id="written out"),
        pytest.param("wage_month", "10万", Accepted(100_000), id="the least"),
        pytest.param("wage_month", "300万円", Accepted(3_000_000), id="the most"),
        pytest.param("wage_year", "400", Accepted(4_000_000), id="bare 400 of a year"),
        pytest.param("wage_day", "1万2千円", Accepted(12_000), id="the label of a button"),
        pytest.param("leave_on", "4月1日", Accepted("2027-04-01"), id="a day"),
        pytest.param("night", "夜勤なし", Accepted("none"), id="a name with なし in it"),
        pytest.param("wish", "  ありません \x00", Accepted("ありません \ufffd"), id="free text, cleaned"),
    ],
)
def test_read_answer(key: str, text: str, expected: object) -> None:
    assert read_answer(shipped(key), text, TODAY) == expected


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        pytest.param("occupation", "宇宙飛行士", "文字で教えてください", id="an unknown title"),
        pytest.param("area", "ムー大陸", "「ムー大陸」がどこか分かりませんでした", id="an unknown place"),
        pytest.param(
            "area", "横浜、府中市", "「府中市」はいくつかあります", id="an ambiguous one among several"
        ),
        pytest.param("area", "横浜、川崎、相模原、札幌市", "3つまで", id="too many"),
        pytest.param("area", "、、、", "どこか分かりませんでした", id="only separators"),
        pytest.param("wage_month", "9万円", "10万円以上、300万円以下", id="below the least"),
        pytest.param("wage_month", "301万円", "10万円以上、300万円以下", id="above the most"),
        pytest.param("wage_month", "たくさん", "「25万円」のように", id="no amount"),
        pytest.param("leave_on", "そのうち", "「4月1日」のように", id="no day"),
        pytest.param("wish", "   ", "スキップ", id="only spaces"),
        pytest.param("wish", "あ" * 501, "500文字以内", id="too long"),
        pytest.param("employment", "あ" * 301, "決定", id="a novel instead of a choice"),
    ],
)
def test_what_is_no_answer_gets_a_hint(key: str, text: str, words: str) -> None:
    reading = read_answer(shipped(key), text, TODAY)
    assert isinstance(reading, Refused)
    assert words in reading.hint


def test_the_longest_free_text_is_accepted() -> None:
    assert read_answer(shipped("wish"), "あ" * 500, TODAY) == Accepted("あ" * 500)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("神奈川", Accepted([14]), id="a prefecture"),
        pytest.param("横浜市", Accepted([14]), id="a city stands for its prefecture"),
        pytest.param("府中市", Ambiguous(("13", "34")), id="a city in two prefectures"),
        pytest.param("四国", Ambiguous(("36", "37", "38", "39")), id="a region"),
    ],
)
def test_a_prefecture_question(text: str, expected: object) -> None:
    assert read_answer(make_question("prefecture"), text, TODAY) == expected


@pytest.mark.parametrize(
    ("question", "value", "expected"),
    [
        pytest.param(shipped("occupation"), "看護師", "看護師", id="an option"),
        pytest.param(shipped("occupation"), "皇帝", None, id="never an option"),
        pytest.param(
            shipped("employment"), "full_time", None, id="multi is chosen and decided, not answered"
        ),
        pytest.param(shipped("area"), "14100", [14100], id="a city"),
        pytest.param(shipped("area"), "14", [14], id="a prefecture"),
        pytest.param(shipped("area"), "99999", None, id="no such city"),
        pytest.param(shipped("area"), "100000000000", None, id="a long number"),
        pytest.param(shipped("area"), "１４", None, id="full width"),
        pytest.param(make_question("prefecture"), "14", [14], id="a prefecture where one is asked"),
        pytest.param(make_question("prefecture"), "14100", None, id="a city where a prefecture is asked"),
        pytest.param(shipped("wage_month"), "250000", 250_000, id="a ready amount"),
        pytest.param(shipped("wage_month"), "1", None, id="an amount that was no button"),
        pytest.param(shipped("leave_on"), "2026-12-31", "2026-12-31", id="a day of the picker"),
        pytest.param(shipped("leave_on"), "2026-02-30", None, id="no day"),
        pytest.param(shipped("leave_on"), "1899-12-31", None, id="before the picker's range"),
        pytest.param(shipped("wish"), "x", None, id="free text has no buttons"),
    ],
)
def test_read_tap(question: Question, value: str, expected: object) -> None:
    assert read_tap(question, value) == expected


def test_every_name_of_every_option_is_understood() -> None:
    for question in QUESTIONS:
        for option in question.options:
            for name in (option.label, *option.aliases):
                reading = read_answer(question, name, TODAY)
                values = reading.value if isinstance(reading, Accepted) else None
                assert option.value in (values if isinstance(values, list) else [str(values)]), (
                    question.key,
                    name,
                )


@given(st.sampled_from(QUESTIONS), st.text())
def test_any_text_is_read_without_raising_and_stored_safely(question: Question, text: str) -> None:
    reading = read_answer(question, text, TODAY)
    if isinstance(reading, Accepted) and isinstance(reading.value, str):
        assert reading.value == clean_text(reading.value)
        assert reading.value.strip()
    if isinstance(reading, Refused):
        assert reading.hint == clean_text(reading.hint)
        assert reading.hint.strip()


NAMES = sorted(
    {o.label for q in QUESTIONS for o in q.options}
    | {"横浜市", "東京", "関東", "府中", "と", "、", "か", "以外", "30万"}
)


@given(st.sampled_from(QUESTIONS), st.lists(st.sampled_from(NAMES), max_size=6))
def test_any_chain_of_names_is_read(question: Question, names: list[str]) -> None:
    reading = read_answer(question, "".join(names), TODAY)
    if isinstance(reading, Ambiguous):
        assert reading.choices


@given(st.sampled_from(QUESTIONS), st.text())
def test_any_tapped_value_is_judged(question: Question, value: str) -> None:
    read_tap(question, value)


def test_spelling_is_folded() -> None:
    assert folded(" Ｓ Ｅ・ナース\n") == "se・なーす"
