"""What typed requests are understood as: every slot in many voices."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.folding import folded, tidied
from app.search.packing import MAX_LENGTH, packed, unpack
from app.search.query import JobQuery
from app.search.reading import read_request

SENTENCES: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("sentences.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(
    "sentence", [pytest.param(each, id=f"{each['about']}: {each['text'][:40]}") for each in SENTENCES]
)
def test_a_sentence_is_understood(sentence: dict[str, Any]) -> None:
    assert read_request(sentence["text"]).as_json() == sentence["expect"]


def test_every_slot_is_spoken_of_often() -> None:
    slots = Counter(slot for each in SENTENCES for slot in each["expect"])
    assert len({each["text"] for each in SENTENCES}) == len(SENTENCES) >= 250
    assert set(slots) == set(JobQuery.__dataclass_fields__) - {"readings"}
    assert min(slots.values()) >= 10


@pytest.mark.parametrize(
    "text", ["", " ", "　", "!?", "😀", "\x00", "a" * 5_000, "駅", "円", "週", "以外", "~~~~", "1" * 400]
)
def test_nothing_recognised_is_an_empty_query(text: str) -> None:
    assert read_request(text).as_json() == {}


_PIECES = st.sampled_from(
    [
        *(
            "東京",
            "横浜市",
            "府中市",
            "関東",
            "以外",
            "駅",
            "から",
            "まで",
            "の",
            "か",
            "と",
            "で",
            "は",
            "も",
            "、",
            "。",
            " ",
            "\n",
        ),
        *(
            "月",
            "時給",
            "年収",
            "30",
            "万",
            "円",
            "千",
            "二十",
            "以上",
            "以下",
            "〜",
            "-",
            "分",
            "時間",
            "週",
            "3",
            "日",
        ),
        *(
            "看護師",
            "事務",
            "営業",
            "貿易",
            "パート",
            "夜勤",
            "残業",
            "土日",
            "在宅",
            "休み",
            "なし",
            "NG",
            "ｶﾅ",
            "ー",
        ),
    ]
)


@given(st.lists(_PIECES | st.text(max_size=6), max_size=25).map("".join))
def test_whatever_is_typed_gives_a_sound_query(text: str) -> None:
    query = read_request(text)
    for codes in (query.pref, query.city, query.exclude_area):
        assert list(codes) == sorted(set(codes))
    for titles in (query.occupation, query.exclude_occupation):
        assert list(titles) == sorted(set(titles))
    assert (query.salary_unit is None) == (query.salary_min is None and query.salary_max is None)
    assert all(len(codes) > 1 and set(codes) <= set(query.city) for codes in query.readings)
    assert not set(query.exclude_area) & {*query.pref, *query.city}
    assert not set(query.exclude_occupation) & set(query.occupation)
    assert len(packed(query)) <= MAX_LENGTH
    assert unpack(packed(query)) == query


@given(st.text(max_size=60))
def test_folding_keeps_every_letters_place(text: str) -> None:
    tidy = tidied(text)
    assert len(folded(tidy)) == len(tidy)


@pytest.mark.parametrize("sentence", SENTENCES[::7], ids=lambda each: each["text"][:30])
def test_width_and_space_around_do_not_matter(sentence: dict[str, Any]) -> None:
    wide = sentence["text"].translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert read_request(f"　{wide} ").as_json() == sentence["expect"]
