"""The buttons on job cards, called as the drain calls them."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from app.db import Database, reading, transaction
from app.encryption import Encryption
from app.friends.models import Friend
from app.handoff.models import Conversation
from app.jobs.actions import close_job
from app.jobs.models import ActivityKind, Impression, Job
from app.jobs.rules import JobWishes
from app.jobs.vocabulary import JobFlag
from app.line.limits import Message
from app.tracking.links import TrackedLinks
from app.tracking.rules import TrackedLink
from handlers.browse import JOB_ACTIONS
from tests.jobs.factories import NOW, make_row, store_jobs
from tests.jobs.tapping import Phone


@pytest.fixture
def phone(database: Database, friend: Friend) -> Phone:
    store_jobs(
        database,
        *(
            make_row(
                external_id=f"A-{n}",
                employer=f"第{n}病院(架空)",
                url="https://example.com/a",
                flags="夜勤なし",
            )
            for n in range(1, 6)
        ),
    )
    return Phone(database, friend)


def job_id(phone: Phone, external_id: str = "A-5") -> int:
    with reading(phone.database) as session:
        return session.scalars(select(Job.id).where(Job.external_id == external_id)).one()


def words(message: Message) -> str:
    """Everything that can be read on it."""
    return str(message)


def test_the_first_jobs_come_with_reasons_and_are_noted_as_shown(phone: Phone) -> None:
    [message] = phone.recommended(JobWishes(cities=(14100,), flags=(JobFlag.NO_NIGHT,)))
    assert message["altText"] == "おすすめの求人5件: 病棟の看護師 A-5 ほか4件"
    assert "希望の横浜市" in words(message)
    with reading(phone.database) as session:
        shown = session.scalars(select(Impression).order_by(Impression.position)).all()
    assert [row.position for row in shown] == [1, 2, 3, 4, 5]
    assert shown[0].parts == {"parts": {"fresh": 1.0}, "because": None, "relaxed": []}
    assert [row.job_id for row in shown] == [job_id(phone, f"A-{n}") for n in (5, 4, 3, 2, 1)]


def test_without_a_fitting_job_the_wishes_can_be_changed(phone: Phone) -> None:
    [message] = phone.recommended(JobWishes(prefectures=(1,)))
    tapped = [item["action"]["data"] for item in message["quickReply"]["items"]]
    assert tapped == ["v1:survey.start?name=preferences", "v1:ranking.show"]


def test_details_are_a_view_and_a_click_on_what_was_shown(phone: Phone) -> None:
    phone.recommended(JobWishes())
    [message] = phone.tap(f"v1:job.show?job={job_id(phone)}")
    assert "応募したい" in words(message)
    assert phone.activity() == [(ActivityKind.VIEW, None)]
    with reading(phone.database) as session:
        clicked = session.scalars(select(Impression.job_id).where(Impression.clicked_at.is_not(None))).all()
    assert clicked == [job_id(phone)]


def test_the_same_event_again_stores_nothing(phone: Phone) -> None:
    data = f"v1:job.show?job={job_id(phone)}"
    assert phone.tap(data, event_id="same") == phone.tap(data, event_id="same")
    assert len(phone.activity()) == 1


@pytest.mark.parametrize(
    ("action", "kind"),
    [("job.save", ActivityKind.SAVE), ("job.hide", ActivityKind.HIDE)],
)
def test_a_double_tap_is_one(phone: Phone, action: str, kind: ActivityKind) -> None:
    data = f"v1:{action}?job={job_id(phone)}"
    assert phone.tap(data) == phone.tap(data)
    assert phone.activity() == [(kind, None)]


def test_saved_jobs_can_be_listed_and_taken_back(phone: Phone) -> None:
    assert "保存した求人はありません" in words(phone.tap("v1:job.saved")[0])
    phone.tap(f"v1:job.save?job={job_id(phone)}")
    [listed] = phone.tap("v1:job.saved")
    assert listed["altText"] == "保存した求人1件: 病棟の看護師 A-5"
    assert "job.unsave" in words(listed)
    phone.tap(f"v1:job.unsave?job={job_id(phone)}")
    assert "保存した求人はありません" in words(phone.tap("v1:job.saved")[0])


def test_a_hidden_job_is_gone_until_it_is_taken_back(phone: Phone) -> None:
    hidden = job_id(phone)
    [message] = phone.tap(f"v1:job.hide?job={hidden}")
    assert message["quickReply"]["items"][0]["action"]["data"] == f"v1:job.unhide?job={hidden}"
    assert f"job.show?job={hidden}'" not in str(phone.recommended(JobWishes()))
    phone.tap(f"v1:job.hide?job={hidden}&reason=wage")
    assert phone.activity() == [(ActivityKind.HIDE, None), (ActivityKind.HIDE, "wage")]
    phone.tap(f"v1:job.unhide?job={hidden}")
    assert f"job.show?job={hidden}'" in str(phone.recommended(JobWishes()))


def test_an_unknown_reason_is_taken_as_none(phone: Phone) -> None:
    phone.tap(f"v1:job.hide?job={job_id(phone)}&reason=%F0%9F%98%80")
    assert phone.activity() == [(ActivityKind.HIDE, None)]


@pytest.mark.parametrize("action", [name for name in JOB_ACTIONS if name != "job.saved"])
@pytest.mark.parametrize(
    "query",
    [
        pytest.param("", id="no id"),
        pytest.param("?job=999999999999999999", id="unknown id"),
        pytest.param("?job=-1", id="negative"),
        pytest.param("?job=1%20OR%201", id="rubbish"),
        pytest.param("?job=1&job=0", id="twice"),
    ],
)
def test_ids_that_lead_nowhere_are_answered_politely(phone: Phone, action: str, query: str) -> None:
    [message] = phone.tap(f"v1:{action}{query}")
    assert message["text"] == "この求人は募集を終了しました。"
    assert phone.activity() == []


@pytest.mark.parametrize("action", [name for name in JOB_ACTIONS if name != "job.saved"])
def test_a_closed_job_says_so(phone: Phone, action: str) -> None:
    with transaction(phone.database) as session:
        close_job(session, "A-5", NOW)
    [message] = phone.tap(f"v1:{action}?job={job_id(phone)}")
    assert message["text"] == "この求人は募集を終了しました。"
    assert phone.activity() == []


def test_similar_jobs_come_from_the_details_and_are_noted_as_shown(phone: Phone) -> None:
    phone.tap(f"v1:job.show?job={job_id(phone)}")
    [message] = phone.press("似た求人")
    assert message["altText"].startswith("似た求人4件")
    with reading(phone.database) as session:
        shown = session.scalars(select(Impression).order_by(Impression.position)).all()
    assert [row.parts for row in shown] == [{"similar_to": job_id(phone)}] * 4


def test_who_has_seen_all_similar_jobs_hears_so(phone: Phone) -> None:
    for number in (1, 2, 3, 4):
        phone.tap(f"v1:job.hide?job={job_id(phone, f'A-{number}')}")
    [message] = phone.tap(f"v1:job.similar?job={job_id(phone)}")
    assert "似た求人は" in message["text"]


@pytest.mark.parametrize(("label", "why"), [("応募したい", "apply"), ("この求人を相談", "job")])
def test_a_person_helps_with_a_job_and_hears_which(phone: Phone, label: str, why: str) -> None:
    with transaction(phone.database) as session:
        session.execute(update(Job).values(url=None))
    phone.tap(f"v1:job.show?job={job_id(phone)}")
    [message] = phone.press(label)
    assert "「病棟の看護師 A-5」について、担当者におつなぎします" in message["text"]
    with reading(phone.database) as session:
        [conversation] = session.scalars(select(Conversation))
    assert (conversation.why, conversation.state) == (why, "waiting")


def test_the_way_to_the_jobs_page_is_tracked(phone: Phone) -> None:
    links = TrackedLinks(Encryption(["an-invented-secret-key"]), "https://goen.example")
    phone.surroundings = replace(phone.surroundings, tracked=links)
    phone.recommended(JobWishes())
    [message] = phone.tap(f"v1:job.show?job={job_id(phone)}")
    action = message["contents"]["footer"]["contents"][0]["action"]
    link = links.read(action["uri"].removeprefix("https://goen.example/r/"), NOW)
    assert isinstance(link, TrackedLink)
    with reading(phone.database) as session:
        shown = session.get_one(Impression, link.impression_id or 0)
    assert (link.friend_id, link.job_id) == (phone.friend.id, job_id(phone))
    assert (shown.friend_id, shown.job_id) == (link.friend_id, link.job_id)
