"""The invented catalogue is repeatable, marked, and says of itself only what its fields say."""

from collections import Counter
from datetime import date, timedelta
from itertools import islice
from random import Random

from sqlalchemy import select

from app.areas import city_of
from app.clock import TOKYO, Clock
from app.db import Database, reading
from app.invention import invent
from app.jobs.invented import InventedPerson, invented_jobs, invented_people
from app.jobs.invented_taste import Board, Deed, invented_deeds
from app.jobs.models import Activity, ActivityKind
from app.jobs.rows import JobRow
from app.jobs.rules import JobWishes
from app.jobs.vocabulary import OCCUPATION_WORDS, JobFlag, WageType
from app.rankings.onlookers import Onlooker
from app.rankings.queries import ranking_for
from tests.jobs.factories import NOW
from tests.stack import settings_for

TODAY = date(2026, 11, 20)


def catalogue(seed: int = 1, count: int = 2_000) -> list[JobRow]:
    return list(invented_jobs(seed, count, today=TODAY))


def test_the_same_seed_gives_the_same_jobs() -> None:
    assert catalogue() == catalogue()
    assert catalogue(2, 50) != catalogue(3, 50)


def test_every_job_is_marked_as_invented() -> None:
    jobs = catalogue()
    assert len({job.external_id for job in jobs}) == len(jobs) == 2_000
    for job in jobs:
        assert job.external_id.startswith("INVENTED-")
        assert job.employer.endswith("(架空)")
        assert "架空" in (job.text or "")


def test_flags_say_what_the_texts_say() -> None:
    for job in catalogue():
        nights = {JobFlag.NO_NIGHT, JobFlag.NIGHT_OK, JobFlag.NIGHT_ONLY} & set(job.flags)
        assert len(nights) == 1
        assert ("夜勤はありません" in (job.text or "")) is (JobFlag.NO_NIGHT in job.flags)
        assert ("16:30" in (job.hours or "")) is (JobFlag.NO_NIGHT not in job.flags)
        assert ("土日休み" in (job.holidays or "")) is (JobFlag.WEEKEND_OFF in job.flags)
        assert not (job.licences and JobFlag.NO_LICENSE in job.flags)


def test_occupations_places_wages_and_days_are_believable() -> None:
    jobs = catalogue()
    assert {job.occupation for job in jobs} <= set(OCCUPATION_WORDS)
    assert len({job.prefecture for job in jobs}) > 10
    for job in jobs:
        city = city_of(job.city or 0)
        assert city is not None
        assert city.prefecture == job.prefecture
        assert TODAY - timedelta(days=60) <= job.opened_on <= TODAY
        if job.wage_type is WageType.HOUR:
            assert job.wage_min >= 1_100


def test_there_are_nurses_without_night_work_around_yokohama() -> None:
    fitting = [
        job
        for job in catalogue()
        if job.occupation == "看護師" and job.prefecture == 14 and JobFlag.NO_NIGHT in job.flags
    ]
    assert len(fitting) >= 3


def test_invented_people_are_marked_and_repeatable() -> None:
    people = list(invented_people(1, 20))
    assert people == list(islice(invented_people(1, 100), 20))
    assert all(person.name.endswith("(架空)") for person in people)


def deeds_of(person: InventedPerson, board: Board, number: int) -> list[Deed]:
    return list(invented_deeds(Random(number), person, board, NOW))


def test_invented_people_look_near_and_in_their_trade_and_at_some_jobs_far_more() -> None:
    board, jobs = Board(1), {job.external_id: job for job in catalogue()}
    board.add(list(jobs.values()))
    people = list(invented_people(1, 400))
    deeds = [(person, deed) for n, person in enumerate(people) for deed in deeds_of(person, board, n)]
    assert deeds == [(person, deed) for n, person in enumerate(people) for deed in deeds_of(person, board, n)]
    assert 2_000 < len(deeds) < 10_000
    near = [jobs[deed.job].prefecture == person.prefecture for person, deed in deeds]
    fitting = [jobs[deed.job].occupation == person.occupation for person, deed in deeds]
    assert sum(near) > len(deeds) * 0.7
    assert sum(fitting) > len(deeds) * 0.7
    views = Counter(deed.job for _, deed in deeds if deed.kind is ActivityKind.VIEW)
    assert views.most_common(1)[0][1] > 5 * sum(views.values()) / len(views)
    for _, deed in deeds:
        assert jobs[deed.job].opened_on <= deed.at.astimezone(TOKYO).date()
        assert NOW - timedelta(days=60) < deed.at <= NOW


def test_inventing_fills_rankings_and_again_changes_nothing(database: Database) -> None:
    settings = settings_for(database.writer.url.render_as_string(hide_password=False), "http://127.0.0.1:9")
    first, second = (invent(settings, database, jobs=300, people=5, members=60, seed=4) for _ in range(2))
    assert (first.jobs, first.friends, first.members) == (300, 5, 60)
    assert first.deeds > 200
    assert (second.jobs, second.friends, second.members, second.deeds) == (0, 0, 0, 0)
    with reading(database) as session:
        written = session.scalars(select(Activity.external_id)).all()
        assert len(written) == first.deeds
        assert all(str(key).startswith("INVENTED-4-") for key in written)
        assert ranking_for(session, JobWishes(), Onlooker(), Clock().now()) is not None
