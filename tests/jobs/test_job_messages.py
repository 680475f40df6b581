"""Cards and texts stay within LINE's limits, whatever a job says."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.jobs import feedback_messages, messages
from app.jobs.card_messages import JobCard, job_carousel, job_details
from app.jobs.rules import EmploymentType, JobFacts, WageType
from app.jobs.vocabulary import LICENCES, JobFlag
from app.line.limits import CAROUSEL_BYTES, check_messages, json_bytes
from tests.jobs.factories import make_facts

FAMILY = "👨‍👩‍👧‍👦"
WILD = st.sampled_from(
    (" ", "　\n", FAMILY * 3_000, "𠮷" * 20_000, "e" + "\u0301" * 9_000, '"\\' * 9_000)
) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
OPTIONAL = st.none() | WILD
JOBS = st.builds(
    JobFacts,
    id=st.integers(1, 2**62),
    external_id=WILD,
    title=WILD,
    employer=WILD,
    occupation=WILD,
    employment=st.sampled_from(EmploymentType),
    prefecture=st.integers(1, 47),
    prefectures=st.lists(st.integers(1, 47), min_size=1, max_size=47).map(tuple),
    city=st.none() | st.sampled_from((14104, 1100, 99999)),
    worksite=OPTIONAL,
    wage_type=st.sampled_from(WageType),
    wage_min=st.integers(0, 2**31),
    wage_max=st.none() | st.integers(0, 2**31),
    hours=OPTIONAL,
    holidays=OPTIONAL,
    flags=st.just(frozenset(JobFlag)),
    licences=st.just(frozenset(LICENCES)),
    text=OPTIONAL,
    url=st.none() | WILD | st.just("https://example.com/" + "a" * 979),
    image_url=st.none() | WILD | st.just("https://example.com/" + "b" * 979),
    opened_on=st.just(date(2026, 11, 1)),
    closed_at=st.none(),
)


@settings(max_examples=60, deadline=None)
@given(jobs=st.lists(JOBS, min_size=1, max_size=12), reasons=st.lists(WILD, max_size=8))
def test_any_jobs_make_messages_that_line_takes(jobs: list[JobFacts], reasons: list[str]) -> None:
    cards = [JobCard(job, tuple(reasons), is_saved=job.id % 2 == 0) for job in jobs]
    message = job_carousel(cards)
    assert json_bytes(message["contents"]) <= CAROUSEL_BYTES
    check_messages(
        [
            job_details(cards[0]),
            messages.job_saved(jobs[0]),
            feedback_messages.job_hidden(jobs[0]),
            feedback_messages.job_unhidden(jobs[0]),
            message,
        ]
    )
    check_messages([messages.job_unsaved(jobs[0]), messages.job_closed()])


@pytest.mark.parametrize(
    ("changes", "has_picture"),
    [
        pytest.param({"image_url": "https://example.com/a.jpg"}, True, id="https"),
        pytest.param({"image_url": "http://example.com/a.jpg"}, False, id="http"),
        pytest.param({"image_url": None}, False, id="none"),
    ],
)
def test_only_an_https_picture_is_shown(changes: dict[str, Any], has_picture: bool) -> None:
    [bubble] = job_carousel([JobCard(make_facts(**changes))])["contents"]["contents"]
    assert ("hero" in bubble) is has_picture


def test_the_notification_names_count_and_first_title() -> None:
    assert job_carousel([JobCard(make_facts())] * 3)["altText"] == "おすすめの求人3件: 病棟の看護師 ほか2件"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        pytest.param("https://example.com/1", "uri", id="https"),
        pytest.param("http://example.com/1", "uri", id="http is possible here"),
        pytest.param("https://example.com/求人", "postback", id="not encoded"),
        pytest.param("javascript:alert(1)", "postback", id="another scheme"),
        pytest.param(None, "postback", id="none: a person helps"),
    ],
)
def test_one_can_always_apply(url: str | None, kind: str) -> None:
    footer = job_details(JobCard(make_facts(), apply_url=url))["contents"]["footer"]
    action = footer["contents"][0]["action"]
    assert (action["label"], action["type"]) == ("応募したい", kind)


def test_without_reasons_there_is_no_empty_heading() -> None:
    assert "合っている点" not in str(job_carousel([JobCard(make_facts())]))
