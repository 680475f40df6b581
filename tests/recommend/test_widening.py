"""How wishes are widened, and the tables that this goes by."""

from dataclasses import replace
from typing import Any

import pytest

from app.areas import PREFECTURES
from app.jobs.rules import EmploymentType, JobWishes, WageType
from app.jobs.vocabulary import OCCUPATION_WORDS, JobFlag
from app.recommend.nearby import NEIGHBOURS, RELATED
from app.recommend.rules import widened

EVERYTHING = JobWishes(
    occupations=("看護師",),
    excluded_occupations=("営業",),
    prefectures=(14,),
    cities=(13104,),
    excluded_areas=(11,),
    employment_types=(EmploymentType.FULL_TIME,),
    wage_type=WageType.MONTH,
    wage_min=300_000,
    wage_max=400_000,
    licences=("看護師",),
    flags=(JobFlag.NO_NIGHT, JobFlag.WEEKEND_OFF),
)


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        pytest.param(JobWishes(), [], id="who wants nothing has nothing to widen"),
        pytest.param(
            JobWishes(cities=(14104, 14130), prefectures=(11,)),
            [
                {"prefectures": (11, 14), "cities": ()},
                {"prefectures": (8, 9, 10, 11, 12, 13, 14, 19, 20, 22), "cities": ()},
            ],
            id="a city becomes its prefecture, then the neighbours come",
        ),
        pytest.param(JobWishes(prefectures=(47,)), [], id="沖縄 has no neighbour"),
        pytest.param(
            JobWishes(prefectures=(1,), occupations=("看護助手",)),
            [{"occupations": ("看護助手", "介護職")}],
            id="a step without effect is left out",
        ),
        pytest.param(
            JobWishes(occupations=("清掃",)), [], id="an occupation without a related one stays alone"
        ),
        pytest.param(
            JobWishes(wage_type=WageType.HOUR, wage_min=1_505),
            [{"wage_min": 1_354}],
            id="a tenth less pay, never less than that",
        ),
        pytest.param(JobWishes(wage_type=WageType.HOUR, wage_min=0), [], id="nothing is not made less"),
        pytest.param(
            JobWishes(wage_type=WageType.MONTH, wage_max=200_000), [], id="the upper end is never widened"
        ),
        pytest.param(
            JobWishes(employment_types=(EmploymentType.TEMPORARY,)),
            [{"employment_types": ()}],
            id="every type of employment",
        ),
        pytest.param(
            JobWishes(
                licences=(), flags=(JobFlag.NO_NIGHT,), excluded_areas=(13,), excluded_occupations=("営業",)
            ),
            [],
            id="licence, flags and exclusions are never widened",
        ),
    ],
)
def test_wishes_are_widened_step_by_step(wishes: JobWishes, expected: list[dict[str, Any]]) -> None:
    assert list(widened(wishes)) == [replace(wishes, **changes) for changes in expected]


def test_all_steps_in_their_order_and_each_keeps_what_went_before() -> None:
    steps = list(widened(EVERYTHING))
    assert len(steps) == 5
    assert steps[0] == replace(EVERYTHING, prefectures=(13, 14), cities=())
    assert set(steps[1].prefectures) == {11, 12, 13, 14, 19, 22}
    assert steps[2].occupations == ("看護師", "准看護師", "看護助手")
    assert steps[3].wage_min == 270_000
    assert steps[4] == replace(steps[3], employment_types=())
    for step in steps:
        for name in ("excluded_occupations", "excluded_areas", "wage_max", "licences", "flags"):
            assert getattr(step, name) == getattr(EVERYTHING, name)


def test_neighbours_are_neighbours_of_each_other() -> None:
    assert set(NEIGHBOURS) == {prefecture.code for prefecture in PREFECTURES}
    for code, neighbours in NEIGHBOURS.items():
        assert code not in neighbours
        assert all(code in NEIGHBOURS[other] for other in neighbours)
    assert {code for code, neighbours in NEIGHBOURS.items() if not neighbours} == {1, 47}


@pytest.mark.parametrize(
    ("prefecture", "neighbours"),
    [
        pytest.param(20, {10, 11, 15, 16, 19, 21, 22, 23}, id="長野 has eight"),
        pytest.param(42, {41}, id="長崎 has one"),
        pytest.param(13, {11, 12, 14, 19}, id="東京"),
        pytest.param(37, {33, 36, 38}, id="香川 over the bridge too"),
    ],
)
def test_some_neighbours_by_name(prefecture: int, neighbours: set[int]) -> None:
    assert set(NEIGHBOURS[prefecture]) == neighbours


def test_related_occupations_are_known_and_others() -> None:
    for name, related in RELATED.items():
        assert name in OCCUPATION_WORDS
        assert name not in related
        assert all(other in OCCUPATION_WORDS for other in related)


def test_nobody_is_led_to_an_occupation_that_asks_for_a_licence_more() -> None:
    licensed = {"看護師", "保健師", "助産師", "薬剤師", "保育士", "医師", "歯科医師", "教員", "理学療法士"}
    for name, related in RELATED.items():
        assert name in {"保健師", "助産師"} or not licensed & set(related)
