"""A search in words in the chat, branch by branch, on both databases."""

import pytest
from sqlalchemy import select

from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.jobs.actions import close_job
from app.jobs.models import ActivityKind, Impression, Job
from app.jobs.rules import JobWishes, WageType
from app.jobs.vocabulary import JobFlag
from app.people.queries import wishes_profile
from app.recommend.seekers import leanings_of
from app.search.packing import packed, unpack
from app.search.reading import read_request
from surveys.actions import load_shipped_surveys, start_survey
from surveys.amending import amend_answers
from surveys.rules import Value
from surveys.wishes import EXTRAS, PREFERENCES, WISH_SURVEYS
from tests.jobs.factories import NOW, make_row, store_jobs
from tests.jobs.tapping import Phone

REQUEST = "横浜 看護師 夜勤なし 月30万以上"


@pytest.fixture
def phone(database: Database, friend: Friend) -> Phone:
    with transaction(database) as session:
        load_shipped_surveys(session, NOW)
    return Phone(database, friend)


def store(phone: Phone, *names: str, **more: object) -> None:
    base = {"flags": "夜勤なし", "wage_min": "310000"}
    rows = [make_row(external_id=name, employer=f"{name}(架空)", **base | more) for name in names]
    store_jobs(phone.database, *rows)


def shown(phone: Phone) -> list[str]:
    """Names of the jobs in the last answer, in their order."""
    text = str(phone.said)
    with reading(phone.database) as session:
        known = dict(session.execute(select(Job.external_id, Job.id)).all())
    found = {name: text.find(f"job.show?job={id_}'") for name, id_ in known.items()}
    return sorted((name for name, at in found.items() if at >= 0), key=lambda name: found[name])


def test_a_request_is_understood_in_words_and_answered_with_what_meets_all_of_it(phone: Phone) -> None:
    store(phone, "fits")
    store(phone, "nights", flags="夜勤あり")
    store(phone, "poor", wage_min="290000")
    store(phone, "far", prefecture="東京都", city="新宿区")
    store(phone, "care", occupation="介護職")
    phone.write(REQUEST)
    assert "「横浜市・看護師・夜勤なし・月給30万円以上」で探しました" in phone.text()
    assert "1件見つかりました" in phone.text()
    assert shown(phone) == ["fits"]
    assert "もっと見る" not in phone.buttons()
    assert phone.activity() == [(ActivityKind.SEARCH, None)]
    with reading(phone.database) as session:
        [impression] = session.scalars(select(Impression))
    assert impression.parts["conditions"] == ["place", "night", "wage", "occupation"]
    assert unpack(impression.parts["search"]) is not None


def test_more_goes_on_to_the_end_and_says_that_it_is_the_end(phone: Phone) -> None:
    store(phone, *(f"j{number}" for number in range(12)))
    phone.write(REQUEST)
    assert "12件見つかりました" in phone.text()
    pages = [shown(phone)]
    while "もっと見る" in phone.buttons():
        phone.press("もっと見る")
        pages.append(shown(phone))
    assert [len(page) for page in pages] == [5, 5, 2]
    assert len({name for page in pages for name in page}) == 12
    assert "以上です" in phone.text()
    assert "この条件で保存" in phone.buttons()


def test_an_old_button_for_more_finds_the_end_when_the_rest_has_closed(phone: Phone) -> None:
    store(phone, *(f"j{number}" for number in range(6)))
    phone.write(REQUEST)
    with transaction(phone.database) as session:
        close_job(session, "j0", NOW)
    phone.press("もっと見る")
    assert shown(phone) == []
    assert "以上です" in phone.text()


def test_a_place_with_two_readings_is_asked_back(phone: Phone) -> None:
    store(phone, "tokyo", prefecture="東京都", city="府中市")
    store(phone, "hiroshima", prefecture="広島県", city="府中市")
    phone.write("府中市 看護師")
    assert shown(phone) == []
    assert "府中市" in phone.text()
    labels = list(phone.buttons())
    assert any("東京都" in label for label in labels)
    phone.press(next(label for label in labels if "広島県" in label))
    assert shown(phone) == ["hiroshima"]


def test_any_of_several_readings_will_do_when_one_says_so(phone: Phone) -> None:
    store(phone, "tokyo", prefecture="東京都", city="府中市")
    store(phone, "hiroshima", prefecture="広島県", city="府中市")
    phone.write("府中市 看護師")
    phone.press("どちらでもよい")
    assert sorted(shown(phone)) == ["hiroshima", "tokyo"]


def test_a_title_that_no_job_has_is_asked_back_and_never_filters_silently(phone: Phone) -> None:
    store(phone, "office", occupation="一般事務")
    phone.write("横浜で貿易事務の仕事")
    assert "もしかして" in phone.text()
    assert shown(phone) == []
    phone.press("一般事務")
    assert shown(phone) == ["office"]


def test_a_title_outside_the_list_that_a_job_has_is_searched_for(phone: Phone) -> None:
    store(phone, "trade", occupation="貿易事務")
    phone.write("横浜で貿易事務の仕事")
    assert shown(phone) == ["trade"]


def test_what_could_not_be_used_is_said(phone: Phone) -> None:
    store(phone, "a")
    phone.write("横浜市 看護師 週3日")
    assert "週3日では絞り込めません" in phone.text()
    assert shown(phone) == ["a"]


def test_nothing_found_says_what_would_help_and_a_tap_does_it(phone: Phone) -> None:
    store(phone, "nights", flags="夜勤あり")
    store(phone, "kawasaki", city="川崎市")
    phone.write(REQUEST)
    assert "見つかりませんでした" in phone.text()
    assert "・神奈川県に広げる：1件" in phone.text()
    assert "・夜勤なしを外す：1件" in phone.text()
    assert "給与の条件を外す" not in phone.text()
    phone.press("夜勤なしを外す")
    assert shown(phone) == ["nights"]


def test_nothing_found_at_all_leads_to_what_there_is(phone: Phone) -> None:
    phone.write(REQUEST)
    assert "見つかりませんでした" in phone.text()
    assert "次のようにすると" not in phone.text()
    assert "おすすめを見る" in phone.buttons()
    assert "条件を変える" in phone.buttons()


def test_a_hidden_job_and_what_is_avoided_are_left_out_and_said(phone: Phone) -> None:
    store(phone, "a", "b")
    store(phone, "ward", city="横浜市西区")
    with transaction(phone.database) as session:
        amend_answers(session, phone.friend.id, EXTRAS, {"exclude_area": [14103]}, NOW)
    phone.write(REQUEST)
    assert sorted(shown(phone)) == ["a", "b"]
    assert "避けたい条件の「横浜市西区」は除いています" in phone.text()
    phone.press("興味なし")
    phone.write(REQUEST)
    assert len(shown(phone)) == 1


def test_who_asks_for_just_the_place_that_they_avoid_gets_it(phone: Phone) -> None:
    store(phone, "ward", city="横浜市西区")
    with transaction(phone.database) as session:
        amend_answers(session, phone.friend.id, EXTRAS, {"exclude_area": [14103]}, NOW)
    phone.write("横浜市西区 看護師")
    assert shown(phone) == ["ward"]
    assert "避けたい" not in phone.text()


def test_the_conditions_are_saved_after_a_yes_and_can_be_taken_back(phone: Phone) -> None:
    store(phone, "a")
    with transaction(phone.database) as session:
        said: dict[str, Value] = {"occupation": "保健師", "employment": ["part_time"], "licence": ["看護師"]}
        amend_answers(session, phone.friend.id, PREFERENCES, said, NOW)
    before = phone.wishes()
    phone.write(REQUEST)
    phone.press("この条件で保存")
    assert "・市区町村：神奈川県横浜市" in phone.text()
    assert "・こだわり：夜勤なし" in phone.text()
    assert phone.wishes() == before
    phone.press("はい")
    assert phone.wishes() == JobWishes(
        occupations=("看護師",),
        cities=(14100,),
        wage_type=WageType.MONTH,
        wage_min=300_000,
        flags=(JobFlag.NO_NIGHT,),
        licences=("看護師",),
    )
    phone.press("元に戻す")
    assert phone.wishes() == before


@pytest.mark.parametrize("before", ["none", "ok", "only"])
def test_who_said_nothing_of_nights_is_saved_without_any_word_of_nights(phone: Phone, before: str) -> None:
    store(phone, "a")
    with transaction(phone.database) as session:
        amend_answers(session, phone.friend.id, PREFERENCES, {"occupation": "看護師", "night": before}, NOW)
    save(phone, "横浜 看護師 月30万以上")
    assert "夜勤" not in phone.text()
    with reading(phone.database) as session:
        profile = wishes_profile(session, phone.friend.id, WISH_SURVEYS)
    assert profile["night"] == []
    assert leanings_of(profile) == {}
    assert phone.wishes().flags == ()


def save(phone: Phone, text: str) -> str:
    """Search and save the conditions; what was asked before the yes."""
    phone.write(text)
    phone.press("この条件で保存")
    asked = phone.text()
    phone.press("はい")
    return asked


@pytest.mark.parametrize(
    ("text", "kept", "lost", "wishes"),
    [
        pytest.param(
            "看護師 月給30万以上40万以下",
            "・給与：月給30万円以上\n",
            "給与の上限は、",
            JobWishes(occupations=("看護師",), wage_type=WageType.MONTH, wage_min=300_000),
            id="an upper end beside a lower one",
        ),
        pytest.param(
            "看護師 月給40万以下",
            "・職種：看護師\n",
            "給与の上限は、",
            JobWishes(occupations=("看護師",)),
            id="an upper end alone",
        ),
        pytest.param(
            "渋谷駅から30分 看護師 週3日 月給40万以下",
            "・都道府県：東京都\n・職種：看護師\n",
            "給与の上限、駅、通勤時間、日数は、",
            JobWishes(occupations=("看護師",), prefectures=(13,)),
            id="a station stays as its prefecture",
        ),
    ],
)
def test_what_cannot_be_kept_is_said_before_and_is_not_in_what_is_saved(
    phone: Phone, text: str, kept: str, lost: str, wishes: JobWishes
) -> None:
    store(phone, "a", prefecture="東京都", city="新宿区")
    asked = save(phone, text)
    assert kept in asked
    assert f"\n{lost}希望条件には残せません。" in asked
    assert "40万" not in asked + phone.text()
    assert phone.wishes() == wishes


def test_what_holds_nothing_to_keep_replaces_no_wishes(phone: Phone) -> None:
    store(phone, "a")
    with transaction(phone.database) as session:
        amend_answers(session, phone.friend.id, PREFERENCES, {"occupation": "看護師"}, NOW)
    phone.write("月給40万以下の求人")
    phone.press("この条件で保存")
    assert "残せるものがありません" in phone.text()
    assert "はい" not in phone.buttons()
    phone.tap(f"v1:search.keep?q={packed(read_request('月給40万以下の求人'))}")
    assert phone.wishes() == JobWishes(occupations=("看護師",))


def test_no_saves_nothing(phone: Phone) -> None:
    store(phone, "a")
    phone.write(REQUEST)
    phone.press("この条件で保存")
    phone.press("いいえ")
    assert phone.wishes() == JobWishes()


def test_a_request_while_the_survey_asks_something_else_is_offered_as_a_search(phone: Phone) -> None:
    store(phone, "a", occupation="介護職")
    with transaction(phone.database) as session:
        start_survey(session, phone.friend.id, PREFERENCES, NOW)
    phone.write("川崎と横浜の介護か保育の求人を見たい")
    assert "検索する" in phone.buttons()
    phone.press("検索する")
    assert shown(phone) == ["a"]


def test_an_answer_that_is_none_and_a_request_is_offered_too(phone: Phone) -> None:
    store(phone, "a")
    with transaction(phone.database) as session:
        start_survey(session, phone.friend.id, PREFERENCES, NOW)
    phone.write("夜勤なしで月30万以上の求人")
    assert "どんなお仕事をお探しですか" in phone.text() + str(phone.said)
    phone.press("検索する")
    assert shown(phone) == ["a"]


@pytest.mark.parametrize("text", ["おすすめ", "おすすめの求人", "求人を見せて"])
def test_without_conditions_the_best_jobs_are_shown(phone: Phone, text: str) -> None:
    store(phone, "a")
    phone.write(text)
    assert "おすすめの求人1件" in phone.said[-1]["altText"]


def test_a_question_to_a_person_is_no_search(phone: Phone) -> None:
    phone.write("面接の日程を変えたい")
    assert phone.activity() == []


@pytest.mark.parametrize(
    "data",
    [
        "v1:job.search",
        "v1:job.search?q=rubbish",
        "v1:job.search?q=1c~~",
        "v1:search.save?q=%F0%9F%98%80",
        "v1:search.keep?q=",
    ],
)
def test_a_button_that_cannot_be_read_is_answered_politely(phone: Phone, data: str) -> None:
    phone.tap(data)
    assert "読み取れなくなりました" in phone.text()


@pytest.mark.parametrize("place", ["", "&after=", "&after=1-2-3", "&after=x-1-0-b4a01-1", "&after=1-1-0-0-1"])
def test_a_page_that_cannot_be_read_is_the_first_one(phone: Phone, place: str) -> None:
    store(phone, *(f"j{number}" for number in range(6)))
    phone.write(REQUEST)
    data = phone.buttons()["もっと見る"].split("&after=")[0]
    phone.tap(data + place)
    assert len(shown(phone)) == 5


def test_an_avoided_place_that_is_no_more_stops_no_search(phone: Phone) -> None:
    store(phone, "a")
    with transaction(phone.database) as session:
        amend_answers(session, phone.friend.id, EXTRAS, {"exclude_area": [14099, 14130]}, NOW)
    phone.write(REQUEST)
    assert shown(phone) == ["a"]
    assert "「川崎市」は除いています" in phone.text()
