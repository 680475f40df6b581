"""Slots said together, in any order and with any separator, do not disturb one another."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.search.reading import read_request

PLACES: Mapping[str, Mapping[str, Any]] = {
    "東京": {"pref": [13]},
    "神奈川県": {"pref": [14]},
    "東京か神奈川": {"pref": [13, 14]},
    "名古屋": {"city": [23100]},
    "千葉県船橋市": {"city": [12204]},
    "三重県四日市市": {"city": [24202]},
    "八王子": {"city": [13201]},
    "大阪府大阪市北区": {"city": [27127]},
    "府中市": {"city": [13206, 34208]},
    "池袋": {"city": [13116]},
    "東京以外の関東": {"pref": [8, 9, 10, 11, 12, 14], "exclude_area": [13]},
    "渋谷駅から30分以内": {"station": "渋谷", "commute_min": 30},
}
TITLES: Mapping[str, Mapping[str, Any]] = {
    "看護師": {"occupation": ["看護師"]},
    "ナース": {"occupation": ["看護師"]},
    "一般事務": {"occupation": ["一般事務"]},
    "貿易事務": {"occupation": ["貿易事務"]},
    "保育補助": {"occupation": ["保育士"]},
    "エンジニア": {"occupation": ["ITエンジニア"]},
    "トリマー": {"occupation": ["トリマー"]},
    "ドライバー": {"occupation": ["ドライバー"]},
    "営業以外": {"exclude_occupation": ["営業"]},
}
PAY: Mapping[str, Mapping[str, Any]] = {
    "月給25万円以上": {"salary_min": 250_000, "salary_unit": "month"},
    "時給1,500円〜": {"salary_min": 1_500, "salary_unit": "hour"},
    "年収400万〜500万": {"salary_min": 4_000_000, "salary_max": 5_000_000, "salary_unit": "year"},
    "月３０万以上": {"salary_min": 300_000, "salary_unit": "month"},
    "日給1万2千円": {"salary_min": 12_000, "salary_unit": "day"},
    "月25万まで": {"salary_max": 250_000, "salary_unit": "month"},
    "年収六百万円": {"salary_min": 6_000_000, "salary_unit": "year"},
    "23万5千円": {"salary_min": 235_000, "salary_unit": "month"},
}
EMPLOYMENT: Mapping[str, Mapping[str, Any]] = {
    "正社員": {"employment": ["正社員"]},
    "アルバイト": {"employment": ["パート"]},
    "派遣以外": {},
}
NIGHTS: Mapping[str, Mapping[str, Any]] = {
    "夜勤なし": {"flags": ["no_night"]},
    "日勤のみ": {"flags": ["no_night"]},
    "夜勤専従": {"flags": ["night_only"]},
    "夜勤OK": {"flags": ["night_ok"]},
    "夜勤は嫌": {"flags": ["no_night"]},
}
OTHERS: Mapping[str, Mapping[str, Any]] = {
    "土日祝休み": {"flags": ["weekend_off"]},
    "残業少なめ": {"flags": ["no_overtime"]},
    "未経験OK": {"flags": ["inexperienced_ok"]},
    "寮あり": {"flags": ["dorm"]},
    "駅チカ": {"flags": ["near_station"]},
    "リモート可": {"flags": ["remote"]},
}
DAYS: Mapping[str, Mapping[str, Any]] = {
    "週3日": {"days_per_week": 3},
    "週4": {"days_per_week": 4},
    "週に2回": {"days_per_week": 2},
}
SLOTS = (PLACES, TITLES, PAY, EMPLOYMENT, NIGHTS, OTHERS, DAYS)


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A text of some slots, and what it asks for."""
    said = [draw(st.none() | st.sampled_from(sorted(slot))) for slot in SLOTS]
    expected: dict[str, Any] = {}
    for slot, words in zip(SLOTS, said, strict=True):
        for name, value in slot[words].items() if words else ():
            expected[name] = sorted(expected.get(name, []) + value) if isinstance(value, list) else value
    parts = draw(st.permutations([words for words in said if words]))
    separator = draw(st.sampled_from(["、", " ", "　", "\n", "/", "。", ", "]))
    return separator.join(parts) + draw(
        st.sampled_from(["", "でお願いします", "希望", "を探しています"])
    ), expected


@given(requests())
def test_slots_do_not_disturb_one_another(request: tuple[str, dict[str, Any]]) -> None:
    text, expected = request
    assert read_request(text).as_json() == expected
