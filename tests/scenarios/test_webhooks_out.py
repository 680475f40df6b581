"""What people do on LINE reaches the job site, from a signed event to a signed delivery; on both databases."""

import time
from collections.abc import Iterator

import pytest

from app.announcements.endpoints import add_endpoint, stop_endpoint
from app.announcements.signing import HEADER, is_genuine
from app.db import transaction
from app.encryption import Encryption
from app.invention import invent
from tests.receiver import Received, Receiver, running_receiver
from tests.scenarios.people import answer_to, new_friend, tap
from tests.stack import KEY, Stack

ANSWERS = (
    "看護師",
    "東京都",
    "正社員",
    "月給",
    "25万円",
    "3か月以内",
    "看護師・准看護師",
    "夜勤もできる",
)
ENCRYPTION = Encryption([KEY])


@pytest.fixture
def site(stack: Stack) -> Iterator[Receiver]:
    """The job site's receiver of one test; every delivery is genuine."""
    with running_receiver() as receiver:
        with transaction(stack.database) as session:
            endpoint, secret = add_endpoint(
                session, ENCRYPTION, receiver.url, [], stack.clock.now(), private_allowed=True
            )
        yield receiver
        with transaction(stack.database) as session:
            stop_endpoint(session, endpoint, stack.clock.now())
    now = stack.clock.real_now()
    assert all(
        is_genuine([secret], each.headers[HEADER.lower()], each.body, now) for each in receiver.received
    )


def told(site: Receiver, count: int, person: str) -> list[Received]:
    """The first deliveries that tell of somebody."""
    requests = site.wait_for(count)
    assert {request.said["friend"]["line_user_id"] for request in requests} == {person}
    return requests


def test_a_wish_for_a_person_and_a_block_are_told(stack: Stack, site: Receiver) -> None:
    person = new_friend(stack)
    answer_to(stack, person, "担当者と話したい")
    answer_to(stack, person, "担当者と話したい")
    stack.line.block(person)
    wish, block = told(site, 2, person)
    assert (wish.said["kind"], wish.said["data"]) == ("handoff_wanted", {"why": "wish"})
    assert (block.said["kind"], block.said["data"]) == ("blocked", {})
    assert wish.said["channel"] == "default"
    assert wish.said["friend"]["member"] is None


def test_all_answers_of_a_finished_survey_are_told_and_taps_on_jobs(stack: Stack, site: Receiver) -> None:
    invent(stack.settings, stack.database, jobs=3000, people=0, seed=2)
    person = new_friend(stack)
    tap(stack, person, "希望条件を登録(1分)")
    for answer in ANSWERS:
        answer_to(stack, person, answer)
    tap(stack, person, "詳しく")
    survey, job = told(site, 2, person)
    assert survey.said["kind"] == "survey_answered"
    assert survey.said["data"]["survey"] == "preferences"
    assert {each["text"] for each in survey.said["data"]["answers"]} >= {"東京都", "正社員", "25万円"}
    assert (job.said["kind"], job.said["data"]["tap"]) == ("job_tapped", "view")


def test_a_job_site_that_hangs_delays_no_answer(stack: Stack, site: Receiver) -> None:
    site.go_on.clear()
    people = [new_friend(stack) for _ in range(6)]
    for person in people:
        answer_to(stack, person, "担当者と話したい")
    site.wait_for(4)
    began = time.monotonic()
    answer_to(stack, people[0], "配信停止")
    assert time.monotonic() - began < 3
    site.go_on.set()
    site.wait_for(6)
