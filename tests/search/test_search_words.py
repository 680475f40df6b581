"""From a query to wishes and words: descriptions, what is asked back, what could not be used."""

from collections.abc import Sequence
from urllib.parse import unquote

import pytest

from app.jobs.rules import EmploymentType, JobWishes, WageType
from app.jobs.vocabulary import JobFlag
from app.line.limits import check_messages
from app.line.messages import text_message
from app.search.messages import ask_which_place, did_you_mean, searched_for
from app.search.nearest import nearest_titles
from app.search.packing import unpack
from app.search.query import JobQuery
from app.search.reading import read_request
from app.search.replies import nothing_found
from app.search.rules import is_request
from app.search.wishes import ambiguities, describe, job_wishes, rows, unused


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("横浜市で看護師、夜勤なし、月給30万円以上", "横浜市・看護師・夜勤なし・月給30万円以上"),
        ("東京以外の関東で保育補助", "茨城県・栃木県・群馬県・埼玉県・千葉県・ほか1か所・保育士・東京都以外"),
        ("年収350〜450万の人事 正社員", "人事・正社員・年収350万〜450万円"),
        ("渋谷駅から30分以内の事務、営業以外", "渋谷駅から30分以内・一般事務・営業以外"),
        ("時給1500円以下で週3日", "時給1,500円以下・週3日"),
        ("府中市", "府中市"),
        ("新宿駅近くで", "新宿駅周辺"),
        ("通勤20分以内", "通勤20分以内"),
        ("こんにちは", ""),
    ],
)
def test_a_query_in_plain_words(text: str, words: str) -> None:
    assert describe(read_request(text)) == words


def test_a_query_as_conditions() -> None:
    query = read_request("横浜か東京で看護師のパート、時給1800円以上、夜勤なし、足立区と営業以外")
    assert job_wishes(query) == JobWishes(
        occupations=("看護師",),
        excluded_occupations=("営業",),
        prefectures=(13,),
        cities=(14100,),
        excluded_areas=(13121,),
        employment_types=(EmploymentType.PART_TIME,),
        wage_type=WageType.HOUR,
        wage_min=1_800,
        flags=(JobFlag.NO_NIGHT,),
    )


@pytest.mark.parametrize(
    ("text", "prefectures", "said"),
    [
        ("渋谷駅から30分以内", (13,), ("渋谷駅からの時間では絞り込めないため、東京都の求人を探しました。",)),
        (
            "神奈川で渋谷駅から30分以内",
            (14,),
            ("渋谷駅からの時間では絞り込めません。勤務地でお確かめください。",),
        ),
        ("謎谷駅から30分以内", (), ("謎谷駅からの時間では絞り込めません。勤務地でお確かめください。",)),
        ("通勤30分以内", (), ("通勤時間では絞り込めません。勤務地でお確かめください。",)),
        ("週3日", (), ("週3日では絞り込めません。日数は求人の詳細でご確認ください。",)),
        ("横浜", (), ()),
    ],
)
def test_what_filters_nothing_is_said(text: str, prefectures: tuple[int, ...], said: tuple[str, ...]) -> None:
    query = read_request(text)
    assert job_wishes(query).prefectures == prefectures
    assert unused(query) == said


def test_an_ambiguous_place_is_asked_back_with_each_reading() -> None:
    query = read_request("府中市で介護、夜勤なし")
    [asked] = ambiguities(query)
    assert asked.name == "府中市"
    assert [name for name, _ in asked.choices] == ["東京都府中市", "広島県府中市"]
    tokyo = asked.choices[0][1]
    assert (tokyo.city, tokyo.occupation, tokyo.flags) == ((13206,), ("介護職",), (JobFlag.NO_NIGHT,))
    assert ambiguities(tokyo) == ()
    message = ask_which_place(query, asked)
    actions = [item["action"] for item in message["quickReply"]["items"]]
    assert [action["label"] for action in actions] == ["東京都府中市", "広島県府中市", "どちらでもよい"]
    queries = [unpack(action["data"].partition("q=")[2]) for action in actions]
    assert queries[0] == tokyo
    assert queries[2] is not None
    assert (queries[2].city, queries[2].readings) == ((13206, 34208), ())


def test_two_ambiguous_places_are_asked_one_after_the_other() -> None:
    query = read_request("府中市か青葉区で看護師")
    first, second = ambiguities(query)
    assert (first.name, second.name) == ("青葉区", "府中市")
    [rest] = ambiguities(first.choices[0][1])
    assert rest.name == "府中市"


def test_many_readings_fit_into_the_quick_replies() -> None:
    query = read_request("中央区で看護師、夜勤なし、月30万以上、営業と販売と清掃以外")
    [asked] = ambiguities(query)
    assert asked.name == "中央区"
    assert len(ask_which_place(query, asked)["quickReply"]["items"]) == len(asked.choices) + 1 <= 13


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("貿易事務", "一般事務"),
        ("ケアマネージヤー", "ケアマネジャー"),
        ("動物看護師", "看護師"),
        ("経理補佐", "経理"),
        ("薬剤", "薬剤師"),
        ("データサイエンティスト", "データアナリスト"),
    ],
)
def test_the_nearest_known_title(title: str, first: str) -> None:
    assert nearest_titles(title)[0] == first


def test_titles_of_the_catalogue_are_near_too_and_nothing_like_it_is_not() -> None:
    assert nearest_titles("トリマ", ["トリマー(架空)"]) == ("トリマー(架空)",)
    assert nearest_titles("xyz") == ()
    assert "看護師" not in nearest_titles("看護師")


def test_an_unknown_title_is_offered_others_and_never_searched_silently() -> None:
    query = read_request("横浜で貿易事務")
    assert query.occupation == ("貿易事務",)
    message = did_you_mean(query, "貿易事務", nearest_titles("貿易事務"))
    assert "もしかして: 一般事務" in message["text"]
    found = [unpack(item["action"]["data"].partition("q=")[2]) for item in message["quickReply"]["items"]]
    assert found[0] == JobQuery(city=(14100,), occupation=("一般事務",))
    assert found[-1] == JobQuery(city=(14100,))
    assert "quickReply" not in did_you_mean(JobQuery(occupation=("謎",)), "謎", ())


def test_a_title_too_long_for_a_button_is_not_offered() -> None:
    query = JobQuery(city=(14100,), occupation=("宙航士",))
    fits, too_long = "宙" * 41, "宙" * 60
    message = did_you_mean(query, "宙航士", [too_long, fits])
    assert too_long not in message["text"]
    data = [unquote(item["action"]["data"].partition("q=")[2]) for item in message["quickReply"]["items"]]
    found = [unpack(text) for text in data]
    assert found == [JobQuery(city=(14100,), occupation=(fits,)), JobQuery(city=(14100,))]
    alone = did_you_mean(query, "宙航士", [too_long])
    assert "もしかして" not in alone["text"]


def test_what_is_said_about_a_search_is_honest() -> None:
    query = read_request("横浜で看護師、週3日")
    assert searched_for(query).splitlines() == [
        "「横浜市・看護師・週3日」で探しました。",
        "週3日では絞り込めません。日数は求人の詳細でご確認ください。",
    ]
    assert "見つかりませんでした" in nothing_found(query, [])["text"]


def test_the_table_for_people_names_every_slot() -> None:
    text = "府中市か千葉で看護師のパート、茨城と営業以外、渋谷駅から30分、時給1500円以上、週3日、夜勤なし"
    assert len(rows(read_request(text))) == 12
    assert rows(JobQuery()) == []


REQUESTS: Sequence[str] = (
    "横浜 看護師",
    "横浜",
    "看護師",
    "パートで働きたい",
    "夜勤なし",
    "時給1500円以上の仕事ある？",
    "府中市で介護福祉士の求人はありますか",
    "渋谷駅から30分以内で週3日",
    "先日はありがとうございました。千葉で保育士の求人を探しています",
    "営業以外でお願いします",
    "明日から働ける派遣",
    "来週から新宿で働きたい",
    "看護師として5年働いてきました。横浜で月28万以上を希望します。",
    "今は病院で働いています。クリニックの看護師の仕事を探しています",
)
TALK: Sequence[str] = (
    "",
    "了解",
    "ありがとうございます",
    "こんにちは",
    "はい",
    "3",
    "30分後に着きます",
    "週3日",
    "電車が遅れているので10分遅れます",
    "明日の面接は新宿ですか？",
    "看護師の面接の日程を変更したい",
    "応募した営業事務の結果はいつですか",
    "横浜に引っ越しました",
    "いま千葉の病院で看護師として働いています",
    "担当の方と話したい",
    "時給1500円の求人に応募した者です。選考はどうなりましたか",
    "履歴書はパートでも必要ですか",
    "渋谷のオフィスに何時に行けばいいですか",
    "夜勤の日程を確認させてください",
    "小林と申します",
    "この求人はまだ募集していますか",
    "住所は東京都新宿区西新宿です",
    "会員登録したいです",
    "残業はありますか",
    "明日は新宿に行きます",
    "渋谷の担当者はどなたですか",
    "先ほど看護師の求人に応募しました",
)


@pytest.mark.parametrize("text", REQUESTS)
def test_a_request_for_jobs(text: str) -> None:
    assert is_request(read_request(text), text)


@pytest.mark.parametrize("text", TALK)
def test_talk_is_no_request_for_jobs(text: str) -> None:
    assert not is_request(read_request(text), text)


def test_a_long_letter_is_a_request_only_if_it_asks() -> None:
    letter = "横浜で看護師をしておりました。" + "いろいろなことがありまして。" * 30
    assert not is_request(read_request(letter), letter)
    assert is_request(read_request(letter), letter + "よい求人はありますか。")


def test_a_title_under_thousands_of_marks_is_still_answered() -> None:
    heavy = "e" + "\u0301" * 4_990
    query = JobQuery(occupation=(heavy,))
    check_messages([did_you_mean(query, heavy, ()), did_you_mean(query, heavy, ["一般事務"])])
    check_messages([text_message(searched_for(query)), nothing_found(query, [])])
