"""Rotation of keys, what is deleted by night, and everything about a person as one file."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import and_, delete, func, insert, select

from app.clock import Clock
from app.db import Base, Database, reading, transaction
from app.encryption import Encryption
from app.errors import SettingsError
from app.members.models import Member
from app.members.queries import members_with_phone, open_members
from app.members.suppressions import SuppressionKind, suppress
from app.people.explaining import sent_and_refused, verdicts
from app.people.persons import find_person
from app.privacy.export import person_as_data
from app.privacy.retention import KEPT, remove_what_is_old
from app.privacy.rotation import HASHED, SEALED, rotate_keys
from app.tables import every_table
from tests.factories import make_friend
from tests.people.factories import NOW, SEALING, make_member
from tests.privacy.everything import MARK, fill_every_table
from tests.privacy.test_forgetting import USER, everything_about_one

PHONE = "+819012345678"
OLD, NEW = "a-key-that-is-long", "a-newer-key-that-is-long"
DAY = timedelta(days=1)


def test_rotation_brings_everything_to_the_newest_key_and_then_the_old_one_may_go(database: Database) -> None:
    members = [make_member(database, name="架空 花子", phone=PHONE, mail="a@example.jp") for _ in range(3)]
    seen: list[tuple[int, int]] = []
    done = rotate_keys(database, Encryption([NEW, OLD]), lambda *each: seen.append(each))
    assert (done.rows, done.rotated, done.held_by_older_keys) == (3, 3, 0)
    assert seen[-1] == (3, 3)
    assert rotate_keys(database, Encryption([NEW, OLD])).rotated == 0, "again is nothing"
    alone = Encryption([NEW])
    with reading(database) as session:
        assert members_with_phone(session, alone, PHONE) == members
        assert {each.name for each in open_members(session, alone, members)} == {"架空 花子"}


def test_rotation_says_when_an_older_key_must_stay(database: Database) -> None:
    with transaction(database) as session:
        suppress(session, SEALING, [("line", USER)], SuppressionKind.OPTED_OUT, None)
    assert rotate_keys(database, Encryption([NEW, OLD])).held_by_older_keys == 1


def test_rotation_without_the_old_key_breaks_off_before_anything_is_lost(database: Database) -> None:
    member = make_member(database, name="架空 花子")
    with pytest.raises(SettingsError):
        rotate_keys(database, Encryption([NEW]))
    with reading(database) as session:
        assert open_members(session, SEALING, [member])[0].name == "架空 花子"


def test_a_hash_of_an_older_key_is_made_anew_even_where_the_text_is_of_the_newest(database: Database) -> None:
    member = make_member(database, Encryption([NEW, OLD]), phone=PHONE)
    with transaction(database) as session:
        session.get_one(Member, member).phone_key = SEALING.keyed_hash("phone", PHONE)
    assert rotate_keys(database, Encryption([NEW, OLD])).rotated == 1
    with reading(database) as session:
        assert members_with_phone(session, Encryption([NEW]), PHONE) == [member]


def test_rotation_names_columns_that_exist() -> None:
    tables = every_table().tables
    assert all(column in tables[name].c for name, columns in SEALED.items() for column in columns)
    assert all(hashed in tables[name].c for (name, _), hashed in HASHED.items())


def test_what_is_past_its_time_goes_by_night_and_what_is_not_stays(database: Database) -> None:
    real_now = Clock().real_now()
    with transaction(database) as session:
        erasure = {"ended_at": NOW, "member_ids": [], "friend_ids": []}
        fill_every_table(session, every_table(), {"erasure": erasure})
        for kept in KEPT:
            table = Base.metadata.tables[kept.table]
            now = real_now if kept.by_machine_time else NOW
            whole = session.execute(select(table)).mappings().one()
            for number, since in enumerate((now - kept.age - DAY, now - kept.age + timedelta(hours=1))):
                row = {name: value for name, value in whole.items() if name != "id"} | {kept.since: since}
                row |= dict.fromkeys(_unique_texts(kept.table), f"{number}{kept.table}"[:20])
                session.execute(insert(table).values(row))
            template = and_(*(column == whole[column.name] for column in table.primary_key.columns))
            session.execute(delete(table).where(template))
    removed = remove_what_is_old(database, NOW)
    assert removed == len(KEPT)
    with reading(database) as session:
        left = {
            k.table: session.scalar(select(func.count()).select_from(Base.metadata.tables[k.table]))
            for k in KEPT
        }
    assert left == dict.fromkeys(left, 1)
    assert remove_what_is_old(database, NOW) == 0


def _unique_texts(name: str) -> list[str]:
    texts = {"activity": ["external_id"], "audit": ["once_key"], "link_ticket": ["token_hash"]}
    return texts.get(name, []) + {"idempotency": ["key"], "staff_session": ["token_hash"]}.get(name, [])


def test_everything_about_a_person_is_one_file(database: Database) -> None:
    everything_about_one(database)
    with reading(database) as session:
        person = find_person(session, USER)
        data = person_as_data(session, SEALING, person, NOW)
    said = json.loads(json.dumps(data, ensure_ascii=False))
    assert said["format"] == "goen-person/1"
    assert said["made_at"] == "2026-11-24T12:00:00+09:00"
    assert set(said["records"]) >= {
        "member", "friend", "link", "consent", "application", "placement", "appointment", "message", "attachment",
        "answer", "survey_session", "activity", "impression", "conversation", "outbox_message", "inbox_event", "audit",
    }  # fmt: skip
    [member] = said["records"]["member"]
    assert (member["name"], member["phone"], member["mail"]) == (MARK, MARK, MARK)
    assert "phone_key" not in member
    assert said["profile"]["occupation"]["value"] == MARK
    [job] = said["jobs"].values()
    assert job["title"].startswith(MARK)


def test_another_person_is_not_in_the_file(database: Database) -> None:
    everything_about_one(database)
    other = make_friend(database, NOW)
    with reading(database) as session:
        data = person_as_data(session, SEALING, find_person(session, f"friend:{other.id}"), NOW)
    assert MARK not in json.dumps(data)
    assert set(data["records"]) == {"friend"}


def test_it_is_explained_what_was_sent_and_what_may_be_sent(database: Database) -> None:
    everything_about_one(database)
    with reading(database) as session:
        person = find_person(session, USER)
        [row] = sent_and_refused(session, person)
        [verdict] = verdicts(session, SEALING, person, NOW)
    assert (row.carrier, row.status) == ("push", "sent")
    assert {str(purpose): refusal for purpose, refusal in verdict.refusals.items()} == {
        "reply": None, "transaction": None, "promotion": "placed",
    }  # fmt: skip
    assert verdict.barred_until == "2028-11-01"
