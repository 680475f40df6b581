"""What is known of a person who looks for jobs, on both databases."""

from datetime import timedelta

import pytest

from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.jobs.models import ActivityKind
from app.jobs.rules import JobWishes
from app.jobs.vocabulary import JobFlag
from app.recommend.ports import Feedback, Seeker
from app.recommend.rules import HISTORY, MOST_HIDDEN
from app.recommend.seekers import leanings_of, seeker_of, seekers_of
from surveys.actions import load_shipped_surveys, record_answer, start_survey
from tests.databases import counted_statements
from tests.factories import make_friend
from tests.people.factories import make_link, make_member
from tests.recommend.doing import do, make_jobs, show
from tests.recommend.world import NOW

VIEW, SAVE, UNSAVE, APPLY, HIDE, UNHIDE = (
    ActivityKind.VIEW,
    ActivityKind.SAVE,
    ActivityKind.UNSAVE,
    ActivityKind.APPLY,
    ActivityKind.HIDE,
    ActivityKind.UNHIDE,
)


def known(database: Database, friend: Friend) -> Seeker:
    with reading(database) as session:
        return seeker_of(session, friend.id, NOW)


def test_a_stranger_wants_anything(database: Database, friend: Friend) -> None:
    seeker = known(database, friend)
    assert seeker.wishes == JobWishes()
    assert (seeker.history, seeker.excluded, seeker.feedback) == ((), frozenset(), Feedback())


def test_what_was_done_weighs_by_kind_and_age_and_each_job_counts_once(
    database: Database, friend: Friend
) -> None:
    viewed, saved, both, old = make_jobs(database, "viewed", "saved", "both", "old")
    do(database, VIEW, viewed, friend_id=friend.id, days_ago=14)
    do(database, SAVE, saved, friend_id=friend.id, days_ago=1)
    do(database, VIEW, both, friend_id=friend.id, days_ago=0)
    do(database, SAVE, both, friend_id=friend.id, days_ago=28)
    do(database, VIEW, old, friend_id=friend.id, days_ago=200)
    history = known(database, friend).history
    assert [seen.job_id for seen in history] == [both, saved, viewed]
    assert [seen.strength for seen in history] == pytest.approx([1 + 3 / 4, 3 * 0.5 ** (1 / 14), 0.5])


def test_what_was_saved_and_taken_back_was_not_saved(database: Database, friend: Friend) -> None:
    undone, looked_at, again = make_jobs(database, "undone", "looked at", "again")
    do(database, SAVE, undone, friend_id=friend.id, days_ago=3)
    do(database, UNSAVE, undone, friend_id=friend.id, days_ago=2)
    do(database, VIEW, looked_at, friend_id=friend.id, days_ago=14)
    do(database, SAVE, looked_at, friend_id=friend.id, days_ago=3)
    do(database, UNSAVE, looked_at, friend_id=friend.id, days_ago=2)
    do(database, UNSAVE, again, friend_id=friend.id, days_ago=15)
    do(database, SAVE, again, friend_id=friend.id, days_ago=14)
    history = known(database, friend).history
    assert {seen.job_id: seen.strength for seen in history} == pytest.approx({looked_at: 0.5, again: 1.5})


def test_only_the_last_jobs_are_looked_at(database: Database, friend: Friend) -> None:
    jobs = make_jobs(database, *(f"J{n}" for n in range(HISTORY + 5)))
    for days_ago, job in enumerate(jobs):
        do(database, VIEW, job, friend_id=friend.id, days_ago=days_ago)
    assert [seen.job_id for seen in known(database, friend).history] == jobs[:HISTORY]


def test_applied_hidden_and_lately_shown_jobs_are_excluded(database: Database, friend: Friend) -> None:
    applied, hidden, back, lately, long_ago = make_jobs(
        database, "applied", "hidden", "back", "lately", "long ago"
    )
    do(database, APPLY, applied, friend_id=friend.id, days_ago=400)
    do(database, HIDE, hidden, friend_id=friend.id, days_ago=400)
    do(database, HIDE, back, friend_id=friend.id, days_ago=3)
    do(database, UNHIDE, back, friend_id=friend.id, days_ago=2)
    show(database, friend.id, lately, days_ago=13.9)
    show(database, friend.id, long_ago, days_ago=14.1)
    show(database, friend.id, applied, days_ago=1)
    seeker = known(database, friend)
    assert seeker.excluded == {applied, hidden, lately}
    assert seeker.shown == {lately}


def test_hidden_jobs_speak_against_others_by_their_reason(database: Database, friend: Friend) -> None:
    work, place, neither = make_jobs(database, "work", "place", "neither")
    do(database, HIDE, work, friend_id=friend.id, days_ago=3)
    do(database, HIDE, work, friend_id=friend.id, days_ago=2.9, reason="work")
    do(database, HIDE, place, friend_id=friend.id, days_ago=2, reason="place")
    do(database, HIDE, neither, friend_id=friend.id, days_ago=1)
    do(database, VIEW, neither, friend_id=friend.id, days_ago=1)
    seeker = known(database, friend)
    assert seeker.feedback == Feedback(
        employers=("架空法人 neither", "架空法人 place", "架空法人 work"),
        occupations=("看護師",),
        cities=(14104,),
    )
    assert seeker.history == (), "a hidden job says nothing for itself"


def test_only_the_newest_hidden_jobs_speak_against_others(database: Database, friend: Friend) -> None:
    jobs = make_jobs(database, *(f"J{n}" for n in range(MOST_HIDDEN + 2)))
    for days_ago, job in enumerate(jobs):
        do(database, HIDE, job, friend_id=friend.id, days_ago=days_ago)
    seeker = known(database, friend)
    assert seeker.feedback.employers == tuple(f"架空法人 J{n}" for n in range(MOST_HIDDEN))
    assert seeker.excluded == set(jobs)


def test_what_a_linked_person_did_and_said_anywhere_counts(database: Database, friend: Friend) -> None:
    other, stranger = make_friend(database, NOW), make_friend(database, NOW)
    member = make_member(database, facts={"occupation": "介護", "area": [13]})
    make_link(database, member, friend)
    make_link(database, member, other)
    here, there, on_site, theirs = make_jobs(database, "here", "there", "on site", "theirs")
    do(database, VIEW, here, friend_id=friend.id, days_ago=1)
    do(database, VIEW, there, friend_id=other.id, days_ago=2)
    do(database, APPLY, on_site, member_id=member, days_ago=3)
    do(database, VIEW, theirs, friend_id=stranger.id)
    show(database, other.id, here, days_ago=1)
    with reading(database) as session:
        found = seekers_of(session, [stranger.id, friend.id, other.id], NOW)
    assert list(found) == [stranger.id, friend.id, other.id]
    for each in (friend.id, other.id):
        assert [seen.job_id for seen in found[each].history] == [here, there, on_site]
        assert found[each].excluded == {on_site, here}
        assert found[each].wishes.occupations == ("介護職",)
    assert [seen.job_id for seen in found[stranger.id].history] == [theirs]
    assert found[friend.id].seed != found[other.id].seed


def test_many_are_read_in_as_many_statements_as_one(database: Database) -> None:
    friends = [make_friend(database, NOW) for _ in range(30)]
    jobs = make_jobs(database, *(f"J{n}" for n in range(5)))
    with transaction(database) as session:
        load_shipped_surveys(session, NOW)
    for number, friend in enumerate(friends):
        make_link(database, make_member(database, facts={"area": [13]}), friend)
        do(database, HIDE, jobs[number % 5], friend_id=friend.id, reason="work")
        with transaction(database) as session:
            sheet = start_survey(session, friend.id, "preferences", NOW)
            assert sheet is not None
            record_answer(session, sheet, "occupation", "看護師", NOW)
    counts = []
    for asked in (friends[:1], friends):
        with reading(database) as session, counted_statements(database) as statements:
            found = seekers_of(session, [friend.id for friend in asked], NOW)
        counts.append(len(statements))
        assert {seeker.wishes.occupations for seeker in found.values()} == {("看護師",)}
    assert counts[0] == counts[1] <= 16


def test_the_seed_is_the_same_all_day_in_tokyo(database: Database, friend: Friend) -> None:
    seeds = []
    for hours in (0, 11.9, 12.1):  # NOW is noon
        with reading(database) as session:
            seeds.append(seeker_of(session, friend.id, NOW + timedelta(hours=hours)).seed)
    assert seeds[0] == seeds[1] != seeds[2]


def test_wishes_of_the_moment_take_the_place_of_known_ones(database: Database, friend: Friend) -> None:
    asked = JobWishes(prefectures=(27,))
    with reading(database) as session:
        assert seeker_of(session, friend.id, NOW, asked).wishes == asked


@pytest.mark.parametrize(
    ("answer", "flags"),
    [
        pytest.param("none", set(), id="夜勤なし is a hard condition"),
        pytest.param("ok", {JobFlag.NIGHT_OK}, id="夜勤もできる"),
        pytest.param("only", {JobFlag.NIGHT_OK, JobFlag.NIGHT_ONLY}, id="夜勤だけがよい"),
        pytest.param(None, set(), id="skipped"),
    ],
)
def test_answers_that_filter_nothing_are_leanings(answer: str | None, flags: set[JobFlag]) -> None:
    assert set(leanings_of({"night": answer})) == flags
