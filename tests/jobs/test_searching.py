"""Pages of a search and jobs like another, on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.jobs.actions import close_job
from app.jobs.models import Job
from app.jobs.queries import find_open_job
from app.jobs.rules import JobWishes
from app.jobs.searching import (
    MOST_FOUND,
    MOST_READ_ON,
    VERY_MANY,
    Bookmark,
    Found,
    counts_of_jobs,
    open_jobs,
    search_jobs,
    similar_jobs,
)
from app.jobs.vocabulary import JobFlag
from tests.databases import counted_statements
from tests.jobs.factories import NOW, make_row, store_jobs

ANY = JobWishes()
LATER = NOW + timedelta(minutes=5)
TWINS = (("old", "10-01"), ("new", "11-01"))


def job_id(database: Database, name: str) -> int:
    with reading(database) as session:
        return session.scalars(select(Job.id).where(Job.external_id == name)).one()


def names(found: Found) -> list[str]:
    return [job.external_id for job in found.jobs]


def search(
    database: Database,
    wishes: JobWishes = ANY,
    *,
    now: datetime = NOW,
    after: Bookmark | None = None,
    without: tuple[int, ...] = (),
) -> Found:
    with reading(database) as session:
        return search_jobs(session, wishes, without, now, after=after, count=3)


def all_pages(database: Database) -> list[list[str]]:
    pages = [search(database)]
    while pages[-1].next is not None:
        pages.append(search(database, after=pages[-1].next))
    return [names(page) for page in pages]


def store(database: Database, *jobs: tuple[str, str, int]) -> None:
    """(name, employer, day of November)."""
    store_jobs(
        database,
        *(
            make_row(external_id=name, title=name, employer=employer, opened_on=f"2026-11-{day:02}")
            for name, employer, day in jobs
        ),
    )


def test_every_job_is_on_one_page_and_an_employers_third_one_comes_last(database: Database) -> None:
    store(database, *((f"a{day}", "甲", day) for day in range(1, 6)), ("b3", "乙", 3), ("c1", "丙", 1))
    assert all_pages(database) == [["a5", "a4", "b3"], ["c1", "a3", "a2"], ["a1"]]
    assert search(database).total == 7


def test_a_list_without_jobs_has_no_pages(database: Database) -> None:
    assert all_pages(database) == [[]]
    assert search(database).total == 0


@pytest.mark.parametrize("count", [2, 3, 4])
def test_the_last_page_is_known_to_be_the_last(database: Database, count: int) -> None:
    store(database, *((f"j{day}", f"第{day}", day) for day in range(1, count + 1)))
    assert (search(database).next is None) is (count <= 3)


def test_what_is_opened_or_hidden_meanwhile_moves_no_page(database: Database, friend: Friend) -> None:
    store(database, *((f"j{day}", f"第{day}", day) for day in range(1, 7)))
    first = search(database)
    store(database, ("new", "新", 20))
    second = search(database, after=first.next, without=(job_id(database, "j6"),))
    assert (names(first), names(second)) == (["j6", "j5", "j4"], ["j3", "j2", "j1"])


def test_a_newer_job_of_an_employer_repeats_none_of_its_others(database: Database) -> None:
    store(database, ("a1", "甲", 1), ("a2", "甲", 8), ("b9", "乙", 9), ("c7", "丙", 7), ("d6", "丁", 6))
    first = search(database)
    store(database, ("a10", "甲", 10), ("a11", "甲", 11))
    second = search(database, after=first.next)
    assert (names(first), names(second)) == (["b9", "a2", "c7"], ["d6", "a1"])


def test_a_job_that_closes_skips_none_of_its_employers_others(database: Database) -> None:
    store(database, *((f"a{day}", "甲", day) for day in (7, 8, 9)), ("b3", "乙", 3), ("c2", "丙", 2))
    first = search(database)
    close(database, "a9", LATER)
    second = search(database, now=LATER, after=first.next)
    assert (names(first), names(second)) == (["a9", "a8", "b3"], ["c2", "a7"])


def test_what_closes_before_its_page_is_left_out_and_the_page_is_full_all_the_same(
    database: Database,
) -> None:
    store(database, *((f"j{day}", f"第{day}", day) for day in range(1, 9)))
    first = search(database)
    close(database, "j4", LATER)
    second = search(database, now=LATER, after=first.next)
    third = search(database, now=LATER, after=second.next)
    assert [names(page) for page in (first, second, third)] == [
        ["j8", "j7", "j6"],
        ["j5", "j3", "j2"],
        ["j1"],
    ]


def test_what_is_posted_anew_meanwhile_is_shown_in_no_old_words(database: Database) -> None:
    store(database, *((f"j{day}", f"第{day}", day) for day in range(1, 6)))
    first = search(database)
    twin = make_row(external_id="anew", title="j1", employer="第1", opened_on="2026-11-20")
    store_jobs(database, twin)
    assert names(search(database, after=first.next)) == ["j2"]
    assert names(search(database)) == ["anew", "j5", "j4"]


def test_a_twin_that_comes_meanwhile_moves_none_of_its_employers_others(database: Database) -> None:
    store(database, *((f"a{day}", "甲", day) for day in (7, 8, 9)), ("b3", "乙", 3), ("c2", "丙", 2))
    first = search(database)
    store_jobs(database, make_row(external_id="anew", title="a9", employer="甲", opened_on="2026-11-10"))
    second = search(database, after=first.next)
    assert (names(first), names(second)) == (["a9", "a8", "b3"], ["c2", "a7"])


def close(database: Database, name: str, at: datetime) -> None:
    with transaction(database) as session:
        close_job(session, name, at)


def test_a_closed_job_is_on_no_page(database: Database) -> None:
    store(database, ("a", "甲", 1), ("b", "乙", 2))
    with transaction(database) as session:
        close_job(session, "b", NOW)
    assert names(search(database)) == ["a"]
    with reading(database) as session:
        assert list(counts_of_jobs(session, [ANY], NOW)) == [1]
        ids = [job_id(database, "b"), job_id(database, "a"), 10**6]
        assert [job.external_id for job in open_jobs(session, ids, NOW)] == ["a"]


def test_conditions_and_what_is_unwanted_leave_jobs_out(database: Database) -> None:
    store(database, ("a", "甲", 1), ("b", "乙", 2))
    store_jobs(database, make_row(external_id="c", employer="丙", occupation="介護職"))
    assert names(search(database, JobWishes(occupations=("介護職",)))) == ["c"]
    assert names(search(database, without=(job_id(database, "b"),))) == ["c", "a"]


def test_a_twin_of_what_is_unwanted_is_unwanted(database: Database) -> None:
    twins = [make_row(external_id=name, title="病棟", opened_on=f"2026-{day}") for name, day in TWINS]
    store_jobs(database, *twins)
    assert names(search(database)) == ["new"]
    assert names(search(database, without=(job_id(database, "old"),))) == []


def test_similar_jobs_share_work_and_place_and_the_nearest_come_first(database: Database) -> None:
    base = {"opened_on": "2026-11-10", "wage_min": "270000"}
    store_jobs(
        database,
        make_row(external_id="this", title="this", **base),
        make_row(external_id="same-employer", title="x", **base),
        make_row(external_id="far-pay", employer="甲", **base | {"wage_min": "400000"}),
        make_row(external_id="near-pay", employer="乙", **base | {"wage_min": "300000"}),
        make_row(external_id="other-city", employer="丙", city="川崎市", **base),
        make_row(external_id="other-work", employer="丁", occupation="介護職", **base),
        make_row(external_id="other-place", employer="戊", prefecture="東京都", city="新宿区", **base),
        make_row(external_id="nights", employer="己", flags="夜勤なし", **base),
    )
    with reading(database) as session:
        job = find_open_job(session, job_id(database, "this"), NOW)
        assert job is not None
        found = similar_jobs(session, job, ANY, (), NOW, count=10)
        days = similar_jobs(session, job, JobWishes(flags=(JobFlag.NO_NIGHT,)), (), NOW, count=10)
    assert [each.external_id for each in found] == [
        *("nights", "near-pay", "other-city", "far-pay", "same-employer"),
    ]
    assert [each.external_id for each in days] == ["nights"]


def test_where_all_employers_have_very_many_jobs_not_the_whole_catalogue_is_read(database: Database) -> None:
    for number in range(70):
        employer = f"第{number}"
        rows = (
            make_row(external_id=f"{number}-{n}", title=f"j{n}", employer=employer) for n in range(VERY_MANY)
        )
        store_jobs(database, *rows)
    with counted_statements(database) as statements:
        found = search(database)
    assert found.total == MOST_FOUND
    assert len([each for each in statements if "ORDER BY job.opened_on" in each]) == 1 + MOST_READ_ON
