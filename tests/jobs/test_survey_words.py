"""What the shipped survey stores are words that jobs are described with."""

from app.jobs.vocabulary import OCCUPATION_WORDS, EmploymentType, WageType, licence_named
from surveys.loading import shipped_surveys
from surveys.wishes import NO_LICENCE, PREFERENCES


def _values(key: str) -> set[str]:
    [question] = [q for q in shipped_surveys()[PREFERENCES].questions if q.key == key]
    return {str(option.value) for option in question.options}


def test_the_survey_and_the_jobs_use_the_same_words() -> None:
    assert _values("occupation") <= set(OCCUPATION_WORDS)
    assert [word for word in _values("licence") if licence_named(word) is None] == [NO_LICENCE]
    assert _values("employment") == set(EmploymentType)
    assert _values("wage_unit") - {"any"} == set(WageType)
