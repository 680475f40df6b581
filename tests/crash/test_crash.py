"""The promise of the whole: every event is answered exactly once, whoever is killed whenever.

Real processes, killed with -9 at seeded random instants while LINE misbehaves. What is counted in the end
is what the simulated LINE accepted and delivered, beside what the tables say.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db import Database, reading
from app.messaging.event_rules import InboxStatus
from app.messaging.models import InboxEvent, OutboxMessage
from app.messaging.rules import (
    Carrier,
    OutboxStatus,
)
from app.simulator.ids import new_ulid
from tests.crash.processes import Program, Site, crash_site
from tests.databases import KINDS, Databases
from tests.waiting import wait_until

pytestmark = pytest.mark.crash

SEED = 20261122
PEOPLE = 15
ROUNDS = 14
SENDER_KILLS = {"sqlite": range(0, ROUNDS, 2), "postgresql": [ROUNDS - 1]}
"""Rounds that end with rows in flight: on PostgreSQL everybody in them then waits for 30 s, the lease."""
MOST_UNKNOWN = {"sqlite": PEOPLE, "postgresql": 2 * PEOPLE}
"""Of more than 200: whoever was in flight may be asked about after their token's end, on PostgreSQL twice."""
FAULTS: Sequence[dict[str, Any]] = [
    {"endpoint": "reply", "kind": "500", "times": 8, "probability": 0.1},
    {"endpoint": "reply", "kind": "reset", "times": 6, "probability": 0.1},
    {"endpoint": "reply", "kind": "accepted_lost", "times": 8, "probability": 0.1},
    {"endpoint": "reply", "kind": "accepted_500", "times": 6, "probability": 0.1},
    {"endpoint": "reply", "kind": "timeout", "times": 3, "probability": 0.05},
    {"endpoint": "push", "kind": "accepted_lost", "times": 4, "probability": 0.2},
    {"endpoint": "push", "kind": "500", "times": 4, "probability": 0.2},
    {"endpoint": "profile", "kind": "500", "times": 4, "probability": 0.3},
    {"endpoint": "webhook", "kind": "lost_answer", "times": 15, "probability": 0.1},
    {"endpoint": "webhook", "kind": "twice", "times": 15, "probability": 0.1},
]
TAPPED = "v1:link.ask"


@pytest.mark.parametrize("kind", KINDS)
def test_every_event_is_answered_exactly_once_though_processes_are_killed_again_and_again(
    kind: str, databases: Databases, tmp_path: Path
) -> None:
    settings = {"redelivery_waits": (0.2, 0.5, 1.0), "most_deliveries": 200, "hold_seconds": 1.0}
    with crash_site(databases.fresh_url(kind), tmp_path, kept_wire=100_000, **settings) as site:
        kills = _talk_and_kill(site, random.Random(SEED), SENDER_KILLS[kind])
        _wait_until_all_is_done(site)
        found = _look(site)
        assert len(found.posted) >= 200
        assert kills >= ROUNDS
        _assert_nothing_is_lost(found)
        _assert_nothing_came_twice(found)
        _assert_only_the_unknowable_is_unknown(found, MOST_UNKNOWN[kind])
        _assert_people_were_answered_in_order(found)


def _talk_and_kill(site: Site, chance: random.Random, sender_kills: Sequence[int]) -> int:
    """Each round: people talk, and somebody dies while their events are on the way; how many died."""
    web, workers = site.add_web(), [site.add_worker("worker-a"), site.add_worker("worker-b")]
    for program in (web, *workers):
        program.wait_until_ready()
    people = [site.line.add_person(f"架空 {number}郎") for number in range(PEOPLE)]
    site.line.set_faults(*FAULTS, latency_ms=30)
    for number in range(ROUNDS):
        accepted = len(site.line.accepted())
        for person in people:
            _talk(site, person, number)
        if number in sender_kills:
            _kill_the_sender(site, workers, chance, accepted)
        else:
            _kill_somebody(web, workers, chance)
    return web.starts + sum(worker.starts for worker in workers) - 3


def _talk(site: Site, person: str, number: int) -> None:
    if number == 0:
        site.line.follow(person)
    elif number % 4 == 0:
        site.line.tap(person, {"type": "postback", "data": TAPPED})
    elif number % 4 == 2:
        site.line.send_events([_tap_without_token(person)])
    else:
        site.line.say(person, f"求人 {number}")


def _tap_without_token(person: str) -> dict[str, Any]:
    """An event that can only be answered by a push."""
    now = time.time_ns() // 1_000_000
    return {
        "type": "postback",
        "mode": "active",
        "timestamp": now,
        "webhookEventId": new_ulid(now),
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": person},
        "postback": {"data": TAPPED},
    }


def _kill_somebody(web: Program, workers: Sequence[Program], chance: random.Random) -> None:
    """At a random instant, while webhooks arrive and events are handled."""
    victim = chance.choice([web, web, *workers])
    time.sleep(chance.uniform(0, 0.4))  # the instant is the test: nothing is waited for
    victim.kill()
    victim.start()


def _kill_the_sender(site: Site, workers: Sequence[Program], chance: random.Random, accepted: int) -> None:
    """When LINE has accepted some of the round, and nobody knows yet: the eldest worker holds the lock."""
    site.line.wait_for_accepted(accepted + 1, timeout=90)
    time.sleep(chance.uniform(0, 0.1))  # the instant is the test: nothing is waited for
    eldest = min(workers, key=lambda worker: worker.started_at)
    eldest.kill()
    eldest.start()


def _wait_until_all_is_done(site: Site) -> None:
    """Every webhook taken, every event handled, every row ended: on PostgreSQL leases must run out first."""
    site.line.settle(120)
    wait_until(lambda: _unfinished(site.database) == (0, 0), 150, lambda: str(_unfinished(site.database)))


def _unfinished(database: Database) -> tuple[int, int]:
    events = select(func.count()).where(InboxEvent.status == InboxStatus.WAITING)
    rows = select(func.count()).where(OutboxMessage.status.in_([OutboxStatus.WAITING, OutboxStatus.SENDING]))
    with reading(database) as session:
        return session.scalars(events).one(), session.scalars(rows).one()


@dataclass(frozen=True)
class Found:
    """What LINE saw and what the tables say, once all is done."""

    posted: set[str]
    """Events that LINE tried to deliver."""
    taken: set[str]
    """Those that got a 200 at least once."""
    events: Mapping[str, Any]
    answers: Mapping[str, Any]
    """The outbox row that answers each event, by the event's id."""
    accepted: list[str]
    """Events whose answer LINE accepted, in LINE's order; twice, if it was accepted twice."""
    delivered: dict[str, int]
    """Messages in each person's chat."""


def _look(site: Site) -> Found:
    wire = site.line.wire()
    posted, taken = set(), set()
    for crossing in (each for each in wire if each["kind"] == "webhook"):
        ids = [event["webhookEventId"] for event in json.loads(crossing["request"])["events"]]
        posted.update(ids)
        taken.update(ids if crossing["status"] == 200 else [])
    with reading(site.database) as session:
        events = {row.webhook_event_id: row for row in session.execute(select(*_EVENT))}
        rows = session.execute(select(*_ANSWER).where(OutboxMessage.dedupe_key.like("event:%:0"))).all()
    answers = {row.dedupe_key.split(":")[2]: row for row in rows}
    delivered = {row.recipient: len(site.line.messages_to(row.recipient)) for row in rows}
    return Found(posted, taken, events, answers, _accepted(site, wire, answers), delivered)


_EVENT = (
    InboxEvent.id,
    InboxEvent.webhook_event_id,
    InboxEvent.line_user_id,
    InboxEvent.event_at,
    InboxEvent.status,
    InboxEvent.attempts,
)
_ANSWER = (
    OutboxMessage.dedupe_key,
    OutboxMessage.recipient,
    OutboxMessage.carrier,
    OutboxMessage.status,
    OutboxMessage.reason,
    OutboxMessage.attempts,
    OutboxMessage.unsure,
    OutboxMessage.body,
    OutboxMessage.reply_token,
    OutboxMessage.reply_until,
    OutboxMessage.retry_key,
    OutboxMessage.ended_at,
)


def _accepted(site: Site, wire: Sequence[dict[str, Any]], answers: Mapping[str, Any]) -> list[str]:
    """Which event each accepted call answers: told by reply token or retry key."""
    event_of = {row.reply_token: id_ for id_, row in answers.items()}
    event_of |= {row.retry_key: id_ for id_, row in answers.items()}
    token_of = {
        each["request_id"]: json.loads(each["request"])["replyToken"]
        for each in wire
        if each["path"].endswith("/message/reply")
    }
    return [event_of[call["retry_key"] or token_of[call["request_id"]]] for call in site.line.accepted()]


def _assert_nothing_is_lost(found: Found) -> None:
    assert found.posted == found.taken == set(found.events)
    assert {row.status for row in found.events.values()} == {InboxStatus.HANDLED}
    assert set(found.answers) == found.posted
    statuses = Counter(row.status for row in found.answers.values())
    assert set(statuses) <= {OutboxStatus.SENT, OutboxStatus.UNKNOWN}, statuses


def _assert_nothing_came_twice(found: Found) -> None:
    times = Counter(found.accepted)
    assert {id_: count for id_, count in times.items() if count > 1} == {}
    sent = {id_ for id_, row in found.answers.items() if row.status == OutboxStatus.SENT}
    assert sent - set(times) == set(), "said to be sent, and LINE never accepted it"
    expected: Counter[str] = Counter()
    for id_ in times:
        expected[found.answers[id_].recipient] += len(found.answers[id_].body["messages"])
    assert found.delivered == expected


def _assert_only_the_unknowable_is_unknown(found: Found, most: int) -> None:
    """A reply that may have arrived, asked about for the last time when its token had come to its end."""
    unknown = [row for row in found.answers.values() if row.status == OutboxStatus.UNKNOWN]
    assert len(unknown) <= most
    for row in unknown:
        assert row.unsure
        assert row.carrier == Carrier.REPLY
        assert row.ended_at > row.reply_until


def _assert_people_were_answered_in_order(found: Found) -> None:
    """Where no try failed: a try again lets later answers pass, so that their tokens do not die."""
    for person in found.delivered:
        mine = [id_ for id_ in found.accepted if found.answers[id_].recipient == person]
        smooth = [found.events[id_] for id_ in mine if _went_smoothly(found, id_)]
        for earlier, later in combinations(smooth, 2):
            # One that happened before, but reached us after the other was answered, cannot overtake it.
            reached_us_first = later.id < earlier.id
            assert not (reached_us_first and later.event_at < earlier.event_at)


def _went_smoothly(found: Found, event_id: str) -> bool:
    row = found.answers[event_id]
    return bool(found.events[event_id].attempts == 1 and row.attempts == 1 and not row.unsure)
