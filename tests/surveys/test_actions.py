"""A run through a survey at the level of actions, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError

from app.db import reading, transaction
from surveys.actions import go_back, record_answer, resume_survey, start_survey, stop_survey
from surveys.models import Answer, SurveySession
from surveys.queries import answers_of, find_open_sheet, find_sheet
from surveys.rules import State
from tests.surveys.talking import NOW, Talk


def test_a_friend_who_starts_twice_at_once_has_one_run(talk: Talk) -> None:
    def begin(_: int) -> int:
        with transaction(talk.database) as session:
            sheet = start_survey(session, talk.friend_id, "preferences", NOW)
            assert sheet is not None
            return sheet.session_id

    with ThreadPoolExecutor(4) as pool:
        runs = set(pool.map(begin, range(4)))
    assert len(runs) == 1
    assert talk.rows(SurveySession) == 1


def test_the_database_allows_one_asking_run_per_friend_and_survey(talk: Talk) -> None:
    with transaction(talk.database) as session:
        sheet = start_survey(session, talk.friend_id, "preferences", NOW)
        assert sheet is not None
        stop_survey(session, sheet, NOW)
        start_survey(session, talk.friend_id, "preferences", NOW)
    with pytest.raises(IntegrityError), transaction(talk.database) as session:
        resume_survey(session, sheet, NOW)


def test_an_unknown_survey_cannot_be_started(talk: Talk) -> None:
    with transaction(talk.database) as session:
        assert start_survey(session, talk.friend_id, "horoscope", NOW) is None


def test_a_sheet_is_its_friends_only(talk: Talk, stranger: Talk) -> None:
    talk.start()
    mine = talk.sheet()
    with reading(talk.database) as session:
        assert find_sheet(session, talk.friend_id, mine.session_id) == mine
        assert find_sheet(session, stranger.friend_id, mine.session_id) is None
        assert find_sheet(session, talk.friend_id, None) is None
        assert find_open_sheet(session, stranger.friend_id) is None


def test_the_action_gives_the_sheet_as_it_is_stored(talk: Talk) -> None:
    talk.start()
    with transaction(talk.database) as session:
        given = record_answer(session, talk.sheet(), "occupation", "営業", NOW)
    assert given == talk.sheet()


def test_the_same_answer_again_makes_no_second_row(talk: Talk) -> None:
    talk.start()
    with transaction(talk.database) as session:
        sheet = record_answer(session, talk.sheet(), "occupation", "営業", NOW)
        sheet = go_back(session, sheet, NOW)
        record_answer(session, sheet, "occupation", "営業", NOW)
    assert talk.rows(Answer) == 1


def test_at_the_first_question_there_is_no_way_back(talk: Talk) -> None:
    talk.start()
    with transaction(talk.database) as session:
        assert go_back(session, talk.sheet(), NOW).question_key == "occupation"


def test_answers_of_several_surveys_and_runs_are_one(talk: Talk) -> None:
    talk.start()
    for text in ("営業", "横浜", "正社員", "こだわらない", "すぐ"):
        talk.write(text)
    talk.start("newcomer")
    talk.write("情報収集")
    talk.write("やめる")
    talk.start(again=True)
    talk.write("看護師")
    with reading(talk.database) as session:
        everything = answers_of(session, talk.friend_id)
        preferences = answers_of(session, talk.friend_id, "preferences")
        assert answers_of(session, talk.friend_id, "horoscope") == {}
    assert everything["urgency"] == "browsing"
    assert (preferences["occupation"], preferences["area"]) == ("看護師", [14100])
    assert "urgency" not in preferences


def test_text_of_every_kind_can_be_stored(talk: Talk) -> None:
    talk.start("newcomer")
    for _ in range(3):
        talk.tap("スキップ")
    talk.write("\x00 \ud800 👨‍👩‍👧 'quote' \"double\" \\u0000 語")
    assert talk.sheet("newcomer").state is State.FINISHED
    assert talk.sheet("newcomer").answers["wish"] == "\ufffd \ufffd 👨‍👩‍👧 'quote' \"double\" \\u0000 語"
