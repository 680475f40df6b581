"""Which jobs of the database are chosen from, on both databases."""

from datetime import timedelta

from app.db import Database, reading, transaction
from app.jobs.actions import close_job
from app.jobs.rules import JobWishes, WageType
from app.recommend.answers import picks_of
from app.recommend.catalogue import read_openings, read_scorer
from app.recommend.ports import Seeker
from app.recommend.scoring import choose
from tests.recommend.doing import make_jobs
from tests.recommend.world import NOW, TODAY, invented_signals

SAME = {"title": "架空の病棟", "employer": "架空の一つの法人"}
WELL_PAID = JobWishes(wage_type=WageType.MONTH, wage_min=290_000)


def twins(database: Database) -> tuple[int, int]:
    """One vacancy told twice, both open: with 300,000 yen a month ago, and with 250,000 yen yesterday."""
    [older] = make_jobs(database, "older", wage_min="300000", opened_on=ago(30), **SAME)
    [newer] = make_jobs(database, "newer", wage_min="250000", opened_on=ago(1), **SAME)
    return older, newer


def ago(days: int) -> str:
    return str(TODAY - timedelta(days=days))


def chosen(database: Database, seeker: Seeker, known: list[int]) -> list[int]:
    with reading(database) as session:
        scorer = read_scorer(session, invented_signals(known, 1), NOW)
    return [pick.job_id for picks in picks_of(scorer.board, choose(scorer, [seeker], 10)) for pick in picks]


def test_nobody_meets_the_old_wage_of_an_older_twin(database: Database) -> None:
    older, newer = twins(database)
    assert chosen(database, Seeker(WELL_PAID), [older, newer]) == []
    assert chosen(database, Seeker(JobWishes()), [older, newer]) == [newer]


def test_what_was_done_with_an_older_twin_was_done_with_the_newer(database: Database) -> None:
    older, newer = twins(database)
    assert chosen(database, Seeker(JobWishes(), excluded=frozenset({older})), [older, newer]) == []


def test_closed_jobs_are_former_ones_while_they_are_open_again(database: Database) -> None:
    older, newer = twins(database)
    make_jobs(database, "closed")
    with transaction(database) as session:
        close_job(session, "closed", NOW)
        close_job(session, "older", NOW)
    with reading(database) as session:
        openings = read_openings(session, NOW)
    assert openings.job_ids.tolist() == [newer]
    assert list(openings.former) == [(older, int(openings.folds[0]))]


def test_the_older_one_is_there_again_when_the_newer_one_closes(database: Database) -> None:
    older, newer = twins(database)
    with transaction(database) as session:
        close_job(session, "newer", NOW)
    assert chosen(database, Seeker(WELL_PAID), [older, newer]) == [older]
