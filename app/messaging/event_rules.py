"""States of inbox events, and what follows a try that failed (pure)."""

from datetime import datetime, timedelta
from enum import StrEnum

MAX_EVENT_ATTEMPTS = 5
EVENT_BACKOFF = (timedelta(seconds=1), timedelta(seconds=4), timedelta(seconds=15), timedelta(seconds=60))


class InboxStatus(StrEnum):
    """State of an inbox event."""

    WAITING = "waiting"
    HANDLED = "handled"
    DEAD = "dead"
    DISCARDED = "discarded"


def after_failed_event(attempts: int, now: datetime) -> tuple[InboxStatus, datetime]:
    """What becomes of an event whose handler raised in its `attempts`-th try, and when it is due again."""
    if attempts >= MAX_EVENT_ATTEMPTS:
        return InboxStatus.DEAD, now
    return InboxStatus.WAITING, now + EVENT_BACKOFF[max(attempts, 1) - 1]


def after_deadly_event(attempts: int, now: datetime) -> tuple[InboxStatus, datetime]:
    """What becomes of an event in whose `attempts`-th try the process died, and when it is due again.

    The first time at once, and alone: it may have been another's fault that was in hand with it.
    """
    if attempts >= MAX_EVENT_ATTEMPTS:
        return InboxStatus.DEAD, now
    return InboxStatus.WAITING, now + (EVENT_BACKOFF[attempts - 2] if attempts > 1 else timedelta(0))
