"""What becomes of an inbox event whose handler failed, or with which the process died."""

from datetime import UTC, datetime, timedelta

import pytest

from app.messaging.event_rules import (
    MAX_EVENT_ATTEMPTS,
    InboxStatus,
    after_deadly_event,
    after_failed_event,
)

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 4), (3, 15), (4, 60)])
def test_a_failed_event_waits(attempts: int, seconds: int) -> None:
    assert after_failed_event(attempts, NOW) == (InboxStatus.WAITING, NOW + timedelta(seconds=seconds))


def test_an_event_is_dead_after_five_tries() -> None:
    assert after_failed_event(MAX_EVENT_ATTEMPTS, NOW) == (InboxStatus.DEAD, NOW)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 0), (2, 1), (3, 4), (4, 15)])
def test_an_event_with_which_the_process_died_comes_again_at_once_and_then_later(
    attempts: int, seconds: int
) -> None:
    assert after_deadly_event(attempts, NOW) == (InboxStatus.WAITING, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("attempts", [MAX_EVENT_ATTEMPTS, MAX_EVENT_ATTEMPTS + 1])
def test_an_event_with_which_the_process_died_five_times_is_dead(attempts: int) -> None:
    assert after_deadly_event(attempts, NOW) == (InboxStatus.DEAD, NOW)
