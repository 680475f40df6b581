"""Ways on from a search without results: each asks for more than before, and says what it does."""

from datetime import UTC, date, datetime

import pytest

from app.jobs.searching import MOST_FOUND, Bookmark, Place, Standing
from app.line.limits import check_messages
from app.search.packing import MAX_LENGTH, packed
from app.search.query import JobQuery
from app.search.reading import read_request
from app.search.relaxing import wider_queries
from app.search.replies import ask_to_save, end_of_list, found_text, more_action, nothing_found

LONG = (
    "横浜か川崎か相模原か札幌か仙台で看護師か宇宙飛行士、夜勤なし土日休み残業なし在宅、"
    "月30万以上、川崎区以外、週3日、渋谷駅から30分"
)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        pytest.param(
            "横浜 看護師 夜勤なし 月30万以上",
            ["神奈川県に広げる", "夜勤なしを外す", "給与の条件を外す", "場所を外す", "職種を外す"],
            id="each condition by itself, what is given up most easily first",
        ),
        pytest.param("看護師", [], id="of a single condition nothing would be left"),
        pytest.param(
            "東京都 パート", ["雇用形態を外す", "場所を外す"], id="a prefecture is not widened to itself"
        ),
        pytest.param("横浜市", ["神奈川県に広げる"], id="a city alone"),
        pytest.param(
            "神奈川の看護師、川崎市以外",
            ["「除く」条件を外す", "場所を外す", "職種を外す"],
            id="what is excluded",
        ),
        pytest.param(
            "渋谷駅から30分以内の看護師",
            ["駅の条件を外す", "職種を外す"],
            id="a station filters by its prefecture",
        ),
        pytest.param("", [], id="nothing"),
    ],
)
def test_what_would_help(text: str, labels: list[str]) -> None:
    assert [way.label for way in wider_queries(read_request(text))] == labels


@pytest.mark.parametrize("text", ["横浜 看護師 夜勤なし 月30万以上", LONG])
def test_whatever_is_said_of_a_search_is_taken_by_line(text: str) -> None:
    query = read_request(text)
    assert len(packed(query)) <= MAX_LENGTH
    ways = [(way, 1000) for way in wider_queries(query)][:4]
    check_messages([nothing_found(query, ways), ask_to_save(query), end_of_list(query)])
    standing = Standing(datetime(2026, 11, 22, 3, tzinfo=UTC), 2**31)
    more = more_action(query, Bookmark(Place(499, date(2026, 11, 22), 2**31), standing))
    assert len(more["data"]) <= 300


def test_the_number_found_is_said_and_a_cut_off_one_is_no_exact_one() -> None:
    assert "12件見つかりました" in found_text(JobQuery(pref=(13,)), 12, "")
    assert "1,000件以上" in found_text(JobQuery(pref=(13,)), MOST_FOUND, "")
    assert "「港区」は除いています" in found_text(JobQuery(pref=(13,)), 12, "港区")
