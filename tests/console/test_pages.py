"""Staff, audit, failures, accounts and the start page: what they show and what they do."""

import re

import pytest
from sqlalchemy import select, update

from app.announcements.endpoints import add_endpoint
from app.clock import Clock
from app.console.reasons import REASONS, STATUSES, reason_words
from app.contact.rules import Refusal
from app.db import Database, reading, transaction
from app.messaging.event_rules import InboxStatus
from app.messaging.models import Channel, InboxEvent, OutboxMessage
from app.messaging.rules import (
    OutboxStatus,
)
from app.staff.actions import LastAdmin, leave_staff
from app.staff.audit import NOBODY
from app.staff.models import Audit, Staff
from app.staff.rules import Role
from tests.console.conftest import SignIn
from tests.console.people import SEALING, People, make_people
from tests.console.visiting import PASSWORD, Visitor, make_staff, words_of


@pytest.fixture
def people(database: Database) -> People:
    return make_people(database)


def roles(database: Database) -> dict[str, str]:
    with reading(database) as session:
        return dict(session.execute(select(Staff.email, Staff.role)).all())


def test_somebody_new_gets_a_password_that_is_shown_once(admin: Visitor, database: Database) -> None:
    admin.get("/console/staff")
    page = admin.post("/console/staff", 200, name="架空 新人", email="New@Goen.Example", role="editor")
    password = re.search(r"<code>([a-z0-9-]+)</code>", page.text)
    assert password is not None
    assert password[1] not in admin.get("/console/staff").text
    newcomer = Visitor(admin.client.application)
    newcomer.sign_in("new@goen.example", password[1])
    assert newcomer.get("/console/", 302).headers["Location"] == "/console/account"
    assert roles(database)["new@goen.example"] == "editor"


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        pytest.param({"name": ""}, "入力してください。", id="no name"),
        pytest.param({"email": "not a mail"}, "メールアドレスの形で入力してください", id="no mail"),
        pytest.param({"role": "owner"}, "選択肢から選んでください。", id="no such role"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(admin: Visitor, form: dict[str, str], fault: str) -> None:
    admin.get("/console/staff")
    given = {"name": "架空 新人", "email": "new@goen.example", "role": "editor"} | form
    page = admin.post("/console/staff", 422, **given).text
    assert fault in page
    if form.get("name") is None:
        assert "架空 新人" in page


def test_a_known_mail_address_is_said_at_its_field(admin: Visitor, database: Database) -> None:
    email = make_staff(database)[1]
    admin.get("/console/staff")
    page = admin.post("/console/staff", 409, name="x", email=email, role="editor").text
    assert 'id="email-fault"' in page


def test_roles_passwords_and_leaving(admin: Visitor, database: Database) -> None:
    staff_id, email = make_staff(database, Role.RECRUITER, "架空 佐藤")
    browser = Visitor(admin.client.application)
    browser.sign_in(email)
    admin.get("/console/staff")
    admin.post(f"/console/staff/{staff_id}/role", role="editor")
    assert roles(database)[email] == "editor"
    browser.get("/console/people", 403)
    page = admin.post(f"/console/staff/{staff_id}/password", 200).text
    assert "架空 佐藤さんの仮のパスワード" in page
    browser.get("/console/", 302)
    Visitor(admin.client.application).sign_in(email, PASSWORD, 422)
    admin.post(f"/console/staff/{staff_id}/leave")
    assert "に終了" in words_of(admin.get("/console/staff"))
    admin.post(f"/console/staff/{staff_id}/role", 404, role="admin")
    admin.post(f"/console/staff/{staff_id}/role", 400, role="owner")
    with reading(database) as session:
        done = session.scalars(select(Audit.action).where(Audit.subject == f"staff:{staff_id}")).all()
    assert {"staff.role_changed", "staff.password_reset", "staff.left"} <= set(done)


def test_the_last_admin_stays(admin: Visitor, database: Database) -> None:
    with reading(database) as session:
        only = session.scalars(select(Staff.id).where(Staff.role == "admin")).one()
    admin.get("/console/staff")
    answer = admin.post(f"/console/staff/{only}/role", 409, role="editor")
    assert "管理者がいなくなるため、変更できません。" in answer.text
    with pytest.raises(LastAdmin), transaction(database) as session:
        leave_staff(session, only, NOBODY, Clock().now())


def test_the_audit_tells_who_did_what(admin: Visitor, people: People) -> None:
    admin.get(f"/console/people/friends/{people.hanako}")
    page = words_of(admin.get("/console/audit"))
    assert "架空 管理 個人の画面を開いた" in page
    assert "個人の画面を開いた 会員" not in words_of(admin.get("/console/audit?action=staff.signed_in"))
    admin.get("/console/audit?staff=1&action=nonsense&after=x")


def test_a_dead_event_is_tried_again_or_given_up_with_a_reason(
    admin: Visitor, people: People, database: Database
) -> None:
    def state() -> tuple[int, str]:
        with reading(database) as session:
            event_id, status = session.execute(select(InboxEvent.id, InboxEvent.status)).one()
            return event_id, status

    event_id, _ = state()
    assert "架空 花子" in words_of(admin.get("/console/failures"))
    admin.post(f"/console/failures/events/{event_id}/replay")
    assert state()[1] == InboxStatus.WAITING
    assert "もう一度処理します。" in words_of(admin.get("/console/failures"))
    with transaction(database) as session:
        session.execute(update(InboxEvent).values(status=InboxStatus.DEAD))
    admin.post(f"/console/failures/events/{event_id}/discard", reason=" ")
    assert state()[1] == InboxStatus.DEAD
    admin.post(f"/console/failures/events/{event_id}/discard", reason="試験の受信")
    assert state()[1] == InboxStatus.DISCARDED
    with reading(database) as session:
        kept = session.scalars(select(Audit.change).where(Audit.action == "event.discarded")).one()
    assert kept == {"reason": "試験の受信"}


def test_failed_and_unknown_rows_have_their_reason_in_words(admin: Visitor, people: People) -> None:
    page = words_of(admin.get("/console/failures?tab=sent"))
    assert "LINEが受け付けなかったため" in page
    assert "二重に届かないよう、再送を止めています。" in page
    assert "対応が必要な失敗はありません。" in words_of(admin.get("/console/failures?tab=announced"))


def test_an_account_that_stands_still_is_seen(admin: Visitor, people: People, database: Database) -> None:
    assert "動いています" in words_of(admin.get("/console/failures"))
    with transaction(database) as session:
        session.execute(update(Channel).values(problem="LINE answered 401"))
    assert "止まっています" in words_of(admin.get("/console/failures"))
    assert "送信が止まっています" in words_of(admin.get("/console/settings/channels"))


def test_the_start_page_counts_what_is_there(admin: Visitor, people: People) -> None:
    page = words_of(admin.get("/console/"))
    assert "いま待っている人 1人" in page
    assert "会員連携 1/1" in page
    assert "対応が必要な失敗 3件" in page
    assert "架空 花子" in page


def test_a_recruiter_may_replay_but_not_discard(signed_in_as: SignIn, people: People) -> None:
    page = signed_in_as(Role.RECRUITER).get("/console/failures").text
    assert "破棄" not in page
    assert "設定" not in re.findall(r"<span>([^<]+)</span></a></li>", page)


def test_every_reason_of_the_gate_and_every_status_has_words() -> None:
    assert {reason for reason in Refusal if reason not in REASONS} == set()
    assert set(STATUSES) == set(OutboxStatus)
    assert (reason_words(None), reason_words("odd")) == ("", "その他(odd)")


def row_states(database: Database) -> dict[str, tuple[int, str, str]]:
    with reading(database) as session:
        query = select(OutboxMessage.preview, OutboxMessage.id, OutboxMessage.status, OutboxMessage.carrier)
        return {
            str(preview): (id_, status, carrier) for preview, id_, status, carrier in session.execute(query)
        }


def test_a_message_is_sent_again_or_let_be_and_only_once(
    admin: Visitor, people: People, database: Database
) -> None:
    unknown, failed = row_states(database)["面談のご案内"][0], row_states(database)["求人のお知らせ"][0]
    page = words_of(admin.get("/console/failures?tab=sent"))
    assert "同じ内容が二重に届きます" in page
    answer = admin.post(f"/console/failures/messages/{unknown}/again", tab="sent")
    assert answer.headers["Location"] == "/console/failures?tab=sent"
    assert row_states(database)["面談のご案内"] == (unknown, "waiting", "push")
    admin.post(f"/console/failures/messages/{unknown}/again")
    assert "すでに対応されています" in words_of(admin.get("/console/failures?tab=sent"))
    admin.post(f"/console/failures/messages/{failed}/give-up", reason="")
    assert row_states(database)["求人のお知らせ"][1] == "failed"
    admin.post(f"/console/failures/messages/{failed}/give-up", reason="お電話済み")
    assert row_states(database)["求人のお知らせ"][1] == "cancelled"
    sent = row_states(database)["横浜市の求人を3件ご紹介します"][0]
    admin.post(f"/console/failures/messages/{sent}/again")
    assert row_states(database)["横浜市の求人を3件ご紹介します"][1] == "sent"
    with reading(database) as session:
        done = session.scalars(select(Audit.action).where(Audit.subject.startswith("message:"))).all()
    assert done == ["message.sent_again", "message.given_up"]


def test_an_address_of_the_site_is_stopped(admin: Visitor, database: Database) -> None:
    with transaction(database) as session:
        url = "https://site.example/goen"
        endpoint_id, secret = add_endpoint(session, SEALING, url, [], Clock().now(), private_allowed=False)
    page = admin.get("/console/settings/webhooks").text
    assert url in page
    assert secret not in page
    admin.post(f"/console/settings/webhooks/{endpoint_id}/stop")
    assert "停止" in words_of(admin.get("/console/settings/webhooks"))
