"""What members did is told by two requests at once: neither waits for the other for ever."""

from datetime import timedelta

from sqlalchemy import text

from app.db import Database, open_database, transaction
from app.friends.models import Friend
from app.jobs.models import Activity
from app.links.reactions import record_site_visits
from app.members.actions import upsert_members
from app.members.values import MemberData
from tests.databases import Databases
from tests.factories import make_friend
from tests.people.factories import NOW, SEALING, make_link, make_member


def test_a_member_may_be_changed_while_somebody_writes_what_they_did(databases: Databases) -> None:
    database: Database = open_database(databases.fresh_url("postgresql"))
    data = MemberData(external_id="M-1", name="架空 花子")
    with transaction(database) as session:
        member_id = upsert_members(session, SEALING, [data], NOW).ids["M-1"]
    with transaction(database) as telling:
        telling.add(Activity(external_id="a-1", member_id=member_id, kind="visit", at=NOW, source="site"))
        telling.flush()
        with transaction(database) as changing:
            changing.execute(text("SET LOCAL lock_timeout = '2s'"))
            later = MemberData(external_id="M-1", name="架空 次郎")
            done = upsert_members(changing, SEALING, [later], NOW + timedelta(seconds=1))
    assert done.updated == 1
    database.dispose()


def test_a_visit_does_not_wait_for_a_friend_whose_event_is_being_handled(databases: Databases) -> None:
    database: Database = open_database(databases.fresh_url("postgresql"))
    friend, free = make_friend(database, NOW), make_friend(database, NOW)
    members = [make_member(database), make_member(database)]
    make_link(database, members[0], friend)
    make_link(database, members[1], free)
    with transaction(database) as handling:
        handling.get_one(Friend, friend.id, with_for_update=True)
        with transaction(database) as telling:
            telling.execute(text("SET LOCAL lock_timeout = '2s'"))
            record_site_visits(telling, dict.fromkeys(members, NOW))
    with transaction(database) as session:
        assert session.get_one(Friend, friend.id).last_reaction_at is None, "their own doing is written"
        assert session.get_one(Friend, free.id).last_reaction_at == NOW
    database.dispose()
