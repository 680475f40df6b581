"""Throttling in the database: time is an argument; what succeeds is forgiven, and only that."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from app.db import Database, transaction
from app.staff.rules import LONGEST_WAIT, WINDOW
from app.staff.throttle import Claim, Subject, claim_try, forgive_tries

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
MAIL, ADDRESS = Subject("mail", 3), Subject("address", 6)


def claim(database: Database, at: datetime, *subjects: Subject) -> Claim:
    with transaction(database) as session:
        return claim_try(session, subjects or (MAIL, ADDRESS), at)


def test_after_the_free_tries_one_waits_and_a_refused_try_does_not_lengthen_it(database: Database) -> None:
    for _ in range(3):
        assert claim(database, NOON).wait_until is None
    until = NOON + timedelta(seconds=30)
    assert claim(database, NOON + timedelta(seconds=1)).wait_until == until
    assert claim(database, until - timedelta(microseconds=1)).wait_until == until
    assert claim(database, until).wait_until is None
    assert claim(database, until).wait_until == until + timedelta(minutes=1)


def test_an_address_is_slowed_down_whatever_accounts_it_tries(database: Database) -> None:
    for number in range(6):
        assert claim(database, NOON, Subject(f"mail {number}", 3), ADDRESS).wait_until is None
    assert claim(database, NOON, Subject("one more", 3), ADDRESS).wait_until is not None
    assert claim(database, NOON, Subject("one more", 3), Subject("elsewhere", 6)).wait_until is None


def test_a_success_forgives_the_account_but_not_the_addresss_other_tries(database: Database) -> None:
    for number in range(5):
        claim(database, NOON, Subject(f"mail {number}", 3), ADDRESS)
    mine = claim(database, NOON)
    with transaction(database) as session:
        forgive_tries(session, MAIL, mine, NOON)
    assert claim(database, NOON).wait_until is None  # 5 of 6 are left, this is the sixth
    assert claim(database, NOON).wait_until is not None


def test_an_hour_later_all_is_forgotten(database: Database) -> None:
    for _ in range(3):
        claim(database, NOON)
    assert claim(database, NOON + WINDOW).wait_until is None
    assert LONGEST_WAIT < WINDOW


def test_many_at_once_do_not_slip_through(database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        claims = list(threads.map(lambda _: claim(database, NOON), range(16)))
    assert sum(each.wait_until is None for each in claims) == 3
