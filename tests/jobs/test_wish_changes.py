"""興味なし, a reason, a question, and what comes of it; on both databases."""

import pytest
from sqlalchemy import select

from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.jobs.models import Job
from app.jobs.rules import JobWishes, WageType
from app.jobs.vocabulary import JobFlag
from surveys.actions import load_shipped_surveys, record_answer, start_survey
from surveys.amending import amend_answers
from surveys.models import Answer
from surveys.queries import find_newest_sheet
from surveys.rules import State
from surveys.wishes import EXTRAS, PREFERENCES
from tests.jobs.factories import NOW, make_row, store_jobs
from tests.jobs.tapping import Phone


@pytest.fixture
def phone(database: Database, friend: Friend) -> Phone:
    with transaction(database) as session:
        load_shipped_surveys(session, NOW)
    store_jobs(
        database,
        make_row(external_id="low", employer="甲(架空)", wage_min="250000"),
        make_row(external_id="good", employer="乙(架空)", wage_min="270000", flags="夜勤なし、土日休み"),
        make_row(
            external_id="else", employer="丙(架空)", occupation="介護職", city="川崎市", wage_min="290000"
        ),
    )
    return Phone(database, friend)


def hide(phone: Phone, external_id: str, reason: str) -> None:
    """興味なし and a reason."""
    with reading(phone.database) as session:
        job_id = session.scalars(select(Job.id).where(Job.external_id == external_id)).one()
    phone.tap(f"v1:job.hide?job={job_id}")
    phone.press(reason)


def shown(phone: Phone) -> list[str]:
    """What おすすめ shows now."""
    text = str(phone.tap("v1:job.first"))
    with reading(phone.database) as session:
        rows = session.execute(select(Job.external_id, Job.id).order_by(Job.external_id))
        return [name for name, id_ in rows if f"job.show?job={id_}'" in text]


def answers(phone: Phone) -> list[tuple[str, object]]:
    with reading(phone.database) as session:
        return [(row.question_key, row.value) for row in session.scalars(select(Answer).order_by(Answer.id))]


def test_the_wish_for_pay_rises_only_after_a_yes_and_the_next_jobs_differ(phone: Phone) -> None:
    hide(phone, "low", "給与が合わない")
    assert "「月給26万円以上」の求人に絞りますか" in str(phone.said)
    assert phone.wishes() == JobWishes()
    phone.press("はい")
    assert "月給26万円以上" in str(phone.said)
    assert phone.wishes() == JobWishes(wage_type=WageType.MONTH, wage_min=260_000)
    assert shown(phone) == ["else", "good"]


def test_no_leaves_everything_as_it_is(phone: Phone) -> None:
    hide(phone, "low", "給与が合わない")
    phone.press("いいえ")
    assert "このままにします" in str(phone.said)
    assert answers(phone) == []


@pytest.mark.parametrize(
    ("external_id", "reason", "label", "wishes", "left"),
    [
        pytest.param(
            "else", "場所が合わない", "はい", JobWishes(excluded_areas=(14130,)), ["good", "low"], id="place"
        ),
        pytest.param(
            "else",
            "仕事内容が違う",
            "はい",
            JobWishes(excluded_occupations=("介護職",)),
            ["good", "low"],
            id="work",
        ),
        pytest.param(
            "low", "時間が合わない", "夜勤なし", JobWishes(flags=(JobFlag.NO_NIGHT,)), ["good"], id="nights"
        ),
        pytest.param(
            "low",
            "時間が合わない",
            "土日休み",
            JobWishes(flags=(JobFlag.WEEKEND_OFF,)),
            ["good"],
            id="weekends",
        ),
    ],
)
def test_each_reason_changes_what_it_is_about_and_can_be_taken_back(
    phone: Phone, external_id: str, reason: str, label: str, wishes: JobWishes, left: list[str]
) -> None:
    hide(phone, external_id, reason)
    phone.press(label)
    assert phone.wishes() == wishes
    undo = phone.buttons()["元に戻す"]
    assert shown(phone) == left
    phone.tap(undo)
    assert "元に戻しました" in str(phone.said)
    assert phone.wishes() == JobWishes()
    assert len(answers(phone)) == 2, "history stays"


def test_another_reason_is_noted_and_asks_nothing(phone: Phone) -> None:
    hide(phone, "low", "そのほか")
    assert "今後の参考" in str(phone.said)
    assert "はい" not in phone.buttons()


def test_a_yes_tapped_twice_is_one_change(phone: Phone) -> None:
    hide(phone, "low", "給与が合わない")
    yes = phone.buttons()["はい"]
    phone.tap(yes)
    phone.tap(yes)
    assert "すでに" in str(phone.said)
    assert answers(phone) == [("wage_unit", "month"), ("wage_month", 260_000)]


def test_what_was_answered_since_is_not_taken_back(phone: Phone) -> None:
    hide(phone, "low", "給与が合わない")
    phone.press("はい")
    undo = phone.buttons()["元に戻す"]
    hide(phone, "good", "給与が合わない")
    phone.press("はい")
    phone.tap(undo)
    assert phone.wishes().wage_min == 280_000
    assert "元には戻しません" in str(phone.said)


def test_nobody_takes_back_what_somebody_else_answered(phone: Phone, database: Database) -> None:
    hide(phone, "low", "給与が合わない")
    phone.press("はい")
    undo = phone.buttons()["元に戻す"]
    with transaction(database) as session:
        stranger = Friend(
            channel_id=phone.friend.channel_id, line_user_id="U" + "9" * 32, created_at=NOW, followed_at=NOW
        )
        session.add(stranger)
    Phone(database, stranger).tap(undo)
    assert phone.wishes().wage_min == 260_000


def test_a_survey_that_asks_goes_on_asking_the_same(phone: Phone, database: Database) -> None:
    with transaction(database) as session:
        start_survey(session, phone.friend.id, PREFERENCES, NOW)
    hide(phone, "low", "給与が合わない")
    phone.press("はい")
    with reading(database) as session:
        sheet = find_newest_sheet(session, phone.friend.id, PREFERENCES)
    assert sheet is not None
    assert (sheet.state, sheet.question_key) == (State.ASKING, "occupation")
    assert sheet.answers == {"wage_unit": "month", "wage_month": 260_000}


def test_whoever_was_never_asked_can_go_on_with_the_rest(phone: Phone, database: Database) -> None:
    hide(phone, "low", "給与が合わない")
    phone.press("はい")
    phone.press("条件を変える")
    assert "続きから" in str(phone.said)
    assert "どんなお仕事" in str(phone.said)


def test_nights_that_were_asked_about_are_answered_there(phone: Phone, database: Database) -> None:
    with transaction(database) as session:
        sheet = start_survey(session, phone.friend.id, PREFERENCES, NOW)
        assert sheet is not None
        for key, value in (("occupation", "看護師"), ("night", "ok")):
            sheet = record_answer(session, sheet, key, value, NOW)
    hide(phone, "low", "時間が合わない")
    phone.press("夜勤なし")
    assert answers(phone)[-1] == ("night", "none")
    assert phone.wishes().flags == (JobFlag.NO_NIGHT,)


def test_the_extras_can_be_looked_at_and_changed(phone: Phone) -> None:
    hide(phone, "else", "場所が合わない")
    phone.press("はい")
    phone.press("こだわり条件")
    assert "続きから" in str(phone.said)


def test_answers_that_stand_already_change_nothing(phone: Phone, database: Database) -> None:
    with transaction(database) as session:
        made = amend_answers(session, phone.friend.id, EXTRAS, {"flags": ["dorm"]}, NOW)
        again = amend_answers(session, phone.friend.id, EXTRAS, {"flags": ["dorm"]}, NOW)
    assert made is not None
    assert again is None


@pytest.mark.parametrize(
    "data",
    [
        "v1:wish.change",
        "v1:wish.change?job=1&aim=wage&v=1&unit=week",
        "v1:wish.change?job=999999&aim=occupation",
        "v1:wish.undo?from=1",
        "v1:wish.undo?from=5&to=1",
        "v1:wish.undo?from=1&to=999999999",
    ],
)
def test_odd_buttons_change_nothing(phone: Phone, data: str) -> None:
    phone.tap(data)
    assert answers(phone) == []
