"""Corners that the shipped surveys do not have: required questions, prefectures, controls out of place."""

import pytest

from app.db import transaction
from app.definitions import publish_definition
from surveys.loading import read_survey
from surveys.queries import KIND
from surveys.rules import State
from tests.surveys.talking import NOW, Talk

YAML = """\
name: small
title: 小さな調査
greeting: はじめます
closing: おわり
questions:
  - {key: home, type: prefecture, text: どちらの都道府県ですか？, label: 都道府県, required: true}
  - {key: start_on, type: date, text: いつからですか？, label: 開始日}
  - {key: years, type: number, text: 経験は何年ですか？, label: 経験年数, unit: 年, least: 0, most: 60}
"""


@pytest.fixture
def small(talk: Talk) -> Talk:
    """A friend at the first question of a small survey."""
    survey = read_survey(YAML, source="small").value
    assert survey is not None
    with transaction(talk.database) as session:
        publish_definition(
            session, KIND, "small", survey.model_dump(mode="json", by_alias=True), now=NOW, by=None
        )
    talk.start("small")
    return talk


def test_a_prefecture_is_tapped_in_two_steps(small: Talk) -> None:
    small.tap("関西")
    small.tap("奈良県")
    assert small.sheet("small").answers == {"home": [29]}


def test_a_city_names_its_prefecture(small: Talk) -> None:
    small.write("横浜市")
    assert "都道府県：神奈川県" in small.words()


def test_a_required_question_cannot_be_skipped(small: Talk) -> None:
    assert "スキップ" not in small.buttons()
    small.write("スキップ")
    assert "必ずお答えください" in small.words()
    sheet = small.sheet("small")
    small.forge("survey.skip", s=sheet.session_id, q="home", n=sheet.version)
    assert small.sheet("small").answers == {}


def test_a_hint_without_own_words_says_what_would_be_an_answer(small: Talk) -> None:
    small.write("ムー大陸")
    assert "「ムー大陸」がどこか分かりませんでした。都道府県の名前を教えてください。" in small.words()


@pytest.mark.parametrize("word", ["決定", "このままにする", "もどる", "戻る", "つづける"])
def test_a_control_out_of_place_asks_again(small: Talk, word: str) -> None:
    small.write(word)
    assert "どちらの都道府県ですか" in small.words()
    assert small.sheet("small").question_key == "home"


def test_a_survey_is_finished_with_days_and_numbers(small: Talk) -> None:
    for text in ("奈良", "来月", "十年"):
        small.write(text)
    sheet = small.sheet("small")
    assert sheet.state is State.FINISHED
    assert sheet.answers == {"home": [29], "start_on": "2026-12-01", "years": 10}
    assert all(words in small.words() for words in ("奈良県", "2026年12月1日", "10年"))


def test_a_number_out_of_bounds_is_told_its_bounds(small: Talk) -> None:
    small.write("奈良")
    small.write("スキップ")
    small.write("61年")
    assert "0年以上、60年以下の数字で教えてください" in small.words()


def test_a_run_begun_by_a_button_of_a_finished_one_is_told_as_it_stands(small: Talk) -> None:
    sheet = small.sheet("small")
    small.write("奈良")
    small.write("やめる")
    small.forge("survey.start", name="small", again=1)
    small.forge("survey.answer", s=sheet.session_id, q="home", n=sheet.version, v="13")
    assert "続きからお伺いします" in small.words()
    assert small.sheet("small").answers == {}
