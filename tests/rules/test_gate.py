"""The gate's rows, and who can be reached."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.contact.rules import ContactFacts, Refusal, refusal_to_contact
from app.friends.rules import FriendFacts, is_reachable
from app.messaging.rules import Purpose

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FRIEND = ContactFacts(is_reachable=True)
BLOCKED = replace(FRIEND, is_reachable=False)
OPTED_OUT = replace(FRIEND, opted_out_at=NOW - DAY)
SNOOZED = replace(FRIEND, snoozed_until=NOW + DAY)
TALKING = replace(FRIEND, is_in_conversation=True)
LAST_DAY = date(2026, 11, 24)  # NOW is noon of this day in Tokyo
PLACED = replace(FRIEND, barred_until=LAST_DAY)
STRANGER = replace(FRIEND, has_consent=False)


@pytest.mark.parametrize(
    ("facts", "purpose", "expected"),
    [
        pytest.param(FRIEND, Purpose.PROMOTION, None, id="a friend"),
        pytest.param(BLOCKED, Purpose.REPLY, Refusal.BLOCKED, id="blocked: no push, not even an answer"),
        pytest.param(BLOCKED, Purpose.TRANSACTION, Refusal.BLOCKED, id="blocked: transaction"),
        pytest.param(BLOCKED, Purpose.PROMOTION, Refusal.BLOCKED, id="blocked: promotion"),
        pytest.param(OPTED_OUT, Purpose.PROMOTION, Refusal.OPTED_OUT, id="opted out: promotion"),
        pytest.param(OPTED_OUT, Purpose.TRANSACTION, None, id="opted out: transaction passes"),
        pytest.param(OPTED_OUT, Purpose.REPLY, None, id="opted out: answers pass"),
        pytest.param(SNOOZED, Purpose.PROMOTION, Refusal.SNOOZED, id="on a break: promotion"),
        pytest.param(replace(SNOOZED, snoozed_until=NOW), Purpose.PROMOTION, None, id="the break ends now"),
        pytest.param(SNOOZED, Purpose.REPLY, None, id="on a break: answers pass"),
        pytest.param(TALKING, Purpose.PROMOTION, Refusal.CONVERSATION, id="talking to staff: promotion"),
        pytest.param(TALKING, Purpose.TRANSACTION, None, id="talking to staff: transaction passes"),
        pytest.param(TALKING, Purpose.REPLY, None, id="talking to staff: answers pass"),
        pytest.param(
            replace(SNOOZED, is_in_conversation=True),
            Purpose.PROMOTION,
            Refusal.SNOOZED,
            id="on a break is named before a conversation",
        ),
        pytest.param(PLACED, Purpose.PROMOTION, Refusal.PLACED, id="placed: the last day"),
        pytest.param(
            replace(FRIEND, barred_until=LAST_DAY - DAY), Purpose.PROMOTION, None, id="placed: the day after"
        ),
        pytest.param(PLACED, Purpose.TRANSACTION, None, id="placed: transaction passes"),
        pytest.param(PLACED, Purpose.REPLY, None, id="placed: answers pass"),
        pytest.param(
            replace(OPTED_OUT, barred_until=LAST_DAY),
            Purpose.PROMOTION,
            Refusal.PLACED,
            id="placed is named first",
        ),
        pytest.param(STRANGER, Purpose.PROMOTION, Refusal.NO_CONSENT, id="wrote, never followed: promotion"),
        pytest.param(STRANGER, Purpose.TRANSACTION, None, id="wrote, never followed: transaction passes"),
        pytest.param(
            replace(STRANGER, opted_out_at=NOW),
            Purpose.PROMOTION,
            Refusal.OPTED_OUT,
            id="a no before no word",
        ),
        pytest.param(
            replace(OPTED_OUT, is_reachable=False),
            Purpose.PROMOTION,
            Refusal.BLOCKED,
            id="blocked is named first",
        ),
        pytest.param(
            replace(OPTED_OUT, snoozed_until=NOW + DAY),
            Purpose.PROMOTION,
            Refusal.OPTED_OUT,
            id="opted out before break",
        ),
    ],
)
def test_which_reason_stops_which_purpose(
    facts: ContactFacts, purpose: Purpose, expected: Refusal | None
) -> None:
    assert refusal_to_contact(facts, purpose, NOW) is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(
            datetime(2026, 11, 24, 14, 59, 59, tzinfo=UTC), Refusal.PLACED, id="a second to midnight"
        ),
        pytest.param(datetime(2026, 11, 24, 15, 0, tzinfo=UTC), None, id="midnight in Tokyo"),
    ],
)
def test_the_last_day_ends_at_midnight_in_tokyo(now: datetime, expected: Refusal | None) -> None:
    assert refusal_to_contact(PLACED, Purpose.PROMOTION, now) is expected


def test_a_reply_on_a_fresh_token_always_passes() -> None:
    assert refusal_to_contact(BLOCKED, Purpose.REPLY, NOW, by_fresh_reply=True) is None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(FriendFacts(NOW - DAY, None, None), True, id="followed"),
        pytest.param(FriendFacts(NOW - 2 * DAY, NOW - DAY, None), False, id="blocked since"),
        pytest.param(FriendFacts(None, None, None, NOW - 90 * DAY), True, id="imported"),
        pytest.param(FriendFacts(None, NOW - DAY, None, NOW - 90 * DAY), False, id="imported, blocked since"),
        pytest.param(FriendFacts(None, None, None), False, id="neither followed nor wrote"),
        pytest.param(FriendFacts(None, None, NOW - 7 * DAY), True, id="wrote seven days ago"),
        pytest.param(
            FriendFacts(None, None, NOW - 7 * DAY - timedelta(seconds=1)), False, id="wrote before that"
        ),
        pytest.param(FriendFacts(None, NOW, NOW), False, id="wrote, then blocked"),
        pytest.param(FriendFacts(None, None, None, NOW), True, id="imported"),
        pytest.param(FriendFacts(None, NOW, None, NOW), False, id="imported, blocked since"),
    ],
)
def test_who_can_be_reached(facts: FriendFacts, expected: bool) -> None:
    assert is_reachable(facts, NOW) is expected
