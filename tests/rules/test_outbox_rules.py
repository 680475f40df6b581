"""What follows an attempt: every cell of the outbox's table, and both sides of its times."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.line.rules import Outcome
from app.messaging.rules import (
    Attempt,
    Carrier,
    Next,
    OutboxStatus,
    Purpose,
    Stop,
    Waiting,
    after_attempt,
    backoff,
    before_attempt,
    reply_deadline,
    start_of_next_month,
)

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
REAL = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def attempt(carrier: Carrier, **changes: Any) -> Attempt:
    row = Attempt(
        carrier=carrier,
        purpose=Purpose.TRANSACTION,
        attempts=1,
        unsure=False,
        expires_at=NOW + HOUR,
        first_tried_at=REAL,
        reply_until=NOW + 50 * SECOND if carrier is Carrier.REPLY else None,
    )
    return replace(row, **changes)


def after(carrier: Carrier, outcome: Outcome, **changes: Any) -> Next:
    return after_attempt(attempt(carrier, **changes), outcome, NOW, REAL)


ALL = list(Carrier)
KEYED = [Carrier.PUSH, Carrier.MULTICAST]
ONCE = [Carrier.NOTIFICATION, Carrier.SMS]


@pytest.mark.parametrize("carrier", ALL)
def test_an_accepted_row_is_sent(carrier: Carrier) -> None:
    assert after(carrier, Outcome.ACCEPTED) == Next(OutboxStatus.SENT)


@pytest.mark.parametrize("carrier", ALL)
@pytest.mark.parametrize("unsure", [False, True])
def test_without_a_connection_the_row_waits_and_is_no_less_sure_than_before(
    carrier: Carrier, unsure: bool
) -> None:
    result = after(carrier, Outcome.NOT_CONNECTED, unsure=unsure)
    assert result == Next(OutboxStatus.WAITING, "could not connect", NOW + SECOND, unsure=unsure)


@pytest.mark.parametrize("carrier", ALL)
def test_a_rate_limit_is_no_try(carrier: Carrier) -> None:
    result = after(carrier, Outcome.RATE_LIMITED)
    assert result == Next(OutboxStatus.WAITING, "rate limit", NOW + SECOND, counted=False)


def test_content_that_line_still_prepares_is_asked_for_again() -> None:
    result = after(Carrier.CONTENT, Outcome.NOT_READY, attempts=3)
    assert result == Next(OutboxStatus.WAITING, "not ready yet", NOW + 4 * SECOND)


UNCLEAR = "no clear answer"
MAYBE = "no clear answer: it may have arrived"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            attempt(Carrier.REPLY),
            Next(OutboxStatus.WAITING, UNCLEAR, NOW + SECOND, unsure=True),
            id="reply: again with the same token",
        ),
        pytest.param(
            attempt(Carrier.REPLY, attempts=3),
            Next(OutboxStatus.WAITING, UNCLEAR, NOW + 4 * SECOND, unsure=True),
            id="reply: 1, 2, 4 s",
        ),
        pytest.param(
            attempt(Carrier.REPLY, attempts=4, reply_until=NOW + 5 * SECOND),
            Next(OutboxStatus.WAITING, UNCLEAR, NOW + 6 * SECOND, unsure=True),
            id="reply: the last try comes right after the token's end",
        ),
        pytest.param(
            attempt(Carrier.REPLY, attempts=4, reply_until=NOW),
            Next(OutboxStatus.WAITING, UNCLEAR, NOW + SECOND, unsure=True),
            id="reply: on its last moment the token still counts",
        ),
        pytest.param(
            attempt(Carrier.REPLY, attempts=5, reply_until=NOW - SECOND, unsure=True),
            Next(OutboxStatus.UNKNOWN, MAYBE, unsure=True),
            id="reply: the last try was unclear too",
        ),
        pytest.param(
            attempt(Carrier.PUSH),
            Next(OutboxStatus.WAITING, UNCLEAR, NOW + SECOND, unsure=True),
            id="push: same key again",
        ),
        pytest.param(
            attempt(Carrier.PUSH, expires_at=NOW + SECOND),
            Next(OutboxStatus.UNKNOWN, MAYBE, unsure=True),
            id="push: the next try would be too late to be useful",
        ),
        pytest.param(
            attempt(Carrier.PUSH, expires_at=NOW + 2 * SECOND),
            Next(OutboxStatus.WAITING, UNCLEAR, NOW + SECOND, unsure=True),
            id="push: one more try fits",
        ),
        pytest.param(
            attempt(Carrier.MULTICAST, first_tried_at=REAL - 23 * HOUR + SECOND),
            Next(OutboxStatus.UNKNOWN, MAYBE, unsure=True),
            id="multicast: the next try would be 23 h after the first",
        ),
        pytest.param(
            attempt(Carrier.MULTICAST, first_tried_at=REAL - 23 * HOUR + 2 * SECOND),
            Next(OutboxStatus.WAITING, UNCLEAR, NOW + SECOND, unsure=True),
            id="multicast: the key is remembered for one more try",
        ),
        pytest.param(
            attempt(Carrier.NOTIFICATION),
            Next(OutboxStatus.UNKNOWN, MAYBE, unsure=True),
            id="notification message: never again",
        ),
        pytest.param(
            attempt(Carrier.SMS), Next(OutboxStatus.UNKNOWN, MAYBE, unsure=True), id="SMS: never again"
        ),
        pytest.param(
            attempt(Carrier.WEBHOOK, expires_at=NOW + 48 * HOUR, attempts=20),
            Next(OutboxStatus.WAITING, UNCLEAR, NOW + timedelta(minutes=5), unsure=True),
            id="webhook: again with backoff, five minutes at most",
        ),
        pytest.param(
            attempt(Carrier.ALERT, expires_at=NOW + 48 * HOUR, first_tried_at=REAL - 24 * HOUR),
            Next(OutboxStatus.FAILED, "no clear answer for a day"),
            id="alert: a day is enough",
        ),
    ],
)
def test_after_no_clear_answer(row: Attempt, expected: Next) -> None:
    assert after_attempt(row, Outcome.UNSURE, NOW, REAL) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            attempt(Carrier.REPLY),
            Next(
                OutboxStatus.WAITING,
                "the reply token was no longer good",
                carrier=Carrier.PUSH,
                counted=False,
            ),
            id="never unclear: becomes a push",
        ),
        pytest.param(
            attempt(Carrier.REPLY, unsure=True, attempts=2),
            Next(OutboxStatus.SENT, "an earlier try had arrived"),
            id="unclear before, token still good: the earlier try used it",
        ),
        pytest.param(
            attempt(Carrier.REPLY, unsure=True, attempts=2, reply_until=NOW),
            Next(OutboxStatus.SENT, "an earlier try had arrived"),
            id="on the token's last moment",
        ),
        pytest.param(
            attempt(Carrier.REPLY, unsure=True, attempts=2, reply_until=NOW - SECOND),
            Next(
                OutboxStatus.UNKNOWN,
                "the token is used or too old: an earlier try may have arrived",
                unsure=True,
            ),
            id="unclear before, token too old: nobody can know",
        ),
        pytest.param(
            attempt(Carrier.PUSH), Next(OutboxStatus.FAILED, "LINE refused it"), id="not a reply: a plain no"
        ),
    ],
)
def test_after_an_invalid_reply_token(row: Attempt, expected: Next) -> None:
    assert after_attempt(row, Outcome.TOKEN_INVALID, NOW, REAL) == expected


@pytest.mark.parametrize("carrier", ALL)
def test_a_refused_row_is_failed(carrier: Carrier) -> None:
    who = "the receiver" if carrier in {Carrier.WEBHOOK, Carrier.ALERT} else "LINE"
    assert after(carrier, Outcome.REJECTED) == Next(OutboxStatus.FAILED, f"{who} refused it")


def test_a_refused_multicast_to_several_goes_out_in_halves() -> None:
    result = after(Carrier.MULTICAST, Outcome.REJECTED, recipients=2)
    assert result == Next(OutboxStatus.CANCELLED, "refused as a whole: sent in halves", split=True)


@pytest.mark.parametrize("carrier", [c for c in ALL if c not in {Carrier.WEBHOOK, Carrier.ALERT}])
@pytest.mark.parametrize(
    ("outcome", "stop"), [(Outcome.UNAUTHORIZED, Stop.SENDER), (Outcome.FORBIDDEN, Stop.CARRIER)]
)
def test_refused_access_fails_no_row_and_stops_what_it_concerns(
    carrier: Carrier, outcome: Outcome, stop: Stop
) -> None:
    result = after(carrier, outcome, unsure=True)
    assert result == Next(OutboxStatus.WAITING, "access refused", unsure=True, counted=False, stop=stop)


@pytest.mark.parametrize("carrier", [Carrier.WEBHOOK, Carrier.ALERT])
@pytest.mark.parametrize("outcome", [Outcome.UNAUTHORIZED, Outcome.FORBIDDEN])
def test_a_receiver_that_refuses_access_has_a_day_to_mend_it(carrier: Carrier, outcome: Outcome) -> None:
    assert after(carrier, outcome) == Next(OutboxStatus.WAITING, "access refused", NOW + SECOND)
    late = after(carrier, outcome, first_tried_at=REAL - 24 * HOUR)
    assert late == Next(OutboxStatus.FAILED, "access refused for a day")


A_DAY = 24 * HOUR
TOLD_AGAIN = [
    pytest.param(Outcome.NOT_CONNECTED, "could not connect", id="no connection"),
    pytest.param(Outcome.UNSURE, UNCLEAR, id="no clear answer"),
    pytest.param(Outcome.UNAUTHORIZED, "access refused", id="401"),
    pytest.param(Outcome.RATE_LIMITED, "rate limit", id="429"),
]


@pytest.mark.parametrize("carrier", [Carrier.WEBHOOK, Carrier.ALERT])
@pytest.mark.parametrize(("outcome", "reason"), TOLD_AGAIN)
def test_what_a_receiver_must_not_miss_goes_again_for_a_day_and_is_then_a_dead_letter(
    carrier: Carrier, outcome: Outcome, reason: str
) -> None:
    last = after(carrier, outcome, expires_at=NOW + SECOND + timedelta(microseconds=1))
    assert (last.status, last.reason) == (OutboxStatus.WAITING, reason)
    over = Next(OutboxStatus.FAILED, f"{reason} for a day")
    assert after(carrier, outcome, expires_at=NOW + SECOND) == over
    assert after(carrier, outcome, expires_at=NOW + A_DAY, first_tried_at=REAL - A_DAY + SECOND) == over


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            Waiting(Carrier.WEBHOOK, 3, unsure=True, expires_at=NOW, first_tried_at=REAL),
            None,
            id="its day is not over",
        ),
        pytest.param(
            Waiting(Carrier.WEBHOOK, 3, unsure=True, expires_at=NOW - SECOND, first_tried_at=REAL),
            Next(OutboxStatus.FAILED, "no answer for a day", unsure=True),
            id="tried for a day",
        ),
        pytest.param(
            Waiting(Carrier.WEBHOOK, 0, unsure=False, expires_at=NOW - A_DAY),
            None,
            id="never tried: once, however late",
        ),
    ],
)
def test_before_a_delivery_to_a_receiver(row: Waiting, expected: Next | None) -> None:
    assert before_attempt(row, NOW, REAL) == expected


@pytest.mark.parametrize("carrier", KEYED)
def test_the_monthly_limit_refuses_promotions_and_stops_them(carrier: Carrier) -> None:
    promotion = after(carrier, Outcome.QUOTA_SPENT, purpose=Purpose.PROMOTION)
    assert promotion == Next(OutboxStatus.REFUSED, "quota", stop=Stop.PROMOTIONS)
    other = after(carrier, Outcome.QUOTA_SPENT)
    assert other == Next(OutboxStatus.FAILED, "monthly limit", stop=Stop.PROMOTIONS)


@pytest.mark.parametrize("carrier", [Carrier.REPLY, *ONCE, Carrier.PROFILE, Carrier.CONTENT, Carrier.LEAVE])
def test_a_monthly_limit_where_there_is_none_is_a_plain_no(carrier: Carrier) -> None:
    assert after(carrier, Outcome.QUOTA_SPENT) == Next(OutboxStatus.FAILED, "monthly limit")


def waiting(carrier: Carrier, **changes: Any) -> Waiting:
    return replace(Waiting(carrier, 0, unsure=False, expires_at=NOW + HOUR, reply_until=NOW), **changes)


LATE_TOKEN = Next(OutboxStatus.WAITING, "the reply token was no longer good", carrier=Carrier.PUSH)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(waiting(Carrier.PUSH), None, id="a push may be tried"),
        pytest.param(waiting(Carrier.PUSH, expires_at=NOW), None, id="on its last useful moment"),
        pytest.param(
            waiting(Carrier.PUSH, expires_at=NOW - SECOND),
            Next(OutboxStatus.EXPIRED, "too late to be useful"),
            id="too late, never tried",
        ),
        pytest.param(
            waiting(Carrier.PUSH, expires_at=NOW - SECOND, unsure=True),
            Next(OutboxStatus.UNKNOWN, "no clear answer in time: it may have arrived", unsure=True),
            id="too late, and it may have arrived",
        ),
        pytest.param(waiting(Carrier.REPLY), None, id="a reply on its token's last moment"),
        pytest.param(waiting(Carrier.REPLY, reply_until=NOW - SECOND), LATE_TOKEN, id="token too old"),
        pytest.param(waiting(Carrier.REPLY, reply_until=None), LATE_TOKEN, id="no token time at all"),
        pytest.param(
            waiting(Carrier.REPLY, reply_until=NOW - SECOND, unsure=True),
            None,
            id="an unclear reply has one try after its token's end",
        ),
        pytest.param(
            waiting(Carrier.PUSH, unsure=True, first_tried_at=REAL - 23 * HOUR),
            Next(OutboxStatus.UNKNOWN, "LINE has forgotten the retry key", unsure=True),
            id="the key is too old",
        ),
        pytest.param(
            waiting(Carrier.PUSH, unsure=True, first_tried_at=REAL - 23 * HOUR + SECOND),
            None,
            id="the key is just young enough",
        ),
        pytest.param(
            waiting(Carrier.PUSH, first_tried_at=REAL - 23 * HOUR),
            None,
            id="an old first try that was clear needs no key",
        ),
    ],
)
def test_before_an_attempt(row: Waiting, expected: Next | None) -> None:
    assert before_attempt(row, NOW, REAL) == expected


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 1), (1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (99, 300)]
)
def test_backoff_doubles_up_to_five_minutes(attempts: int, seconds: int) -> None:
    assert backoff(attempts) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("age", "life"),
    [
        pytest.param(timedelta(0), timedelta(seconds=55), id="fresh: 55 s"),
        pytest.param(timedelta(minutes=19), timedelta(seconds=55), id="redelivered after 19 minutes"),
        pytest.param(timedelta(minutes=19, seconds=30), timedelta(seconds=30), id="20 minutes are the end"),
        pytest.param(timedelta(minutes=21), -timedelta(minutes=1), id="older: it is over"),
    ],
)
def test_how_long_a_reply_token_is_taken_to_be_good(age: timedelta, life: timedelta) -> None:
    assert reply_deadline(NOW - age, NOW) == NOW + life


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(
            datetime(2026, 11, 30, 14, 59, tzinfo=UTC),
            datetime(2026, 11, 30, 15, tzinfo=UTC),
            id="last minute",
        ),
        pytest.param(
            datetime(2026, 11, 30, 15, 0, tzinfo=UTC),
            datetime(2026, 12, 31, 15, tzinfo=UTC),
            id="first minute",
        ),
        pytest.param(
            datetime(2027, 1, 31, 3, 0, tzinfo=UTC),
            datetime(2027, 1, 31, 15, tzinfo=UTC),
            id="a day before February",
        ),
    ],
)
def test_the_month_ends_in_tokyo(now: datetime, expected: datetime) -> None:
    assert start_of_next_month(now) == expected
