"""Members found by the name that the job site gave, which is stored unreadable."""

import pytest
from sqlalchemy import func, select

from app.db import Database, reading, transaction
from app.encryption import Encryption
from app.members.actions import upsert_members
from app.members.models import Member, MemberName
from app.members.name_hashes import is_named
from app.members.values import MemberData
from app.people.persons import find_person
from app.privacy.actions import forget_person
from app.privacy.export import person_as_data
from app.privacy.rotation import rotate_keys
from app.staff.audit import NOBODY
from tests.databases import counted_statements
from tests.people.factories import NOW, SEALING, make_member

BOTH = Encryption(["a-newer-key-that-is-long", "a-key-that-is-long"])
NEW = Encryption(["a-newer-key-that-is-long"])


def named(database: Database, text: str, sealing: Encryption = SEALING) -> list[int]:
    with reading(database) as session:
        query = select(Member.id).where(is_named(Member.id, sealing, text)).order_by(Member.id)
        return list(session.scalars(query))


def hashes(database: Database) -> int:
    with reading(database) as session:
        return session.scalar(select(func.count()).select_from(MemberName)) or 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("架空", True, id="family name"),
        pytest.param("はなこ", True, id="given name, in the other kana"),
        pytest.param("架空ハナコ", True, id="the whole without a space"),
        pytest.param("架空　ﾊﾅｺ", True, id="the whole with another space, half width"),
        pytest.param("ハナコ 架空", True, id="the other way round"),
        pytest.param("架空 太郎", False, id="one word of two"),
        pytest.param("架", False, id="a piece of a part"),
        pytest.param("ハナコ架空", False, id="the other way round, in one"),
        pytest.param("", False, id="nothing"),
        pytest.param("架空 ハナコ 三 四 五 六 七", False, id="more words than parts are kept"),
    ],
)
def test_a_member_is_found_by_name(database: Database, text: str, found: bool) -> None:
    member = make_member(database, name="架空 ハナコ")
    make_member(database, name="別人 ジロウ")
    make_member(database)
    assert named(database, text) == ([member] if found else [])


def test_a_name_without_a_space_is_found_with_one_and_a_long_one_as_a_whole(database: Database) -> None:
    joined = make_member(database, name="架空花子")
    long = make_member(database, name="a b c d e f g h")
    assert named(database, "架空 花子") == [joined]
    assert named(database, "A B C D E F G H") == [long]
    assert named(database, "f a") == [long]
    assert named(database, "g") == []


def test_a_new_name_takes_the_place_of_the_old_one(database: Database) -> None:
    member = make_member(database, external_id="M-1", name="架空 花子")
    make_member(database, external_id="M-1", mail="one@example.jp")
    assert named(database, "架空") == [member], "a name that is not said stays"
    make_member(database, external_id="M-1", name="結婚 花子")
    assert (named(database, "架空"), named(database, "結婚"), named(database, "花子")) == (
        [],
        [member],
        [member],
    )
    assert hashes(database) == 3
    make_member(database, external_id="M-1", name=None)
    assert hashes(database) == 0


def test_no_hash_holds_a_name_readable_and_kinds_are_apart(database: Database) -> None:
    make_member(database, name="架空")
    with reading(database) as session:
        [stored] = session.scalars(select(MemberName.key_hash))
    assert stored == SEALING.keyed_hash("name", "架空")
    assert stored != SEALING.keyed_hash("mail", "架空")


def test_a_batch_writes_the_names_of_all_in_a_few_statements_and_none_for_the_same_again(
    database: Database,
) -> None:
    counts = []
    for size in (2, 300):
        for name in ("架空 花子", "結婚 花子", "結婚 花子"):
            many = [MemberData(external_id=f"{size}-{n}", name=f"{name} {n}") for n in range(size)]
            with counted_statements(database, database.writer) as said, transaction(database) as session:
                upsert_members(session, SEALING, many, NOW)
            counts.append(len([each for each in said if "member_name" in each]))
    assert counts == [2, 2, 0, 3, 3, 0], "a statement more for each thousand hashes"
    assert hashes(database) == 302 * 4
    assert len(named(database, "結婚")) == 302
    assert len(named(database, "花子 299")) == 1


def test_a_batch_that_names_somebody_twice_keeps_the_later_name(database: Database) -> None:
    twice = [MemberData(external_id="M-1", name="架空"), MemberData(external_id="M-1", name="結婚")]
    with transaction(database) as session:
        upsert_members(session, SEALING, twice, NOW)
    assert (len(named(database, "架空")), len(named(database, "結婚"))) == (0, 1)


def test_a_name_is_found_during_a_rotation_and_after_it(database: Database) -> None:
    member = make_member(database, name="架空 花子")
    assert named(database, "花子 架空", BOTH) == [member]
    assert rotate_keys(database, BOTH).rotated == 1
    for sealing in (BOTH, NEW):
        assert named(database, "花子 架空", sealing) == [member]
    assert named(database, "花子") == [], "the old key finds nobody any more"
    assert rotate_keys(database, BOTH).rotated == 0, "again is nothing"


def test_hashes_that_are_missing_are_written_by_a_rotation(database: Database) -> None:
    member = make_member(database, NEW, name="架空 花子")
    with transaction(database) as session:
        session.delete(session.scalars(select(MemberName)).first())
    assert rotate_keys(database, NEW).rotated == 1
    assert hashes(database) == 3
    assert named(database, "架空 花子", NEW) == [member]


def test_who_is_forgotten_is_found_by_no_name_and_nobody_else_is_touched(database: Database) -> None:
    make_member(database, external_id="M-1", name="架空 花子")
    other = make_member(database, external_id="M-2", name="架空 太郎")
    with reading(database) as session:
        person = find_person(session, "M-1")
    assert forget_person(database, SEALING, person, NOBODY, NOW).erased["member_name"] == 3
    assert (named(database, "花子"), named(database, "架空")) == ([], [other])
    assert hashes(database) == 3


def test_the_file_about_a_person_has_no_hashes(database: Database) -> None:
    make_member(database, external_id="M-1", name="架空 花子")
    with reading(database) as session:
        data = person_as_data(session, SEALING, find_person(session, "M-1"), NOW)
    assert set(data["records"]) == {"member"}
