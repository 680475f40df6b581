"""Whole conversations of the shipped surveys, on both databases: F2 as a friend meets it."""

from typing import Any

import pytest

from app.db import reading, transaction
from app.definitions import newest_definition, publish_definition
from app.jobs.rules import EmploymentType, JobWishes, WageType
from app.jobs.vocabulary import JobFlag
from handlers.survey import SURVEY_ACTIONS
from surveys.models import Answer, SurveySession
from surveys.queries import KIND, answers_of
from surveys.rules import State
from surveys.schema import survey_from_json
from surveys.wishes import job_wishes
from tests.surveys.talking import Talk


def answer_everything_by_taps(talk: Talk) -> None:
    talk.start()
    talk.tap("看護師")
    for label in ("関東", "神奈川県", "横浜市", "正社員", "パート・アルバイト", "決定", "月給", "30万円"):
        talk.tap(label)
    for label in ("3か月以内", "看護師", "決定", "夜勤なしを希望"):
        talk.tap(label)


def answers(talk: Talk) -> dict[str, Any]:
    with reading(talk.database) as session:
        return dict(answers_of(session, talk.friend_id))


def test_everything_can_be_answered_by_taps(talk: Talk) -> None:
    answer_everything_by_taps(talk)
    assert talk.sheet().state is State.FINISHED
    assert "ご希望をこのように承りました" in talk.words()
    assert "神奈川県横浜市" in talk.words()
    assert job_wishes(answers(talk)) == JobWishes(
        occupations=("看護師",),
        cities=(14100,),
        employment_types=(EmploymentType.FULL_TIME, EmploymentType.PART_TIME),
        wage_type=WageType.MONTH,
        wage_min=300_000,
        licences=("看護師",),
        flags=(JobFlag.NO_NIGHT,),
    )


def test_everything_can_be_answered_by_typing(talk: Talk) -> None:
    talk.start()
    for text in (
        "ナース",
        "よこはまし",
        "正社員とパート",
        "月収",
        "３０万円",
        "3ヶ月以内",
        "正看",
        "日勤のみ",
    ):
        assert talk.write(text) is not None
    assert talk.sheet().state is State.FINISHED
    assert job_wishes(answers(talk)).wage_min == 300_000
    assert job_wishes(answers(talk)).flags == (JobFlag.NO_NIGHT,)


def test_the_newcomer_survey_can_be_answered(talk: Talk) -> None:
    talk.start("newcomer")
    talk.tap("すぐに働きたい")
    talk.tap("退職が決まっている")
    talk.tap("日付を選ぶ", date="2026-12-31")
    talk.tap("給与")
    talk.tap("決定")
    talk.write("夜に連絡がほしいです")
    assert talk.sheet("newcomer").state is State.FINISHED
    assert answers(talk) == {
        "urgency": "now",
        "situation": "leaving",
        "leave_on": "2026-12-31",
        "matters": ["wage"],
        "wish": "夜に連絡がほしいです",
    }
    assert "2026年12月31日" in talk.words()


def test_questions_of_other_occupations_are_not_asked(talk: Talk) -> None:
    talk.start()
    for text in ("事務", "東京", "正社員", "こだわらない", "すぐ"):
        talk.write(text)
    assert talk.sheet().state is State.FINISHED
    assert job_wishes(answers(talk)) == JobWishes(
        occupations=("一般事務",), prefectures=(13,), employment_types=(EmploymentType.FULL_TIME,)
    )


def test_a_question_says_where_one_is_and_how_to_answer(talk: Talk) -> None:
    talk.start()
    assert "ご希望の条件を1分ほどで" in talk.words()
    assert "【1/5】" in talk.words()
    assert {"スキップ", "やめる"} <= set(talk.buttons())
    assert "もどる" not in talk.buttons()
    talk.tap("看護師")
    assert "希望職種：看護師" in talk.words()
    assert "【2/7】" in talk.words()
    assert "もどる" in talk.buttons()


def test_an_ambiguous_place_is_asked_back_and_then_tapped(talk: Talk) -> None:
    talk.start()
    talk.write("営業")
    talk.write("府中市")
    assert "どれのことでしょうか" in talk.words()
    assert talk.sheet().question_key == "area"
    talk.tap("広島県府中市")
    assert talk.sheet().answers["area"] == [34208]


def test_a_ward_name_of_many_cities_is_asked_back_on_a_card(talk: Talk) -> None:
    talk.start()
    talk.write("営業")
    talk.write("北区")
    talk.tap("大阪府大阪市北区")
    assert talk.sheet().answers["area"] == [27127]


def test_a_place_that_is_not_known_gets_a_hint_and_the_question_again(talk: Talk) -> None:
    talk.start()
    talk.write("営業")
    talk.write("ムー大陸")
    assert "「ムー大陸」がどこか分かりませんでした" in talk.words()
    assert "どのあたりで働きたいですか" in talk.words()
    assert talk.sheet().question_key == "area"


def test_an_occupation_that_is_not_known_gets_a_hint(talk: Talk) -> None:
    talk.start()
    talk.write("宇宙飛行士")
    assert "うまく読み取れませんでした" in talk.words()
    assert talk.sheet().answers == {}


def test_part_of_an_occupation_is_asked_back(talk: Talk) -> None:
    talk.start()
    talk.write("看護")
    talk.tap("准看護師")
    assert talk.sheet().answers["occupation"] == "准看護師"


def test_a_wrong_answer_may_offer_something_else(talk: Talk) -> None:
    talk.start()
    offer = {"type": "message", "label": "検索する", "text": "検索する"}
    said = talk.write("宇宙飛行士の求人", offers=[offer])
    assert said is not None
    assert said[-1]["quickReply"]["items"][0]["action"] == offer


def test_places_can_be_found_page_by_page(talk: Talk) -> None:
    talk.start()
    talk.write("営業")
    talk.tap("北海道・東北")
    talk.tap("北海道")
    assert "北海道のどこでも" in talk.buttons()
    for _ in range(9):
        talk.tap("もっと見る")
    assert "もっと見る" not in talk.buttons()
    talk.tap("地方を選び直す")
    assert "四国" in talk.buttons()
    talk.tap("四国")
    talk.tap("香川県")
    talk.tap("香川県のどこでも")
    assert talk.sheet().answers["area"] == [37]


def test_back_shows_the_earlier_answer_and_keeps_it(talk: Talk) -> None:
    talk.start()
    talk.write("営業")
    talk.write("横浜")
    talk.tap("もどる")
    assert "いまの回答：神奈川県横浜市" in talk.words()
    talk.tap("このままにする")
    assert talk.sheet().question_key == "employment"
    assert talk.rows(Answer) == 2


def test_back_and_another_answer_keeps_both_in_history(talk: Talk) -> None:
    talk.start()
    talk.write("営業")
    talk.write("横浜")
    talk.write("もどる")
    talk.write("川崎")
    assert talk.sheet().question_key == "employment"
    assert talk.sheet().answers["area"] == [14130]
    assert talk.rows(Answer) == 3


def test_a_skipped_question_stays_skipped(talk: Talk) -> None:
    talk.start()
    for _ in range(5):
        talk.tap("スキップ")
    assert talk.sheet().state is State.FINISHED
    assert job_wishes(answers(talk)) == JobWishes()
    assert "未回答" in talk.words()


def test_a_multi_question_remembers_taps_until_it_is_decided(talk: Talk) -> None:
    talk.start()
    talk.write("営業")
    talk.write("横浜")
    assert "決定" not in talk.buttons()
    talk.tap("正社員")
    talk.tap("契約社員")
    assert "選択中：正社員、契約社員" in talk.words()
    talk.tap("✓正社員")
    assert "選択中：契約社員" in talk.words()
    talk.write("パート")
    assert talk.sheet().answers["employment"] == ["contract", "part_time"]


def test_a_double_tap_on_an_option_chooses_it_once(talk: Talk) -> None:
    talk.start()
    talk.write("営業")
    talk.write("横浜")
    button = talk.button("正社員")
    talk.tap_data(button)
    talk.tap_data(button)
    assert talk.sheet().draft == ("full_time",)


def test_deciding_without_a_choice_gets_a_hint(talk: Talk) -> None:
    talk.start()
    talk.write("営業")
    talk.write("横浜")
    talk.write("決定")
    assert "一つ以上選んでから" in talk.words()
    assert talk.sheet().question_key == "employment"


def test_an_exclusive_option_stands_alone(talk: Talk) -> None:
    talk.start()
    for text in ("看護師", "横浜", "正社員", "こだわらない", "すぐ"):
        talk.write(text)
    talk.tap("看護師")
    talk.tap("まだ持っていない")
    assert talk.sheet().draft == ("none",)
    talk.tap("保健師")
    assert talk.sheet().draft == ("保健師",)


def test_a_double_tap_on_an_answer_changes_nothing(talk: Talk) -> None:
    talk.start()
    button = talk.button("看護師")
    talk.tap_data(button)
    talk.tap_data(button)
    assert talk.sheet().question_key == "area"
    assert talk.rows(Answer) == 1
    assert "「希望職種」は回答をいただいています" in talk.words()
    assert "どのあたりで働きたいですか" in talk.words()


def test_an_old_button_with_another_answer_offers_to_edit(talk: Talk) -> None:
    talk.start()
    other = talk.button("営業")
    talk.tap("看護師")
    talk.tap_data(other)
    assert talk.sheet().answers["occupation"] == "看護師"
    talk.tap("修正する")
    assert talk.sheet().question_key == "occupation"
    talk.tap("営業")
    assert talk.sheet().answers["occupation"] == "営業"


def test_a_double_tap_on_the_last_answer_shows_the_summary(talk: Talk) -> None:
    talk.start()
    for text in ("事務", "東京", "正社員", "こだわらない"):
        talk.write(text)
    button = talk.button("すぐにでも")
    talk.tap_data(button)
    rows = talk.rows(Answer)
    talk.tap_data(button)
    assert "回答は保存しています" in talk.words()
    assert "修正" in talk.buttons()
    assert talk.rows(Answer) == rows


def test_an_answer_can_be_edited_from_the_summary(talk: Talk) -> None:
    answer_everything_by_taps(talk)
    edit = next(data for message in talk.said for label, data in _edits(message) if "wage_month" in data)
    talk.tap_data(edit)
    assert "いまの回答：30万円" in talk.words()
    talk.write("25")
    assert talk.sheet().state is State.FINISHED
    assert job_wishes(answers(talk)).wage_min == 250_000


def test_an_edit_that_closes_a_branch_drops_its_answers_and_opens_the_other(talk: Talk) -> None:
    answer_everything_by_taps(talk)
    talk.tap_data(next(data for message in talk.said for _, data in _edits(message) if "wage_unit" in data))
    talk.tap("時給")
    assert talk.sheet().question_key == "wage_hour"
    talk.write("1500円")
    assert talk.sheet().state is State.FINISHED
    assert "wage_month" not in answers(talk)
    wishes = job_wishes(answers(talk))
    assert (wishes.wage_type, wishes.wage_min) == (WageType.HOUR, 1500)
    assert "希望月給" not in talk.words()


def test_a_branch_that_opens_again_keeps_its_answer(talk: Talk) -> None:
    answer_everything_by_taps(talk)
    sheet = talk.sheet()
    common = {"s": sheet.session_id, "n": sheet.version}
    talk.forge("survey.edit", q="wage_unit", **common)
    talk.tap("こだわらない")
    talk.forge("survey.edit", q="wage_unit", **common)
    talk.tap("月給")
    assert talk.sheet().state is State.FINISHED
    assert job_wishes(answers(talk)).wage_min == 300_000


def test_editing_a_question_that_no_longer_applies_shows_the_summary(talk: Talk) -> None:
    answer_everything_by_taps(talk)
    sheet = talk.sheet()
    talk.forge("survey.edit", s=sheet.session_id, n=sheet.version, q="wage_hour")
    assert talk.sheet().state is State.FINISHED
    assert "回答は保存しています" in talk.words()


def test_a_multi_answer_is_edited_from_where_it_stands(talk: Talk) -> None:
    answer_everything_by_taps(talk)
    sheet = talk.sheet()
    talk.forge("survey.edit", s=sheet.session_id, n=sheet.version, q="employment")
    assert "選択中：正社員、パート・アルバイト" in talk.words()
    talk.tap("✓正社員")
    talk.tap("決定")
    assert talk.sheet().answers["employment"] == ["part_time"]


def test_typing_replaces_a_multi_answer_that_is_edited(talk: Talk) -> None:
    answer_everything_by_taps(talk)
    sheet = talk.sheet()
    talk.forge("survey.edit", s=sheet.session_id, n=sheet.version, q="employment")
    talk.write("派遣")
    assert talk.sheet().answers["employment"] == ["temporary"]


def test_stop_keeps_the_answers_and_resume_goes_on(talk: Talk) -> None:
    talk.start()
    talk.write("営業")
    talk.tap("やめる")
    assert talk.sheet().state is State.STOPPED
    assert talk.write("横浜") is None
    talk.tap("つづける")
    assert talk.sheet().question_key == "area"
    assert talk.sheet().answers == {"occupation": "営業"}


def test_an_old_button_after_stop_offers_to_go_on(talk: Talk) -> None:
    talk.start()
    button = talk.button("営業")
    talk.tap("やめる")
    talk.tap_data(button)
    assert talk.sheet().answers == {}
    assert list(talk.buttons()) == ["つづける"]


def test_an_old_stop_button_stops_all_the_same(talk: Talk) -> None:
    talk.start()
    stop = talk.button("やめる")
    talk.write("営業")
    talk.tap_data(stop)
    assert talk.sheet().state is State.STOPPED


def test_after_days_an_answer_is_still_taken(talk: Talk) -> None:
    talk.start()
    talk.write("営業")
    talk.wait(days=5)
    talk.write("横浜")
    assert talk.sheet().answers["area"] == [14100]


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        pytest.param(24, "分かりませんでした", id="within a day: the hint"),
        pytest.param(24.1, "続けますか", id="later: つづける / やめる"),
    ],
)
def test_other_words_after_a_while(talk: Talk, hours: float, words: str) -> None:
    talk.start()
    talk.write("営業")
    talk.wait(hours=hours)
    talk.write("こんにちは、元気ですか")
    assert words in talk.words()


def test_after_days_one_can_go_on_or_stop(talk: Talk) -> None:
    talk.start()
    talk.write("営業")
    talk.wait(days=3)
    talk.write("こんにちは")
    talk.tap("つづける")
    assert "【2/5】" in talk.words()
    talk.wait(days=3)
    talk.write("こんにちは")
    talk.tap("やめる")
    assert talk.sheet().state is State.STOPPED


def test_after_days_the_offer_has_room_for_a_search(talk: Talk) -> None:
    talk.start()
    talk.wait(days=3)
    talk.write("宇宙", offers=[{"type": "message", "label": "検索する", "text": "宇宙"}])
    assert list(talk.said[0]["quickReply"]["items"][0]["action"].values())[1] == "検索する"


def test_free_text_after_days_is_not_taken_for_an_answer(talk: Talk) -> None:
    talk.start("newcomer")
    for _ in range(3):
        talk.tap("スキップ")
    assert talk.sheet("newcomer").question_key == "wish"
    talk.wait(days=2)
    talk.write("給料日はいつですか")
    assert "wish" not in talk.sheet("newcomer").answers


def test_a_forgotten_survey_takes_no_words_but_its_buttons_still_work(talk: Talk) -> None:
    talk.start()
    button = talk.button("営業")
    talk.wait(days=31)
    assert talk.write("営業") is None
    talk.tap_data(button)
    assert talk.sheet().answers == {"occupation": "営業"}


def test_without_an_open_question_words_are_for_others(talk: Talk) -> None:
    assert talk.write("横浜") is None


def test_starting_again_while_it_asks_goes_on(talk: Talk) -> None:
    talk.start()
    talk.write("営業")
    talk.start()
    assert "続きからお伺いします" in talk.words()
    assert talk.rows(SurveySession) == 1
    talk.start(again=True)
    assert talk.rows(SurveySession) == 1


def test_starting_after_the_end_shows_the_summary_and_can_begin_afresh(talk: Talk) -> None:
    answer_everything_by_taps(talk)
    old = talk.sheet()
    talk.start()
    assert "回答は保存しています" in talk.words()
    again = talk.button("最初から答え直す")
    talk.tap_data(again)
    talk.tap_data(again)
    assert talk.rows(SurveySession) == 2
    assert talk.sheet().answers == {}
    assert answers(talk)["area"] == [14100]
    talk.forge("survey.edit", s=old.session_id, n=old.version, q="area")
    assert talk.sheet().question_key == "occupation"
    talk.write("営業")
    assert answers(talk)["occupation"] == "営業"


def test_a_survey_that_is_not_there_is_answered(talk: Talk) -> None:
    talk.forge("survey.start", name="horoscope")
    assert "終了しました" in talk.words()
    talk.forge("survey.start", name="\x00")
    assert "終了しました" in talk.words()


def test_two_surveys_can_be_open_and_the_latest_gets_the_words(talk: Talk) -> None:
    talk.start()
    talk.wait(minutes=1)
    talk.start("newcomer")
    talk.write("情報収集")
    assert talk.sheet("newcomer").answers == {"urgency": "browsing"}
    assert talk.sheet().answers == {}


def test_who_has_begun_keeps_the_version_begun_with(talk: Talk, stranger: Talk) -> None:
    talk.start()
    talk.write("営業")
    publish_shorter_survey(talk)
    stranger.start()
    assert "【1/1】新しい質問です" in stranger.words()
    talk.write("横浜")
    assert talk.sheet().question_key == "employment"
    assert (talk.sheet().version, stranger.sheet().version) == (1, 2)


def test_a_new_version_is_asked_when_one_begins_afresh(talk: Talk) -> None:
    answer_everything_by_taps(talk)
    publish_shorter_survey(talk)
    talk.start()
    talk.tap("最初から答え直す")
    assert talk.sheet().version == 2


def publish_shorter_survey(talk: Talk) -> None:
    with transaction(talk.database) as session:
        shipped = newest_definition(session, KIND, "preferences")
        assert shipped is not None
        body = survey_from_json(shipped.body).model_dump(mode="json", by_alias=True)
        body["questions"] = [body["questions"][0] | {"text": "新しい質問です"}]
        publish_definition(session, KIND, "preferences", body, now=talk.now, by=7)


@pytest.mark.parametrize("action", sorted(set(SURVEY_ACTIONS) - {"survey.start"}))
def test_a_strangers_button_does_nothing_and_tells_nothing(talk: Talk, stranger: Talk, action: str) -> None:
    talk.start()
    talk.write("営業")
    before = talk.sheet()
    stranger.forge(action, s=before.session_id, q="area", n=1, v="14100", on=1)
    assert (
        stranger.words()
        == "申し訳ありません。このボタンは使えなくなりました。メニューからもう一度お試しください。"
    )
    assert stranger.buttons() == {}
    assert talk.sheet() == before


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"n": 2}, id="another version"),
        pytest.param({"n": ""}, id="no version"),
        pytest.param({"s": 999_999}, id="a run that is not there"),
        pytest.param({"s": "1 OR 1=1"}, id="no number"),
        pytest.param({"s": "999999999999999999"}, id="a huge number"),
        pytest.param({"q": "unheard_of"}, id="a question that is not there"),
        pytest.param({"q": "\x00"}, id="a question with NUL"),
        pytest.param({"v": "99999"}, id="a place that is not there"),
        pytest.param({"v": "-1"}, id="a negative place"),
        pytest.param({"v": ""}, id="no value"),
        pytest.param({"v": "\x00"}, id="NUL"),
        pytest.param({"v": "１４"}, id="a code in full width"),
    ],
)
def test_a_forged_answer_changes_nothing(talk: Talk, values: dict[str, str | int]) -> None:
    talk.start()
    talk.write("営業")
    before = talk.sheet()
    forged: dict[str, str | int] = {"s": before.session_id, "q": "area", "n": 1, "v": "14100"}
    talk.forge("survey.answer", **forged | values)
    assert "使えなくなりました" in talk.words()
    assert talk.sheet() == before


def test_a_forged_option_cannot_be_chosen(talk: Talk) -> None:
    talk.start()
    forged: dict[str, str | int] = {"s": talk.sheet().session_id, "q": "occupation", "n": 1}
    talk.forge("survey.answer", **forged, v="皇帝")
    talk.forge("survey.toggle", **forged, v="看護師", on=1)
    talk.forge("survey.done", **forged)
    assert talk.sheet().answers == {}


def test_an_impossible_page_shows_the_regions(talk: Talk) -> None:
    talk.start()
    talk.write("営業")
    for page in ({"region": 99}, {"pref": 48}, {"pref": 13, "page": 999}):
        talk.forge("survey.area", s=talk.sheet().session_id, q="area", n=1, **page)
        assert talk.buttons()


def _edits(message: Any) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if isinstance(message, dict):
        if message.get("label") == "修正":
            found.append((message["label"], message["data"]))
        for value in message.values():
            found += _edits(value)
    elif isinstance(message, list):
        for value in message:
            found += _edits(value)
    return found
