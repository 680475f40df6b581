"""One delivery over a real network: which machine is called, and what an answer may not do to us."""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import pytest

from app.announcements.posting import MOST_ANSWER, Poster
from app.line.rules import Reply
from tests.receiver import Receiver, running_receiver

BODY = b'{"id":"evt_1"}'
FIRST, SECOND = "127.0.0.2", "127.0.0.1"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


class Names:
    """A name server that says something else each time."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def look_up(self, name: str, port: int) -> Sequence[str]:
        self.asked.append((name, port))
        if not self._answers:
            raise OSError("no such name")
        return self._answers.pop(0)


def post(url: str, poster: Poster) -> Reply:
    return asyncio.run(poster.post(url, BODY, {"Goen-Signature": "t=1,v1=2"}))


def test_a_delivery_is_one_post_with_its_header(receiver: Receiver) -> None:
    reply = post(receiver.url, Poster(private_allowed=True))
    assert (reply.status, reply.body) == (200, b"ok")
    [request] = receiver.received
    assert (request.path, request.body) == ("/hooks?from=goen", BODY)
    assert request.headers["goen-signature"] == "t=1,v1=2"


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(["127.0.0.1"], id="loopback"),
        pytest.param(["8.8.8.8", "127.0.0.1"], id="loopback behind a public one"),
        pytest.param(["::ffff:127.0.0.1"], id="mapped loopback"),
        pytest.param(["169.254.169.254"], id="metadata"),
        pytest.param(["10.0.0.1"], id="private"),
        pytest.param([], id="nothing at all"),
    ],
)
def test_a_name_that_stands_for_a_private_address_is_not_called(
    receiver: Receiver, addresses: list[str]
) -> None:
    names = Names(addresses)
    reply = post(
        f"https://site.example:{receiver.port}/", Poster(private_allowed=False, look_up=names.look_up)
    )
    assert (reply.status, reply.connected) == (None, False)
    assert reply.detail == "not called: its name stands for an address that is not public"
    assert receiver.received == []


def test_a_name_that_changes_what_it_stands_for_gains_nothing() -> None:
    """DNS rebinding: judged at the first answer, and connected to exactly that; nobody asks again."""
    with ExitStack() as stack:
        judged = stack.enter_context(running_receiver(FIRST))
        private = stack.enter_context(running_receiver(SECOND, judged.port))
        names = Names([FIRST], [SECOND], [SECOND])
        poster = Poster(
            private_allowed=True, look_up=names.look_up, may_reach=lambda address: address == FIRST
        )
        url = f"http://site.example:{judged.port}/hooks"
        assert post(url, poster).status == 200
        assert names.asked == [("site.example", judged.port)]
        assert [request.headers["host"] for request in judged.received] == [f"site.example:{judged.port}"]
        refused = post(url, poster)
    assert (refused.status, refused.connected) == (None, False)
    assert private.received == []
    assert len(judged.received) == 1


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    with running_receiver() as other:
        receiver.statuses, receiver.headers = [302], {"Location": other.url}
        reply = post(receiver.url, Poster(private_allowed=True))
    assert (reply.status, reply.detail) == (302, "HTTP 302")
    assert other.received == []


def test_a_name_that_nobody_knows_is_no_connection(receiver: Receiver) -> None:
    reply = post("http://site.example:8080/", Poster(private_allowed=True, look_up=Names().look_up))
    assert (reply.connected, reply.detail) == (False, "not called: its name cannot be looked up")


def test_nobody_listens(receiver: Receiver) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        reply = post(f"http://127.0.0.1:{free.getsockname()[1]}/", Poster(private_allowed=True))
    assert (reply.status, reply.connected) == (None, False)


def test_a_receiver_that_hangs_is_an_unclear_answer(receiver: Receiver) -> None:
    receiver.go_on.clear()
    reply = post(receiver.url, Poster(private_allowed=True, patience_seconds=0.3))
    assert (reply.status, reply.connected, reply.detail) == (None, True, "no answer in time")


def test_of_a_long_answer_only_the_beginning_is_read(receiver: Receiver) -> None:
    receiver.body = b"x" * 10_000_000
    reply = post(receiver.url, Poster(private_allowed=True))
    assert (reply.status, len(reply.body)) == (200, MOST_ANSWER)


def test_an_address_that_may_not_be_entered_is_not_called_either(receiver: Receiver) -> None:
    reply = post(receiver.url, Poster(private_allowed=False))
    assert (reply.connected, reply.detail) == (False, "not called: only https addresses")
    assert receiver.received == []
