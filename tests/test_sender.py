"""Each way an attempt can end, between a real sender and the simulated LINE, on both databases."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy.orm import Session

from app.db import Database, transaction
from app.messaging.claims import LEASE, hand_back
from app.messaging.models import Channel
from app.messaging.outbox import Ended, OutboxRow
from app.messaging.rules import ENDED, Carrier, OutboxStatus, Purpose, start_of_next_month
from app.simulator.config import SimulatorConfig
from app.simulator.server import run_simulator
from tests.sending import Sending, message, promotion, texts_to
from tests.stack import SECRET, TOKEN
from tests.waiting import wait_until

NOBODY = "U" + "0" * 32


@pytest.fixture
def sending(database: Database, tmp_path: Path) -> Iterator[Sending]:
    config = SimulatorConfig(
        channel_secret=SECRET, access_token=TOKEN, clock_file=tmp_path / "clock", hold_seconds=1.0
    )
    with transaction(database) as session:
        channel = Channel(name="default", secrets="unused", access_token="unused")
        session.add(channel)
    with run_simulator(config) as line:
        yield Sending(line, database, tmp_path / "clock", channel.id)


def call_line(sending: Sending, row: OutboxRow) -> None:
    """Make the call that a sender made before it died."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    if row.carrier is Carrier.REPLY:
        path, body = "reply", {"replyToken": row.reply_token, "messages": row.body["messages"]}
    else:
        path, body = "push", {"to": row.recipient, "messages": row.body["messages"]}
        headers["X-Line-Retry-Key"] = row.retry_key
    url = f"{sending.line.url}/v2/bot/message/{path}"
    assert requests.post(url, json=body, headers=headers, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        pytest.param("500", [500, 200], id="500, nothing accepted"),
        pytest.param("reset", [0, 200], id="connection lost, nothing accepted"),
        pytest.param("timeout", [0, 200], id="held, nothing accepted"),
        pytest.param("accepted_500", [500, 409], id="500, accepted all the same"),
        pytest.param("accepted_lost", [0, 409], id="accepted, answer lost"),
    ],
)
def test_a_push_without_a_clear_answer_goes_again_with_its_key_and_arrives_once(
    sending: Sending, fault: str, statuses: list[int]
) -> None:
    friend = sending.friend()
    sending.line.set_faults({"endpoint": "push", "kind": fault})
    key = sending.push(friend)
    with sending.running():
        assert sending.wait_for_try(key).unsure
        sending.later(1)
        row = sending.wait_for(key)
    assert row.attempts == 2
    assert [call["status"] for call in sending.line.wire()] == statuses
    assert [call["retry_key"] for call in sending.line.accepted()] == [row.retry_key]
    assert texts_to(sending.line, friend) == ["お知らせ"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        pytest.param("500", None, id="500, nothing accepted"),
        pytest.param("reset", None, id="connection lost, nothing accepted"),
        pytest.param("accepted_500", "an earlier try had arrived", id="500, accepted all the same"),
        pytest.param("accepted_lost", "an earlier try had arrived", id="accepted, answer lost"),
    ],
)
def test_a_reply_without_a_clear_answer_goes_again_with_its_token_and_arrives_once(
    sending: Sending, fault: str, reason: str | None
) -> None:
    friend = sending.friend()
    sending.line.set_faults({"endpoint": "reply", "kind": fault})
    key = sending.reply(friend)
    with sending.running():
        assert sending.wait_for_try(key).unsure
        sending.later(1)
        row = sending.wait_for(key)
    assert (row.carrier, row.reason) == (Carrier.REPLY, reason)
    assert [call["endpoint"] for call in sending.line.accepted()] == ["reply"]
    assert texts_to(sending.line, friend) == ["お返事"]


def test_a_reply_whose_last_try_came_after_its_tokens_end_is_unknown_and_never_pushed(
    sending: Sending,
) -> None:
    friend = sending.friend()
    sending.line.set_faults({"endpoint": "reply", "kind": "accepted_lost"})
    key = sending.reply(friend)
    with sending.running():
        sending.wait_for_try(key)
        sending.later(120)
        row = sending.wait_for(key, OutboxStatus.UNKNOWN)
    assert row.unsure
    assert [call["endpoint"] for call in sending.line.accepted()] == ["reply"]


def test_a_reply_that_was_never_tried_in_time_becomes_a_push(sending: Sending) -> None:
    friend = sending.friend()
    key = sending.reply(friend, age=timedelta(seconds=56))
    with sending.running():
        row = sending.wait_for(key)
    assert row.carrier == Carrier.PUSH
    assert [call["endpoint"] for call in sending.line.accepted()] == ["push"]


def test_a_reply_whose_token_line_does_not_know_becomes_a_push(sending: Sending) -> None:
    friend = sending.friend()
    key = sending.reply(friend, known=False)
    with sending.running():
        row = sending.wait_for(key)
    assert (row.carrier, row.attempts) == (Carrier.PUSH, 1)
    assert texts_to(sending.line, friend) == ["お返事"]


def test_after_401_everything_waits_until_somebody_has_mended_it(sending: Sending) -> None:
    first, second = sending.friend(), sending.friend()
    sending.line.set_faults({"endpoint": "push", "kind": "401", "times": None})
    with sending.running():
        refused = sending.push(first)
        assert sending.wait_for_try(refused).attempts == 0
        later = sending.reply(second)
    assert "401" in str(sending.channel().problem)
    assert sending.row(later).status == OutboxStatus.WAITING
    assert sending.line.accepted() == []
    sending.line.set_faults()
    with sending.running():
        sending.wait_for(refused)
        sending.wait_for(later)
    assert sending.channel().problem is None


def test_after_401_the_sender_tries_again_by_itself_after_a_while(sending: Sending) -> None:
    sending.line.set_faults({"endpoint": "push", "kind": "401"})
    key = sending.push(sending.friend())
    with sending.running(stop_seconds=0.2):
        sending.wait_for(key)


def test_403_stops_only_its_carrier_and_stays_said_while_the_others_go_on(sending: Sending) -> None:
    first, second = sending.friend(), sending.friend()
    sending.line.set_faults({"endpoint": "push", "kind": "403", "times": None})
    with sending.running():
        refused = sending.push(first)
        sending.wait_for_try(refused)
        sending.wait_for(sending.reply(second))
    assert sending.row(refused).status == OutboxStatus.WAITING
    assert "403" in str(sending.channel().problem)
    sending.line.set_faults()
    with sending.running():
        sending.wait_for(refused)
    assert sending.channel().problem is None


def test_a_rate_limit_is_waited_for_and_is_no_try(sending: Sending) -> None:
    sending.line.set_faults({"endpoint": "push", "kind": "429", "times": 2})
    key = sending.push(sending.friend())
    with sending.running():
        for _ in range(2):
            assert sending.wait_for_try(key).attempts == 0
            sending.later(1)
        assert sending.wait_for(key).attempts == 1
    assert sending.channel().problem is None


def test_when_the_month_is_spent_promotions_are_refused_and_stop_until_the_next(sending: Sending) -> None:
    now = sending.clock.now()
    sending.line.set_quota(0)
    with sending.running():
        first = sending.push(sending.friend(), **promotion(now))
        assert str(sending.wait_for(first, OutboxStatus.REFUSED).reason).startswith("quota")
        calls = len(sending.line.wire())
        second = sending.push(sending.friend(), **promotion(now))
        assert sending.wait_for(second, OutboxStatus.REFUSED).reason == "quota"
        assert len(sending.line.wire()) == calls, "the second one asked LINE in vain"
        answer = sending.push(sending.friend())
        assert "monthly limit" in str(sending.wait_for(answer, OutboxStatus.FAILED).reason)
        sending.wait_for(sending.reply(sending.friend()))
    assert sending.channel().promotions_stopped_until == start_of_next_month(now)
    assert "monthly limit" in str(sending.channel().problem)


def test_a_promotion_that_may_have_arrived_is_asked_about_though_promotions_have_stopped(
    sending: Sending,
) -> None:
    now = sending.clock.now()
    sending.line.set_faults({"endpoint": "push", "kind": "accepted_lost"})
    key = sending.push(sending.friend(), **promotion(now))
    with sending.running():
        sending.wait_for_try(key)
        with transaction(sending.database) as session:
            channel = session.get_one(Channel, sending.channel_id)
            channel.promotions_stopped_until = start_of_next_month(now)
        sending.later(1)
        sending.wait_for(key)


@pytest.mark.parametrize(
    ("to", "text", "words"),
    [
        pytest.param(NOBODY, "お知らせ", "400 · Failed to send messages", id="to nobody"),
        pytest.param(None, "", "messages[0].text", id="an empty text"),
    ],
)
def test_what_line_refuses_has_failed_with_its_words(
    sending: Sending, to: str | None, text: str, words: str
) -> None:
    friend = sending.friend()
    key = sending.push(friend, text, recipient=to or friend.line_user_id)
    with sending.running():
        row = sending.wait_for(key, OutboxStatus.FAILED)
    assert words in str(row.reason)
    assert row.ended_at is not None


def test_a_friend_has_one_row_in_flight_and_gets_everything_in_order(sending: Sending) -> None:
    friend, other = sending.friend(), sending.friend()
    sending.line.set_faults(latency_ms=30)
    keys = [sending.push(friend, f"{number}通目") for number in range(6)]
    keys.append(sending.push(other))
    claimed = sending.claim()
    assert sorted(row.friend_id or 0 for row in claimed) == sorted([friend.id, other.id])
    assert sending.claim() == []
    with transaction(sending.database) as session:
        hand_back(session, claimed)
    with sending.running():
        for key in keys:
            sending.wait_for(key)
    assert texts_to(sending.line, friend) == [f"{number}通目" for number in range(6)]


@pytest.mark.parametrize("late", [True, False], ids=["too late for its token", "token unknown to LINE"])
def test_a_reply_that_becomes_a_push_keeps_its_place(sending: Sending, late: bool) -> None:
    friend = sending.friend()
    sending.reply(friend, age=timedelta(seconds=56 if late else 0), known=late)
    last = sending.push(friend, "あとの話")
    with sending.running():
        sending.wait_for(last)
    assert texts_to(sending.line, friend) == ["お返事", "あとの話"]


def test_a_row_that_waits_for_its_next_try_holds_nobody_back(sending: Sending) -> None:
    friend = sending.friend()
    sending.line.set_faults({"endpoint": "push", "kind": "500"})
    first, second = sending.push(friend, "先"), sending.push(friend, "後")
    with sending.running():
        sending.wait_for(second)
        assert sending.row(first).status == OutboxStatus.WAITING
        sending.later(1)
        sending.wait_for(first)
    assert texts_to(sending.line, friend) == ["後", "先"]


def test_what_is_too_late_expires_and_what_may_have_arrived_is_unknown(sending: Sending) -> None:
    sending.line.set_faults({"endpoint": "push", "kind": "500"})
    soon = sending.clock.now() + timedelta(seconds=30)
    tried = sending.push(sending.friend(), expires_at=soon)
    with sending.running():
        sending.wait_for_try(tried)
        sending.later(31)
        assert sending.wait_for(tried, OutboxStatus.UNKNOWN).unsure
        late = sending.push(sending.friend(), expires_at=soon)
        sending.wait_for(late, OutboxStatus.EXPIRED)
    assert sending.line.accepted() == []


def test_who_has_blocked_us_is_refused_before_any_call(sending: Sending) -> None:
    friend = sending.friend(blocked_at=sending.clock.now())
    key = sending.push(friend, **promotion(sending.clock.now()))
    with sending.running():
        assert sending.wait_for(key, OutboxStatus.REFUSED).reason == "blocked"
    assert sending.line.wire() == []


def test_a_multicast_that_line_refuses_goes_out_in_halves_with_keys_of_their_own(sending: Sending) -> None:
    friends = [sending.friend() for _ in range(5)]
    people = [friend.line_user_id for friend in friends]
    body = {"to": [*people[:3], NOBODY, *people[3:]], "messages": [message("お知らせ")]}
    key = sending.add(Carrier.MULTICAST, None, body, purpose=Purpose.PROMOTION)
    with sending.running():
        sending.wait_for(key, OutboxStatus.CANCELLED)
        wait_until(lambda: all(row.status in ENDED for row in sending.rows()), 30, lambda: "halves")
    rows = sending.rows()
    assert [texts_to(sending.line, friend) for friend in friends] == [["お知らせ"]] * 5
    assert len({row.retry_key for row in rows}) == len(rows)
    assert [row.body["to"] for row in rows if row.status == OutboxStatus.FAILED] == [[NOBODY]]


@pytest.mark.parametrize("kind", [Carrier.PUSH, Carrier.REPLY])
@pytest.mark.parametrize("called", [True, False], ids=["after the call", "before the call"])
def test_what_a_dead_sender_had_in_hand_arrives_exactly_once(
    sending: Sending, kind: Carrier, called: bool
) -> None:
    friend = sending.friend()
    key = sending.push(friend) if kind is Carrier.PUSH else sending.reply(friend)
    [row] = sending.claim(ago=LEASE)
    if called:
        call_line(sending, row)
    with sending.running():
        ended = sending.wait_for(key)
    assert (ended.carrier, ended.attempts) == (kind, 2)
    assert len(texts_to(sending.line, friend)) == 1


def test_a_lease_is_respected_where_the_lock_does_not_prove_death(sending: Sending) -> None:
    held = sending.push(sending.friend())
    sending.claim()
    other = sending.push(sending.friend())
    with sending.running():
        sending.wait_for(other)
        if sending.database.is_sqlite:
            assert sending.wait_for(held).attempts == 2
        else:
            assert sending.row(held).status == OutboxStatus.SENDING


def test_a_sender_that_is_stopped_gives_back_what_it_has_not_tried(sending: Sending) -> None:
    person = sending.friend().line_user_id
    many = 400
    for _ in range(many):
        sending.add(Carrier.PUSH, None, {"messages": [message("お知らせ")]}, recipient=person)
    with sending.running():
        sending.line.wait_for_accepted(1)
    rows = sending.rows()
    tried = [row for row in rows if row.attempts]
    assert {row.status for row in tried} == {OutboxStatus.SENT}
    untried = [row for row in rows if not row.attempts]
    assert {(row.status, row.first_tried_at, row.lease_until) for row in untried} <= {
        (OutboxStatus.WAITING, None, None)
    }
    assert len(sending.line.accepted()) == len(tried)
    with sending.running():
        sending.line.wait_for_accepted(many)


def test_profiles_that_line_lets_hang_do_not_keep_an_answer_waiting(sending: Sending) -> None:
    sending.line.set_faults({"endpoint": "profile", "kind": "timeout", "times": None})
    friend = sending.friend()
    rows = [
        sending.add(Carrier.PROFILE, None, {"friend_id": friend.id}, recipient=friend.line_user_id)
        for _ in range(20)
    ]
    with sending.running():
        sending.wait_for(rows[0], OutboxStatus.SENDING)
        sending.wait_for(sending.reply(friend))
        assert sum(row.status == OutboxStatus.SENDING for row in sending.rows()) <= 8


def test_a_row_that_cannot_be_built_fails_alone(sending: Sending) -> None:
    key = sending.add(Carrier.PUSH, sending.friend(), {"build": "invented", "values": {}})
    with sending.running():
        sending.wait_for(sending.push(sending.friend()))
        row = sending.wait_for(key, OutboxStatus.FAILED)
    assert row.reason == "could not be built: KeyError"


def test_a_feature_that_cannot_react_keeps_no_outcome_from_being_recorded(sending: Sending) -> None:
    def react(session: Session, ended: Sequence[Ended], now: object) -> None:
        raise RuntimeError("an invented bug")

    sending.features = replace(sending.features, on_ended=react)
    keys = [sending.push(sending.friend()) for _ in range(3)]
    with sending.running():
        for key in keys:
            assert sending.wait_for(key).attempts == 1
    assert len(sending.line.accepted()) == 3


@pytest.fixture
def built(sending: Sending) -> str:
    """A row that says something else each time it is built; its key."""
    words = iter(["古い", "新しい"])

    def render(session: Session, rows: Sequence[OutboxRow], now: object) -> dict[int, dict[str, Any] | None]:
        return {row.id: {"messages": [message(next(words))]} for row in rows}

    sending.features = replace(sending.features, render=render)
    return sending.add(Carrier.PUSH, sending.friend(), {"build": "invented", "values": {}})


def test_a_built_row_is_tried_again_as_it_was_built_first(sending: Sending, built: str) -> None:
    sending.line.set_faults({"endpoint": "push", "kind": "500"})
    with sending.running():
        sending.wait_for_try(built)
        sending.later(1)
        sending.wait_for(built)
    assert [call["messages"] for call in sending.line.accepted()] == [[message("古い")]]


def test_a_built_row_that_was_given_back_untried_is_built_anew(sending: Sending, built: str) -> None:
    claimed = sending.claim()
    assert sending.row(built).frozen == {"messages": [message("古い")]}
    with transaction(sending.database) as session:
        hand_back(session, claimed)
    row = sending.row(built)
    assert (row.status, row.attempts, row.frozen) == (OutboxStatus.WAITING, 0, None)
    with sending.running():
        sending.wait_for(built)
    assert [call["messages"] for call in sending.line.accepted()] == [[message("新しい")]]
