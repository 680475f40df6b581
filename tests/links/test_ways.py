"""The three ways as actions: whatever is forged, replayed, crossed or late is refused with its reason."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.links.actions import Ending, Linked, unlink
from app.links.by_account import (
    begin_account_link,
    confirm_account_link,
    end_account_link,
    look_at_account_ticket,
    offer_account_link,
)
from app.links.by_code import NewCode, issue_code, link_by_code
from app.links.by_login import (
    ProvenFriend,
    hand_over,
    link_by_login,
    look_at_link_session,
    open_link_session,
    redeem_handover,
    start_login,
)
from app.links.models import LinkTicket
from app.links.rules import MOST_TRIES, PAUSE, EndedBy, Refusal, is_code
from app.links.tickets import forget_old_tickets
from app.members.models import Member
from app.messaging.rules import Carrier
from app.staff.audit import NOBODY
from tests.factories import make_channel, make_friend
from tests.links.factories import NOW, audit_of, make_member, open_links, queued
from tests.links.test_linking_actions import at_once

SITE = "https://jobs.example/mypage"
TEN_MINUTES = timedelta(minutes=10)
JUST_BEFORE = NOW + TEN_MINUTES - timedelta(seconds=1)
WRONG = "BCDF2345"


class People:
    """Two members, two friends of one account, and a friend of another account."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.channel = make_channel(database)
        self.me = make_friend(database, NOW, self.channel)
        self.other = make_friend(database, NOW, self.channel)
        self.elsewhere = make_friend(database, NOW)
        self.member = make_member(database, "M-me")
        self.other_member = make_member(database, "M-other")

    def code(self, at: datetime = NOW) -> str:
        with transaction(self.database) as session:
            made = issue_code(session, self.member, self.channel, at)
            assert isinstance(made, NewCode)
            return made.code

    def send_code(self, code: str, friend: Friend | None = None, at: datetime = NOW) -> Linked | Refusal:
        with transaction(self.database) as session:
            row = session.get_one(Friend, (friend or self.me).id)
            return link_by_code(session, row, code, at)

    def nonce(self, at: datetime = NOW) -> str:
        with transaction(self.database) as session:
            ticket = offer_account_link(session, self.me, at)
            nonce = begin_account_link(session, ticket, self.member, at)
            assert not isinstance(nonce, Refusal)
            return nonce

    def confirm(self, nonce: str, friend: Friend | None = None, at: datetime = NOW) -> Linked | Refusal:
        with transaction(self.database) as session:
            row = session.get_one(Friend, (friend or self.me).id)
            return confirm_account_link(session, nonce, row, at)

    def session_token(self, at: datetime = NOW) -> str:
        with transaction(self.database) as session:
            return open_link_session(session, self.member, self.channel, SITE, at)

    def state(self, at: datetime = NOW) -> str:
        token = self.session_token(at)
        with transaction(self.database) as session:
            started = start_login(session, token, at)
            assert not isinstance(started, Refusal)
            return started[0]

    def proven(self, friend: Friend | None = None) -> ProvenFriend:
        who = friend or self.me
        return ProvenFriend(who.channel_id, who.line_user_id, is_friend=True)

    def log_in(self, state: str, friend: Friend | None = None, at: datetime = NOW) -> Linked | Refusal:
        with transaction(self.database) as session:
            return link_by_login(session, state, self.proven(friend), at)

    def handover(self, at: datetime = NOW) -> str:
        with transaction(self.database) as session:
            token = hand_over(session, self.proven(), at)
            assert not isinstance(token, Refusal)
            return token

    def redeem(self, token: str, at: datetime = NOW) -> int | Refusal:
        with transaction(self.database) as session:
            return redeem_handover(session, token, at)


@pytest.fixture
def people(database: Database) -> People:
    return People(database)


Attempt = Callable[[People], Linked | Refusal]


def sent_twice(people: People) -> Linked | Refusal:
    code = people.code()
    people.send_code(code)
    return people.send_code(code, people.other)


def replaced_code(people: People) -> Linked | Refusal:
    first = people.code()
    people.code()
    return people.send_code(first)


def confirmed_twice(people: People) -> Linked | Refusal:
    nonce = people.nonce()
    people.confirm(nonce)
    return people.confirm(nonce)


def confirmed_after_failure(people: People) -> Linked | Refusal:
    nonce = people.nonce()
    with transaction(people.database) as session:
        end_account_link(session, nonce, people.channel, NOW)
    return people.confirm(nonce)


def logged_in_twice(people: People) -> Linked | Refusal:
    state = people.state()
    people.log_in(state)
    return people.log_in(state)


@pytest.mark.parametrize(
    ("attempt", "reason"),
    [
        pytest.param(lambda p: p.send_code(WRONG), Refusal.UNKNOWN, id="code: guessed"),
        pytest.param(sent_twice, Refusal.USED, id="code: replayed by another friend"),
        pytest.param(replaced_code, Refusal.USED, id="code: one that a newer one has ended"),
        pytest.param(
            lambda p: p.send_code(p.code(), p.elsewhere), Refusal.OTHER_CHANNEL, id="code: another account"
        ),
        pytest.param(
            lambda p: p.send_code(p.code(), at=NOW + TEN_MINUTES), Refusal.EXPIRED, id="code: too late"
        ),
        pytest.param(lambda p: p.confirm("invented" * 5), Refusal.UNKNOWN, id="account: forged nonce"),
        pytest.param(confirmed_twice, Refusal.USED, id="account: replayed"),
        pytest.param(confirmed_after_failure, Refusal.USED, id="account: after LINE said failed"),
        pytest.param(
            lambda p: p.confirm(p.nonce(), p.other), Refusal.OTHER_FRIEND, id="account: another friend"
        ),
        pytest.param(
            lambda p: p.confirm(p.nonce(), p.elsewhere), Refusal.OTHER_CHANNEL, id="account: another account"
        ),
        pytest.param(
            lambda p: p.confirm(p.nonce(), at=NOW + TEN_MINUTES), Refusal.EXPIRED, id="account: too late"
        ),
        pytest.param(lambda p: p.confirm(p.code()), Refusal.UNKNOWN, id="account: a code for a nonce"),
        pytest.param(lambda p: p.log_in("invented" * 5), Refusal.UNKNOWN, id="login: forged state"),
        pytest.param(
            lambda p: p.log_in(p.session_token()), Refusal.UNKNOWN, id="login: a session for a state"
        ),
        pytest.param(logged_in_twice, Refusal.USED, id="login: replayed"),
        pytest.param(
            lambda p: p.log_in(p.state(), p.elsewhere), Refusal.OTHER_CHANNEL, id="login: another account"
        ),
        pytest.param(
            lambda p: p.log_in(p.state(), at=NOW + TEN_MINUTES), Refusal.EXPIRED, id="login: too late"
        ),
    ],
)
def test_an_attempt_is_refused_with_its_reason(people: People, attempt: Attempt, reason: Refusal) -> None:
    before = len(open_links(people.database))
    assert attempt(people) is reason
    assert before == 0
    assert len(open_links(people.database)) <= 1, "at most the first, honest one of a replay"


@pytest.mark.parametrize(
    ("attempt", "how"),
    [
        pytest.param(lambda p: p.send_code(p.code(), at=JUST_BEFORE), "code", id="code"),
        pytest.param(lambda p: p.confirm(p.nonce(), at=JUST_BEFORE), "account", id="account"),
        pytest.param(lambda p: p.log_in(p.state(), at=JUST_BEFORE), "login", id="login"),
    ],
)
def test_an_honest_attempt_links_up_to_the_last_second(people: People, attempt: Attempt, how: str) -> None:
    assert isinstance(attempt(people), Linked)
    assert open_links(people.database) == [(people.member, people.me.id, how)]


@pytest.mark.parametrize(
    ("attempt", "subject"),
    [
        pytest.param(lambda p: p.send_code(p.code(), at=NOW + TEN_MINUTES), "me", id="code"),
        pytest.param(lambda p: p.confirm(p.nonce(), at=NOW + TEN_MINUTES), "me", id="account"),
        pytest.param(lambda p: p.log_in(p.state(), at=NOW + TEN_MINUTES), "me", id="login"),
        pytest.param(lambda p: p.confirm(p.nonce(), p.other), "other", id="account of another"),
    ],
)
def test_a_refusal_is_kept_for_whoever_is_asked_why(people: People, attempt: Attempt, subject: str) -> None:
    reason = attempt(people)
    friend = getattr(people, subject)
    refusals = [
        each for each in audit_of(people.database, f"friend:{friend.id}") if each[0] == "link.refused"
    ]
    assert refusals == [("link.refused", {"reason": reason})]


def test_no_token_is_stored_readable(people: People) -> None:
    tokens = [people.code(), people.nonce(), people.state(), people.session_token()]
    with reading(people.database) as session:
        stored = "".join(map(str, session.execute(select(LinkTicket.token_hash, LinkTicket.body)).all()))
    assert not [token for token in tokens if token in stored]


def test_codes_look_like_codes_and_the_newest_is_the_only_one_alive(people: People) -> None:
    codes = [people.code() for _ in range(5)]
    assert all(map(is_code, codes))
    assert [isinstance(people.send_code(code), Linked) for code in codes] == [False] * 4 + [True]


def test_codes_for_two_accounts_live_side_by_side(people: People) -> None:
    first = people.code()
    with transaction(people.database) as session:
        second = issue_code(session, people.member, people.elsewhere.channel_id, NOW)
    assert not isinstance(second, Refusal)
    assert isinstance(people.send_code(first), Linked)
    assert isinstance(people.send_code(second.code, people.elsewhere), Linked)


def test_after_five_wrong_codes_even_the_right_one_waits(people: People) -> None:
    code = people.code()
    wrong = [f"BCDF234{digit}" for digit in "56789"]
    assert [people.send_code(each) for each in wrong] == [Refusal.UNKNOWN] * MOST_TRIES
    assert people.send_code(code) is Refusal.PAUSED
    assert isinstance(people.send_code(code, people.other), Linked), "others are not held up"
    later = NOW + PAUSE
    assert isinstance(people.send_code(people.code(later), at=later), Linked)


def test_a_right_code_forgives_the_wrong_ones_before(people: People) -> None:
    for _ in range(2):
        for digit in "5678":
            assert people.send_code(f"BCDF234{digit}") is Refusal.UNKNOWN
        assert isinstance(people.send_code(people.code()), Linked)


def test_of_many_who_send_the_same_code_at_once_one_is_linked(people: People) -> None:
    code = people.code()
    friends = [make_friend(people.database, NOW, people.channel) for _ in range(5)]
    outcomes: list[Linked | Refusal] = []
    at_once(5, lambda index: outcomes.append(people.send_code(code, friends[index])))
    assert sum(isinstance(outcome, Linked) for outcome in outcomes) == 1
    assert [outcome for outcome in outcomes if not isinstance(outcome, Linked)] == [Refusal.USED] * 4
    assert len(open_links(people.database)) == 1


def test_of_many_callbacks_with_one_state_at_once_one_links(people: People) -> None:
    state = people.state()
    friends = [make_friend(people.database, NOW, people.channel) for _ in range(5)]
    outcomes: list[Linked | Refusal] = []
    at_once(5, lambda index: outcomes.append(people.log_in(state, friends[index])))
    assert sum(isinstance(outcome, Linked) for outcome in outcomes) == 1
    assert len(open_links(people.database)) == 1


def test_a_session_is_entered_by_one_browser_only(people: People) -> None:
    token = people.session_token()
    with transaction(people.database) as session:
        assert not isinstance(look_at_link_session(session, token, NOW), Refusal)
        assert not isinstance(start_login(session, token, NOW), Refusal)
        assert start_login(session, token, NOW) is Refusal.USED
        assert look_at_link_session(session, token, NOW) is Refusal.USED
        assert start_login(session, "invented" * 5, NOW) is Refusal.UNKNOWN


def test_an_account_ticket_is_used_by_one_member_only(people: People) -> None:
    with transaction(people.database) as session:
        ticket = offer_account_link(session, people.me, NOW)
        looked = look_at_account_ticket(session, ticket, NOW)
        assert not isinstance(looked, Refusal)
        assert looked.friend_id == people.me.id
        assert isinstance(begin_account_link(session, ticket, people.member, NOW), str)
        assert begin_account_link(session, ticket, people.other_member, NOW) is Refusal.USED
        assert begin_account_link(session, "invented" * 5, people.member, NOW) is Refusal.UNKNOWN
        assert begin_account_link(session, ticket, 10**9, NOW) is Refusal.MEMBER_GONE
    assert ("link.refused", {"reason": "used"}) in audit_of(people.database, f"member:{people.other_member}")


def test_a_member_erased_meanwhile_is_not_linked(people: People) -> None:
    code, nonce, state = people.code(), people.nonce(), people.state()
    with transaction(people.database) as session:
        session.get_one(Member, people.member).forgotten_at = NOW
    assert people.send_code(code) is Refusal.MEMBER_GONE
    assert people.confirm(nonce) is Refusal.MEMBER_GONE
    assert people.log_in(state) is Refusal.MEMBER_GONE
    with transaction(people.database) as session:
        assert issue_code(session, people.member, people.channel, NOW) is Refusal.MEMBER_GONE


def test_a_log_in_is_handed_over_once_within_a_minute(people: People) -> None:
    with transaction(people.database) as session:
        assert hand_over(session, people.proven(), NOW) is Refusal.NOT_LINKED
    people.log_in(people.state())
    token = people.handover()
    assert people.redeem(token, NOW + timedelta(seconds=59)) == people.member
    assert people.redeem(token) is Refusal.USED
    assert people.redeem(people.handover(), NOW + timedelta(minutes=1)) is Refusal.EXPIRED
    assert people.redeem("invented" * 5) is Refusal.UNKNOWN


def test_a_hand_over_of_a_link_that_has_ended_meanwhile_is_refused(people: People) -> None:
    people.log_in(people.state())
    token = people.handover()
    with transaction(people.database) as session:
        unlink(session, Ending(EndedBy.SITE, NOBODY), NOW, member_id=people.member)
    assert people.redeem(token) is Refusal.NOT_LINKED


@pytest.mark.parametrize(
    ("is_friend", "friendship_changed", "is_imported", "pushes"),
    [
        pytest.param(True, False, True, 1, id="a friend from before"),
        pytest.param(True, True, False, 0, id="the follow is on its way: its answer tells"),
        pytest.param(False, False, False, 0, id="no friend"),
    ],
)
def test_who_comes_by_login_without_a_follow_known_to_us(
    people: People, is_friend: bool, friendship_changed: bool, is_imported: bool, pushes: int
) -> None:
    stranger = ProvenFriend(people.channel, f"U{7:032x}", is_friend, friendship_changed)
    state = people.state()
    with transaction(people.database) as session:
        assert isinstance(link_by_login(session, state, stranger, NOW), Linked)
        row = session.scalars(select(Friend).where(Friend.line_user_id == stranger.line_user_id)).one()
        assert (row.imported_at is not None) is is_imported
        assert row.followed_at is None
    assert len(queued(people.database, Carrier.PUSH)) == pushes


def test_tickets_are_forgotten_a_day_after_their_end(people: People) -> None:
    people.code()
    people.nonce()
    a_day_after = NOW + TEN_MINUTES + timedelta(days=1)
    assert forget_old_tickets(people.database, a_day_after) == 0
    assert forget_old_tickets(people.database, a_day_after + timedelta(seconds=1)) == 3
    assert forget_old_tickets(people.database, a_day_after + timedelta(days=1)) == 0
