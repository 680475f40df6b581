"""Jobs without a model, on both databases."""

from dataclasses import replace

from app.db import Database, transaction
from app.friends.models import Friend
from app.jobs.actions import close_job
from app.jobs.rules import JobWishes, WageType
from app.rankings.models import Ranking
from app.recommend.popular import PopularRecommender
from app.recommend.ports import Pick, Relaxation, Seeker, Signal
from tests.recommend.doing import make_jobs
from tests.recommend.world import NOW

NURSE = Seeker(JobWishes(occupations=("看護師",), cities=(14104,)))


def picks(database: Database, seeker: Seeker, count: int = 10) -> list[Pick]:
    found = PopularRecommender(database).recommend(seeker, count, NOW)
    assert found.model_version is None
    return list(found.picks)


def ids(found: list[Pick]) -> list[int]:
    return [pick.job_id for pick in found]


def rank(database: Database, area: int, occupation: str, *jobs: int) -> None:
    with transaction(database) as session:
        session.add_all(
            Ranking(
                area=area,
                occupation=occupation,
                rank=n,
                job_id=job,
                score=1 / n,
                people=9,
                is_thin=False,
                made_at=NOW,
            )
            for n, job in enumerate(jobs, start=1)
        )


def test_the_popular_come_first_by_the_narrowest_list_then_the_newest(
    database: Database, friend: Friend
) -> None:
    a, b, c, d = make_jobs(database, "a", "b", "c", "d")
    rank(database, 0, "看護師", d, c)
    rank(database, 14104, "看護師", a)
    rank(database, 13, "看護師", b)  # somewhere else
    found = picks(database, NURSE)
    assert ids(found) == [a, d, c, b]
    assert [list(pick.parts) for pick in found] == [[Signal.POPULAR]] * 3 + [[Signal.FRESH]]
    assert all(pick.relaxed == () and pick.propensity is None for pick in found)


def test_closed_and_excluded_jobs_and_their_twins_are_not_chosen(database: Database) -> None:
    closed, applied, other = make_jobs(database, "closed", "applied", "other")
    [twin] = make_jobs(database, "twin", title="架空の求人 applied", employer="架空法人 applied")
    rank(database, 0, "看護師", closed, applied, twin)
    with transaction(database) as session:
        close_job(session, "closed", NOW)
    assert ids(picks(database, replace(NURSE, excluded=frozenset({applied})))) == [other]


def test_an_employer_is_shown_twice_at_most_over_all_steps(database: Database) -> None:
    make_jobs(database, "a", "b", "c", employer="架空の一つの法人")
    make_jobs(database, "d", "e", employer="架空の一つの法人", prefecture="東京都", city="港区")
    assert len(picks(database, NURSE)) == 2


def test_an_employer_with_all_the_newest_jobs_does_not_hide_others_that_fit(database: Database) -> None:
    fitting = make_jobs(database, "a", "b", "c", opened_on="2026-10-01")
    for employer in ("架空の大きな法人", "架空の次の法人"):
        make_jobs(database, *(f"{employer} {n}" for n in range(200)), employer=employer)
    make_jobs(database, "elsewhere", city="川崎市")
    found = picks(database, NURSE, 7)
    assert len(found) == 7
    assert all(pick.relaxed == () for pick in found)
    assert set(fitting) <= set(ids(found))


def test_wider_wishes_follow_and_it_is_said_which(database: Database) -> None:
    [near] = make_jobs(database, "near")
    [prefecture] = make_jobs(database, "prefecture", city="川崎市")
    [next_door] = make_jobs(database, "next door", prefecture="東京都", city="港区")
    [less] = make_jobs(database, "less", wage_min="240000", city="川崎市")
    make_jobs(database, "too little", wage_min="200000")
    make_jobs(database, "far", prefecture="大阪府", city="大阪市北区")
    make_jobs(database, "other work", occupation="営業")
    seeker = replace(
        NURSE, wishes=replace(NURSE.wishes, wage_type=WageType.MONTH, wage_min=260_000, licences=("看護師",))
    )
    found = picks(database, seeker)
    assert ids(found) == [near, prefecture, next_door, less]
    assert [pick.relaxed for pick in found] == [
        (),
        (Relaxation.PLACE,),
        (Relaxation.PLACE,),
        (Relaxation.PLACE, Relaxation.WAGE),
    ]


def test_enough_that_fit_are_not_followed_by_wider_ones(database: Database) -> None:
    make_jobs(database, *(f"J{n}" for n in range(5)))
    make_jobs(database, "elsewhere", city="川崎市")
    assert all(pick.relaxed == () for pick in picks(database, NURSE, 5))


def test_an_employer_that_is_enough_is_not_read_again_for_ever(database: Database) -> None:
    make_jobs(database, *(f"J{n}" for n in range(201)), employer="架空の一つの法人")
    assert len(picks(database, NURSE)) == 2


def test_somebody_without_wishes_gets_the_newest_of_all(database: Database) -> None:
    [new] = make_jobs(database, "new", opened_on="2026-11-10")
    [old] = make_jobs(database, "old", opened_on="2026-10-01")
    assert ids(picks(database, Seeker(JobWishes()))) == [new, old]
