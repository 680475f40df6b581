"""Conditions and reasons as tables."""

from datetime import date, timedelta

import pytest

from app.jobs.rules import (
    Condition,
    EmploymentType,
    JobFacts,
    JobWishes,
    WageType,
    is_open,
    met_conditions,
    reasons,
    unmet_conditions,
)
from app.jobs.vocabulary import (
    FLAG_NAMES,
    LICENCES,
    OCCUPATION_WORDS,
    JobFlag,
    flag_bits,
    flags_of,
    held_licences,
    licence_bits,
    licences_of,
    occupation_named,
)
from app.jobs.wages import amount, wage_floor, wage_text
from tests.jobs.factories import NOW, make_facts

DAY_ONLY = make_facts(flags=frozenset({JobFlag.NO_NIGHT}))
CALM = make_facts(flags=frozenset({JobFlag.WEEKEND_OFF, JobFlag.CAR_OK, JobFlag.NIGHT_OK}))
JOB = make_facts()
PLACELESS = make_facts(city=None)


@pytest.mark.parametrize(
    ("job", "wishes", "unmet"),
    [
        pytest.param(JOB, JobWishes(), (), id="no wish filters nothing"),
        pytest.param(JOB, JobWishes(prefectures=(14,)), (), id="prefecture"),
        pytest.param(JOB, JobWishes(prefectures=(13,)), (Condition.PLACE,), id="another prefecture"),
        pytest.param(
            make_facts(prefectures=(13, 14)),
            JobWishes(prefectures=(13,)),
            (),
            id="one of several prefectures",
        ),
        pytest.param(JOB, JobWishes(cities=(14100,)), (), id="a ward lies in its city"),
        pytest.param(JOB, JobWishes(cities=(14104,)), (), id="the ward itself"),
        pytest.param(JOB, JobWishes(cities=(14130,)), (Condition.PLACE,), id="another city"),
        pytest.param(
            make_facts(city=14100), JobWishes(cities=(14104,)), (Condition.PLACE,), id="city known, ward not"
        ),
        pytest.param(PLACELESS, JobWishes(cities=(14104,)), (Condition.PLACE,), id="no city known"),
        pytest.param(PLACELESS, JobWishes(cities=(13104,), prefectures=(14,)), (), id="either place will do"),
        pytest.param(DAY_ONLY, JobWishes(flags=(JobFlag.NO_NIGHT,)), (), id="flagged as without nights"),
        pytest.param(
            JOB, JobWishes(flags=(JobFlag.NO_NIGHT,)), (Condition.NIGHT,), id="nothing said about nights"
        ),
        pytest.param(JOB, JobWishes(occupations=("介護職",)), (Condition.OCCUPATION,), id="occupation"),
        pytest.param(
            JOB,
            JobWishes(employment_types=(EmploymentType.PART_TIME,)),
            (Condition.EMPLOYMENT,),
            id="employment",
        ),
        pytest.param(JOB, JobWishes(licences=None), (), id="licences not asked"),
        pytest.param(JOB, JobWishes(licences=()), (Condition.LICENCE,), id="holds none"),
        pytest.param(JOB, JobWishes(licences=("正看護師",)), (), id="the licence under another name"),
        pytest.param(JOB, JobWishes(licences=("准看護師",)), (Condition.LICENCE,), id="a lesser licence"),
        pytest.param(JOB, JobWishes(licences=("助産師",)), (), id="a licence that includes it"),
        pytest.param(JOB, JobWishes(licences=("なし",)), (Condition.LICENCE,), id="a word that is none"),
        pytest.param(make_facts(licences=frozenset()), JobWishes(licences=()), (), id="none required"),
        pytest.param(
            DAY_ONLY, JobWishes(flags=(JobFlag.NIGHT_OK,)), (), id="nights are fine: filters nothing"
        ),
        pytest.param(
            DAY_ONLY, JobWishes(flags=(JobFlag.NIGHT_ONLY,)), (Condition.NIGHT,), id="only nights are wished"
        ),
        pytest.param(CALM, JobWishes(flags=(JobFlag.WEEKEND_OFF, JobFlag.CAR_OK)), (), id="both flags"),
        pytest.param(
            CALM,
            JobWishes(flags=(JobFlag.WEEKEND_OFF, JobFlag.DORM)),
            (Condition.FLAGS,),
            id="one of two flags",
        ),
        pytest.param(
            make_facts(licences=frozenset()),
            JobWishes(flags=(JobFlag.NO_LICENSE,)),
            (),
            id="no licence needed",
        ),
        pytest.param(
            make_facts(flags=frozenset({JobFlag.NO_LICENSE})),
            JobWishes(flags=(JobFlag.NO_LICENSE,), licences=("看護師",)),
            (Condition.LICENCE,),
            id="says that it needs no licence, and requires one",
        ),
        pytest.param(
            JOB, JobWishes(excluded_areas=(14,)), (Condition.EXCLUDED_PLACE,), id="an excluded prefecture"
        ),
        pytest.param(
            JOB,
            JobWishes(excluded_areas=(14100,)),
            (Condition.EXCLUDED_PLACE,),
            id="a ward of an excluded city",
        ),
        pytest.param(JOB, JobWishes(excluded_areas=(14101, 13)), (), id="outside of what is excluded"),
        pytest.param(PLACELESS, JobWishes(excluded_areas=(14104,)), (), id="excluded city, none known"),
        pytest.param(
            make_facts(prefectures=(13, 14)),
            JobWishes(prefectures=(14,), excluded_areas=(13,)),
            (Condition.EXCLUDED_PLACE,),
            id="may also be worked in an excluded place",
        ),
        pytest.param(
            JOB,
            JobWishes(excluded_occupations=("看護師",)),
            (Condition.EXCLUDED_OCCUPATION,),
            id="an excluded occupation",
        ),
        pytest.param(JOB, JobWishes(excluded_occupations=("営業",)), (), id="another occupation is excluded"),
        pytest.param(
            JOB,
            JobWishes(prefectures=(13,), flags=(JobFlag.NO_NIGHT,), occupations=("医師",), licences=()),
            (Condition.PLACE, Condition.NIGHT, Condition.OCCUPATION, Condition.LICENCE),
            id="all that is unmet, in order",
        ),
    ],
)
def test_unmet_conditions(job: JobFacts, wishes: JobWishes, unmet: tuple[Condition, ...]) -> None:
    assert unmet_conditions(job, wishes) == unmet


def _paid(unit: WageType, least: int) -> JobFacts:
    return make_facts(wage_type=unit, wage_min=least, wage_max=None)


H, D, M, Y = WageType


@pytest.mark.parametrize(
    ("wish", "offer", "fits", "reason"),
    [
        pytest.param((M, 270_000), (M, 270_000), True, "月給27万円以上", id="exactly"),
        pytest.param((M, 270_001), (M, 270_000), False, None, id="one yen short"),
        pytest.param((H, 1_250), (H, 1_250), True, "時給1,250円以上", id="hourly"),
        pytest.param((H, 1_251), (H, 1_250), False, None, id="hourly, one yen short"),
        pytest.param(
            (Y, 3_600_000), (M, 300_000), True, "年収換算360万円以上(月給×12)", id="month×12 reaches the year"
        ),
        pytest.param((Y, 3_600_001), (M, 300_000), False, None, id="month×12 is one yen short"),
        pytest.param((M, 300_000), (Y, 3_600_000), True, "月給換算30万円以上(年収÷12)", id="year÷12"),
        pytest.param((M, 300_000), (Y, 3_599_999), False, None, id="year÷12 is short"),
        pytest.param((M, 184_000), (H, 1_000), True, None, id="full time could just reach it"),
        pytest.param((M, 184_001), (H, 1_000), False, None, id="not even full time reaches it"),
        pytest.param((M, 230_000), (D, 10_000), True, None, id="23 days could reach it"),
        pytest.param((M, 230_001), (D, 10_000), False, None, id="23 days cannot"),
        pytest.param((Y, 2_208_000), (H, 1_000), True, None, id="a year of full time could"),
        pytest.param((Y, 2_208_001), (H, 1_000), False, None, id="a year of full time cannot"),
        pytest.param((D, 8_000), (H, 1_000), True, None, id="8 hours could"),
        pytest.param((D, 8_001), (H, 1_000), False, None, id="8 hours cannot"),
        pytest.param((H, 5_000), (M, 200_000), True, None, id="an hourly wish and a salary: not compared"),
        pytest.param((H, 5_000), (D, 10_000), True, None, id="an hourly wish and a day: not compared"),
    ],
)
def test_wages(
    wish: tuple[WageType, int], offer: tuple[WageType, int], fits: bool, reason: str | None
) -> None:
    job, wishes = _paid(*offer), JobWishes(wage_type=wish[0], wage_min=wish[1])
    assert unmet_conditions(job, wishes) == (() if fits else (Condition.WAGE,))
    assert reasons(job, wishes) == (() if reason is None else (reason,))


def test_the_lower_end_of_a_range_is_compared() -> None:
    job = make_facts(wage_min=250_000, wage_max=400_000)
    assert unmet_conditions(job, JobWishes(wage_type=M, wage_min=300_000)) == (Condition.WAGE,)


@pytest.mark.parametrize(
    ("unit", "most", "offer", "fits"),
    [
        pytest.param(M, 270_000, (M, 270_000), True, id="begins at the upper end"),
        pytest.param(M, 269_999, (M, 270_000), False, id="begins above it"),
        pytest.param(Y, 3_240_000, (M, 270_000), True, id="month×12 is at the upper end"),
        pytest.param(Y, 3_239_999, (M, 270_000), False, id="month×12 is above it"),
        pytest.param(M, 269_999, (Y, 3_240_000), False, id="year÷12 is above it"),
        pytest.param(M, 1, (H, 1_200), True, id="an hour and a month: not compared"),
        pytest.param(H, 1_000, (M, 300_000), True, id="a month and an hour: not compared"),
    ],
)
def test_upper_ends_of_wishes(unit: WageType, most: int, offer: tuple[WageType, int], fits: bool) -> None:
    wishes = JobWishes(wage_type=unit, wage_max=most)
    assert unmet_conditions(_paid(*offer), wishes) == (() if fits else (Condition.WAGE,))


def test_a_floor_is_never_below_what_the_wish_needs() -> None:
    assert wage_floor(M, 100_000, H) == 544  # 543.47… an hour
    assert wage_floor(H, 1_000, Y) is None


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        pytest.param(JobWishes(), (), id="nothing wished, nothing said"),
        pytest.param(JobWishes(cities=(14100,)), ("希望の横浜市",), id="the city that was named"),
        pytest.param(JobWishes(cities=(14104,)), ("希望の横浜市中区",), id="the ward that was named"),
        pytest.param(JobWishes(prefectures=(14,)), ("希望の神奈川県",), id="the prefecture that was named"),
        pytest.param(
            JobWishes(prefectures=(14,), cities=(14100,)), ("希望の横浜市",), id="the narrowest place"
        ),
        pytest.param(JobWishes(flags=(JobFlag.NO_NIGHT,)), ("夜勤なし",), id="nights"),
        pytest.param(
            JobWishes(flags=(JobFlag.NIGHT_OK, JobFlag.DORM)), (), id="flags that it does not carry"
        ),
        pytest.param(
            JobWishes(excluded_areas=(13,), wage_type=M, wage_max=300_000), (), id="nothing to praise"
        ),
        pytest.param(JobWishes(licences=("看護師",)), ("看護師の資格を活かせる",), id="licence"),
        pytest.param(
            JobWishes(
                occupations=("看護師",),
                prefectures=(14,),
                employment_types=(EmploymentType.FULL_TIME,),
                wage_type=M,
                wage_min=250_000,
                flags=(JobFlag.NO_NIGHT,),
            ),
            ("希望の神奈川県", "夜勤なし", "月給25万円以上", "希望の看護師", "正社員"),
            id="all in order",
        ),
        pytest.param(JobWishes(prefectures=(13,), occupations=("医師",)), (), id="nothing untrue is said"),
    ],
)
def test_reasons(wishes: JobWishes, expected: tuple[str, ...]) -> None:
    assert reasons(DAY_ONLY, wishes) == expected
    assert len(met_conditions(DAY_ONLY, wishes)) == len(expected)


def test_flags_are_told_in_one_line() -> None:
    wishes = JobWishes(flags=(JobFlag.CAR_OK, JobFlag.WEEKEND_OFF))
    assert reasons(CALM, wishes) == ("土日休み・車通勤可",)


def test_no_licence_is_a_reason_only_where_the_job_says_so() -> None:
    wishes = JobWishes(flags=(JobFlag.NO_LICENSE,))
    said = make_facts(licences=frozenset(), flags=frozenset({JobFlag.NO_LICENSE}))
    assert reasons(said, wishes) == ("資格不要",)
    assert reasons(make_facts(licences=frozenset()), wishes) == (), "it may have been forgotten"


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        pytest.param(make_facts(opened_on=date(2026, 11, 20)), True, id="opens today"),
        pytest.param(make_facts(opened_on=date(2026, 11, 21)), False, id="opens tomorrow"),
        pytest.param(make_facts(closed_at=NOW), False, id="closes this moment"),
        pytest.param(make_facts(closed_at=NOW + timedelta(seconds=1)), True, id="closes in a second"),
    ],
)
def test_is_open(job: JobFacts, expected: bool) -> None:
    assert is_open(job, NOW) is expected


def test_the_day_of_opening_is_tokyos() -> None:
    job = make_facts(opened_on=date(2026, 11, 21))
    assert not is_open(job, NOW.replace(hour=14, minute=59))
    assert is_open(job, NOW.replace(hour=15))


@pytest.mark.parametrize(
    ("yen", "text"),
    [
        (950, "950"),
        (1_200, "1,200"),
        (99_000, "99,000"),
        (100_000, "10万"),
        (255_000, "25.5万"),
        (217_500, "217,500"),
        (12_000_000, "1,200万"),
    ],
)
def test_amounts_are_never_rounded(yen: int, text: str) -> None:
    assert amount(yen) == text


@pytest.mark.parametrize(
    ("wage", "text"),
    [
        ((M, 250_000, 300_000), "月給 25万〜30万円"),
        ((H, 1_200, None), "時給 1,200円〜"),
        ((D, 9_500, 12_000), "日給 9,500〜12,000円"),
        ((M, 217_500, 300_000), "月給 217,500〜300,000円"),
        ((Y, 4_000_000, 4_000_000), "年収 400万円"),
    ],
)
def test_wage_text(wage: tuple[WageType, int, int | None], text: str) -> None:
    assert wage_text(*wage) == text


def test_bits_keep_every_flag_and_licence() -> None:
    assert flags_of(flag_bits(list(JobFlag))) == frozenset(JobFlag)
    assert licences_of(licence_bits(LICENCES)) == frozenset(LICENCES)
    assert len(LICENCES) == len(set(LICENCES)) <= 63
    assert set(FLAG_NAMES) == set(JobFlag)


def test_the_first_bits_never_move() -> None:
    assert flag_bits({JobFlag.NO_NIGHT}) == 1
    assert flag_bits({JobFlag.NO_LICENSE}) == 1 << 12
    assert licence_bits({"看護師"}) == 1
    assert licence_bits({"児童発達支援管理責任者"}) == 1 << (len(LICENCES) - 1)


@pytest.mark.parametrize(
    ("word", "name"),
    [("ナース", "看護師"), ("se", "ITエンジニア"), ("ＳＥ", "ITエンジニア"), ("宇宙飛行士", "宇宙飛行士")],
)
def test_occupations_fold_into_canonical_ones(word: str, name: str) -> None:
    assert occupation_named(word) == name


def test_no_word_means_two_occupations() -> None:
    words = [word for name, others in OCCUPATION_WORDS.items() for word in (name, *others)]
    assert len(words) == len(set(words))


def test_a_licence_brings_those_that_it_includes() -> None:
    assert held_licences(["保健師"]) == {"保健師", "看護師", "准看護師"}
    assert held_licences(["大型免許"]) >= {"大型自動車免許", "普通自動車免許"}
