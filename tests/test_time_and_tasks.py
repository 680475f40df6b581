"""Clocks, schedules and their runs, retention."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import delete, func, insert, inspect, select, update

from app.batches import BATCH
from app.clock import TOKYO, Clock, today_in_tokyo
from app.db import Database, reading, transaction
from app.encryption import Encryption
from app.locks import named_lock
from app.messaging.channels import Credentials, store_channel
from app.messaging.models import Attachment, InboxEvent, Message, OutboxMessage, TaskRun
from app.messaging.outbox import NewOutboxMessage, enqueue
from app.messaging.retention import MESSAGES, empty_what_is_old
from app.messaging.rules import Carrier
from app.messaging.thread import NewMessage, keep_attachment, store_message
from app.simulator.clocks import write_offset
from app.tasks import SCHEDULES, Schedule, Timetable, insert_due_runs, newest_fire_time, run_due_task
from tests.databases import counted_statements, explained
from tests.factories import make_friend

NIGHTLY = Schedule(CronTrigger(hour=3, minute=30, timezone=TOKYO), timedelta(hours=20), lambda *_: 0)
A_SECOND = timedelta(seconds=1)
HALF_PAST_THREE = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)  # 3:30 on the 24th in Tokyo


def test_business_time_runs_ahead_by_the_files_seconds(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock")
    assert clock.offset() == timedelta(0)
    (tmp_path / "clock").write_text("3600\n")
    assert timedelta(minutes=59) < clock.now() - clock.real_now() <= timedelta(hours=1)


def test_a_day_begins_in_tokyo() -> None:
    assert today_in_tokyo(datetime(2026, 11, 23, 14, 59, tzinfo=UTC)).day == 23
    assert today_in_tokyo(datetime(2026, 11, 23, 15, 0, tzinfo=UTC)).day == 24


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        pytest.param(None, HALF_PAST_THREE, HALF_PAST_THREE, id="first run, on the minute"),
        pytest.param(
            None, HALF_PAST_THREE + timedelta(hours=20, seconds=1), None, id="too late to be useful"
        ),
        pytest.param(
            None, HALF_PAST_THREE - timedelta(hours=1), None, id="not yet, and yesterday's is too old"
        ),
        pytest.param(HALF_PAST_THREE, HALF_PAST_THREE + timedelta(hours=5), None, id="done already"),
        pytest.param(
            HALF_PAST_THREE - timedelta(days=9),
            HALF_PAST_THREE + timedelta(hours=1),
            HALF_PAST_THREE,
            id="only the newest",
        ),
    ],
)
def test_which_time_has_come(last: datetime | None, now: datetime, expected: datetime | None) -> None:
    assert newest_fire_time(NIGHTLY, last, now) == expected


Task = Callable[[Database, datetime], int]
TEST_SCHEDULE = "invented"


def run_task(database: Database, clock: Clock, task: Task) -> bool:
    """Do what is due, if it is a run of an invented schedule with this task."""
    invented = Schedule(NIGHTLY.trigger, NIGHTLY.useful_for, task)
    return run_due_task(database, clock, {TEST_SCHEDULE: invented})


def store_due_run(database: Database, clock: Clock) -> None:
    values = {"schedule": TEST_SCHEDULE, "fire_at": clock.now(), "status": "due", "due_at": clock.now()}
    with transaction(database) as session:
        session.execute(insert(TaskRun).values(values))


def task_run(database: Database) -> tuple[str, int, str | None]:
    """The only run: status, attempts, error."""
    with reading(database) as session:
        run = session.scalars(select(TaskRun)).one()
    return run.status, run.attempts, run.error


class FixedClock(Clock):
    """A clock that shows the time it is given."""

    def __init__(self, at: datetime) -> None:
        super().__init__(None)
        object.__setattr__(self, "_at", at)

    def real_now(self) -> datetime:
        at: datetime = self.__dict__["_at"]
        return at


def test_a_due_run_is_inserted_once_and_done_once(database: Database) -> None:
    clock = FixedClock(HALF_PAST_THREE + timedelta(minutes=1))
    assert insert_due_runs(database, clock) == len(SCHEDULES)
    assert insert_due_runs(database, clock) == 0
    assert all(run_due_task(database, clock) for _ in SCHEDULES)
    assert not run_due_task(database, clock)
    with reading(database) as session:
        assert session.scalars(select(TaskRun.status)).all() == ["done"] * len(SCHEDULES)


def test_the_database_is_asked_only_when_a_schedule_may_have_come_due(database: Database) -> None:
    clock = FixedClock(HALF_PAST_THREE + timedelta(minutes=1))
    timetable = Timetable(database, clock)

    def look_at(at: datetime) -> int:
        """How many runs are new then, though nobody has had any: as if nothing had ever been written."""
        object.__setattr__(clock, "_at", at)
        with transaction(database) as session:
            session.execute(delete(TaskRun))
        return timetable.look()

    next_one = HALF_PAST_THREE + timedelta(minutes=10)  # tickets, at 3:40
    assert look_at(HALF_PAST_THREE + timedelta(minutes=1)) == len(SCHEDULES)
    assert look_at(next_one - timedelta(seconds=1)) == 0
    assert look_at(next_one) == len(SCHEDULES)
    assert look_at(next_one + timedelta(seconds=1)) == 0
    assert look_at(HALF_PAST_THREE) == len(SCHEDULES), "it was set back"


def test_a_run_whose_worker_died_is_done_by_another(database: Database) -> None:
    clock = FixedClock(HALF_PAST_THREE)
    insert_due_runs(database, clock)
    with transaction(database) as session:
        session.execute(delete(TaskRun).where(TaskRun.schedule != "retention"))
        run = session.scalars(select(TaskRun)).one()
        run.status, run.attempts, run.due_at = "running", 1, HALF_PAST_THREE + timedelta(minutes=15)
    assert not run_due_task(database, clock)
    assert run_due_task(database, FixedClock(HALF_PAST_THREE + timedelta(minutes=16)))


def test_a_clock_that_is_set_forward_gives_a_running_run_to_nobody_else(
    database: Database, tmp_path: Path
) -> None:
    clock = Clock(tmp_path / "clock")
    store_due_run(database, clock)

    def while_it_runs(_database: Database, _now: datetime) -> int:
        write_offset(tmp_path / "clock", 3600)
        assert not run_task(database, clock, while_it_runs)
        return 0

    assert run_task(database, clock, while_it_runs)
    assert task_run(database) == ("done", 1, None)


def test_a_worker_whose_lease_is_over_does_not_end_the_run_of_another(database: Database) -> None:
    clock = Clock()
    store_due_run(database, clock)

    def taken_over(_database: Database, _now: datetime) -> int:
        with transaction(database) as session:
            session.execute(update(TaskRun).values(attempts=2))
        raise ValueError("an invented bug")

    assert run_task(database, clock, taken_over)
    assert task_run(database) == ("running", 2, None)


def test_a_run_that_is_done_by_another_stays_done(database: Database) -> None:
    clock = Clock()
    store_due_run(database, clock)

    def ended_meanwhile(_database: Database, _now: datetime) -> int:
        with transaction(database) as session:
            session.execute(update(TaskRun).values(status="done"))
        raise ValueError("an invented bug")

    assert run_task(database, clock, ended_meanwhile)
    assert task_run(database) == ("done", 1, None)


def test_every_schedule_of_ours_has_a_next_time() -> None:
    for schedule in SCHEDULES.values():
        assert schedule.trigger.get_next_fire_time(None, HALF_PAST_THREE) is not None


def test_payloads_are_emptied_after_14_days_and_not_before(database: Database) -> None:
    now = HALF_PAST_THREE
    with transaction(database) as session:
        given = Credentials(secrets=("secret",), access_token="token")
        store_channel(session, Encryption(["a-key-that-is-long"]), "default", given)
        for number, age in enumerate([timedelta(days=14, seconds=1), timedelta(days=14), None]):
            session.execute(
                insert(InboxEvent).values(
                    channel_id=1,
                    webhook_event_id=f"e{number}",
                    lane=0,
                    event_at=now,
                    received_at=now,
                    payload="{}",
                    status="waiting" if age is None else "handled",
                    due_at=now,
                    handled_at=None if age is None else now - age,
                )
            )
    assert empty_what_is_old(database, now) == 1
    with reading(database) as session:
        payloads = session.scalars(select(InboxEvent.payload).order_by(InboxEvent.id)).all()
    assert payloads == [None, "{}", "{}"]


def store_old_and_new(database: Database, now: datetime, count: int) -> None:
    """Messages with files and outbox rows: `count` from beyond two years, one that is a little younger."""
    friend = make_friend(database, now)
    with transaction(database) as session:
        for number, at in enumerate([now - MESSAGES - A_SECOND] * count + [now - MESSAGES + A_SECOND]):
            message = NewMessage(friend.id, "image", f"m{number}", 0, at, "an invented file")
            store_message(session, message)
            keep_attachment(session, f"m{number}", b"invented", at)
            row = NewOutboxMessage(
                Carrier.PUSH, friend.channel_id, f"k{number}", {"text": "invented"}, preview="x"
            )
            enqueue(session, [row], at)
            session.execute(
                update(OutboxMessage)
                .where(OutboxMessage.dedupe_key == f"k{number}")
                .values(status="sent", ended_at=at)
            )


def test_messages_files_and_bodies_are_emptied_after_two_years_in_batches(database: Database) -> None:
    now, count = HALF_PAST_THREE, BATCH + 1
    store_old_and_new(database, now, count)
    assert empty_what_is_old(database, now) == 3 * count
    assert empty_what_is_old(database, now) == 0
    with reading(database) as session:
        texts = session.scalars(select(Message.text).order_by(Message.id)).all()
        assert texts == [None] * count + ["an invented file"]
        assert session.scalar(select(func.count()).select_from(Attachment)) == 1
        previews = session.scalars(select(OutboxMessage.preview).order_by(OutboxMessage.id)).all()
        assert previews == [None] * count + ["x"]
        bodies = session.scalars(select(OutboxMessage.body).order_by(OutboxMessage.id)).all()
        assert bodies == [{}] * count + [{"text": "invented"}]


def test_what_is_old_is_looked_for_outside_of_write_transactions(database: Database) -> None:
    store_old_and_new(database, HALF_PAST_THREE, 2)
    with counted_statements(database, database.writer) as writing:
        empty_what_is_old(database, HALF_PAST_THREE)
    assert writing
    assert not [statement for statement in writing if statement.startswith("SELECT")]


def test_what_is_old_is_found_by_indexes_of_what_is_full(database: Database) -> None:
    with counted_statements(database, database.reader) as statements:
        empty_what_is_old(database, HALF_PAST_THREE)
    names = ["inbox_event_payload", "outbox_message_preview", "message_attachment_id", "message_text"]
    with database.reader.connect() as connection:
        found = inspect(connection)
        tables = ("inbox_event", "outbox_message", "message")
        indexes = {index["name"] for table in tables for index in found.get_indexes(table)}
    assert {f"ix_{name}" for name in names} <= indexes
    assert "ix_inbox_event_handled_at" not in indexes
    if database.is_sqlite:
        for name, statement in zip(names, statements, strict=True):
            assert f"USING INDEX ix_{name}" in explained(database, statement)


def test_a_named_lock_has_one_holder_and_can_be_handed_on(database: Database) -> None:
    first, second = named_lock(database, "clock"), named_lock(database, "clock")
    other = named_lock(database, "sender:default")
    assert first.try_acquire()
    assert first.try_acquire()
    assert not second.try_acquire()
    assert other.try_acquire()
    assert first.is_held()
    assert not second.is_held()
    first.release()
    assert not first.is_held()
    assert second.try_acquire()
    second.release()
    other.release()
