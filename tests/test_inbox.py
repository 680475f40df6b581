"""The inbox's drain: order, failures that harm nobody else, events that kill, and nothing handled twice."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db import Database, reading, transaction
from app.messaging.event_rules import EVENT_BACKOFF, InboxStatus
from app.messaging.inbox import (
    Handled,
    InboxEntry,
    discard_event,
    drain_once,
    replay_event,
)
from app.messaging.intake import inbox_rows, write_events
from app.messaging.models import Channel, InboxEvent, OutboxMessage
from app.messaging.outbox import NewOutboxMessage
from app.messaging.rules import (
    Carrier,
)
from app.simulator.clocks import write_offset
from tests.databases import Databases, opened

Trouble = Callable[[Session], None]


@dataclass
class Inbox:
    """Events by name in a database, and a handler that remembers whom it was given."""

    database: Database
    clock_file: Path
    channel_id: int = 0
    seen: list[str] = field(default_factory=list)
    """Every event the handler was given, in order, also where its work was rolled back."""
    troubles: dict[str, Trouble] = field(default_factory=dict)
    """What happens while an event of this name is handled."""

    def __post_init__(self) -> None:
        with transaction(self.database) as session:
            channel = Channel(name="default", secrets="unused")
            session.add(channel)
            session.flush()
            self.channel_id = channel.id

    @property
    def clock(self) -> Clock:
        return Clock(self.clock_file)

    def store(self, *names: str, person: int = 1, ago: float = 0) -> None:
        """Events of one person, a millisecond apart, oldest first."""
        now = self.clock.now()
        began = int((now - timedelta(seconds=ago)).timestamp() * 1000) - len(names)
        source = {"type": "user", "userId": f"U{person:032x}"}
        events = [
            {"webhookEventId": name, "timestamp": began + number, "source": source}
            for number, name in enumerate(names)
        ]
        with transaction(self.database) as session:
            write_events(session.connection(), inbox_rows(self.channel_id, events, now))

    def drain(self) -> int:
        """One batch."""
        return drain_once(self.database, self.handle, self.clock)

    def drain_all(self) -> None:
        """Until nothing is due."""
        while self.drain():
            pass

    def handle(self, session: Session, entry: InboxEntry, now: datetime) -> Handled:
        """The handler: one row for each time that an event was handled."""
        self.seen.append(entry.webhook_event_id)
        if entry.webhook_event_id in self.troubles:
            self.troubles[entry.webhook_event_id](session)
        key = f"{entry.webhook_event_id}:{uuid4()}"
        return Handled([NewOutboxMessage(Carrier.PUSH, self.channel_id, key, {"messages": []})])

    def event(self, name: str) -> InboxEvent:
        """As it is now."""
        with reading(self.database) as session:
            return session.scalars(select(InboxEvent).where(InboxEvent.webhook_event_id == name)).one()

    def states(self) -> dict[str, tuple[str, int]]:
        """Status and attempts of every event, by name."""
        with reading(self.database) as session:
            rows = session.scalars(select(InboxEvent).order_by(InboxEvent.id))
            return {row.webhook_event_id: (row.status, row.attempts) for row in rows}

    def effects(self) -> list[str]:
        """Which events' rows were committed, in order; twice, if it was handled twice."""
        with reading(self.database) as session:
            keys = session.scalars(select(OutboxMessage.dedupe_key).order_by(OutboxMessage.id))
            return [key.split(":")[0] for key in keys]

    def later(self, seconds: float) -> None:
        """Move business time on."""
        write_offset(self.clock_file, int(self.clock.offset().total_seconds() + seconds))


@pytest.fixture
def inbox(database: Database, tmp_path: Path) -> Inbox:
    return Inbox(database, tmp_path / "clock")


def handler_bug(session: Session) -> None:
    raise ValueError("an invented bug")


def database_error(session: Session) -> None:
    session.execute(text("SELECT nonsense"))


def death(session: Session) -> None:
    """What kills a process runs no handler of errors; neither does this."""
    raise SystemExit(9)


def test_a_persons_events_are_handled_oldest_first_however_they_arrived(inbox: Inbox) -> None:
    inbox.store("third", "fourth", ago=1)
    inbox.store("first", "second", ago=2)
    inbox.store("fifth")
    inbox.drain_all()
    assert inbox.effects() == ["first", "second", "third", "fourth", "fifth"]


def test_an_event_that_is_delivered_again_is_handled_once(inbox: Inbox) -> None:
    inbox.store("event")
    inbox.store("event")
    inbox.drain_all()
    inbox.store("event")
    inbox.drain_all()
    assert inbox.effects() == ["event"]


@pytest.mark.parametrize("trouble", [handler_bug, database_error])
def test_an_event_that_fails_harms_no_other_of_its_batch(inbox: Inbox, trouble: Trouble) -> None:
    inbox.troubles["bad"] = trouble
    inbox.store("before", "bad", "after")
    inbox.store("other", person=2)
    inbox.drain()
    assert sorted(inbox.effects()) == ["after", "before", "other"]
    assert inbox.states()["bad"] == (InboxStatus.WAITING, 1)
    assert inbox.event("bad").error in {"ValueError", "OperationalError", "ProgrammingError"}


def test_a_failed_event_comes_again_after_1_4_15_and_60_seconds_and_then_is_dead(inbox: Inbox) -> None:
    inbox.troubles["bad"] = handler_bug
    inbox.store("bad")
    for attempts, wait in enumerate(EVENT_BACKOFF, start=1):
        before = inbox.clock.now()
        assert inbox.drain() == 1
        assert inbox.states()["bad"] == (InboxStatus.WAITING, attempts)
        assert before + wait <= inbox.event("bad").due_at <= inbox.clock.now() + wait
        inbox.drain_all()
        assert len(inbox.seen) == attempts, "tried before it was due"
        inbox.later(wait.total_seconds())
    assert [wait.total_seconds() for wait in EVENT_BACKOFF] == [1, 4, 15, 60]
    inbox.drain()
    assert inbox.states()["bad"] == (InboxStatus.DEAD, 5)
    inbox.later(3600)
    assert inbox.drain() == 0


def test_an_event_that_kills_the_process_is_tried_alone_and_is_dead_after_five(inbox: Inbox) -> None:
    inbox.troubles["killer"] = death
    inbox.store("before", "killer", "after")
    with pytest.raises(SystemExit):
        inbox.drain()
    assert inbox.effects() == []
    assert inbox.drain() == 1
    assert inbox.states() == {
        "before": (InboxStatus.HANDLED, 2),
        "killer": (InboxStatus.WAITING, 1),
        "after": (InboxStatus.WAITING, 1),
    }, "the next drain counts what the dead one had in hand"
    with pytest.raises(SystemExit):
        inbox.drain()
    inbox.drain_all()
    assert inbox.effects() == ["before", "after"], "the others wait for no killer"
    for number, wait in enumerate(EVENT_BACKOFF[:3]):
        inbox.later(wait.total_seconds())
        inbox.store(f"fresh-{number}")
        with pytest.raises(SystemExit):
            inbox.drain()
        inbox.drain_all()
        assert inbox.states()[f"fresh-{number}"] == (InboxStatus.HANDLED, 1)
    inbox.later(3600)
    inbox.drain_all()
    assert inbox.seen.count("killer") == 5
    assert inbox.states()["killer"] == (InboxStatus.DEAD, 5)
    assert "died" in str(inbox.event("killer").error)


def test_deaths_with_an_innocent_event_in_hand_do_not_make_it_dead_when_it_is_handled_at_last(
    inbox: Inbox,
) -> None:
    inbox.troubles["innocent"] = death
    inbox.store("innocent")
    for _ in range(2):
        with pytest.raises(SystemExit):
            inbox.drain()
    for wait in EVENT_BACKOFF[:2]:
        assert inbox.drain() == 0, "tried again at once"
        inbox.later(wait.total_seconds())
        with pytest.raises(SystemExit):
            inbox.drain()
    assert inbox.drain() == 0
    inbox.troubles.clear()
    inbox.later(15)
    inbox.drain_all()
    assert inbox.states()["innocent"] == (InboxStatus.HANDLED, 5)


def test_a_failed_event_is_not_counted_again_as_if_the_process_had_died(inbox: Inbox) -> None:
    inbox.troubles["bad"] = handler_bug
    inbox.store("before", "bad", "after")
    inbox.drain_all()
    inbox.store("next")
    inbox.drain_all()
    assert inbox.states() == {
        "before": (InboxStatus.HANDLED, 1),
        "bad": (InboxStatus.WAITING, 1),
        "after": (InboxStatus.HANDLED, 1),
        "next": (InboxStatus.HANDLED, 1),
    }


def test_a_death_while_a_failed_batch_is_handled_one_by_one_counts_for_what_was_left(inbox: Inbox) -> None:
    inbox.troubles["bad"] = handler_bug
    inbox.store("before", "bad", "killer", "after")
    # Of the batch only "bad" is met, and each alone the killer, too.
    inbox.troubles["killer"] = death
    with pytest.raises(SystemExit):
        inbox.drain()
    inbox.troubles.clear()
    inbox.drain_all()
    inbox.later(60)
    inbox.drain_all()
    assert inbox.states() == {
        "before": (InboxStatus.HANDLED, 1),
        "bad": (InboxStatus.HANDLED, 2),
        "killer": (InboxStatus.HANDLED, 2),
        "after": (InboxStatus.HANDLED, 2),
    }


@pytest.fixture
def dead(inbox: Inbox) -> int:
    """A dead event's id."""
    inbox.troubles["bad"] = handler_bug
    inbox.store("bad")
    for _ in range(5):
        inbox.drain()
        inbox.later(60)
    return inbox.event("bad").id


def test_a_dead_event_can_be_replayed(inbox: Inbox, dead: int) -> None:
    inbox.troubles.clear()
    with transaction(inbox.database) as session:
        assert replay_event(session, dead, inbox.clock.now())
    inbox.drain()
    assert inbox.states()["bad"] == (InboxStatus.HANDLED, 1)
    with transaction(inbox.database) as session:
        assert not replay_event(session, dead, inbox.clock.now()), "only dead ones are replayed"


def test_a_dead_event_can_be_discarded_for_good(inbox: Inbox, dead: int) -> None:
    with transaction(inbox.database) as session:
        assert discard_event(session, dead, inbox.clock.now())
        assert not replay_event(session, dead, inbox.clock.now())
        assert not discard_event(session, dead, inbox.clock.now())
    assert inbox.states()["bad"] == (InboxStatus.DISCARDED, 5)
    assert inbox.event("bad").payload is None


def test_a_batch_ends_after_50_ms_and_what_is_left_was_not_tried(inbox: Inbox) -> None:
    names = [f"slow-{number}" for number in range(6)]
    inbox.troubles |= dict.fromkeys(names, lambda _: time.sleep(0.03))
    inbox.store(*names)
    assert inbox.drain() == 6
    handled = inbox.effects()
    assert 1 <= len(handled) <= 2
    left = set(names) - set(handled)
    assert {inbox.states()[name] for name in left} == {(InboxStatus.WAITING, 0)}
    inbox.drain_all()
    assert inbox.effects() == names


def test_two_drains_at_once_on_postgresql_handle_each_event_once_and_in_order(
    databases: Databases, tmp_path: Path
) -> None:
    with opened(databases.fresh_url("postgresql")) as database:
        inbox = Inbox(database, tmp_path / "clock")
        names = [f"{person}-{number:02}" for person in range(20) for number in range(15)]
        for person in range(20):
            inbox.store(*(name for name in names if name.startswith(f"{person}-")), person=person)
        drains = [threading.Thread(target=_drain_until_handled, args=(inbox, len(names))) for _ in range(3)]
        for drain in drains:
            drain.start()
        for drain in drains:
            drain.join()
        assert Counter(inbox.effects()) == Counter(names)
        for person in range(20):
            mine = [name for name in inbox.effects() if name.startswith(f"{person}-")]
            assert mine == sorted(mine)


def test_while_one_drain_works_on_postgresql_another_finds_other_lanes_free(
    databases: Databases, tmp_path: Path
) -> None:
    with opened(databases.fresh_url("postgresql")) as database:
        inbox = Inbox(database, tmp_path / "clock")
        inbox.store("first", ago=1)
        for person in range(60):
            inbox.store(f"other-{person}", person=person)
        meanwhile: list[int] = []
        inbox.troubles["first"] = lambda _: meanwhile.append(inbox.drain())
        inbox.drain()
        assert meanwhile[0] > 10
        assert inbox.states()["first"] == (InboxStatus.HANDLED, 1), "taken for dead while it worked"
        inbox.drain_all()
        assert len(inbox.effects()) == len(set(inbox.effects())) == 61


def _drain_until_handled(inbox: Inbox, count: int) -> None:
    give_up = time.monotonic() + 30
    while len(inbox.effects()) < count and time.monotonic() < give_up:
        inbox.drain()
