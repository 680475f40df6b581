"""What a survey says: every question that ships, at the largest numbers, within LINE's limits."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from app.areas import PREFECTURES, REGIONS
from app.line.limits import Message, check_messages
from surveys.area_menu import PAGE_SIZE, Page
from surveys.loading import read_survey, shipped_surveys
from surveys.messages import (
    already_answered_message,
    already_finished_messages,
    asked_back_message,
    finished_messages,
    hint_message,
    question_message,
    resume_offer,
    stopped_message,
    summary_message,
    unknown_button_message,
    unknown_survey_message,
)
from surveys.rules import Sheet, State, Value
from surveys.schema import Question, QuestionType, Survey
from surveys.words import forbidden_words

LARGEST = 10**18 - 1
SHIPPED = [(survey, question) for survey in shipped_surveys().values() for question in survey.questions]
EXTREME = """\
name: {long_key}
title: {twenty}
greeting: {thousand}
closing: {thousand}
questions:
"""


def make_sheet(survey: Survey, key: str | None, **answers: Value) -> Sheet:
    return Sheet(
        session_id=LARGEST,
        friend_id=LARGEST,
        version=9999,
        survey=survey,
        state=State.ASKING,
        question_key=key,
        answers=answers,
        draft=(),
        last_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


def labels(message: Any) -> Iterator[str]:
    if isinstance(message, dict):
        if "label" in message:
            yield message["label"]
        for value in message.values():
            yield from labels(value)
    elif isinstance(message, list):
        for value in message:
            yield from labels(value)


@pytest.mark.parametrize(
    ("survey", "question"), [pytest.param(*pair, id=f"{pair[0].name}.{pair[1].key}") for pair in SHIPPED]
)
def test_a_shipped_question_is_within_limits(survey: Survey, question: Question) -> None:
    unit = question.key.removeprefix("wage_")
    sheet = make_sheet(survey, question.key, occupation="看護師", situation="leaving", wage_unit=unit)
    message = question_message(sheet, question, lead="希望職種：看護師")
    check_messages([message])
    assert question.text in str(message)
    assert "やめる" in labels(message)
    assert "もどる" in labels(message) or question is survey.questions[0]
    check_messages(
        [hint_message(sheet, question, "ヒント", [{"type": "message", "label": "検索", "text": "a"}] * 3)]
    )


def test_only_licences_that_fit_the_occupation_are_shown() -> None:
    survey = shipped_surveys()["preferences"]
    question = survey.question("licence")
    assert question is not None
    shown = list(labels(question_message(make_sheet(survey, "licence", occupation="介護職"), question)))
    assert shown[:5] == ["介護福祉士", "実務者研修", "初任者研修", "ケアマネジャー", "まだ持っていない"]


def test_many_options_stand_on_a_card_and_the_controls_below() -> None:
    survey = shipped_surveys()["preferences"]
    message = question_message(make_sheet(survey, "occupation"), survey.questions[0])
    assert message["type"] == "flex"
    assert list(labels(message["quickReply"])) == ["スキップ", "やめる"]
    assert list(labels(message["contents"]))[:2] == ["看護師", "准看護師"]


@pytest.mark.parametrize("prefecture", [pytest.param(each.code, id=each.name) for each in PREFECTURES])
def test_every_page_of_places_is_within_limits(prefecture: int) -> None:
    survey = shipped_surveys()["preferences"]
    question = survey.question("area")
    assert question is not None
    sheet = make_sheet(survey, "area", occupation="営業", area=[14100])
    seen: list[str] = []
    for number in range(20):
        message = question_message(sheet, question, page=Page(prefecture=prefecture, number=number))
        check_messages([message])
        seen += labels(message)
        if "もっと見る" not in labels(message):
            break
    assert number < 20 - 1
    assert len(set(seen)) > PAGE_SIZE


def test_towns_come_after_cities_and_wards_of_designated_cities_are_left_to_typing() -> None:
    survey = shipped_surveys()["preferences"]
    question = survey.question("area")
    assert question is not None
    page = question_message(make_sheet(survey, "area"), question, page=Page(prefecture=14))
    shown = list(labels(page))
    assert shown[:4] == ["神奈川県のどこでも", "横浜市", "川崎市", "相模原市"]
    assert "横浜市青葉区" not in shown


def test_every_region_is_within_limits() -> None:
    survey = shipped_surveys()["preferences"]
    question = survey.question("area")
    assert question is not None
    for region in range(len(REGIONS)):
        check_messages([question_message(make_sheet(survey, "area"), question, page=Page(region=region))])


def extreme_survey() -> Survey:
    """As large as the checks let through."""
    key = "k" * 28
    lines = [
        EXTREME.format(long_key="n" * 30, twenty="題" * 20, thousand="語" * 1000),
    ]
    for number in range(30):
        kind = "multi" if number % 2 else "single"
        options = [f"      - {{value: 値{'あ' * 16}{n:02}, label: {'名' * 18}{n:02}}}" for n in range(30)]
        lines += [
            f"  - key: {key}{number:02}\n    type: {kind}\n    text: {'文' * 300}\n    label: {'題' * 20}",
            f"    hint: {'助' * 300}\n    options:",
            *options,
        ]
    loaded = read_survey("\n".join(lines), source="extreme")
    assert loaded.faults == ()
    assert loaded.value is not None
    return loaded.value


def test_the_largest_survey_that_is_allowed_is_within_limits() -> None:
    survey = extreme_survey()
    everything: dict[str, Value] = {
        q.key: [o.value for o in q.options] if q.type is QuestionType.MULTI else q.options[0].value
        for q in survey.questions
    }
    for question in survey.questions[:2]:
        sheet = make_sheet(survey, question.key, **everything)
        check_messages([question_message(sheet, question, lead="語" * 300)])
        choices = [(option.value, option.label) for option in question.options[:24]]
        check_messages([asked_back_message(sheet, question, choices)])
        check_messages([already_answered_message(sheet, question), resume_offer(sheet)])
    check_messages(finished_messages(make_sheet(survey, None, **everything)))
    check_messages(already_finished_messages(make_sheet(survey, None, **everything)))
    check_messages([stopped_message(make_sheet(survey, survey.questions[0].key))])


def test_a_summary_shows_each_answer_with_a_button_to_change_it() -> None:
    survey = shipped_surveys()["preferences"]
    sheet = make_sheet(survey, None, occupation="営業", area=[14100, 13], employment=None, wage_unit="any")
    summary = summary_message(sheet)
    assert list(labels(summary)) == ["修正"] * 4 + ["最初から答え直す"]
    assert all(
        words in str(summary) for words in ("営業", "神奈川県横浜市、東京都", "未回答", "こだわらない")
    )


def test_small_messages_are_within_limits_and_promise_no_gifts() -> None:
    messages: list[Message] = [
        unknown_button_message(),
        unknown_survey_message(),
    ]
    check_messages(messages)
    assert forbidden_words(str(messages)) == []
