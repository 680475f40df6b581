"""忘れる: nothing of a person is left in any table, they are left alone, and a crash loses nothing."""

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from app.clock import Clock
from app.contact.queries import contact_facts
from app.contact.rules import Refusal, refusal_to_contact
from app.db import Base, Database, reading, transaction
from app.encryption import Encryption
from app.friends.actions import known_friend
from app.friends.models import Friend
from app.links.models import Link
from app.members.actions import upsert_placement
from app.members.models import Consent, Member, Suppression
from app.members.values import PlacementData
from app.messaging.inbox import Handled, InboxEntry, drain_once
from app.messaging.intake import inbox_rows, write_events
from app.messaging.models import InboxEvent, Message, OutboxMessage
from app.messaging.outbox import NewOutboxMessage, enqueue
from app.messaging.rules import Carrier, Purpose
from app.people.persons import Person, UnknownPerson, find_person
from app.privacy.actions import begin_erasure, finish_erasures, forget_person
from app.privacy.catalogue import DELETED, ELSEWHERE, EMPTIED, IMPERSONAL, OWN_WORDS
from app.privacy.certificate import certificate_as_json, certificate_as_text
from app.privacy.models import Erasure
from app.staff.audit import NOBODY
from app.tables import every_table
from surveys.loading import shipped_surveys
from surveys.wishes import PREFERENCES
from tests.factories import make_friend
from tests.payloads import event as line_event
from tests.people.factories import NOW, SEALING, make_link, make_member
from tests.privacy.everything import MARK, fill_every_table, marked, texts_of
from tests.waiting import wait_until

DAY = timedelta(days=1)
USER = f"U{'7' * 32}"


def forgotten(database: Database, named: str, now: datetime = NOW) -> Erasure:
    with reading(database) as session:
        person = find_person(session, named)
    forget_person(database, SEALING, person, NOBODY, now)
    with reading(database) as session:
        return session.scalars(select(Erasure).order_by(Erasure.id.desc())).first() or Erasure()


def test_every_table_and_every_text_in_it_is_accounted_for() -> None:
    """Whoever adds a table or a text says here what becomes of it when a person is erased."""
    tables = {table.name: table for table in every_table().sorted_tables}
    named = [*DELETED, *EMPTIED, *ELSEWHERE, *IMPERSONAL]
    assert sorted(named) == sorted(set(named))
    assert set(tables) - set(named) == set(), "new tables: add them to app/privacy/catalogue.py"
    assert set(named) - set(tables) == set()
    for name in EMPTIED:
        said = set(EMPTIED[name]) | OWN_WORDS.get(name, frozenset())
        assert set(texts_of(tables[name])) <= said, f"{name}: new texts"


def everything_about_one(database: Database) -> None:
    """A row in each table about the LINE user USER who is the member Zq7x-1, every text marked."""
    with transaction(database) as session:
        ids = fill_every_table(
            session,
            every_table(),
            {
                "member": {
                    "external_id": f"{MARK}-1",
                    "facts": {"occupation": {"value": MARK, "at": NOW.isoformat()}},
                    "forgotten_at": None,
                    **{name: SEALING.encrypt(MARK) for name in ("name", "phone", "mail")},
                },
                "friend": {
                    "line_user_id": USER,
                    "followed_at": NOW,
                    **dict.fromkeys(("blocked_at", "opted_out_at", "forgotten_at")),
                },
                "link": {"ended_at": None, "how": "code", "ended_by": None},
                "consent": {"kind": "sms", "source": "site", "text_version": "1"},
                "route_visit": {"proof": "code"},
                "inbox_event": {"line_user_id": USER, "webhook_event_id": "e1", "status": "handled"},
                "outbox_message": {
                    "carrier": "push", "purpose": "reply", "dedupe_key": "d1", "retry_key": "r1",
                    "status": "sent", "request_id": "q1",
                },
                "definition": {"body": shipped_surveys()[PREFERENCES].model_dump_json()},
                "placement": {"contract": "permanent", "start_on": date(2026, 11, 1)},
                "erasure": {"ended_at": NOW, "member_ids": [], "friend_ids": [], "erased": {}, "left_alone": {}},
                "idempotency": {"response": SEALING.encrypt(f'{{"id":"{MARK}-1"}}')},
                "suppression": {"key_hash": "0" * 64, "kind": "placed", "key_name": "0" * 8},
            },
        )  # fmt: skip
        audit = Base.metadata.tables["audit"]
        words = {"action": "person.viewed", "once_key": "k", "subject": f"friend:{ids['friend']}"}
        session.execute(update(audit).values(words))


def test_nothing_of_a_person_is_left_in_any_table(database: Database) -> None:
    everything_about_one(database)
    with reading(database) as session:
        before = set(marked(session, every_table()))
    assert {table for table, _ in before} >= {
        *DELETED,
        "friend",
        "member",
        "outbox_message",
        "inbox_event",
        "audit",
    }
    forgotten(database, f"{MARK}-1")
    with reading(database) as session:
        left = {
            (table, column) for table, column in marked(session, every_table()) if table not in IMPERSONAL
        }
        assert left == set()
        sealed = session.execute(select(Member.name, Member.phone, Member.mail, Member.phone_key)).one()
        assert set(sealed) == {None}
        assert session.scalar(select(func.count()).where(Friend.line_user_id == USER)) == 0
        assert session.scalar(select(func.count()).where(InboxEvent.line_user_id == USER)) == 0


def test_the_certificate_names_what_was_erased_and_what_law_keeps(database: Database) -> None:
    everything_about_one(database)
    with reading(database) as session:
        person = find_person(session, USER)
    made = forget_person(database, SEALING, person, NOBODY, NOW)
    said = certificate_as_json(made)
    assert said["erased"] | dict.fromkeys(DELETED, 1) == said["erased"]
    assert said["left_alone"]["placed"] == "2028-11-01"
    assert [each["what"] for each in said["kept_elsewhere"]] == ["求職管理簿", "求人管理簿", "手数料管理簿"]
    page = certificate_as_text(made)
    assert "個人情報消去証明書" in page
    assert "2028-11-01まで" in page
    assert MARK not in page + str(said)
    assert USER not in page + str(said)


def test_who_was_placed_or_had_opted_out_is_left_alone_as_a_stranger(database: Database) -> None:
    friend = make_friend(database, NOW - 30 * DAY)
    member = make_member(database, external_id="M-1", phone="+819012345678")
    make_link(database, member, friend)
    with transaction(database) as session:
        session.get_one(Friend, friend.id).opted_out_at = NOW - DAY
        upsert_placement(
            session, PlacementData(external_id="P", member="M-1", start_on=date(2026, 11, 1)), NOW
        )
    forgotten(database, "M-1")
    with transaction(database) as session:
        stranger = known_friend(session, friend.channel_id, friend.line_user_id, NOW)
        assert stranger.id != friend.id
        stranger.followed_at = NOW
    for now, expected in ((NOW, Refusal.PLACED), (NOW + 800 * DAY, Refusal.OPTED_OUT)):
        with reading(database) as session:
            facts = contact_facts(session, SEALING, [stranger.id], now)[stranger.id]
        assert refusal_to_contact(facts, Purpose.PROMOTION, now) is expected
        assert refusal_to_contact(facts, Purpose.REPLY, now) is None


def test_who_had_said_nothing_leaves_no_hash(database: Database) -> None:
    friend = make_friend(database, NOW)
    forgotten(database, f"friend:{friend.id}")
    with reading(database) as session:
        assert session.scalars(select(Suppression)).all() == []


def test_others_keep_everything(database: Database) -> None:
    everything_about_one(database)
    other = make_friend(database, NOW)
    forgotten(database, f"friend:{other.id}")
    with reading(database) as session:
        assert {table for table, _ in marked(session, every_table())} >= {
            *DELETED,
            "friend",
            "member",
            "inbox_event",
        }


def test_what_waits_goes_to_nobody_any_more(database: Database) -> None:
    friend, other = make_friend(database, NOW), make_friend(database, NOW)
    rows = [
        NewOutboxMessage(
            Carrier.PUSH,
            friend.channel_id,
            "p",
            {"messages": []},
            friend_id=friend.id,
            recipient=friend.line_user_id,
        ),
        NewOutboxMessage(
            Carrier.PROFILE, friend.channel_id, "f", {"friend_id": friend.id}, recipient=friend.line_user_id
        ),
        NewOutboxMessage(
            Carrier.WEBHOOK,
            friend.channel_id,
            "w",
            {"build": "x", "values": {"friend_id": friend.id, "a": 1}},
        ),
        NewOutboxMessage(
            Carrier.WEBHOOK, friend.channel_id, "o", {"build": "x", "values": {"friend_id": other.id, "a": 1}}
        ),
        NewOutboxMessage(
            Carrier.MULTICAST, friend.channel_id, "m", {"to": [friend.line_user_id, other.line_user_id]}
        ),
    ]
    with transaction(database) as session:
        enqueue(session, rows, NOW)
    forgotten(database, friend.line_user_id)
    with reading(database) as session:
        left = {row.dedupe_key: row for row in session.scalars(select(OutboxMessage))}
    assert {key: row.status for key, row in left.items()} == {
        "p": "cancelled", "f": "cancelled", "w": "cancelled", "o": "waiting", "m": "waiting",
    }  # fmt: skip
    assert left["m"].body == {"to": [other.line_user_id]}
    assert left["o"].body["values"] == {"friend_id": other.id, "a": 1}


def test_both_sides_and_every_account_go_together(database: Database) -> None:
    member = make_member(database, external_id="M-1")
    friend, second = make_friend(database, NOW), make_friend(database, NOW)
    make_link(database, member, friend)
    make_link(database, member, second)
    with transaction(database) as session:
        twin = known_friend(session, second.channel_id, friend.line_user_id, NOW)
    with reading(database) as session:
        whole = Person((member,), tuple(sorted((friend.id, second.id, twin.id))))
        assert find_person(session, "M-1") == find_person(session, f"friend:{twin.id}") == whole
    erasure = forgotten(database, second.line_user_id)
    assert erasure.erased == {"friend": 3, "member": 1}
    with reading(database) as session:
        assert {link.ended_by for link in session.scalars(select(Link))} == {"forgotten"}
        with pytest.raises(UnknownPerson):
            find_person(session, "M-1")


def test_an_erasure_that_was_broken_off_is_finished_by_the_nightly_task(database: Database) -> None:
    everything_about_one(database)
    with transaction(database) as session:
        person = find_person(session, USER)
        number = begin_erasure(session, SEALING, person, NOBODY, NOW)
    with transaction(database) as session:
        assert begin_erasure(session, SEALING, person, NOBODY, NOW) == number, "the same again goes on"
    assert finish_erasures(database, NOW) == 1
    assert finish_erasures(database, NOW) == 0
    with reading(database) as session:
        left = {table for table, _ in marked(session, every_table())} - set(IMPERSONAL)
        assert left <= {"idempotency"}, "which lives 48 hours, encrypted"
        assert session.scalars(select(Consent)).one().member_id is not None


def test_an_erasure_that_died_with_the_names_gone_still_takes_what_came_meanwhile(database: Database) -> None:
    class Died(BaseException):
        """The process is killed here."""

    everything_about_one(database)
    with transaction(database) as session:
        person = find_person(session, USER)
        number = begin_erasure(session, SEALING, person, NOBODY, NOW)
    gone: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("UPDATE link SET ended_at"):
            gone.append(statement)

    def die(*_given: Any) -> None:
        if gone:
            raise Died

    event.listen(database.writer, "after_cursor_execute", note)
    event.listen(database.reader, "before_cursor_execute", die)
    with pytest.raises(Died):
        finish_erasures(database, NOW)
    event.remove(database.reader, "before_cursor_execute", die)
    with transaction(database) as session:
        friend_id = person.friend_ids[0]
        session.add(Message(friend_id=friend_id, kind="text", text="架空", at=NOW))
    assert finish_erasures(database, NOW) == 1
    with reading(database) as session:
        assert session.get_one(Erasure, number).ended_at is not None
        assert session.scalars(select(Message).where(Message.friend_id == friend_id)).all() == []


def test_who_handles_an_event_of_theirs_at_that_moment_leaves_nothing_either(database: Database) -> None:
    """On PostgreSQL a handler may have read the friend before the erasure: its event is discarded under it."""
    friend = make_friend(database, NOW)
    user = friend.line_user_id
    begun, may_go = threading.Event(), threading.Event()
    with transaction(database) as session:
        write_events(
            session.connection(), inbox_rows(friend.channel_id, [line_event(user=user)], NOW - 1000 * DAY)
        )

    def handle(session: Session, entry: InboxEntry, now: datetime) -> Handled:
        known = known_friend(session, entry.channel_id, entry.line_user_id or "", now)
        begun.set()
        assert may_go.wait(30)
        session.add(Message(friend_id=known.id, kind="text", text="架空", at=now))
        known.last_wrote_at = now
        return Handled()

    drain = threading.Thread(target=drain_once, args=(database, handle, Clock()))
    drain.start()
    assert begun.wait(30)
    erasing = threading.Thread(target=forgotten, args=(database, user))
    erasing.start()
    if not database.is_sqlite:  # where nobody can write while a handler does
        wait_until(lambda: is_nameless(database, friend.id), 30, lambda: "still named")
        erasing.join(30)
    may_go.set()
    drain.join(30)
    erasing.join(30)
    with reading(database) as session:
        assert session.scalars(select(Message).where(Message.friend_id == friend.id)).all() == []
        assert session.get_one(Friend, friend.id).last_wrote_at is None
        assert session.scalars(select(Erasure.ended_at)).one() is not None


def is_nameless(database: Database, friend_id: int) -> bool:
    with reading(database) as session:
        return session.get_one(Friend, friend_id).forgotten_at is not None


def test_what_somebody_wrote_who_had_looked_before_goes_by_night(database: Database) -> None:
    friend, member = make_friend(database, NOW), make_member(database, external_id="M-1")
    make_link(database, member, friend)
    forgotten(database, "M-1")
    with transaction(database) as session:
        session.add(Message(friend_id=friend.id, kind="text", text="架空", at=NOW))
        session.get_one(Friend, friend.id).display_name = "架空"
        session.get_one(Member, member).last_visit_at = NOW
    assert finish_erasures(database, NOW + 4 * DAY) == 0
    assert names_of(database) == ["架空"], "nobody looks for ever"
    assert finish_erasures(database, NOW + DAY) == 0
    assert names_of(database) == []
    with reading(database) as session:
        assert session.get_one(Friend, friend.id).display_name is None
        assert session.get_one(Member, member).last_visit_at is None
        assert session.scalars(select(Erasure)).one().erased["message"] == 1


def names_of(database: Database) -> list[str | None]:
    with reading(database) as session:
        return list(session.scalars(select(Message.text)))


@pytest.mark.parametrize("named", ["friend:{id}", "{line_user_id}", "M-1", "forgotten:{id}"])
def test_by_no_name_is_anybody_found_afterwards(database: Database, named: str) -> None:
    friend = make_friend(database, NOW)
    make_link(database, make_member(database, external_id="M-1"), friend)
    forgotten(database, friend.line_user_id)
    with reading(database) as session, pytest.raises(UnknownPerson):
        find_person(session, named.format(id=friend.id, line_user_id=friend.line_user_id))


def test_the_site_sends_them_again_and_they_are_somebody_new(database: Database) -> None:
    old = make_member(database, external_id="M-1", name="架空 花子")
    forgotten(database, "M-1")
    new = make_member(database, external_id="M-1", name="架空 花子")
    with reading(database) as session:
        assert new != old
        assert session.get_one(Member, old).name is None


def test_hashes_are_left_under_every_key_there_is(database: Database) -> None:
    friend = make_friend(database, NOW)
    with transaction(database) as session:
        session.get_one(Friend, friend.id).opted_out_at = NOW
    both = Encryption(["a-newer-key-that-is-long", "a-key-that-is-long"])
    with reading(database) as session:
        person = find_person(session, friend.line_user_id)
    forget_person(database, both, person, NOBODY, NOW)
    with reading(database) as session:
        assert set(session.scalars(select(Suppression.key_name))) == set(both.key_names)
