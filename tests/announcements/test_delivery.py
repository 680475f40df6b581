"""Deliveries between a real deliverer and real receivers, on both databases."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app.announcements.delivery import PLACES
from app.announcements.endpoints import (
    BadEndpoint,
    add_endpoint,
    add_secret,
    drop_old_secret,
    replay_delivery,
    stop_endpoint,
)
from app.announcements.queries import find_dead_deliveries, read_endpoints
from app.announcements.rules import Kind
from app.announcements.signing import HEADER, is_genuine
from app.db import Database, reading, transaction
from app.links.models import Link
from app.members.models import Member
from app.messaging.models import OutboxMessage
from app.messaging.rules import OutboxStatus
from tests.announcements.delivering import ENCRYPTION, Delivering
from tests.receiver import Receiver, running_receiver

A_DAY = 24 * 3600


@pytest.fixture
def delivering(database: Database, tmp_path: Path) -> Delivering:
    return Delivering(database, tmp_path / "clock")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


def test_what_happened_is_told_with_who_it_was(delivering: Delivering, receiver: Receiver) -> None:
    delivering.endpoint(receiver.url)
    friend, now = delivering.friend(), delivering.clock.now()
    with transaction(delivering.database) as session:
        member = Member(external_id="invented-7", facts={}, created_at=now, updated_at=now)
        session.add(member)
        session.flush()
        session.add(
            Link(
                member_id=member.id,
                friend_id=friend.id,
                channel_id=friend.channel_id,
                how="code",
                at=now,
            )
        )
    delivering.tell(friend, Kind.JOB_TAPPED, job="invented-job", tap="save")
    with delivering.running():
        [request] = receiver.wait_for(1)
        delivering.wait_for(OutboxStatus.SENT)
    said = request.said
    assert said["friend"] == {"line_user_id": friend.line_user_id, "member": "invented-7"}
    assert (said["kind"], said["data"]) == ("job_tapped", {"job": "invented-job", "tap": "save"})
    assert said["id"].startswith("evt_")
    assert set(said) == {"id", "kind", "at", "channel", "friend", "data"}


def test_what_was_taken_is_not_kept_here(delivering: Delivering, receiver: Receiver) -> None:
    delivering.endpoint(receiver.url)
    delivering.tell(delivering.friend(), Kind.SURVEY_ANSWERED, answers=["架空の答え"])
    with delivering.running():
        [row] = delivering.wait_for(OutboxStatus.SENT)
    assert row.frozen is None
    assert set(row.body["values"]) == {"id", "kind", "at", "endpoint_id"}
    assert receiver.received[0].said["id"] == row.body["values"]["id"]


def test_a_delivery_is_signed_by_its_own_addresss_secret(delivering: Delivering, receiver: Receiver) -> None:
    _, secret = delivering.endpoint(receiver.url)
    delivering.tell(delivering.friend())
    with delivering.running():
        [request] = receiver.wait_for(1)
    header, now = request.headers[HEADER.lower()], delivering.clock.real_now()
    assert is_genuine([secret], header, request.body, now)
    assert not is_genuine([secret], header, request.body.replace(b"blocked", b"linked!"), now)
    assert not is_genuine(["another"], header, request.body, now)


def test_the_time_in_a_signature_is_the_machines_also_when_business_time_runs_ahead(
    delivering: Delivering, receiver: Receiver
) -> None:
    _, secret = delivering.endpoint(receiver.url)
    delivering.later(30 * A_DAY)
    delivering.tell(delivering.friend())
    with delivering.running():
        [request] = receiver.wait_for(1)
    assert is_genuine([secret], request.headers[HEADER.lower()], request.body, delivering.clock.real_now())


@pytest.mark.parametrize("status", [500, 503, 302, 401, 403])
def test_what_was_not_taken_comes_again_the_same_byte_for_byte(
    delivering: Delivering, receiver: Receiver, status: int
) -> None:
    endpoint, _ = delivering.endpoint(receiver.url)
    receiver.statuses = [status]
    delivering.tell(delivering.friend())
    with delivering.running():
        row = delivering.wait_for_tries(1)
        assert str(status) in str(delivering.problem(endpoint))
        assert row.reason is not None
        delivering.later(1)
        delivering.wait_for(OutboxStatus.SENT)
    first, second = receiver.received
    assert first.body == second.body
    assert delivering.problem(endpoint) is None


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_plain_no_is_a_dead_letter_at_once(delivering: Delivering, receiver: Receiver, status: int) -> None:
    endpoint, _ = delivering.endpoint(receiver.url)
    receiver.statuses = [status]
    delivering.tell(delivering.friend())
    with delivering.running():
        [row] = delivering.wait_for(OutboxStatus.FAILED)
    assert row.reason == f"the receiver refused it: HTTP {status}"
    with reading(delivering.database) as session:
        [dead] = find_dead_deliveries(session)
    assert (dead[0], dead[1], dead[2]) == (row.id, str(endpoint), "blocked")


def test_after_a_day_of_tries_it_is_a_dead_letter_and_can_be_sent_again(
    delivering: Delivering, receiver: Receiver
) -> None:
    delivering.endpoint(receiver.url)
    receiver.statuses = [500, 500, 500]
    delivering.tell(delivering.friend())
    with delivering.running():
        delivering.wait_for_tries(1)
        delivering.later(A_DAY // 2)
        delivering.wait_for_tries(2)
        delivering.later(A_DAY // 2 - 10)
        delivering.wait_for_tries(3)
        delivering.later(20)
        [row] = delivering.wait_for(OutboxStatus.FAILED)
        assert len(receiver.received) == 3
        with transaction(delivering.database) as session:
            assert replay_delivery(session, row.id, delivering.clock.now())
        delivering.wake()
        delivering.wait_for(OutboxStatus.SENT)
        with transaction(delivering.database) as session:
            assert not replay_delivery(session, row.id, delivering.clock.now())
    assert len({request.said["id"] for request in receiver.received}) == 1
    assert len({request.body for request in receiver.received}) == 1


def test_nobody_there_for_a_day_is_a_dead_letter_too(delivering: Delivering) -> None:
    with running_receiver() as gone:
        url = gone.url
    delivering.endpoint(url)
    delivering.tell(delivering.friend())
    with delivering.running():
        row = delivering.wait_for_tries(1)
        assert not row.unsure
        delivering.later(A_DAY + 1)
        [row] = delivering.wait_for(OutboxStatus.FAILED)
    assert row.reason == "no answer for a day"


def test_what_waited_while_goen_was_down_for_days_is_told_all_the_same(
    delivering: Delivering, receiver: Receiver
) -> None:
    delivering.endpoint(receiver.url)
    delivering.tell(delivering.friend())
    delivering.later(3 * A_DAY)
    with delivering.running():
        delivering.wait_for(OutboxStatus.SENT)


def test_what_one_person_did_arrives_in_its_order(delivering: Delivering, receiver: Receiver) -> None:
    delivering.endpoint(receiver.url)
    people = [delivering.friend() for _ in range(3)]
    for number in range(8):
        for friend in people:
            delivering.tell(friend, Kind.JOB_TAPPED, number=number)
    with delivering.running():
        requests = receiver.wait_for(24)
    for friend in people:
        told = [each.said for each in requests if each.said["friend"]["line_user_id"] == friend.line_user_id]
        assert [said["data"]["number"] for said in told] == list(range(8))


def test_a_receiver_that_hangs_has_few_places_and_holds_up_no_other(
    delivering: Delivering, receiver: Receiver
) -> None:
    with running_receiver() as hanging:
        hanging.go_on.clear()
        delivering.endpoint(hanging.url, Kind.BLOCKED)
        delivering.endpoint(receiver.url, Kind.LINKED)
        for _ in range(PLACES + 5):
            delivering.tell(delivering.friend())
        with delivering.running():
            hanging.wait_for(PLACES)
            delivering.tell(delivering.friend(), Kind.LINKED)
            receiver.wait_for(1)
            assert len(hanging.received) == PLACES
            hanging.go_on.set()
            hanging.wait_for(PLACES + 5)


def test_a_receiver_that_asks_for_time_gets_it(delivering: Delivering, receiver: Receiver) -> None:
    delivering.endpoint(receiver.url)
    receiver.statuses, receiver.headers = [429], {"Retry-After": "2"}
    first, second = delivering.friend(), delivering.friend()
    delivering.tell(first)
    with delivering.running():
        row = delivering.wait_for_tries(0)
        assert row.reason == "rate limit: HTTP 429"
        delivering.later(5)
        delivering.tell(second)
        delivering.wait_for(OutboxStatus.SENT, OutboxStatus.SENT)
    refused, *taken = receiver.received
    assert [each.at - refused.at >= 2 for each in taken] == [True, True]


def test_only_wanted_kinds_are_told_and_each_cause_once(delivering: Delivering, receiver: Receiver) -> None:
    delivering.endpoint(receiver.url, Kind.LINKED)
    friend = delivering.friend()
    delivering.tell(friend, Kind.BLOCKED)
    delivering.tell(friend, Kind.LINKED, cause="link:1")
    delivering.tell(friend, Kind.LINKED, cause="link:1")
    delivering.tell(friend, Kind.LINKED, cause="link:" + "1" * 200)
    delivering.tell(friend, Kind.LINKED, cause="link:" + "1" * 200 + "2")
    with delivering.running():
        delivering.wait_for(*[OutboxStatus.SENT] * 3)
    assert [request.said["kind"] for request in receiver.received] == ["linked"] * 3


def test_a_stopped_address_gets_nothing_more(delivering: Delivering, receiver: Receiver) -> None:
    endpoint, _ = delivering.endpoint(receiver.url)
    delivering.tell(delivering.friend())
    with transaction(delivering.database) as session:
        stop_endpoint(session, endpoint, delivering.clock.now())
    delivering.tell(delivering.friend())
    with delivering.running():
        [row] = delivering.wait_for(OutboxStatus.CANCELLED)
    assert row.reason == "the address was stopped"
    assert receiver.received == []


def test_a_deliverer_that_died_leaves_its_row_to_the_next(delivering: Delivering, receiver: Receiver) -> None:
    delivering.endpoint(receiver.url)
    delivering.tell(delivering.friend())
    with transaction(delivering.database) as session:
        session.execute(
            update(OutboxMessage).values(
                status=OutboxStatus.SENDING,
                attempts=1,
                first_tried_at=delivering.clock.real_now(),
                lease_until=delivering.clock.real_now() - timedelta(seconds=1),
            )
        )
    with delivering.running():
        [row] = delivering.wait_for(OutboxStatus.SENT)
    assert row.attempts == 2


def test_during_a_rotation_both_secrets_sign(delivering: Delivering, receiver: Receiver) -> None:
    endpoint, old = delivering.endpoint(receiver.url)
    with transaction(delivering.database) as session:
        new = add_secret(session, ENCRYPTION, endpoint)
    delivering.tell(delivering.friend())
    with delivering.running():
        receiver.wait_for(1)
        with transaction(delivering.database) as session:
            drop_old_secret(session, ENCRYPTION, endpoint)
        delivering.tell(delivering.friend())
        during, after = receiver.wait_for(2)
    now = delivering.clock.real_now()
    taken = [
        [is_genuine([secret], each.headers[HEADER.lower()], each.body, now) for secret in (old, new)]
        for each in (during, after)
    ]
    assert taken == [[True, True], [False, True]]


def test_a_secret_is_stored_sealed(delivering: Delivering) -> None:
    endpoint, secret = delivering.endpoint("https://site.example/hooks")
    with reading(delivering.database) as session:
        [known] = read_endpoints(session, ENCRYPTION)
    assert (known.id, known.secrets) == (endpoint, (secret,))
    assert secret not in repr(known)


def test_an_address_that_no_webhook_may_go_to_is_not_added(delivering: Delivering) -> None:
    with (
        pytest.raises(BadEndpoint, match="not a public address"),
        transaction(delivering.database) as session,
    ):
        add_endpoint(
            session, ENCRYPTION, "https://10.0.0.1/", [], delivering.clock.now(), private_allowed=False
        )
