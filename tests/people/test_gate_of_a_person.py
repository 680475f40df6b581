"""The gate over both databases: what a person said and what became of them counts at all their accounts."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.contact.actions import gate
from app.contact.queries import contact_facts
from app.contact.rules import Refusal, refusal_to_contact
from app.db import Database, reading, transaction
from app.encryption import Encryption
from app.friends.models import Friend
from app.handoff.models import Conversation
from app.links.models import Link
from app.members.actions import record_consent, upsert_placement
from app.members.suppressions import SuppressionKind, suppress
from app.members.values import ConsentGiven, ConsentKind, ConsentSource, Contract, PlacementData
from app.messaging.outbox import OutboxRow
from app.messaging.rules import Carrier, OutboxStatus, Purpose
from tests.databases import counted_statements
from tests.factories import make_friend
from tests.people.factories import NOW, SEALING, make_link, make_member

DAY = timedelta(days=1)
TODAY = date(2026, 11, 24)


def refusal_for(
    database: Database, friend: Friend, now: datetime = NOW, sealing: Encryption = SEALING
) -> Refusal | None:
    with reading(database) as session:
        facts = contact_facts(session, sealing, [friend.id], now)[friend.id]
    return refusal_to_contact(facts, Purpose.PROMOTION, now)


def say(
    database: Database, *, given: bool, at: datetime, source: ConsentSource = ConsentSource.CHAT, **who: int
) -> None:
    said = ConsentGiven(kind=ConsentKind.LINE, given=given, at=at, source=source, text_version="1", **who)
    with transaction(database) as session:
        record_consent(session, said)


@pytest.fixture
def friend(database: Database) -> Friend:
    return make_friend(database, NOW - 30 * DAY)


@pytest.fixture
def elsewhere(database: Database) -> Friend:
    """The same person at another account, once both are linked to `member`."""
    return make_friend(database, NOW - 30 * DAY)


@pytest.fixture
def member(database: Database, friend: Friend, elsewhere: Friend) -> int:
    made = make_member(database, external_id="M-1", phone="+819012345678", mail="one@example.jp")
    make_link(database, made, friend)
    make_link(database, made, elsewhere)
    return made


def place(database: Database, start_on: date, **given: Any) -> None:
    placed = PlacementData(external_id="P-1", member="M-1", start_on=start_on, **given)
    with transaction(database) as session:
        upsert_placement(session, placed, NOW)


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    ("start_on", "expected"),
    [
        pytest.param(date(2024, 11, 24), Refusal.PLACED, id="two years today"),
        pytest.param(date(2024, 11, 23), None, id="two years yesterday"),
        pytest.param(date(2027, 1, 1), Refusal.PLACED, id="about to begin"),
    ],
)
def test_a_placement_counts_at_every_account(
    database: Database, friend: Friend, elsewhere: Friend, start_on: date, expected: Refusal | None
) -> None:
    place(database, start_on)
    assert [refusal_for(database, each) for each in (friend, elsewhere)] == [expected] * 2


@pytest.mark.usefixtures("member")
def test_leaving_the_job_does_not_lift_it_and_a_fixed_contract_never_counted(
    database: Database, friend: Friend
) -> None:
    place(database, TODAY - 100 * DAY, left_on=TODAY - DAY)
    assert refusal_for(database, friend) is Refusal.PLACED
    place(database, TODAY - 100 * DAY, contract=Contract.FIXED)
    assert refusal_for(database, friend) is None


def test_unlinked_the_placement_is_the_members_and_not_the_friends(
    database: Database, friend: Friend, member: int
) -> None:
    place(database, TODAY)
    with transaction(database) as session:
        session.execute(update(Link).where(Link.friend_id == friend.id).values(ended_at=NOW))
    assert refusal_for(database, friend) is None


@pytest.mark.usefixtures("member")
def test_an_opt_out_at_one_account_counts_at_the_other_until_a_later_yes(
    database: Database, friend: Friend, elsewhere: Friend
) -> None:
    with transaction(database) as session:
        session.get_one(Friend, elsewhere.id).opted_out_at = NOW - 2 * DAY
    assert refusal_for(database, friend) is Refusal.OPTED_OUT
    say(database, given=True, at=NOW - DAY, source=ConsentSource.FOLLOW, friend_id=friend.id)
    assert refusal_for(database, friend) is Refusal.OPTED_OUT, "following is no answer to an earlier no"
    say(database, given=True, at=NOW - DAY, friend_id=friend.id)
    assert refusal_for(database, friend) is None


def test_a_no_that_the_site_tells_counts_in_chat(database: Database, friend: Friend, member: int) -> None:
    say(database, given=False, at=NOW - DAY, source=ConsentSource.SITE, member_id=member)
    assert refusal_for(database, friend) is Refusal.OPTED_OUT


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(("state", "expected"), [("waiting", Refusal.CONVERSATION), ("closed", None)])
def test_a_conversation_with_staff_counts_at_every_account(
    database: Database, friend: Friend, elsewhere: Friend, state: str, expected: Refusal | None
) -> None:
    with transaction(database) as session:
        session.add(
            Conversation(
                friend_id=elsewhere.id, state=state, why="wish", opened_at=NOW - DAY, waiting_since=NOW - DAY
            )
        )
    assert refusal_for(database, friend) == expected


def test_whoever_only_wrote_has_not_consented_but_an_imported_friend_has(
    database: Database, friend: Friend
) -> None:
    with transaction(database) as session:
        row = session.get_one(Friend, friend.id)
        row.followed_at, row.last_wrote_at = None, NOW - DAY
    assert refusal_for(database, friend) is Refusal.NO_CONSENT
    with transaction(database) as session:
        session.get_one(Friend, friend.id).imported_at = NOW - 90 * DAY
    assert refusal_for(database, friend) is None


def _by_line(friend: Friend) -> tuple[str, str]:
    return "line", friend.line_user_id


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(_by_line, id="the LINE user id"),
        pytest.param(lambda _: ("external_id", "M-1"), id="the site's id"),
        pytest.param(lambda _: ("phone", "+819012345678"), id="the phone number"),
        pytest.param(lambda _: ("mail", "one@example.jp"), id="the mail address"),
    ],
)
def test_somebody_erased_is_recognised_by_any_of_their_names(
    database: Database, friend: Friend, name: Callable[[Friend], tuple[str, str]]
) -> None:
    with transaction(database) as session:
        suppress(session, SEALING, [("line", "somebody else")], SuppressionKind.OPTED_OUT, None)
    assert refusal_for(database, friend) is None
    with transaction(database) as session:
        suppress(session, SEALING, [name(friend)], SuppressionKind.PLACED, TODAY)
    assert refusal_for(database, friend) is Refusal.PLACED
    assert refusal_for(database, friend, NOW + DAY) is None


def test_an_erased_no_holds_for_good_unless_they_say_yes_again(database: Database, friend: Friend) -> None:
    with transaction(database) as session:
        suppress(session, SEALING, [_by_line(friend)], SuppressionKind.OPTED_OUT, None)
    assert refusal_for(database, friend, NOW + 5000 * DAY) is Refusal.OPTED_OUT
    say(database, given=True, at=NOW, friend_id=friend.id)
    assert refusal_for(database, friend) is None


@pytest.mark.parametrize("name", [_by_line, lambda _: ("phone", "+819012345678")], ids=["LINE", "phone"])
def test_after_a_rotation_the_old_hashes_are_still_found(
    database: Database, friend: Friend, name: Callable[[Friend], tuple[str, str]]
) -> None:
    rotated = Encryption(["a-newer-key-that-is-long", "a-key-that-is-long"])
    make_link(database, make_member(database, rotated, phone="+819012345678"), friend)
    with transaction(database) as session:
        suppress(session, SEALING, [name(friend)], SuppressionKind.OPTED_OUT, None)
    assert refusal_for(database, friend, sealing=rotated) is Refusal.OPTED_OUT


def test_suppressing_again_never_shortens(database: Database, friend: Friend) -> None:
    with transaction(database) as session:
        for until in (TODAY, TODAY - 9 * DAY):
            suppress(session, SEALING, [_by_line(friend)], SuppressionKind.PLACED, until)
    assert refusal_for(database, friend) is Refusal.PLACED


def row_for(number: int, friend: Friend, purpose: Purpose) -> OutboxRow:
    return OutboxRow(
        number, Carrier.PUSH, friend.channel_id, friend.id, friend.line_user_id, purpose, "key", {},
        None, None, 1, False, NOW, NOW + DAY, None,
    )  # fmt: skip


def test_a_batch_costs_the_same_number_of_statements_however_large_it_is(database: Database) -> None:
    people = [make_friend(database, NOW) for _ in range(12)]
    for friend in people[::2]:
        make_link(database, make_member(database), friend)
    rows = [row_for(friend.id, friend, Purpose.PROMOTION) for friend in people]
    counts = []
    for batch in (rows[:2], rows):
        with counted_statements(database, database.reader) as statements, reading(database) as session:
            assert gate(SEALING)(session, batch, NOW) == {}
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 7


def test_answers_and_transactions_ask_one_statement(database: Database, friend: Friend, member: int) -> None:
    place(database, TODAY)
    rows = [row_for(1, friend, Purpose.TRANSACTION), row_for(2, friend, Purpose.REPLY)]
    with counted_statements(database, database.reader) as statements, reading(database) as session:
        assert gate(SEALING)(session, rows, NOW) == {}
    assert len(statements) == 1


def test_the_gate_stores_its_reason(database: Database, friend: Friend, member: int) -> None:
    place(database, TODAY)
    with reading(database) as session:
        [verdict] = gate(SEALING)(session, [row_for(1, friend, Purpose.PROMOTION)], NOW).values()
    assert (verdict.status, verdict.reason) == (OutboxStatus.REFUSED, "placed")
