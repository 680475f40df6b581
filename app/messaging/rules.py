"""States of outbox rows, and what follows each attempt (pure).

What follows each outcome of each carrier is one table; every cell of it is a row of tests/rules/test_outbox_rules.py.
`now` is business time, `real_now` machine time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum

from app.clock import in_tokyo
from app.line.rules import Outcome


class Purpose(StrEnum):
    """配信目的: decides which contact rules apply."""

    REPLY = "reply"
    TRANSACTION = "transaction"
    PROMOTION = "promotion"


class Priority(IntEnum):
    """Which rows leave first; background calls wait for people."""

    REPLY = 0
    TRANSACTION = 1
    PROMOTION = 2
    BACKGROUND = 3


class Carrier(StrEnum):
    """How a row leaves."""

    REPLY = "reply"
    PUSH = "push"
    MULTICAST = "multicast"
    NOTIFICATION = "notification"
    SMS = "sms"
    WEBHOOK = "webhook"
    ALERT = "alert"
    PROFILE = "profile"
    CONTENT = "content"
    LEAVE = "leave"
    MENU = "menu"
    INFO = "info"


BACKGROUND_CARRIERS = frozenset({Carrier.PROFILE, Carrier.CONTENT, Carrier.LEAVE, Carrier.MENU, Carrier.INFO})
"""Calls that reach no person and may be repeated safely."""
DELIVERED_ELSEWHERE = frozenset({Carrier.WEBHOOK})
"""Not to LINE: the channel's sender leaves them to the duty that delivers them."""
_KEYED = frozenset({Carrier.PUSH, Carrier.MULTICAST})
_TOLD = frozenset({Carrier.WEBHOOK, Carrier.ALERT})
"""Whose receiver may hear the same twice, and must not miss it."""


class OutboxStatus(StrEnum):
    """State of an outbox row."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNKNOWN = "unknown"


ENDED = frozenset(OutboxStatus) - {OutboxStatus.WAITING, OutboxStatus.SENDING}
RETRY_KEY_LIFE = timedelta(hours=23)
"""LINE remembers a key for 24 hours; an hour is left for clocks that differ."""
REPEAT_LIFE = timedelta(hours=24)
LONGEST_BACKOFF = timedelta(minutes=5)
REPLY_TOKEN_LIFE = timedelta(seconds=55)
REPLY_EVENT_LIFE = timedelta(minutes=20)
DEFAULT_LIFE = {
    Purpose.REPLY: timedelta(hours=1),
    Purpose.TRANSACTION: timedelta(hours=24),
    Purpose.PROMOTION: timedelta(hours=24),
}
PRIORITY_OF = {
    Purpose.REPLY: Priority.REPLY,
    Purpose.TRANSACTION: Priority.TRANSACTION,
    Purpose.PROMOTION: Priority.PROMOTION,
}


def reply_deadline(event_at: datetime, received_at: datetime) -> datetime:
    """Until when a reply token is taken to be good: 55 s after arrival, 20 minutes after the event."""
    return min(received_at + REPLY_TOKEN_LIFE, event_at + REPLY_EVENT_LIFE)


def start_of_next_month(now: datetime) -> datetime:
    """When LINE counts messages anew: the first of next month in Tokyo."""
    local = in_tokyo(now)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1).astimezone(UTC)


@dataclass(frozen=True)
class Attempt:
    """An outbox row as its attempt ends. `attempts` counts this one; `unsure` is of the earlier ones."""

    carrier: Carrier
    purpose: Purpose
    attempts: int
    unsure: bool
    expires_at: datetime
    first_tried_at: datetime
    """Machine time."""
    reply_until: datetime | None = None
    recipients: int = 1


class Stop(StrEnum):
    """What stands still until somebody mends it, or the month ends."""

    SENDER = "sender"
    CARRIER = "carrier"
    PROMOTIONS = "promotions"


@dataclass(frozen=True)
class Next:
    """What becomes of a row after an attempt."""

    status: OutboxStatus
    reason: str | None = None
    due_at: datetime | None = None
    """None: as before, so that a row that is due keeps its place before its friend's later ones."""
    unsure: bool = False
    carrier: Carrier | None = None
    """Another carrier than before: a reply that became a push."""
    counted: bool = True
    """False: the attempt does not count as a try."""
    split: bool = False
    """Send in halves, with new keys."""
    stop: Stop | None = None


def after_attempt(row: Attempt, outcome: Outcome, now: datetime, real_now: datetime) -> Next:
    """One outcome of one carrier gives one next state."""
    if row.carrier in _TOLD:
        return _after_telling(row, outcome, now, real_now)
    if outcome in _PLAIN_WAITS:
        reason, counted = _PLAIN_WAITS[outcome]
        return _again(row, now, reason=reason, unsure=row.unsure, counted=counted)
    match outcome:
        case Outcome.UNSURE:
            return _after_unsure(row, now, real_now)
        case Outcome.TOKEN_INVALID if row.carrier is Carrier.REPLY:
            return _after_invalid_token(row, now)
        case Outcome.REJECTED | Outcome.TOKEN_INVALID:
            return _after_rejection(row)
        case Outcome.UNAUTHORIZED | Outcome.FORBIDDEN:
            return _after_refused_access(row, outcome)
        case Outcome.QUOTA_SPENT:
            return _after_spent_quota(row)
    return Next(OutboxStatus.SENT)


UNCLEAR = "no clear answer"
_PLAIN_WAITS = {
    Outcome.NOT_CONNECTED: ("could not connect", True),
    Outcome.NOT_READY: ("not ready yet", True),
    Outcome.RATE_LIMITED: ("rate limit", False),
}


def backoff(attempts: int) -> timedelta:
    """1, 2, 4 … seconds, five minutes at most."""
    return min(timedelta(seconds=2 ** min(max(attempts, 1) - 1, 16)), LONGEST_BACKOFF)


def _again(row: Attempt, now: datetime, *, reason: str, unsure: bool, counted: bool = True) -> Next:
    due_at = now + backoff(row.attempts)
    return Next(OutboxStatus.WAITING, reason, due_at, unsure=unsure, counted=counted)


def _after_unsure(row: Attempt, now: datetime, real_now: datetime) -> Next:
    wait = backoff(row.attempts)
    unknown = Next(OutboxStatus.UNKNOWN, "no clear answer: it may have arrived", unsure=True)
    if row.carrier is Carrier.REPLY:
        return _after_unsure_reply(row, now)
    if row.carrier in _KEYED:
        in_time = now + wait < row.expires_at and real_now + wait < row.first_tried_at + RETRY_KEY_LIFE
        return _again(row, now, reason=UNCLEAR, unsure=True) if in_time else unknown
    if row.carrier in BACKGROUND_CARRIERS:
        in_time = real_now + wait < row.first_tried_at + REPEAT_LIFE and now + wait < row.expires_at
        failed = Next(OutboxStatus.FAILED, f"{UNCLEAR} for a day")
        return _again(row, now, reason=UNCLEAR, unsure=True) if in_time else failed
    return unknown


def _after_unsure_reply(row: Attempt, now: datetime) -> Next:
    """The same token again; the last try comes after its end, when "invalid token" says the least."""
    if row.reply_until is None or now > row.reply_until:
        return Next(OutboxStatus.UNKNOWN, "no clear answer: it may have arrived", unsure=True)
    due_at = min(now + backoff(row.attempts), row.reply_until + timedelta(seconds=1))
    return Next(OutboxStatus.WAITING, UNCLEAR, due_at, unsure=True)


def _after_invalid_token(row: Attempt, now: datetime) -> Next:
    if not row.unsure:
        reason = "the reply token was no longer good"
        return Next(OutboxStatus.WAITING, reason, carrier=Carrier.PUSH, counted=False)
    if row.reply_until is not None and now <= row.reply_until:
        return Next(OutboxStatus.SENT, "an earlier try had arrived")
    return Next(
        OutboxStatus.UNKNOWN, "the token is used or too old: an earlier try may have arrived", unsure=True
    )


def _after_rejection(row: Attempt) -> Next:
    if row.carrier is Carrier.MULTICAST and row.recipients > 1:
        return Next(OutboxStatus.CANCELLED, "refused as a whole: sent in halves", split=True)
    return Next(OutboxStatus.FAILED, "LINE refused it")


_TOLD_AGAIN = {
    Outcome.UNSURE: UNCLEAR,
    Outcome.UNAUTHORIZED: "access refused",
    Outcome.FORBIDDEN: "access refused",
}


def _after_telling(row: Attempt, outcome: Outcome, now: datetime, real_now: datetime) -> Next:
    """Again with backoff for a day, whatever stood in the way; then it is a dead letter."""
    if outcome is Outcome.ACCEPTED:
        return Next(OutboxStatus.SENT)
    plain, counted = _PLAIN_WAITS.get(outcome, (None, True))
    reason = plain or _TOLD_AGAIN.get(outcome)
    if reason is None:
        return Next(OutboxStatus.FAILED, "the receiver refused it")
    wait = backoff(row.attempts)
    if now + wait >= row.expires_at or real_now + wait >= row.first_tried_at + REPEAT_LIFE:
        return Next(OutboxStatus.FAILED, f"{reason} for a day")
    unsure = row.unsure or outcome is Outcome.UNSURE
    return _again(row, now, reason=reason, unsure=unsure, counted=counted)


def _after_refused_access(row: Attempt, outcome: Outcome) -> Next:
    stop = Stop.SENDER if outcome is Outcome.UNAUTHORIZED else Stop.CARRIER
    return Next(OutboxStatus.WAITING, "access refused", unsure=row.unsure, counted=False, stop=stop)


def _after_spent_quota(row: Attempt) -> Next:
    if row.carrier not in _KEYED:
        return Next(OutboxStatus.FAILED, "monthly limit")
    if row.purpose is Purpose.PROMOTION:
        return Next(OutboxStatus.REFUSED, "quota", stop=Stop.PROMOTIONS)
    return Next(OutboxStatus.FAILED, "monthly limit", stop=Stop.PROMOTIONS)


@dataclass(frozen=True)
class Waiting:
    """A due row before an attempt."""

    carrier: Carrier
    attempts: int
    unsure: bool
    expires_at: datetime
    reply_until: datetime | None = None
    first_tried_at: datetime | None = None


def before_attempt(row: Waiting, now: datetime, real_now: datetime) -> Next | None:
    """What ends or changes a due row before it is tried; None: try it as it is.

    An unsure row never simply expires: it may have arrived, and that is said.
    """
    if row.carrier in _TOLD:
        # Never tried, however late: it is tried once. What was tried has had its day.
        over = row.first_tried_at is not None and now > row.expires_at
        return Next(OutboxStatus.FAILED, "no answer for a day", unsure=row.unsure) if over else None
    if now > row.expires_at:
        if row.unsure:
            return Next(OutboxStatus.UNKNOWN, "no clear answer in time: it may have arrived", unsure=True)
        return Next(OutboxStatus.EXPIRED, "too late to be useful")
    key_is_old = row.first_tried_at is not None and real_now >= row.first_tried_at + RETRY_KEY_LIFE
    if row.carrier in _KEYED and row.unsure and key_is_old:
        return Next(OutboxStatus.UNKNOWN, "LINE has forgotten the retry key", unsure=True)
    token_is_old = row.reply_until is None or now > row.reply_until
    if row.carrier is Carrier.REPLY and not row.unsure and token_is_old:
        reason = "the reply token was no longer good"
        return Next(OutboxStatus.WAITING, reason, carrier=Carrier.PUSH)
    return None


def event_cause(channel_id: int, webhook_event_id: str) -> str:
    """Start of the dedupe key of every row that an event causes."""
    return f"event:{channel_id}:{webhook_event_id}"


def reply_key(cause: str) -> str:
    """Dedupe key of the one row that answers an event."""
    return f"{cause}:0"
