"""おすすめ in the chat: what is shown is true when it is shown; on both databases."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from sqlalchemy import select

from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.jobs.actions import close_job
from app.jobs.models import Impression, Job
from app.jobs.rules import JobWishes, WageType
from app.jobs.vocabulary import EmploymentType, JobFlag
from app.recommend.ports import Pick, Picks, Seeker
from tests.jobs.factories import NOW, make_row, store_jobs
from tests.jobs.tapping import Phone


@dataclass(frozen=True)
class Fixed:
    """A recommender that always says the same."""

    picks: tuple[Pick, ...]

    def recommend(self, seeker: Seeker, count: int, now: datetime) -> Picks:
        return Picks(self.picks, "invented")


@pytest.fixture
def phone(database: Database, friend: Friend) -> Phone:
    return Phone(database, friend)


def ids(phone: Phone) -> dict[str, int]:
    with reading(phone.database) as session:
        return dict(session.execute(select(Job.external_id, Job.id)).all())


def shown(phone: Phone) -> list[str]:
    """Names of the jobs in the last answer, in their order."""
    text = str(phone.said)
    found = {name: text.find(f"job.show?job={id_}'") for name, id_ in ids(phone).items()}
    return sorted((name for name, at in found.items() if at >= 0), key=lambda name: found[name])


def impressions(phone: Phone) -> Sequence[Impression]:
    with reading(phone.database) as session:
        return session.scalars(select(Impression).order_by(Impression.id)).all()


def store(phone: Phone, *names: str, **more: object) -> None:
    store_jobs(
        phone.database, *(make_row(external_id=name, employer=f"{name}(架空)", **more) for name in names)
    )


def use(phone: Phone, *picks: Pick) -> None:
    phone.surroundings = replace(phone.surroundings, recommender=Fixed(picks))


def test_a_job_that_closed_since_it_was_chosen_is_not_shown(phone: Phone) -> None:
    store(phone, "a", "b", "c")
    use(phone, *(Pick(ids(phone)[name]) for name in ("a", "b", "c")), Pick(10**6))
    with transaction(phone.database) as session:
        close_job(session, "b", NOW)
    phone.recommended()
    assert shown(phone) == ["a", "c"]


def test_a_job_that_breaks_by_now_what_is_never_broken_is_not_shown(phone: Phone) -> None:
    store(phone, "days", flags="夜勤なし")
    store(phone, "nights")
    use(phone, *(Pick(id_) for id_ in ids(phone).values()))
    phone.recommended(JobWishes(flags=(JobFlag.NO_NIGHT,)))
    assert shown(phone) == ["days"]


def test_a_job_that_was_posted_anew_since_it_was_chosen_is_not_shown(phone: Phone) -> None:
    store(phone, "a", "b")
    use(phone, *(Pick(id_) for id_ in ids(phone).values()))
    anew = {"title": "病棟の看護師 b", "opened_on": "2026-11-20", "wage_min": "250000"}
    store_jobs(phone.database, make_row(external_id="anew", employer="b(架空)", **anew))
    phone.recommended()
    assert shown(phone) == ["a"]


def test_what_it_was_chosen_by_and_how_likely_is_noted(phone: Phone) -> None:
    store(phone, "a", "b")
    first, second = (ids(phone)[name] for name in ("a", "b"))
    use(phone, Pick(first, {"als": 0.5}, because=second), Pick(second, {"fresh": 1.0}, propensity=0.25))
    phone.recommended()
    noted = impressions(phone)
    assert [(row.position, row.propensity) for row in noted] == [(1, None), (2, 0.25)]
    assert noted[0].parts == {"parts": {"als": 0.5}, "because": second, "relaxed": []}


def test_what_was_shown_gives_way_to_what_was_not_and_comes_again_when_there_is_nothing_else(
    phone: Phone,
) -> None:
    store(phone, *(f"j{number}" for number in range(8)))
    phone.tap("v1:job.first")
    first = shown(phone)
    phone.press("もっと見る")
    second = shown(phone)
    assert len(first) == len(second) == 5
    assert set(first).isdisjoint(second[:3])
    assert "前にお見せした求人も入れました" in str(phone.said)


def test_of_what_comes_again_an_employer_has_no_third_job(phone: Phone) -> None:
    store(phone, "other")
    rows = [make_row(external_id=f"j{number}", employer="架空の一つの法人") for number in range(4)]
    store_jobs(phone.database, *rows)
    phone.recommended()
    assert sorted(shown(phone)) == ["j2", "j3", "other"]
    phone.recommended()
    assert sorted(shown(phone)) == ["j0", "j1", "other"]


def test_without_any_job_the_wishes_can_be_changed(phone: Phone) -> None:
    [message] = phone.recommended()
    assert "見つかりませんでした" in message["text"]
    assert "条件を変える" in phone.buttons()


NURSES = JobWishes(occupations=("看護師",), cities=(14104,))


@pytest.mark.parametrize(
    ("job", "wishes", "line"),
    [
        pytest.param(
            {"prefecture": "東京都", "city": "大田区"},
            NURSES,
            "・横浜市中区に近い東京都の求人も入れました",
            id="another place",
        ),
        pytest.param(
            {"city": "川崎市"}, NURSES, "・横浜市中区のほかの神奈川県の求人も入れました", id="the prefecture"
        ),
        pytest.param(
            {"wage_min": "270000"},
            replace(NURSES, wage_type=WageType.MONTH, wage_min=290_000),
            "・月給がご希望より少し低い求人も入れました",
            id="less pay",
        ),
        pytest.param(
            {"employment": "パート"},
            replace(NURSES, employment_types=(EmploymentType.FULL_TIME,)),
            "・パート・アルバイトの求人も入れました",
            id="another employment",
        ),
    ],
)
def test_what_was_widened_is_said(phone: Phone, job: dict[str, object], wishes: JobWishes, line: str) -> None:
    store(phone, "a", **job)
    note, _ = phone.recommended(wishes)
    assert note["text"].splitlines()[1:] == [line]
    assert impressions(phone)[0].parts["relaxed"] != []


def test_where_nothing_was_widened_nothing_is_said(phone: Phone) -> None:
    store(phone, "a")
    assert len(phone.recommended(NURSES)) == 1
