"""Which jobs a person is shown, on both databases."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.jobs.actions import (
    Tap,
    close_job,
    hide_job,
    record_activity,
    save_job,
    unhide_job,
    unsave_job,
)
from app.jobs.invented import invented_jobs
from app.jobs.models import ActivityKind
from app.jobs.queries import (
    PER_EMPLOYER,
    find_open_job,
    saved_ids,
    saved_jobs,
)
from app.jobs.rules import (
    EmploymentType,
    JobFacts,
    JobWishes,
    WageType,
    is_open,
    met_conditions,
    unmet_conditions,
)
from app.jobs.searching import search_jobs
from app.jobs.vocabulary import JobFlag
from app.recommend.seekers import seeker_of
from tests.databases import counted_statements
from tests.factories import make_friend
from tests.jobs.factories import NOW, make_row, store_jobs

_event = count()


def tap(friend: Friend, *, seconds: int = 0) -> Tap:
    """A new event of this friend."""
    return Tap(friend_id=friend.id, at=NOW + timedelta(seconds=seconds), event_id=f"e{next(_event)}")


def fitting(database: Database, friend: Friend, wishes: JobWishes, limit: int = 10) -> list[JobFacts]:
    with reading(database) as session:
        seeker = seeker_of(session, friend.id, NOW)
        return search_jobs(session, wishes, seeker.excluded, NOW, count=limit).jobs


def names(jobs: Sequence[JobFacts]) -> list[str]:
    return [job.external_id for job in jobs]


ANY = JobWishes()


def test_the_newest_come_first_and_ties_are_stable(database: Database, friend: Friend) -> None:
    store_jobs(
        database,
        make_row(external_id="old", employer="甲", opened_on="2026-10-01"),
        make_row(external_id="new", employer="乙", opened_on="2026-11-10"),
        make_row(external_id="new-2", employer="丙", opened_on="2026-11-10"),
    )
    assert names(fitting(database, friend, ANY)) == ["new-2", "new", "old"]
    assert names(fitting(database, friend, ANY, limit=1)) == ["new-2"]


def test_an_employers_third_job_comes_after_two_of_all_others(database: Database, friend: Friend) -> None:
    many = [make_row(external_id=f"many-{n}", employer="甲", opened_on="2026-11-10") for n in range(150)]
    store_jobs(database, *many, make_row(external_id="one", employer="乙", opened_on="2026-09-01"))
    assert names(fitting(database, friend, ANY, limit=4)) == ["many-149", "many-148", "one", "many-147"]


def test_an_employer_with_very_many_jobs_costs_no_more_than_a_few_statements(
    database: Database, friend: Friend
) -> None:
    many = [make_row(external_id=f"many-{n}", employer="甲", opened_on="2026-11-10") for n in range(1_500)]
    flood = [make_row(external_id=f"too-{n}", employer="乙", opened_on="2026-10-10") for n in range(1_500)]
    last = [make_row(external_id=f"last-{n}", employer=f"丙{n}", opened_on="2026-09-01") for n in range(3)]
    store_jobs(database, *many, *flood, *last)
    with counted_statements(database) as statements:
        shown = names(fitting(database, friend, ANY, limit=7))
    assert shown == ["many-1499", "many-1498", "too-1499", "too-1498", "last-2", "last-1", "last-0"]
    assert sum("FROM job " in statement for statement in statements) <= 6


def test_closed_and_not_yet_opened_jobs_are_left_out(database: Database, friend: Friend) -> None:
    store_jobs(
        database,
        make_row(external_id="open", employer="甲", closed_at="2026-11-20"),
        make_row(external_id="closed", employer="乙", closed_at="2026-11-19"),
        make_row(external_id="tomorrow", employer="丙", opened_on="2026-11-21"),
    )
    assert names(fitting(database, friend, ANY)) == ["open"]


def test_a_hidden_job_stays_away_from_this_friend_only(database: Database, friend: Friend) -> None:
    other = make_friend(database, NOW)
    store_jobs(database, make_row())
    [job] = fitting(database, friend, ANY)
    with transaction(database) as session:
        assert hide_job(session, tap(friend), job.id)
    assert fitting(database, friend, ANY) == []
    assert names(fitting(database, other, ANY)) == ["A-1"]
    with transaction(database) as session:
        assert unhide_job(session, tap(friend, seconds=1), job.id)
    assert names(fitting(database, friend, ANY)) == ["A-1"]


def test_the_newest_of_hide_and_unhide_counts_by_its_own_time(database: Database, friend: Friend) -> None:
    store_jobs(database, make_row())
    [job] = fitting(database, friend, ANY)
    with transaction(database) as session:
        record_activity(session, tap(friend, seconds=5), ActivityKind.UNHIDE, job.id)
        record_activity(session, tap(friend, seconds=1), ActivityKind.HIDE, job.id)  # delivered late
    assert names(fitting(database, friend, ANY)) == ["A-1"]


def test_a_job_applied_to_is_not_shown_again(database: Database, friend: Friend) -> None:
    store_jobs(database, make_row())
    [job] = fitting(database, friend, ANY)
    with transaction(database) as session:
        record_activity(session, tap(friend), ActivityKind.APPLY, job.id)
        record_activity(session, tap(friend), ActivityKind.SEARCH, None)
    assert fitting(database, friend, ANY) == []


def test_a_designated_city_includes_its_wards(database: Database, friend: Friend) -> None:
    store_jobs(
        database,
        make_row(external_id="ward", employer="甲"),
        make_row(external_id="city", employer="乙", city="横浜市"),
        make_row(external_id="none", employer="丙", city=""),
        make_row(external_id="kawasaki", employer="丁", city="川崎市"),
    )
    assert names(fitting(database, friend, JobWishes(cities=(14100,)))) == ["city", "ward"]
    assert names(fitting(database, friend, JobWishes(cities=(14104,)))) == ["ward"]


def test_a_job_fits_in_each_of_its_prefectures_once(database: Database, friend: Friend) -> None:
    store_jobs(database, make_row(prefectures="東京都、埼玉県"))
    assert names(fitting(database, friend, JobWishes(prefectures=(11, 13, 14)))) == ["A-1"]
    assert fitting(database, friend, JobWishes(prefectures=(12,))) == []


def test_saving_twice_is_once_and_the_last_saved_comes_first(database: Database, friend: Friend) -> None:
    store_jobs(database, make_row(external_id="a", employer="甲"), make_row(external_id="b", employer="乙"))
    b, a = fitting(database, friend, ANY)
    with transaction(database) as session:
        assert not unsave_job(session, tap(friend), a.id)
        assert save_job(session, tap(friend), b.id)
        assert not save_job(session, tap(friend), b.id)
        assert save_job(session, tap(friend, seconds=1), a.id)
    with reading(database) as session:
        assert names(saved_jobs(session, friend.id, limit=10, now=NOW)) == ["a", "b"]
        assert saved_ids(session, friend.id, [a.id, b.id]) == {a.id, b.id}
    with transaction(database) as session:
        assert unsave_job(session, tap(friend, seconds=2), a.id)
        assert hide_job(session, tap(friend), b.id)
    with reading(database) as session:
        assert saved_jobs(session, friend.id, limit=10, now=NOW) == []


def test_a_closed_job_is_not_found_by_id(database: Database, friend: Friend) -> None:
    store_jobs(database, make_row())
    [job] = fitting(database, friend, ANY)
    with transaction(database) as session:
        assert close_job(session, "A-1", NOW)
        assert not close_job(session, "A-1", NOW + timedelta(days=1))
        assert not close_job(session, "unknown", NOW)
        assert find_open_job(session, job.id, NOW) is None
        assert find_open_job(session, job.id + 999, NOW) is None


@pytest.fixture
def catalogue(database: Database) -> list[JobFacts]:
    """300 invented jobs, some closed or hidden by nobody, as facts."""
    store_jobs(database, *invented_jobs(7, 300, today=NOW.date()))
    store_jobs(
        database,
        make_row(external_id="day", wage_type="日給", wage_min="12000", employer="日給の会社(架空)"),
        make_row(external_id="shut", closed_at="2026-11-01"),
    )
    with reading(database) as session:
        jobs = [find_open_job(session, job_id, NOW) for job_id in range(1, 303)]
    return [job for job in jobs if job is not None]


_WISHES = st.builds(
    JobWishes,
    occupations=st.lists(
        st.sampled_from(("看護師", "介護職", "保育士", "一般事務", "販売")), max_size=3, unique=True
    ).map(tuple),
    prefectures=st.lists(st.sampled_from((11, 13, 14, 27, 40, 99)), max_size=3, unique=True).map(tuple),
    cities=st.lists(st.sampled_from((14100, 14104, 13104, 27100, 1)), max_size=2, unique=True).map(tuple),
    employment_types=st.lists(st.sampled_from(EmploymentType), max_size=2, unique=True).map(tuple),
    wage_type=st.none() | st.sampled_from(WageType),
    wage_min=st.none() | st.integers(0, 400) | st.integers(200_000, 400_000) | st.integers(900, 2_500),
    licences=st.none()
    | st.lists(st.sampled_from(("看護師", "保育士", "なし", "普通免許")), max_size=3).map(tuple),
    wage_max=st.none() | st.integers(200_000, 400_000) | st.integers(1_000, 2_500),
    flags=st.lists(st.sampled_from(JobFlag), max_size=2, unique=True).map(tuple),
    excluded_areas=st.lists(
        st.sampled_from((11, 13, 14, 27, 14100, 14104, 13104, 99)), max_size=2, unique=True
    ).map(tuple),
    excluded_occupations=st.lists(st.sampled_from(("看護師", "介護職", "営業")), max_size=2, unique=True).map(
        tuple
    ),
)


def test_sql_and_rules_agree_for_any_wishes(
    database: Database, friend: Friend, catalogue: list[JobFacts]
) -> None:
    with transaction(database) as session:
        hide_job(session, tap(friend), catalogue[0].id)
    hidden = _twin_key(catalogue[0])
    newest: dict[object, JobFacts] = {}
    for job in sorted(catalogue, key=lambda job: (job.opened_on, job.id)):
        if is_open(job, NOW):
            newest[_twin_key(job)] = job
    listed = list(newest.values())

    @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(wishes=_WISHES)
    def check(wishes: JobWishes) -> None:
        shown = fitting(database, friend, wishes, limit=1000)
        right = [job for job in listed if not unmet_conditions(job, wishes)]
        right.sort(key=lambda job: (job.opened_on, job.id), reverse=True)
        seen: Counter[str] = Counter()
        rounds: dict[int, int] = {}
        for job in right:
            rounds[job.id] = seen[job.employer] // PER_EMPLOYER
            seen[job.employer] += 1
        right.sort(key=lambda job: rounds[job.id])
        expected = [job for job in right if _twin_key(job) != hidden]
        assert shown == expected
        assert fitting(database, friend, wishes, limit=3) == expected[:3]
        for job in shown:
            _assert_reasons_are_true(job, wishes)

    check()


def _twin_key(job: JobFacts) -> object:
    """Invented jobs are spelt in one way: no folding is needed."""
    return (job.employer, job.title, job.worksite, job.prefecture, job.city, job.employment)


def _assert_reasons_are_true(job: JobFacts, wishes: JobWishes) -> None:
    """A met condition wished alone does not rule the job out; made impossible, it would not be met."""
    impossible = {
        "place": replace(wishes, prefectures=(47,) if 47 not in job.prefectures else (1,), cities=()),
        "occupation": replace(wishes, occupations=("ない職種",)),
        "night": replace(wishes, flags=()),
        "wage": replace(wishes, wage_min=10**9),
        "employment": replace(wishes, employment_types=()),
        "licence": replace(wishes, licences=(), flags=()),
        "flags": replace(wishes, flags=()),
    }
    for condition in met_conditions(job, wishes):
        assert condition not in unmet_conditions(job, wishes)
        assert condition not in met_conditions(job, impossible[condition.value])
