"""Members as the job site tells them: written once, found again, and joined with what their friend said."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.db import Database, reading, transaction
from app.encryption import Encryption
from app.friends.models import Friend
from app.importing.running import ImportReport
from app.jobs.rules import EmploymentType
from app.links.models import Link
from app.members.actions import upsert_appointment, upsert_members
from app.members.models import Appointment, Consent, Member
from app.members.queries import (
    UnknownMember,
    members_with_mail,
    members_with_phone,
    open_members,
)
from app.members.values import AppointmentData, AppointmentKind, MemberData
from app.people.imports import import_members
from app.people.persons import find_person
from app.people.queries import profile_of, wishes_profile
from app.staff.models import Staff
from surveys.actions import load_shipped_surveys, record_answer, start_survey
from surveys.rules import Value
from surveys.wishes import PREFERENCES, WISH_SURVEYS, job_wishes
from tests.databases import counted_statements
from tests.factories import make_friend
from tests.people.factories import NOW, SEALING, make_link, make_member

PHONE, MAIL = "+819012345678", "one@example.jp"
LATER = NOW + timedelta(hours=1)


def test_name_phone_and_mail_are_stored_unreadable_and_found_by_hash(database: Database) -> None:
    member = make_member(database, name="架空 花子", phone=PHONE, mail=MAIL)
    with reading(database) as session:
        row = session.get_one(Member, member)
        stored = f"{row.name} {row.phone} {row.mail} {row.phone_key} {row.mail_key}"
        assert not any(text in stored for text in ("花子", PHONE, PHONE[3:], MAIL))
        assert members_with_phone(session, SEALING, PHONE) == [member]
        assert members_with_mail(session, SEALING, MAIL) == [member]
        assert members_with_phone(session, SEALING, "+819012345679") == []
        [opened] = open_members(session, SEALING, [member])
        assert (opened.name, opened.phone, opened.mail) == ("架空 花子", PHONE, MAIL)
        assert "花子" not in repr(opened)
        rotated = Encryption(["a-newer-key-that-is-long", "a-key-that-is-long"])
        assert members_with_phone(session, rotated, PHONE) == [member], "while a rotation is not over"


def test_what_is_unsaid_stays_and_none_empties(database: Database) -> None:
    given: dict[str, Any] = {
        "external_id": "M-1",
        "name": "架空 花子",
        "phone": PHONE,
        "facts": {"night": "none", "timing": "now"},
    }
    member = make_member(database, **given)
    with transaction(database) as session:
        upsert_members(
            session, SEALING, [MemberData(external_id="M-1", phone=None, facts={"timing": None})], LATER
        )
    with reading(database) as session:
        [opened] = open_members(session, SEALING, [member])
    assert (opened.name, opened.phone) == ("架空 花子", None)
    assert {name: fact["value"] for name, fact in opened.facts.items()} == {"night": "none", "timing": None}
    assert opened.created_at == NOW
    assert opened.updated_at == LATER


def test_the_same_again_touches_nothing_and_a_fact_keeps_its_time(database: Database) -> None:
    same = MemberData(external_id="M-1", name="架空 花子", mail=MAIL, facts={"night": "none"})
    for now in (NOW, LATER):
        with transaction(database) as session:
            done = upsert_members(session, SEALING, [same], now)
    assert (done.inserted, done.updated, done.unchanged) == (0, 0, 1)
    with reading(database) as session:
        row = session.scalars(select(Member)).one()
    assert row.updated_at == NOW
    assert row.facts["night"]["at"].startswith("2026-11-24T03:00")


def test_a_fact_that_was_learnt_earlier_than_what_is_known_changes_nothing(database: Database) -> None:
    make_member(database, external_id="M-1", facts={"night": "none"})
    old = MemberData(external_id="M-1", facts={"night": "ok"}, facts_at=NOW - timedelta(days=1))
    with transaction(database) as session:
        assert upsert_members(session, SEALING, [old], LATER).unchanged == 1


def test_a_batch_costs_the_same_number_of_statements_however_large_it_is(database: Database) -> None:
    counts = []
    for size in (2, 300):
        for name in ("new", "known"):
            many = [
                MemberData(external_id=f"{size}-{n}", name=name, facts={"area": [14]}) for n in range(size)
            ]
            with (
                counted_statements(database, database.writer) as statements,
                transaction(database) as session,
            ):
                done = upsert_members(session, SEALING, many, NOW)
            assert len(done.ids) == size
            counts.append(len([each for each in statements if "member" in each]))
    assert counts[:2] == counts[2:]


def test_two_who_add_the_same_members_at_once_leave_each_of_them_once(database: Database) -> None:
    def add(said: MemberData) -> None:
        many = [replace(said, external_id=f"M-{n}") for n in range(40)]
        for data in (many[:20], many[10:]):
            with transaction(database) as session:
                upsert_members(session, SEALING, data, NOW)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, [MemberData(external_id="", name="x"), MemberData(external_id="", mail=MAIL)]))
    with reading(database) as session:
        found = open_members(session, SEALING, session.scalars(select(Member.id)).all())
    assert sorted(each.external_id for each in found) == sorted(f"M-{n}" for n in range(40))
    assert {(each.name, each.mail) for each in found} == {("x", MAIL)}


def test_one_batch_may_name_a_member_twice(database: Database) -> None:
    twice = [MemberData(external_id="M-1", name="a", mail=MAIL), MemberData(external_id="M-1", name="b")]
    with transaction(database) as session:
        assert upsert_members(session, SEALING, twice, NOW).inserted == 1
    with reading(database) as session:
        [opened] = open_members(session, SEALING, session.scalars(select(Member.id)).all())
    assert (opened.name, opened.mail) == ("b", MAIL)


def test_another_time_makes_another_version_of_an_appointment(database: Database) -> None:
    make_member(database, external_id="M-1")
    first = AppointmentData(
        external_id="A", member="M-1", kind=AppointmentKind.INTERVIEW, starts_at=NOW, place="架空会館"
    )
    moved = AppointmentData(**{**vars(first), "starts_at": LATER})
    versions = []
    for given in (first, first, moved):
        with transaction(database) as session:
            id_ = upsert_appointment(session, given, NOW)
        with reading(database) as session:
            versions.append(session.get_one(Appointment, id_).version)
    assert versions == [1, 1, 2]
    with transaction(database) as session, pytest.raises(UnknownMember):
        upsert_appointment(session, AppointmentData(**{**vars(first), "member": "nobody"}), NOW)


def answering(database: Database, friend: Friend, **answers: Value) -> None:
    with transaction(database) as session:
        load_shipped_surveys(session, NOW)
        sheet = start_survey(session, friend.id, PREFERENCES, NOW)
        for key, value in answers.items():
            assert sheet is not None
            sheet = record_answer(session, sheet, key, value, NOW)


def test_the_profile_reads_both_sides_and_unlinking_undoes_nothing(database: Database) -> None:
    friend = make_friend(database, NOW)
    answering(database, friend, occupation="看護師", area=[14])
    with transaction(database) as session:
        upsert_members(
            session,
            SEALING,
            [
                MemberData(
                    external_id="M-1",
                    name="架空 花子",
                    facts={"occupation": "介護", "employment": ["part_time"]},
                )
            ],
            LATER,
        )
    with reading(database) as session:
        member = find_person(session, "M-1").member_ids[0]
    link = make_link(database, member, friend)
    with reading(database) as session:
        wishes = job_wishes(wishes_profile(session, friend.id, WISH_SURVEYS))
        assert wishes.occupations == ("介護職",), "newer, and in our words"
        assert (wishes.prefectures, wishes.employment_types) == ((14,), (EmploymentType.PART_TIME,))
        profile = profile_of(session, SEALING, find_person(session, f"friend:{friend.id}"))
        assert profile["name"].value == "架空 花子"
    with transaction(database) as session:
        session.execute(update(Link).where(Link.id == link).values(ended_at=LATER))
    with reading(database) as session:
        alone = job_wishes(wishes_profile(session, friend.id, WISH_SURVEYS))
    assert (alone.occupations, alone.employment_types) == (("看護師",), ())


def imported(database: Database, path: Path, text: str) -> ImportReport:
    path.write_text(text, encoding="utf-8")
    return import_members(database, SEALING, path, now=NOW)


def test_members_are_imported_from_csv_and_wrong_rows_are_told(database: Database, tmp_path: Path) -> None:
    with transaction(database) as session:
        session.add(
            Staff(
                email="r@example.jp",
                name="架空",
                password_hash="",
                role="recruiter",
                shifts={},
                settings={},
                created_at=NOW,
            )
        )
    text = (
        "会員番号,氏名,電話番号,メールアドレス,担当者,希望職種,希望勤務地,希望月給,面談,血液型\n"
        "M-1,架空 花子,090-1234-5678,ONE@example.jp,R@example.jp,ナース,横浜市、東京都,25万円,済,A\n"
        "M-2,架空 太郎,12,none,x@example.jp,,あの世,たくさん,たぶん,\n"
        "M-1,もう一度,,,,,,,,\n"
        ",名無し,,,,,,,,\n"
    )
    path = tmp_path / "members.csv"
    report = imported(database, path, text)
    assert (report.read, report.inserted, report.rejected) == (4, 1, 3)
    assert report.ignored_columns == ("血液型",)
    rejected = (tmp_path / "members.csv.rejected.csv").read_text(encoding="utf-8-sig")
    for line, field in (
        (3, "phone"),
        (3, "mail"),
        (3, "recruiter"),
        (3, "area"),
        (3, "wage_month"),
        (3, "consulted"),
    ):
        assert f"{line},{field}," in rejected
    assert "4,external_id,2行目と同じ番号です" in rejected
    assert "5,external_id,空です" in rejected
    with reading(database) as session:
        [opened] = open_members(session, SEALING, session.scalars(select(Member.id)).all())
    assert (opened.phone, opened.mail) == (PHONE, MAIL)
    assert {name: fact["value"] for name, fact in opened.facts.items()} == {
        "occupation": "看護師", "area": [14100, 13], "wage_month": 250_000, "consulted": True,
    }  # fmt: skip
    assert opened.recruiter_id is not None
    right = "\n".join(text.splitlines()[:2]) + "\n"
    assert imported(database, path, right).unchanged == 1, "the same again changes nothing"
    assert not (tmp_path / "members.csv.rejected.csv").exists()


def consents_of(database: Database) -> list[tuple[str, bool, str, str, str]]:
    with reading(database) as session:
        rows = session.scalars(select(Consent).order_by(Consent.member_id, Consent.kind)).all()
    return [(row.kind, row.given, row.at.isoformat(), row.source, row.text_version) for row in rows]


def test_what_members_agreed_to_is_imported_once(database: Database, tmp_path: Path) -> None:
    heading = "会員番号,氏名,SMS配信の同意,メール配信の同意,同意日,同意した文面の版\n"
    first = heading + "M-1,架空 花子,はい,いいえ,2026/4/1,2026-03\nM-2,架空 太郎,,,,\n"
    path = tmp_path / "members.csv"
    assert imported(database, path, first).inserted == 2
    at = "2026-03-31T15:00:00+00:00"
    said = [("mail", False, at, "import", "2026-03"), ("sms", True, at, "import", "2026-03")]
    assert consents_of(database) == said
    assert imported(database, path, first).unchanged == 2, "the same again changes nothing"
    assert consents_of(database) == said
    later = heading + "M-2,架空 太郎,同意,,2026-05-01,2026-03\n"
    report = imported(database, path, later)
    assert (report.updated, report.unchanged) == (1, 0)
    assert consents_of(database)[2:] == [("sms", True, "2026-04-30T15:00:00+00:00", "import", "2026-03")]


def test_a_consent_without_day_and_text_proves_nothing(database: Database, tmp_path: Path) -> None:
    lines = (
        '{"external_id":"M-1","consent_sms":true}\n'
        '{"external_id":"M-2","consent_line":"maybe","consent_on":"2026-04-01","consent_text":"1"}\n'
        '{"external_id":"M-3","consent_sms":true,"consent_on":"2099-01-01","consent_text":"1"}\n'
    )
    report = imported(database, tmp_path / "members.jsonl", lines)
    assert (report.inserted, report.rejected) == (1, 2)
    rejected = (tmp_path / "members.jsonl.rejected.csv").read_text(encoding="utf-8-sig")
    for line, field in ((1, "consent_on"), (1, "consent_text"), (2, "consent_line")):
        assert f"{line},{field}," in rejected
    [(_, _, at, _, _)] = consents_of(database)
    assert datetime.fromisoformat(at) == NOW, "a day ahead of ours counts as now"


def test_members_are_imported_from_json_lines(database: Database, tmp_path: Path) -> None:
    lines = (
        '{"external_id":"M-1","name":"架空 花子","facts":{"night":"none","area":[14]}}\n'
        '{"external_id":"M-2","facts":{"blood":"A"}}\n'
        '{"external_id":3,"consulted":true}\n'
        "not json\n"
    )
    report = imported(database, tmp_path / "members.jsonl", lines)
    assert (report.inserted, report.rejected) == (2, 2)
    rejected = (tmp_path / "members.jsonl.rejected.csv").read_text(encoding="utf-8-sig")
    assert "2,blood,知らない項目です" in rejected
    with reading(database) as session:
        assert set(session.scalars(select(Member.external_id))) == {"M-1", "3"}
