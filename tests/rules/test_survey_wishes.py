"""From answers to the hard conditions of a search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.rules import EmploymentType, JobWishes, WageType
from app.jobs.vocabulary import JobFlag
from surveys.wishes import job_wishes


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({}, JobWishes(), id="nothing known"),
        pytest.param({"occupation": "看護師"}, JobWishes(occupations=("看護師",)), id="one occupation"),
        pytest.param(
            {"occupation": ["看護師", "保健師"]}, JobWishes(occupations=("看護師", "保健師")), id="several"
        ),
        pytest.param({"occupation": None, "area": None, "night": None}, JobWishes(), id="all skipped"),
        pytest.param(
            {"area": [14100, 13]}, JobWishes(prefectures=(13,), cities=(14100,)), id="both kinds of place"
        ),
        pytest.param(
            {"employment": ["part_time", "full_time", "king"]},
            JobWishes(employment_types=(EmploymentType.FULL_TIME, EmploymentType.PART_TIME)),
            id="unknown kinds are left out",
        ),
        pytest.param(
            {"wage_unit": "hour", "wage_hour": 1500, "wage_month": 300_000},
            JobWishes(wage_type=WageType.HOUR, wage_min=1500),
            id="only the amount of the chosen unit",
        ),
        pytest.param({"wage_unit": "any", "wage_month": 300_000}, JobWishes(), id="no matter"),
        pytest.param({"wage_unit": "hour"}, JobWishes(), id="a unit without an amount"),
        pytest.param({"licence": ["看護師"]}, JobWishes(licences=("看護師",)), id="a licence"),
        pytest.param({"licence": ["none"]}, JobWishes(licences=()), id="asked, and holds none"),
        pytest.param({"licence": None}, JobWishes(), id="asked, and skipped"),
        pytest.param({"night": "none"}, JobWishes(flags=(JobFlag.NO_NIGHT,)), id="no night work"),
        pytest.param({"night": "ok"}, JobWishes(), id="night work is fine"),
    ],
)
def test_job_wishes(answers: dict[str, object], expected: JobWishes) -> None:
    assert job_wishes(answers) == expected


KEYS = ["occupation", "area", "employment", "wage_unit", "wage_month", "licence", "night"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["month", "none"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_odd_answers_never_stop_a_search(answers: dict[str, object]) -> None:
    job_wishes(answers)
