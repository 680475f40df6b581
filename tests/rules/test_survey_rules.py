"""The course of a survey as tables: what comes next, what an old button means, what the answers amount to."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.rules import (
    Sheet,
    State,
    SummaryRow,
    Tap,
    Value,
    amount_text,
    answer_text,
    answered,
    applicable_questions,
    counting_answers,
    is_forgotten,
    is_old,
    next_question,
    previous_question,
    progress,
    shown_options,
    summary_rows,
    tap_on,
    toggled,
    typed_with_tapped,
)
from surveys.schema import QuestionType, Survey

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SURVEY = Survey.model_validate(
    {
        "name": "pets",
        "title": "動物",
        "greeting": "はじめます",
        "closing": "おわり",
        "questions": [
            {
                "key": "pet",
                "type": "single",
                "text": "どれ？",
                "label": "動物",
                "options": ["犬", "猫", "魚"],
            },
            {
                "key": "walk",
                "type": "single",
                "text": "散歩は？",
                "label": "散歩",
                "options": ["毎日", "ときどき"],
                "only_if": {"question": "pet", "is": "犬"},
            },
            {
                "key": "where",
                "type": "text",
                "text": "どこへ？",
                "label": "行き先",
                "only_if": {"question": "walk", "any_of": ["毎日"]},
            },
            {
                "key": "food",
                "type": "multi",
                "text": "何を食べる？",
                "label": "食べ物",
                "options": [
                    "肉",
                    {"value": "草", "only_if": {"question": "pet", "any_of": ["猫"]}},
                    {"value": "泥", "typed_only": True},
                    {"value": "none", "label": "食べない", "exclusive": True},
                ],
            },
        ],
    }
)
Answers = Mapping[str, Value]


def make_sheet(
    answers: Answers | None = None,
    *,
    state: State = State.ASKING,
    draft: tuple[str, ...] = (),
    is_newest: bool = True,
) -> Sheet:
    return Sheet(
        session_id=1,
        friend_id=2,
        version=3,
        survey=SURVEY,
        state=state,
        question_key="pet",
        answers=answers or {},
        draft=draft,
        last_at=NOW,
        is_newest=is_newest,
    )


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({}, "pet", id="the first one"),
        pytest.param({"pet": "犬"}, "walk", id="into the branch"),
        pytest.param({"pet": "猫"}, "food", id="past the branch"),
        pytest.param({"pet": None}, "food", id="a skipped answer opens no branch"),
        pytest.param({"pet": "犬", "walk": "毎日"}, "where", id="into the branch of the branch"),
        pytest.param({"pet": "犬", "walk": "ときどき"}, "food", id="past it"),
        pytest.param({"pet": "猫", "walk": "毎日"}, "food", id="a closed branch closes its subtree"),
        pytest.param({"pet": "猫", "food": None}, None, id="complete with a skip"),
        pytest.param({"pet": "犬", "food": ["肉"]}, "walk", id="a gap is filled"),
    ],
)
def test_next_question(answers: Answers, expected: str | None) -> None:
    question = next_question(SURVEY, answers)
    assert (question.key if question else None) == expected


@pytest.mark.parametrize(
    ("answers", "key", "expected"),
    [
        pytest.param({}, "pet", None, id="nothing before the first"),
        pytest.param({"pet": "犬"}, "walk", "pet", id="one back"),
        pytest.param({"pet": "猫"}, "food", "pet", id="over a closed branch"),
        pytest.param({"pet": "犬", "walk": "毎日"}, "food", "where", id="into an open branch"),
        pytest.param({"pet": "猫"}, "walk", None, id="from a question that does not apply"),
    ],
)
def test_previous_question(answers: Answers, key: str, expected: str | None) -> None:
    question = previous_question(SURVEY, answers, key)
    assert (question.key if question else None) == expected


@pytest.mark.parametrize(
    ("answers", "key", "expected"),
    [
        pytest.param({}, "pet", (1, 2), id="closed branches do not count"),
        pytest.param({"pet": "犬"}, "walk", (2, 3), id="an open branch counts"),
        pytest.param({"pet": "犬", "walk": "毎日"}, "food", (4, 4), id="the last one"),
    ],
)
def test_progress(answers: Answers, key: str, expected: tuple[int, int]) -> None:
    assert progress(SURVEY, answers, key) == expected


def test_answers_of_closed_branches_do_not_count() -> None:
    answers: Answers = {"pet": "猫", "walk": "毎日", "where": "公園", "food": ["肉"]}
    assert counting_answers(SURVEY, answers) == {"pet": "猫", "food": ["肉"]}


def test_answering_moves_on_and_finishes() -> None:
    sheet = answered(make_sheet(), "pet", "猫")
    assert (sheet.question_key, sheet.state) == ("food", State.ASKING)
    sheet = answered(sheet, "food", ["肉"])
    assert (sheet.question_key, sheet.state) == (None, State.FINISHED)


@pytest.mark.parametrize(
    ("sheet", "key", "version", "expected"),
    [
        pytest.param(make_sheet(), "pet", 3, Tap.CURRENT, id="the question being asked"),
        pytest.param(make_sheet(), "food", 3, Tap.ELSEWHERE, id="another question"),
        pytest.param(make_sheet(), "pet", 2, Tap.UNKNOWN, id="another version"),
        pytest.param(make_sheet(), "pet", None, Tap.UNKNOWN, id="no version"),
        pytest.param(make_sheet(), "cat", 3, Tap.UNKNOWN, id="no such question"),
        pytest.param(None, "pet", 3, Tap.UNKNOWN, id="not this friend's"),
        pytest.param(make_sheet(state=State.FINISHED), "pet", 3, Tap.FINISHED, id="after the end"),
        pytest.param(make_sheet(state=State.STOPPED), "pet", 3, Tap.STOPPED, id="after やめる"),
        pytest.param(make_sheet(is_newest=False), "pet", 3, Tap.OUTDATED, id="of an earlier run"),
        pytest.param(make_sheet(is_newest=False), "pet", 9, Tap.UNKNOWN, id="forged for an earlier run"),
    ],
)
def test_tap_on(sheet: Sheet | None, key: str, version: int | None, expected: Tap) -> None:
    assert tap_on(sheet, key, version) is expected


@pytest.mark.parametrize(
    ("age", "old", "forgotten"),
    [
        pytest.param(timedelta(days=1), False, False, id="a day is not old"),
        pytest.param(timedelta(days=1, seconds=1), True, False, id="a second more is"),
        pytest.param(timedelta(days=30), True, False, id="30 days are not forgotten"),
        pytest.param(timedelta(days=30, seconds=1), True, True, id="a second more is"),
    ],
)
def test_age(age: timedelta, old: bool, forgotten: bool) -> None:
    assert (is_old(make_sheet(), NOW + age), is_forgotten(make_sheet(), NOW + age)) == (old, forgotten)


FOOD = SURVEY.questions[3]


@pytest.mark.parametrize(
    ("draft", "value", "is_on", "expected"),
    [
        pytest.param((), "肉", True, ("肉",), id="chosen"),
        pytest.param(("肉",), "肉", True, ("肉",), id="chosen twice"),
        pytest.param(("肉",), "肉", False, (), id="taken back"),
        pytest.param((), "肉", False, (), id="taken back twice"),
        pytest.param(("草",), "肉", True, ("肉", "草"), id="in the order of the options"),
        pytest.param(("肉", "草"), "none", True, ("none",), id="an exclusive one clears the others"),
        pytest.param(("none",), "肉", True, ("肉",), id="another clears the exclusive one"),
        pytest.param(("肉",), "石", True, ("肉",), id="an unknown one changes nothing"),
    ],
)
def test_toggled(draft: tuple[str, ...], value: str, is_on: bool, expected: tuple[str, ...]) -> None:
    assert toggled(FOOD, draft, value, is_on=is_on) == expected


@pytest.mark.parametrize(
    ("sheet", "value", "expected"),
    [
        pytest.param(make_sheet(draft=("肉",)), ["草"], ["肉", "草"], id="typed joins tapped"),
        pytest.param(make_sheet(draft=("肉",)), ["none"], ["none"], id="a typed exclusive one stands alone"),
        pytest.param(
            make_sheet({"food": ["肉"]}, draft=("肉",)), ["草"], ["草"], id="typed replaces an answer"
        ),
        pytest.param(make_sheet({"food": ["肉"]}, draft=()), ["草"], ["草"], id="after all was taken back"),
    ],
)
def test_typed_with_tapped(sheet: Sheet, value: Value, expected: Value) -> None:
    assert typed_with_tapped(sheet, FOOD, value) == expected


def test_options_are_shown_by_condition_and_not_when_typed_only() -> None:
    assert [option.value for option in shown_options(FOOD, {"pet": "猫"})] == ["肉", "草", "none"]
    assert [option.value for option in shown_options(FOOD, {"pet": "犬"})] == ["肉", "none"]


def test_the_summary_has_what_was_asked_in_order() -> None:
    answers: Answers = {"food": ["肉", "none"], "pet": "猫", "walk": "毎日"}
    assert summary_rows(SURVEY, answers) == [
        SummaryRow("pet", "動物", "猫"),
        SummaryRow("food", "食べ物", "肉、食べない"),
    ]
    assert summary_rows(SURVEY, {"pet": None}) == [SummaryRow("pet", "動物", "")]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        pytest.param("municipality", [14100, 13], "神奈川県横浜市、東京都", id="places"),
        pytest.param("municipality", [99999], "99999", id="a place that is gone"),
        pytest.param("date", "2026-04-01", "2026年4月1日", id="a day"),
        pytest.param("date", "rubbish", "rubbish", id="a day that is none"),
        pytest.param("number", 250_000, "25万円", id="an amount"),
        pytest.param("text", "はい", "はい", id="free text"),
        pytest.param("text", None, "", id="skipped"),
    ],
)
def test_answer_text(kind: str, value: Value, expected: str) -> None:
    question = FOOD.model_copy(update={"type": QuestionType(kind), "unit": "円", "options": ()})
    assert answer_text(question, value) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        pytest.param(0, "0円", id="nothing"),
        pytest.param(9_999, "9,999円", id="below 万"),
        pytest.param(10_000, "1万円", id="万"),
        pytest.param(12_000, "1.2万円", id="with a part"),
        pytest.param(12_345, "12,345円", id="odd"),
        pytest.param(255_000, "25.5万円", id="half"),
        pytest.param(12_000_000, "1,200万円", id="thousands of 万"),
    ],
)
def test_amount_text(amount: int, expected: str) -> None:
    assert amount_text(amount, "円") == expected


VALUES: st.SearchStrategy[Value] = st.sampled_from(["犬", "猫", "毎日", None, "?"]) | st.lists(
    st.sampled_from(["肉", "草"])
)


@given(st.dictionaries(st.sampled_from(["pet", "walk", "where", "food", "gone"]), VALUES))
def test_any_answers_lead_to_an_applicable_question_or_the_end(answers: dict[str, Value]) -> None:
    question = next_question(SURVEY, answers)
    asked = applicable_questions(SURVEY, answers)
    assert question is None or (question in asked and question.key not in answers)
    assert set(counting_answers(SURVEY, answers)) <= {each.key for each in asked}
