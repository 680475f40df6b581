"""Answers as CSV, on both databases."""

import csv
import io
from typing import Any

import pytest

from app.db import reading, transaction
from surveys.actions import record_answer, start_survey
from surveys.export import COLUMNS, export_answers
from tests.factories import make_channel, make_friend
from tests.surveys.talking import NOW, Talk


def export(talk: Talk, **options: Any) -> list[list[str]]:
    out = io.StringIO()
    with reading(talk.database) as session:
        count = export_answers(session, out, **options)
    header, *rows = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert header == list(COLUMNS)
    assert count == len(rows)
    return rows


def test_without_answers_there_is_a_header(talk: Talk) -> None:
    assert export(talk) == []


def test_the_newest_answers_are_written_in_words(talk: Talk) -> None:
    talk.start()
    talk.write("看護師")
    talk.write("横浜、川崎")
    talk.tap("スキップ")
    person = str(talk.friend_id)
    at = "2026-11-22T12:00:00+09:00"
    assert export(talk) == [
        [person, "preferences", "1", "occupation", "どんなお仕事をお探しですか？", "看護師", at],
        [
            person,
            "preferences",
            "1",
            "area",
            "どのあたりで働きたいですか？",
            "神奈川県横浜市、神奈川県川崎市",
            at,
        ],
        [person, "preferences", "1", "employment", "ご希望の働き方を教えてください。", "", at],
    ]


def test_an_edited_answer_is_written_once_and_twice_with_history(talk: Talk) -> None:
    talk.start()
    talk.write("看護師")
    talk.write("もどる")
    talk.write("営業")
    assert [row[5] for row in export(talk)] == ["営業"]
    assert [row[5] for row in export(talk, history=True)] == ["看護師", "営業"]


def test_answers_of_a_closed_branch_are_only_in_the_history(talk: Talk) -> None:
    talk.start()
    for text in ("営業", "横浜", "正社員", "月給", "25万", "もどる", "もどる", "こだわらない"):
        talk.write(text)
    assert "wage_month" not in [row[3] for row in export(talk)]
    assert "wage_month" in [row[3] for row in export(talk, history=True)]


def test_one_survey_can_be_chosen(talk: Talk, stranger: Talk) -> None:
    talk.start()
    talk.write("営業")
    stranger.start("newcomer")
    stranger.write("情報収集")
    assert [row[1] for row in export(talk)] == ["preferences", "newcomer"]
    assert [row[1] for row in export(talk, survey_name="newcomer")] == ["newcomer"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝"])
def test_a_formula_is_made_harmless(talk: Talk, start: str) -> None:
    talk.start("newcomer")
    for _ in range(3):
        talk.tap("スキップ")
    talk.write(f"{start}cmd|' /C calc'!A0")
    assert export(talk)[-1][5] == f"'{start}cmd|' /C calc'!A0"


def test_more_friends_than_one_page_are_all_written(talk: Talk) -> None:
    channel = make_channel(talk.database)
    friends = [make_friend(talk.database, NOW, channel).id for _ in range(203)]
    with transaction(talk.database) as session:
        for friend_id in friends:
            sheet = start_survey(session, friend_id, "preferences", NOW)
            assert sheet is not None
            record_answer(session, sheet, "occupation", "営業", NOW)
    assert [int(row[0]) for row in export(talk)] == friends
