"""Rich menus as people meet them: the whole of Goen, a simulated LINE, real HTTP."""

import time
from datetime import date

import pytest
from sqlalchemy import func, select

from app.db import reading, transaction
from app.links.actions import Ending, link, unlink
from app.links.menus import enqueue_menus_of_member
from app.links.queries import member_of
from app.links.rules import EndedBy, How
from app.members.actions import upsert_placement
from app.members.models import Member
from app.members.values import Contract, PlacementData
from app.messaging.models import DailyCount, OutboxMessage
from app.messaging.rules import Carrier, OutboxStatus
from app.staff.audit import NOBODY
from handlers.menus import FAILED_SWITCHES, TAPS
from richmenu.objects import PREFIX
from tests.links.factories import make_member
from tests.scenarios.people import Message, eventually, friend_row, new_friend, words
from tests.stack import Stack

PATIENCE = 60


@pytest.fixture(scope="module", autouse=True)
def published(stack: Stack) -> None:
    """The worker has published the menus by itself."""
    shelf = stack.line.menus.shelf
    stack.line.wait_until(lambda: shelf.default is not None, PATIENCE, "the default menu")


def sees(stack: Stack, person: str) -> str:
    """The tab that a person sees: `members/main`."""
    return (stack.line.menu_name(person) or "").removeprefix(PREFIX).partition(":")[0]


def soon_sees(stack: Stack, person: str, tab: str) -> None:
    """Within patience."""
    eventually(
        lambda: sees(stack, person) == tab, f"{person} sees {sees(stack, person)}, not {tab}", PATIENCE
    )


def is_given(stack: Stack, person: str, menu: str) -> None:
    """LINE has linked it, and we have written that down."""
    soon_sees(stack, person, f"{menu}/main")
    eventually(
        lambda: (friend_row(stack, person).menu_live or "").startswith(f"{menu}:"), f"{menu} is written down"
    )


def linked_friend(stack: Stack) -> tuple[str, int]:
    """Somebody who is linked and has the member's menu; their member."""
    person = new_friend(stack)
    is_given(stack, person, "newcomers")
    member_id = make_member(stack.database)
    with transaction(stack.database) as session:
        link(session, member_id, friend_row(stack, person).id, How.CODE, NOBODY, stack.clock.now())
    is_given(stack, person, "members")
    return person, member_id


def count(stack: Stack, name: str, label: str) -> int:
    """How often something was counted."""
    with reading(stack.database) as session:
        query = select(func.sum(DailyCount.n)).where(DailyCount.name == name, DailyCount.label == label)
        return session.scalars(query).one() or 0


def soon_told(stack: Stack, person: str, text: str) -> Message:
    """The message that says this; the news of the new link may come before it."""

    def found() -> list[Message]:
        return [each for each in stack.line.messages_to(person) if text in words(each)]

    eventually(lambda: bool(found()), f"{text} is said", PATIENCE)
    return found()[-1]


def area_of(stack: Stack, person: str, label: str) -> int:
    """The number of the area with this label in the menu that a person sees."""
    shelf = stack.line.menus.shelf
    name = stack.line.menu_name(person)
    menu = next(menu for menu in shelf.menus.values() if menu.definition["name"] == name)
    return next(n for n, area in enumerate(menu.definition["areas"]) if area["action"]["label"] == label)


def test_the_menu_follows_linking_and_unlinking_within_a_second(stack: Stack) -> None:
    person = new_friend(stack)
    is_given(stack, person, "newcomers")
    member_id = make_member(stack.database)
    with transaction(stack.database) as session:
        link(session, member_id, friend_row(stack, person).id, How.CODE, NOBODY, stack.clock.now())
    began = time.monotonic()
    soon_sees(stack, person, "members/main")
    assert time.monotonic() - began < PATIENCE  # the goal of one second is measured by `make bench`
    is_given(stack, person, "members")
    with transaction(stack.database) as session:
        ending = Ending(EndedBy.CHAT, NOBODY)
        unlink(session, ending, stack.clock.now(), friend_id=friend_row(stack, person).id)
    is_given(stack, person, "newcomers")


def test_linked_and_unlinked_at_once_ends_with_what_is_true(stack: Stack) -> None:
    person, _ = linked_friend(stack)
    friend = friend_row(stack, person)
    for _ in range(3):
        member_id = make_member(stack.database)
        with transaction(stack.database) as session:
            unlink(session, Ending(EndedBy.CHAT, NOBODY), stack.clock.now(), friend_id=friend.id)
        with transaction(stack.database) as session:
            link(session, member_id, friend.id, How.CODE, NOBODY, stack.clock.now())
    with transaction(stack.database) as session:
        unlink(session, Ending(EndedBy.CHAT, NOBODY), stack.clock.now(), friend_id=friend.id)
    eventually(lambda: waiting_menus(stack) == 0, "rows have ended", PATIENCE)
    is_given(stack, person, "newcomers")


def test_who_is_placed_sees_the_third_menu(stack: Stack) -> None:
    person, member_id = linked_friend(stack)
    with transaction(stack.database) as session:
        given = PlacementData(
            external_id=f"p{member_id}",
            member=session.get_one(Member, member_id).external_id,
            start_on=date(2026, 12, 1),
            contract=Contract.PERMANENT,
            by_us=True,
        )
        upsert_placement(session, given, stack.clock.now())
        enqueue_menus_of_member(session, member_id, cause=f"placement:p{member_id}", now=stack.clock.now())
    is_given(stack, person, "placed")


def test_who_comes_back_after_blocking_has_their_menu_again(stack: Stack) -> None:
    person, _ = linked_friend(stack)
    stack.line.block(person)
    eventually(lambda: friend_row(stack, person).blocked_at is not None, "blocked")
    stack.line.menus.shelf.links.pop(person, None)  # LINE forgets it
    stack.line.unblock(person)
    is_given(stack, person, "members")


def test_taps_and_tabs_come_back_as_numbers(stack: Stack) -> None:
    person, _ = linked_friend(stack)
    before = count(stack, TAPS, "members/main/B")
    stack.line.tap_menu(person, 1)
    soon_sees(stack, person, "members/settings")
    eventually(lambda: count(stack, TAPS, "members/main/B") == before + 1, "the tab is counted", PATIENCE)
    stack.line.tap_menu(person, area_of(stack, person, "お休み"))
    soon_told(stack, person, "求人のお届けをお休みします")
    eventually(lambda: count(stack, TAPS, "members/settings/C") >= 1, "the tap is counted", PATIENCE)


def test_a_tab_that_did_not_switch_is_counted_too(stack: Stack) -> None:
    person = new_friend(stack)
    is_given(stack, person, "newcomers")
    label = "newcomers/main/B RICHMENU_ALIAS_ID_NOTFOUND"
    before = count(stack, FAILED_SWITCHES, label)
    stack.line.tap(
        person,
        {"type": "postback", "data": "v1:menu.tab?menu=newcomers%2Fmain&area=B"},
        {"status": "RICHMENU_ALIAS_ID_NOTFOUND"},
    )
    eventually(lambda: count(stack, FAILED_SWITCHES, label) == before + 1, "it is counted", PATIENCE)


@pytest.mark.parametrize("menu", ["newcomers", "members"])
def test_every_button_of_a_menu_is_answered(stack: Stack, menu: str) -> None:
    person = linked_friend(stack)[0] if menu == "members" else new_friend(stack)
    is_given(stack, person, menu)
    for tab in (0, 1):
        stack.line.tap_menu(person, tab)
        shelf = stack.line.menus.shelf
        name = stack.line.menu_name(person)
        areas = next(m for m in shelf.menus.values() if m.definition["name"] == name).definition["areas"]
        for number, area in enumerate(areas):
            if area["action"]["type"] != "postback":
                continue
            told = len(stack.line.messages_to(person))
            stack.line.tap_menu(person, number)
            answer = stack.line.wait_for_messages(person, told + 1)[told:]
            assert not any("このボタンは使えなくなりました" in words(message) for message in answer), area


def test_unlinking_in_the_menu_asks_once_more(stack: Stack) -> None:
    person, _ = linked_friend(stack)
    stack.line.tap_menu(person, 1)
    soon_sees(stack, person, "members/settings")
    stack.line.tap_menu(person, area_of(stack, person, "連携解除"))
    yes = soon_told(stack, person, "会員連携を解除しますか")["template"]["actions"][0]
    stack.line.tap(person, yes)
    is_given(stack, person, "newcomers")
    with reading(stack.database) as session:
        assert member_of(session, friend_row(stack, person).id) is None


def waiting_menus(stack: Stack) -> int:
    """Rows that look at menus now and have not ended; another look may be planned for after a call for many."""
    query = select(func.count()).where(
        OutboxMessage.carrier == Carrier.MENU,
        OutboxMessage.status.in_([OutboxStatus.WAITING, OutboxStatus.SENDING]),
        OutboxMessage.due_at <= stack.clock.now(),
    )
    with reading(stack.database) as session:
        return session.scalars(query).one()
