"""What stands still after which answer, and what gives a dead worker's run up."""

from datetime import timedelta

import pytest

from app.clock import Clock
from app.db import Database, reading, transaction
from app.line.rules import Outcome
from app.messaging.models import TaskRun
from app.messaging.rules import Carrier
from app.messaging.standstill import EVERYTHING, Standstill
from app.tasks import MAX_ATTEMPTS, run_due_task

ONE = frozenset({Carrier.PUSH})
NONE: frozenset[Carrier] = frozenset()


@pytest.mark.parametrize(
    ("outcome", "retry_after", "just_before", "at_last", "stopped"),
    [
        pytest.param(Outcome.UNAUTHORIZED, None, 59.9, 60.0, EVERYTHING, id="401 stops everything"),
        pytest.param(Outcome.FORBIDDEN, None, 59.9, 60.0, ONE, id="403 stops its carrier"),
        pytest.param(Outcome.RATE_LIMITED, None, 0.4, 0.5, ONE, id="a rate limit, half a second"),
        pytest.param(Outcome.RATE_LIMITED, 3600.0, 3599.9, 3600.0, ONE, id="a rate limit, as LINE asks"),
        pytest.param(Outcome.ACCEPTED, None, 0.0, 0.1, NONE, id="a 200 stops nothing"),
        pytest.param(Outcome.UNSURE, None, 0.0, 0.1, NONE, id="a 500 stops nothing"),
    ],
)
def test_an_answer_stops_what_it_is_about_for_its_time(
    outcome: Outcome,
    retry_after: float | None,
    just_before: float,
    at_last: float,
    stopped: frozenset[Carrier],
) -> None:
    standstill = Standstill()
    standstill.note(Carrier.PUSH, outcome, retry_after, 1000.0)
    assert standstill.stopped(1000.0 + just_before) == stopped
    assert standstill.stopped(1000.0 + at_last) == NONE


def test_a_shorter_stop_does_not_end_a_longer_one() -> None:
    standstill = Standstill()
    standstill.note(Carrier.PUSH, Outcome.FORBIDDEN, None, 0.0)
    standstill.note(Carrier.PUSH, Outcome.RATE_LIMITED, None, 1.0)
    assert standstill.is_stopped(Carrier.PUSH, 59.0)


@pytest.mark.parametrize(
    ("attempts", "status"),
    [
        pytest.param(MAX_ATTEMPTS - 1, "done", id="tried once more"),
        pytest.param(MAX_ATTEMPTS, "failed", id="given up"),
    ],
)
def test_a_run_whose_workers_died_is_tried_three_times(
    database: Database, attempts: int, status: str
) -> None:
    clock = Clock()
    long_ago = clock.now() - timedelta(hours=1)
    values = {"schedule": "retention", "fire_at": long_ago, "due_at": long_ago}
    with transaction(database) as session:
        session.add(TaskRun(status="running", attempts=attempts, **values))
    run_due_task(database, clock)
    with reading(database) as session:
        assert session.get_one(TaskRun, ("retention", long_ago)).status == status
