"""The invented catalogue is repeatable, marked, and says of itself only what its fields say."""

from datetime import date, timedelta
from itertools import islice

from app.areas import city_of
from app.jobs.invented import invented_jobs, invented_people
from app.jobs.rows import JobRow
from app.jobs.vocabulary import OCCUPATION_WORDS, JobFlag, WageType

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
