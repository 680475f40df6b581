"""Reasons: each is true of its job, and what is not met is said."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.jobs.rules import EmploymentType, JobFacts, JobWishes, WageType, reasons
from app.jobs.vocabulary import JobFlag
from app.recommend.ports import Pick, Relaxation
from app.recommend.reasons import Ranked, Telling, pick_reasons, relaxed_words
from app.recommend.rules import NEW_DAYS
from tests.jobs.factories import make_facts
from tests.recommend.world import TODAY, invented_job, invented_wishes

OLD = TODAY - timedelta(days=NEW_DAYS)
NEW = TODAY - timedelta(days=NEW_DAYS - 1)
WISHES = JobWishes(occupations=("看護師",), cities=(14100,), flags=(JobFlag.NO_NIGHT,))
JOB = make_facts(id=7, opened_on=OLD, flags=frozenset({JobFlag.NO_NIGHT}))
TOLD = Telling(TODAY, {3: "架空台病院の看護師"}, {7: Ranked(13, "看護師", 3)})


def pick(because: int | None = None, propensity: float | None = None, **parts: float) -> Pick:
    return Pick(7, parts, because, (), propensity)


@pytest.mark.parametrize(
    ("chosen", "job", "telling", "first"),
    [
        pytest.param(
            pick(3, knn=2, fresh=1), JOB, TOLD, "『架空台病院の看護師』を見た方に人気", id="seen together"
        ),
        pytest.param(
            pick(4, knn=2, popular=1), JOB, TOLD, "東京都×看護師で人気3位", id="an unknown title is not told"
        ),
        pytest.param(pick(fresh=1, popular=0.5), replace(JOB, opened_on=NEW), TOLD, "新着", id="new"),
        pytest.param(
            pick(fresh=1, popular=0.5), JOB, TOLD, "東京都×看護師で人気3位", id="a week old is not new"
        ),
        pytest.param(
            pick(popular=1),
            JOB,
            Telling(TODAY, {}, {7: Ranked(0, "", 1)}),
            "全国で人気1位",
            id="all of Japan",
        ),
        pytest.param(
            pick(popular=1),
            JOB,
            Telling(TODAY, {}, {7: Ranked(14100, "", 2)}),
            "横浜市で人気2位",
            id="a city",
        ),
        pytest.param(pick(popular=1), JOB, Telling(TODAY), None, id="points without a list are no rank"),
        pytest.param(
            pick(popular=1),
            JOB,
            Telling(TODAY, {}, {7: Ranked(13, "", 11)}),
            None,
            id="the eleventh is not told",
        ),
        pytest.param(pick(als=3, content=2), JOB, TOLD, None, id="what cannot be proved is not said"),
        pytest.param(pick(3, knn=0), JOB, TOLD, None, id="no points, no reason"),
        pytest.param(
            pick(3, 0.01, knn=2, fresh=1),
            replace(JOB, opened_on=NEW),
            TOLD,
            "新着",
            id="drawn by chance: new",
        ),
    ],
)
def test_the_strongest_sayable_reason_comes_first(
    chosen: Pick, job: JobFacts, telling: Telling, first: str | None
) -> None:
    told = pick_reasons(chosen, job, WISHES, telling)
    wished = ("希望の横浜市", "夜勤なし", "希望の看護師")
    assert told == (wished if first is None else (first, *wished))


def test_a_long_title_is_cut() -> None:
    telling = Telling(TODAY, {3: "長" * 40})
    assert pick_reasons(pick(3, knn=1), JOB, JobWishes(), telling) == (f"『{'長' * 23}…』を見た方に人気",)


@pytest.mark.parametrize(
    ("relaxation", "job", "wishes", "words"),
    [
        pytest.param(
            Relaxation.PLACE,
            {"prefecture": 14, "prefectures": (14,), "city": 14131},
            {"cities": (14104,)},
            "勤務地は神奈川県川崎市川崎区(希望の横浜市中区と同じ神奈川県)",
            id="the same prefecture",
        ),
        pytest.param(
            Relaxation.PLACE,
            {"prefecture": 13, "prefectures": (13,), "city": None},
            {"prefectures": (14,)},
            "勤務地は東京都(希望の神奈川県の隣)",
            id="next door",
        ),
        pytest.param(
            Relaxation.PLACE,
            {"prefecture": 47, "prefectures": (47,), "city": None},
            {"prefectures": (14,)},
            "勤務地は沖縄県",
            id="neither is said where neither is so",
        ),
        pytest.param(
            Relaxation.PLACE,
            {"prefecture": 47, "prefectures": (47,), "city": None},
            {"cities": (14099,)},
            "勤務地は沖縄県",
            id="a wished place that is no more",
        ),
        pytest.param(
            Relaxation.OCCUPATION,
            {"occupation": "看護助手"},
            {"occupations": ("看護師",)},
            "職種は看護助手(希望の看護師に近い仕事)",
            id="related work",
        ),
        pytest.param(
            Relaxation.WAGE,
            {"wage_min": 280_000, "wage_max": None},
            {"wage_type": WageType.MONTH, "wage_min": 300_000},
            "給与は月給 28万円〜(希望より少し低め)",
            id="less pay",
        ),
        pytest.param(
            Relaxation.EMPLOYMENT,
            {"employment": EmploymentType.CONTRACT},
            {"employment_types": (EmploymentType.FULL_TIME,)},
            "雇用形態は契約社員",
            id="another type of employment",
        ),
    ],
)
def test_what_is_not_met_is_said(
    relaxation: Relaxation, job: dict[str, Any], wishes: dict[str, Any], words: str
) -> None:
    chosen = Pick(1, relaxed=(relaxation,))
    assert relaxed_words(chosen, make_facts(**job), JobWishes(**wishes)) == (words,)


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_of_any_job_only_what_is_true_is_said(seed: int) -> None:
    chance = random.Random(seed)
    job, wishes = invented_job(7, chance), invented_wishes(chance)
    chosen = Pick(
        7,
        {name: chance.uniform(-1, 2) for name in ("als", "knn", "content", "fresh", "popular")},
        chance.choice((None, 3, 4)),
        (),
        chance.choice((None, 0.1)),
    )
    told = pick_reasons(chosen, job, wishes, TOLD)
    assert len(told) <= 4
    true = {*reasons(job, wishes)}
    if chosen.because in TOLD.titles and chosen.parts["knn"] > 0:
        true.add("『架空台病院の看護師』を見た方に人気")
    if job.opened_on > OLD:
        true.add("新着")
    if chosen.parts["popular"] > 0:
        true.add("東京都×看護師で人気3位")
    assert set(told) <= true
