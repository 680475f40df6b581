"""`goen webhooks`: what an operator does and reads, on both databases."""

import json
import re
from collections.abc import Iterator, Sequence

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app.announcements.actions import Announcement, announce
from app.announcements.rules import Kind
from app.announcements.signing import HEADER, is_genuine
from app.cli import main
from app.clock import Clock
from app.db import Database, reading, transaction
from app.messaging.models import OutboxMessage
from app.messaging.rules import OutboxStatus
from app.staff.models import Audit
from tests.factories import make_friend
from tests.receiver import Receiver, running_receiver
from tests.stack import environment_for


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


def goen(database: Database, *arguments: str, **changes: str) -> Result:
    url = database.writer.url.render_as_string(hide_password=False)
    env = {**environment_for(url, "http://127.0.0.1:9"), **changes}
    return CliRunner().invoke(main, ["webhooks", *arguments], env=env)


def said(database: Database, *arguments: str) -> str:
    result = goen(database, *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def secret_in(text: str) -> str:
    [found] = re.findall(r"Secret: (whsec_\S+)", text)
    return str(found)


def dead_letter(database: Database, endpoint: int) -> int:
    """A delivery that has failed; its id."""
    now = Clock().now()
    friend = make_friend(database, now)
    with transaction(database) as session:
        announce(session, Announcement(Kind.BLOCKED, friend.channel_id, friend.id, "invented", {}), now)
        row = session.query(OutboxMessage).one()
        row.status, row.reason, row.ended_at = OutboxStatus.FAILED, "HTTP 404", now
        assert row.recipient == str(endpoint)
        return row.id


def test_an_address_is_added_tested_and_listed(database: Database, receiver: Receiver) -> None:
    added = said(database, "add", receiver.url, "--kind", "linked", "--kind", "blocked")
    assert added.startswith("Added as 1.")
    assert f"1 {receiver.url}: 200\nok" in said(database, "test")
    [request] = receiver.received
    assert request.said["kind"] == "test"
    assert is_genuine([secret_in(added)], request.headers[HEADER.lower()], request.body, Clock().real_now())
    listed = said(database, "list", "--json")
    [row] = json.loads(listed)
    assert (row["url"], row["kinds"], row["dead"]) == (receiver.url, ["blocked", "linked"], 0)
    assert secret_in(added) not in listed


def test_a_test_says_what_came_back_and_fails_when_it_was_not_taken(
    database: Database, receiver: Receiver
) -> None:
    said(database, "add", receiver.url)
    receiver.statuses, receiver.body = [418], "架空の理由".encode()
    result = goen(database, "test", "1")
    assert result.exit_code == 1
    assert "HTTP 418\n架空の理由" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["add", "https://10.0.0.1/"], "not a public address", id="a private address"),
        pytest.param(["add", "http://site.example/"], "only https", id="without TLS"),
        pytest.param(["test", "7"], "no such webhook address", id="a test of an unknown one"),
        pytest.param(["rotate", "7"], "no webhook address 7", id="a rotation of an unknown one"),
        pytest.param(["stop", "7"], "no webhook address 7", id="a stop of an unknown one"),
        pytest.param(["replay", "7"], "no dead letters", id="a replay of what is not dead"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    database: Database, arguments: Sequence[str], words: str
) -> None:
    result = goen(database, *arguments, GOEN_WEBHOOK_PRIVATE="")
    assert result.exit_code == 1
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_secret_is_replaced_in_two_steps(database: Database, receiver: Receiver) -> None:
    old = secret_in(said(database, "add", receiver.url))
    new = secret_in(said(database, "rotate", "1"))
    said(database, "test")
    said(database, "rotate", "1", "--finish")
    said(database, "test")
    taken = [
        [is_genuine([secret], each.headers[HEADER.lower()], each.body, each_now) for secret in (old, new)]
        for each_now in [Clock().real_now()]
        for each in receiver.received
    ]
    assert taken == [[True, True], [False, True]]


def test_who_hears_of_members_is_in_the_audit(database: Database, receiver: Receiver) -> None:
    said(database, "add", receiver.url, "--kind", "linked")
    said(database, "rotate", "1")
    said(database, "rotate", "1", "--finish")
    said(database, "stop", "1")
    assert goen(database, "rotate", "2").exit_code != 0
    with reading(database) as session:
        rows = session.scalars(select(Audit).order_by(Audit.id)).all()
        assert [(row.action, row.subject, row.change) for row in rows] == [
            ("webhook.added", "webhook:1", {"kinds": ["linked"]}),
            ("webhook.secret_changed", "webhook:1", {"old_secret": "kept"}),
            ("webhook.secret_changed", "webhook:1", {"old_secret": "dropped"}),
            ("webhook.stopped", "webhook:1", {}),
        ]


def test_dead_letters_are_listed_and_sent_again(database: Database, receiver: Receiver) -> None:
    said(database, "add", receiver.url)
    dead = dead_letter(database, 1)
    [row] = json.loads(said(database, "dead", "--json"))
    assert (row["id"], row["endpoint"], row["kind"], row["reason"]) == (dead, "1", "blocked", "HTTP 404")
    [listed] = json.loads(said(database, "list", "--json"))
    assert listed["dead"] == 1
    assert "To be tried again: 1" in said(database, "replay", str(dead))
    assert json.loads(said(database, "dead", "--json")) == []
    assert "To be tried again: 0" in said(database, "replay", "--all")


def test_a_stopped_address_is_not_tested(database: Database, receiver: Receiver) -> None:
    said(database, "add", receiver.url)
    said(database, "stop", "1")
    assert goen(database, "test").exit_code == 1
    assert receiver.received == []
