"""Linking and unlinking in both databases: who is whom, what is kept, who is told."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.announcements.models import WebhookEndpoint
from app.db import Database, transaction
from app.friends.models import Friend
from app.links.actions import Ending, Linked, Pair, link, tell_linked, unlink
from app.links.models import Link
from app.links.queries import friends_of, link_history, member_of, members_of, open_link_of
from app.links.rules import EndedBy, How, Refusal
from app.messaging.rules import Carrier
from app.staff.audit import NOBODY
from tests.factories import make_channel, make_friend
from tests.links.factories import NOW, audit_of, ended_links, make_member, open_links, queued

LATER = NOW + timedelta(days=1)
BY_CHAT = Ending(EndedBy.CHAT, NOBODY)


def do_link(database: Database, member: int, friend: int, how: How = How.CODE) -> Linked | Refusal:
    with transaction(database) as session:
        return link(session, member, friend, how, NOBODY, NOW)


def linked(database: Database, member: int, friend: int) -> Linked:
    done = do_link(database, member, friend)
    assert isinstance(done, Linked)
    return done


def listen(database: Database) -> None:
    """An address of the site that hears everything."""
    with transaction(database) as session:
        session.add(WebhookEndpoint(url="https://jobs.example/hook", secrets="", kinds=[], created_at=NOW))


def test_a_member_and_a_friend_are_linked(database: Database) -> None:
    member, friend = make_member(database), make_friend(database, NOW)
    done = linked(database, member, friend.id)
    assert done.is_new
    assert open_links(database) == [(member, friend.id, "code")]
    with transaction(database) as session:
        assert member_of(session, friend.id) == member
        assert members_of(session, [friend.id, friend.id + 1]) == {friend.id: member}
        assert friends_of(session, member) == [friend.id]
        found = open_link_of(session, friend.id)
        assert found is not None
        assert (found.id, found.how) == (done.link_id, "code")


def test_linking_is_audited_announced_and_brings_the_right_menu(database: Database) -> None:
    listen(database)
    member, friend = make_member(database, "M-site-1"), make_friend(database, NOW)
    done = linked(database, member, friend.id)
    expected = {"friend": friend.id, "link": done.link_id, "how": "code"}
    assert audit_of(database, f"member:{member}") == [("link.made", expected)]
    [told] = queued(database, Carrier.WEBHOOK)
    assert told.body["values"]["kind"] == "linked"
    assert told.body["values"]["data"] == {"member": "M-site-1", "how": "code"}
    [menu] = queued(database, Carrier.MENU)
    assert menu.body["values"]["friend_id"] == friend.id


def test_the_same_link_again_changes_nothing(database: Database) -> None:
    member, friend = make_member(database), make_friend(database, NOW)
    first, second = linked(database, member, friend.id), linked(database, member, friend.id)
    assert (second.link_id, second.is_new) == (first.link_id, False)
    assert len(audit_of(database, f"member:{member}")) == 1
    assert len(queued(database, Carrier.MENU)) == 1


def test_another_line_of_the_member_replaces_the_first_and_both_are_told(database: Database) -> None:
    listen(database)
    channel, member = make_channel(database), make_member(database)
    old, new = make_friend(database, NOW, channel), make_friend(database, NOW, channel)
    first = linked(database, member, old.id)
    second = linked(database, member, new.id)
    assert second.replaced == (Pair(first.link_id, member, old.id),)
    assert open_links(database) == [(member, new.id, "code")]
    assert ended_links(database) == [(member, old.id, "relinked")]
    assert [action for action, _ in audit_of(database, f"member:{member}")] == [
        "link.made",
        "link.ended",
        "link.made",
    ]
    kinds = [row.body["values"]["kind"] for row in queued(database, Carrier.WEBHOOK)]
    assert kinds == ["linked", "unlinked", "linked"]
    assert {row.body["values"]["friend_id"] for row in queued(database, Carrier.MENU)} == {old.id, new.id}
    [notice] = queued(database, Carrier.PUSH)
    assert notice.friend_id == old.id
    assert notice.body == {"build": "unlinked", "values": {"link_id": first.link_id}}
    assert "別のLINEと連携されました" in str(notice.preview)


def test_another_member_of_the_line_replaces_the_first_and_nobody_else_is_told(database: Database) -> None:
    friend, first, second = make_friend(database, NOW), make_member(database), make_member(database)
    linked(database, first, friend.id)
    done = linked(database, second, friend.id)
    assert [pair.member_id for pair in done.replaced] == [first]
    assert open_links(database) == [(second, friend.id, "code")]
    assert [action for action, _ in audit_of(database, f"member:{first}")] == ["link.made", "link.ended"]
    assert queued(database, Carrier.PUSH) == []


def test_two_pairs_that_swap_partners_end_as_one_link(database: Database) -> None:
    channel = make_channel(database)
    one, two = make_friend(database, NOW, channel), make_friend(database, NOW, channel)
    a, b = make_member(database), make_member(database)
    linked(database, a, one.id)
    linked(database, b, two.id)
    done = linked(database, a, two.id)
    assert {pair.member_id for pair in done.replaced} == {a, b}
    assert open_links(database) == [(a, two.id, "code")]


def test_a_member_may_be_a_friend_of_each_account(database: Database) -> None:
    member = make_member(database)
    here, there = make_friend(database, NOW), make_friend(database, NOW)
    linked(database, member, here.id)
    assert linked(database, member, there.id).replaced == ()
    assert open_links(database) == [(member, here.id, "code"), (member, there.id, "code")]


@pytest.mark.parametrize("gone", ["erased", "never there"])
def test_nobody_is_linked_to_a_member_who_is_gone(database: Database, gone: str) -> None:
    friend = make_friend(database, NOW)
    member = make_member(database, forgotten_at=NOW) if gone == "erased" else 10**9
    assert do_link(database, member, friend.id) is Refusal.MEMBER_GONE
    assert open_links(database) == []


def test_a_friend_who_was_erased_meanwhile_is_not_linked(database: Database) -> None:
    member, friend = make_member(database), make_friend(database, NOW)
    with transaction(database) as session:
        session.get_one(Friend, friend.id).forgotten_at = NOW
    assert do_link(database, member, friend.id) is Refusal.MEMBER_GONE
    assert open_links(database) == []


@pytest.mark.parametrize("ended_by", [EndedBy.SITE, EndedBy.CONSOLE])
def test_whoever_is_unlinked_by_others_is_told(database: Database, ended_by: EndedBy) -> None:
    listen(database)
    member, friend = make_member(database), make_friend(database, NOW)
    done = linked(database, member, friend.id)
    with transaction(database) as session:
        ended = unlink(session, Ending(ended_by, NOBODY, "asked by phone"), LATER, member_id=member)
    assert ended == [Pair(done.link_id, member, friend.id)]
    assert ended_links(database) == [(member, friend.id, ended_by)]
    [push] = queued(database, Carrier.PUSH)
    assert push.body == {"build": "unlinked", "values": {"link_id": done.link_id}}
    assert "解除されました" in str(push.preview)
    assert [row.body["values"]["kind"] for row in queued(database, Carrier.WEBHOOK)] == ["linked", "unlinked"]
    assert len(queued(database, Carrier.MENU)) == 2


@pytest.mark.parametrize("ended_by", [EndedBy.CHAT, EndedBy.MENU, EndedBy.FORGOTTEN])
def test_whoever_unlinks_in_the_chat_or_is_erased_gets_no_push(database: Database, ended_by: EndedBy) -> None:
    member, friend = make_member(database), make_friend(database, NOW)
    linked(database, member, friend.id)
    with transaction(database) as session:
        assert len(unlink(session, Ending(ended_by, NOBODY), LATER, friend_id=friend.id)) == 1
    assert queued(database, Carrier.PUSH) == []


def test_unlinking_again_or_the_wrong_pair_does_nothing(database: Database) -> None:
    member, friend, other = make_member(database), make_friend(database, NOW), make_member(database)
    linked(database, member, friend.id)
    with transaction(database) as session:
        assert unlink(session, BY_CHAT, LATER, friend_id=friend.id, member_id=other) == []
        assert len(unlink(session, BY_CHAT, LATER, friend_id=friend.id, member_id=member)) == 1
        assert unlink(session, BY_CHAT, LATER, friend_id=friend.id) == []
    with transaction(database) as session, pytest.raises(ValueError, match="whose link"):
        unlink(session, BY_CHAT, LATER)


def test_the_history_tells_every_link_the_newest_first(database: Database) -> None:
    friend, first, second = make_friend(database, NOW), make_member(database), make_member(database)
    linked(database, first, friend.id)
    linked(database, second, friend.id)
    with transaction(database) as session:
        assert [row.member_id for row in link_history(session, friend_id=friend.id)] == [second, first]
        assert [row.ended_by for row in link_history(session, member_id=first)] == ["relinked"]
        with pytest.raises(ValueError, match="of a friend or of a member"):
            link_history(session)


def test_the_database_itself_refuses_a_second_link(database: Database) -> None:
    channel = make_channel(database)
    one, two = make_friend(database, NOW, channel), make_friend(database, NOW, channel)
    member, other = make_member(database), make_member(database)
    linked(database, member, one.id)
    for member_id, friend_id in ((member, two.id), (other, one.id)):
        with pytest.raises(IntegrityError), transaction(database) as session:
            session.add(
                Link(member_id=member_id, friend_id=friend_id, channel_id=channel, how="code", at=NOW)
            )


@pytest.mark.parametrize(
    ("changes", "pushes"),
    [
        pytest.param({}, 1, id="a friend"),
        pytest.param({"followed_at": None}, 0, id="not a friend yet"),
        pytest.param({"blocked_at": NOW}, 0, id="blocking"),
        pytest.param({"followed_at": None, "imported_at": NOW}, 1, id="a friend from before"),
    ],
)
def test_the_news_is_pushed_to_whom_a_push_can_reach(
    database: Database, changes: dict[str, object], pushes: int
) -> None:
    member, friend = make_member(database), make_friend(database, NOW)
    with transaction(database) as session:
        row = session.get_one(Friend, friend.id)
        for name, value in changes.items():
            setattr(row, name, value)
    done = linked(database, member, friend.id)
    with transaction(database) as session:
        tell_linked(session, done, NOW)
        tell_linked(session, done, NOW)
    assert len(queued(database, Carrier.PUSH)) == pushes


def at_once(number: int, work: Callable[[int], object]) -> None:
    """Do it in as many threads, which begin together."""
    gate = threading.Barrier(number)
    failures: list[BaseException] = []

    def run(index: int) -> None:
        gate.wait()
        try:
            work(index)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_many_lines_that_claim_one_member_at_once_leave_one_link(database: Database) -> None:
    channel, member = make_channel(database), make_member(database)
    friends = [make_friend(database, NOW, channel).id for _ in range(6)]
    at_once(6, lambda index: linked(database, member, friends[index]))
    assert len(open_links(database)) == 1
    ended = ended_links(database)
    assert len(ended) == 5
    assert {by for _, _, by in ended} == {"relinked"}
    [(_, winner, _)] = open_links(database)
    assert {friend for _, friend, _ in ended} | {winner} == set(friends)


def test_many_members_who_claim_one_line_at_once_leave_one_link(database: Database) -> None:
    friend = make_friend(database, NOW).id
    members = [make_member(database) for _ in range(6)]
    at_once(6, lambda index: linked(database, members[index], friend))
    assert len(open_links(database)) == 1
    assert len(ended_links(database)) == 5


def test_pairs_that_cross_at_once_leave_every_one_with_one_link_at_most(database: Database) -> None:
    channel = make_channel(database)
    friends = [make_friend(database, NOW, channel).id for _ in range(3)]
    members = [make_member(database) for _ in range(3)]
    pairs = [(member, friend) for member in members for friend in friends]
    at_once(len(pairs), lambda index: linked(database, *pairs[index]))
    holding = open_links(database)
    assert holding
    assert len({member for member, _, _ in holding}) == len(holding)
    assert len({friend for _, friend, _ in holding}) == len(holding)
    assert len(holding) + len(ended_links(database)) == len(pairs)
