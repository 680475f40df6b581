"""What a 興味なし may teach: which change is proposed, and that a tapped button is judged anew."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.jobs.feedback import Aim, WishChange, proposed_changes, read_change
from app.jobs.feedback_messages import change_proposed
from app.jobs.rules import HideReason, JobFacts, JobWishes, WageType, unmet_conditions
from app.jobs.vocabulary import JobFlag
from app.line.limits import check_messages
from surveys.wishes import change_answers, job_wishes, wish_answers
from tests.jobs.factories import make_facts
from tests.jobs.test_job_messages import JOBS

JOB = make_facts()  # 看護師, 横浜市中区, 月給27万円
H, D, M, Y = WageType
NIGHTS_ONLY = JobWishes(flags=(JobFlag.NIGHT_ONLY,))


def paid(unit: WageType, least: int) -> JobFacts:
    return make_facts(wage_type=unit, wage_min=least)


@pytest.mark.parametrize(
    ("job", "reason", "wishes", "words"),
    [
        pytest.param(JOB, HideReason.WAGE, JobWishes(), ["月給28万円以上"], id="the next step of pay"),
        pytest.param(paid(M, 279_999), HideReason.WAGE, JobWishes(), ["月給28万円以上"], id="a yen below"),
        pytest.param(paid(M, 280_000), HideReason.WAGE, JobWishes(), ["月給29万円以上"], id="on the step"),
        pytest.param(paid(H, 1_230), HideReason.WAGE, JobWishes(), ["時給1,250円以上"], id="by the hour"),
        pytest.param(paid(D, 9_500), HideReason.WAGE, JobWishes(), ["日給10,000円以上"], id="by the day"),
        pytest.param(
            paid(Y, 3_600_000),
            HideReason.WAGE,
            JobWishes(wage_type=M, wage_min=250_000),
            ["月給31万円以上"],
            id="a year's pay in the unit of the wish",
        ),
        pytest.param(
            JOB,
            HideReason.WAGE,
            JobWishes(wage_type=Y, wage_min=3_000_000),
            ["年収330万円以上"],
            id="×12",
        ),
        pytest.param(
            paid(H, 1_230),
            HideReason.WAGE,
            JobWishes(wage_type=M, wage_min=250_000),
            [],
            id="units that are not compared",
        ),
        pytest.param(
            JOB, HideReason.WAGE, JobWishes(wage_type=M, wage_min=300_000), [], id="more is wished already"
        ),
        pytest.param(
            JOB, HideReason.WAGE, JobWishes(wage_type=M, wage_min=280_000), [], id="just that is wished"
        ),
        pytest.param(JOB, HideReason.PLACE, JobWishes(), ["横浜市中区を除く"], id="the municipality"),
        pytest.param(
            make_facts(city=None),
            HideReason.PLACE,
            JobWishes(prefectures=(13, 14)),
            ["神奈川県を除く"],
            id="the prefecture where no city is known",
        ),
        pytest.param(
            JOB, HideReason.PLACE, JobWishes(cities=(14104,)), [], id="the only place that is wished"
        ),
        pytest.param(
            JOB,
            HideReason.PLACE,
            JobWishes(cities=(14104, 14130)),
            ["横浜市中区を除く"],
            id="one of two places",
        ),
        pytest.param(
            make_facts(city=None), HideReason.PLACE, JobWishes(cities=(14100,)), [], id="all around the wish"
        ),
        pytest.param(JOB, HideReason.PLACE, JobWishes(excluded_areas=(14104,)), [], id="excluded already"),
        pytest.param(
            JOB,
            HideReason.HOURS,
            JobWishes(),
            ["夜勤なし", "土日休み", "残業少なめ", "子育て支援", "在宅勤務可"],
            id="all that the job does not offer",
        ),
        pytest.param(
            make_facts(flags=frozenset({JobFlag.NO_NIGHT, JobFlag.REMOTE})),
            HideReason.HOURS,
            JobWishes(flags=(JobFlag.WEEKEND_OFF,)),
            ["残業少なめ", "子育て支援"],
            id="neither offered nor wished",
        ),
        pytest.param(
            JOB,
            HideReason.HOURS,
            NIGHTS_ONLY,
            ["土日休み", "残業少なめ", "子育て支援", "在宅勤務可"],
            id="nights only are wished",
        ),
        pytest.param(JOB, HideReason.WORK, JobWishes(), ["看護師を除く"], id="the occupation"),
        pytest.param(
            JOB, HideReason.WORK, JobWishes(occupations=("看護師",)), [], id="the only one that is wished"
        ),
        pytest.param(
            JOB,
            HideReason.WORK,
            JobWishes(occupations=("看護師", "保健師")),
            ["看護師を除く"],
            id="one of two",
        ),
        pytest.param(
            JOB, HideReason.WORK, JobWishes(excluded_occupations=("看護師",)), [], id="excluded before"
        ),
        pytest.param(JOB, HideReason.OTHER, JobWishes(), [], id="another reason teaches nothing"),
    ],
)
def test_what_is_proposed(job: JobFacts, reason: HideReason, wishes: JobWishes, words: list[str]) -> None:
    assert [change.words for change in proposed_changes(job, reason, wishes)] == words


@settings(max_examples=60, deadline=None)
@given(job=JOBS, reason=st.sampled_from(HideReason))
def test_a_change_that_is_agreed_to_rules_the_hidden_job_out(job: JobFacts, reason: HideReason) -> None:
    job = replace(job, prefectures=(job.prefecture,), flags=frozenset())
    changes = proposed_changes(job, reason, JobWishes())
    if changes:
        check_messages([change_proposed(job.id, changes)])
    for change in changes:
        unit = "" if change.wage_type is None else change.wage_type.value
        assert read_change(change.aim, change.value, unit, job.occupation) == change
        _, answers = change_answers(change, {})
        assert unmet_conditions(job, job_wishes(answers))


@pytest.mark.parametrize(
    ("aim", "value", "unit", "occupation"),
    [
        pytest.param("", "", "", "看護師", id="no aim"),
        pytest.param("wage", "280000", "", "", id="no unit"),
        pytest.param("wage", "0", "month", "", id="no pay"),
        pytest.param("wage", "50000001", "month", "", id="too much pay"),
        pytest.param("wage", "２８００００", "month", "", id="digits of another kind"),
        pytest.param("wage", "-1", "month", "", id="negative"),
        pytest.param("area", "99", "", "", id="no place"),
        pytest.param("area", "", "", "", id="an empty place"),
        pytest.param("flag", "dorm", "", "", id="a flag that is not offered"),
        pytest.param("flag", "' OR 1", "", "", id="no flag"),
        pytest.param("occupation", "看護師", "", "", id="an unknown job"),
    ],
)
def test_a_button_that_was_never_ours_changes_nothing(
    aim: str, value: str, unit: str, occupation: str
) -> None:
    assert read_change(aim, value, unit, occupation) is None


WISHES = st.builds(
    JobWishes,
    occupations=st.lists(st.sampled_from(["看護師", "介護職", "宇宙飛行士"]), max_size=3, unique=True).map(
        tuple
    ),
    prefectures=st.lists(st.sampled_from([13, 14]), max_size=2, unique=True).map(tuple),
    cities=st.lists(st.sampled_from([14100, 14104]), max_size=2, unique=True).map(tuple),
    wage_type=st.just(M),
    wage_min=st.integers(1, 10**7),
    flags=st.sets(st.sampled_from([JobFlag.NO_NIGHT, JobFlag.DORM])).map(
        lambda found: tuple(flag for flag in JobFlag if flag in found)
    ),
    excluded_areas=st.just((14104,)),
    excluded_occupations=st.just(("保育士",)),
)


@given(WISHES)
def test_wishes_that_are_written_as_answers_are_read_as_the_same(wishes: JobWishes) -> None:
    answers = wish_answers(wishes)
    assert job_wishes({key: value for each in answers.values() for key, value in each.items()}) == wishes


@pytest.mark.parametrize(
    ("flags", "night"),
    [
        pytest.param((), [], id="nothing said"),
        pytest.param((JobFlag.DORM,), [], id="something else said"),
        pytest.param((JobFlag.NO_NIGHT,), "none", id="no nights"),
        pytest.param((JobFlag.NIGHT_ONLY,), "only", id="nights only"),
        pytest.param((JobFlag.NIGHT_OK,), "ok", id="nights too"),
    ],
)
def test_of_nights_only_what_was_said_is_written(flags: tuple[JobFlag, ...], night: object) -> None:
    assert wish_answers(JobWishes(flags=flags))["preferences"]["night"] == night


def test_wishes_for_nothing_state_nothing() -> None:
    said = [value for answers in wish_answers(JobWishes()).values() for value in answers.values()]
    assert said == [[]] * len(said)


def test_a_place_is_added_to_those_before() -> None:
    change = WishChange(Aim.AREA, "14104")
    assert change_answers(change, {"exclude_area": [13]})[1] == {"exclude_area": [13, 14104]}
    assert change_answers(change, {"exclude_area": [14104]})[1] == {"exclude_area": [14104]}


def test_nights_are_answered_where_they_were_asked() -> None:
    change = WishChange(Aim.FLAG, "no_night")
    assert change_answers(change, {"night": "ok"}) == ("preferences", {"night": "none"})
    assert change_answers(change, {}) == ("extras", {"flags": ["no_night"]})
