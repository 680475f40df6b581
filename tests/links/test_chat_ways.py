"""Linking from the chat and by code, over HTTP on both databases, with everybody who should not succeed."""

from itertools import count
from typing import Any

import pytest
import requests

from app.json_text import to_bytes
from app.line.postback import pack
from app.messaging.rules import Carrier
from tests.links.factories import audit_of, ended_links, queued
from tests.links.site import Browser, Site, query_of
from tests.scenarios.people import (
    actions_in,
    answer_to,
    eventually,
    friend_row,
    labels_in,
    new_friend,
    tap,
    words,
)
from tests.stack import SITE_ORIGIN, Stack

_numbers = count(1)
FORGED = "invented" * 5


@pytest.fixture(scope="module")
def site(stack: Stack) -> Site:
    return Site(stack)


@pytest.fixture
def member(site: Site) -> str:
    return site.sign_up(f"C-{next(_numbers)}")


def ticket_of(stack: Stack, person: str) -> str:
    """Tap 会員連携 and take the ticket out of the button."""
    offered = tap(stack, person, "会員連携")
    [uri] = [action["uri"] for action in actions_in(offered) if action["type"] == "uri"]
    return query_of(uri)["t"]


def answer_dialog(dialog: str, person: str) -> requests.Response:
    """LINE's dialog, with this person in front of the screen."""
    return requests.post(dialog, data={"person": person, "decision": "allow"}, timeout=10)


def linked_by_code(stack: Stack, site: Site, member: str) -> str:
    person = new_friend(stack)
    assert "完了しました" in words(answer_to(stack, person, site.code(member)["code"])[0])
    return person


def test_a_code_links_and_brings_jobs_or_how_to_find_them(stack: Stack, site: Site, member: str) -> None:
    person, made = new_friend(stack), site.code(member)
    answer = answer_to(stack, person, f"{made['code'][:4]} - {made['code'][4:].lower()}")
    assert "会員連携が完了しました" in words(answer[0])
    assert "「連携解除」と送ってください" in words(answer[0])
    assert "連携を解除" in labels_in(answer[-1])
    assert len(answer) >= 2
    assert [link["how"] for link in site.links(member)] == ["code"]


def test_a_code_works_once_and_only_the_newest(stack: Stack, site: Site, member: str) -> None:
    first, second = site.code(member)["code"], site.code(member)["code"]
    person, other = new_friend(stack), new_friend(stack)
    assert "連携できませんでした" in words(answer_to(stack, person, first)[0])
    assert "完了しました" in words(answer_to(stack, person, second)[0])
    assert "連携できませんでした" in words(answer_to(stack, other, second)[0])


def test_guessing_is_paused_after_five_tries(stack: Stack, site: Site, member: str) -> None:
    person = new_friend(stack)
    for digit in "23456":
        answer = answer_to(stack, person, f"BCDFGHJ{digit}")
    assert "連携できませんでした" in words(answer[0])
    assert "一時止めています" in words(answer_to(stack, person, site.code(member)["code"])[0])
    assert site.links(member) == []


def test_a_code_that_is_too_old_says_so(stack: Stack, site: Site, member: str) -> None:
    person, code = new_friend(stack), site.code(member)["code"]
    stack.line.advance(10 * 60 + 1)
    assert "有効期限(10分)が切れています" in words(answer_to(stack, person, code)[0])


def test_from_the_chat_by_the_site_and_lines_dialog_to_the_first_jobs(
    stack: Stack, site: Site, member: str
) -> None:
    person = new_friend(stack)
    ticket = ticket_of(stack, person)
    page = Browser(stack).get(f"/link/start?t={ticket}")
    assert f"{SITE_ORIGIN}/mypage/line?goen={ticket}" in page.text
    before = len(stack.line.messages_to(person))
    assert answer_dialog(site.account_link(ticket, member).json()["url"], person).ok
    answer = stack.line.wait_for_messages(person, before + 2)[before:]
    assert "会員連携が完了しました" in words(answer[0])
    assert [link["how"] for link in site.links(member)] == ["account"]
    assert "すでに会員情報と連携しています" in words(tap(stack, person, "会員連携")[0])


def test_the_ticket_of_a_button_is_worth_one_try_of_one_friend(stack: Stack, site: Site, member: str) -> None:
    person, other = new_friend(stack), new_friend(stack)
    ticket = ticket_of(stack, person)
    assert site.account_link(FORGED, member).status_code == 409
    assert site.account_link(ticket, "nobody").status_code == 404
    dialog = site.account_link(ticket, member).json()["url"]
    again = site.account_link(ticket, site.sign_up(f"C-{next(_numbers)}"))
    assert (again.status_code, "used" in again.text) == (410, True)
    assert Browser(stack).get(f"/link/start?t={ticket}").status_code == 410
    before = len(stack.line.messages_to(person))
    assert answer_dialog(dialog, other).status_code == 400, "LINE knows whose link token it is"
    [told] = stack.line.wait_for_messages(person, before + 1)[before:]
    assert "このLINEではない方がいたためです" in words(told), "the event names nobody, the ticket does"
    friend_id = friend_row(stack, person).id
    eventually(
        lambda: (
            ("link.refused", {"reason": "other_friend"}) in audit_of(stack.database, f"friend:{friend_id}")
        ),
        "the failed link is kept",
    )
    assert site.links(member) == []


def test_an_old_ticket_is_refused_by_page_and_api(stack: Stack, site: Site, member: str) -> None:
    ticket = ticket_of(stack, new_friend(stack))
    stack.line.advance(10 * 60 + 1)
    assert "時間が経ちました" in Browser(stack).get(f"/link/start?t={ticket}").text
    assert site.account_link(ticket, member).status_code == 410


def test_whoever_blocks_the_account_meanwhile_gets_no_link_token(
    stack: Stack, site: Site, member: str
) -> None:
    person = new_friend(stack)
    ticket = ticket_of(stack, person)
    stack.line.block(person)
    eventually(lambda: friend_row(stack, person).blocked_at is not None, "the block is known")
    assert site.account_link(ticket, member).status_code == 409
    stack.line.unblock(person)
    assert site.account_link(ticket, member).status_code == 200, "the ticket was not spent"


def test_a_line_that_fails_spends_no_ticket(stack: Stack, site: Site, member: str) -> None:
    ticket = ticket_of(stack, new_friend(stack))
    stack.line.set_faults({"endpoint": "link_token", "kind": "500", "times": 1})
    assert site.account_link(ticket, member).status_code == 502
    assert site.account_link(ticket, member).status_code == 200


def forged_event(person: str, nonce: str, number: int) -> dict[str, Any]:
    return {
        "type": "accountLink",
        "mode": "active",
        "timestamp": 1763780000000,
        "webhookEventId": f"01FORGED{number:018}",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": person},
        "replyToken": "forged",
        "link": {"result": "ok", "nonce": nonce},
    }


def test_an_event_that_line_did_not_sign_is_not_even_read(stack: Stack, site: Site, member: str) -> None:
    person = new_friend(stack)
    dialog = site.account_link(ticket_of(stack, person), member).json()["url"]
    body = to_bytes({"destination": "U", "events": [forged_event(person, query_of(dialog)["nonce"], 1)]})
    answer = requests.post(f"{stack.web_url}/line/webhook", data=body, timeout=10)
    assert answer.status_code == 401
    assert site.links(member) == []


def test_a_nonce_in_another_friends_event_links_nobody(stack: Stack, site: Site, member: str) -> None:
    person, other = new_friend(stack), new_friend(stack)
    dialog = site.account_link(ticket_of(stack, person), member).json()["url"]
    stack.line.send_events([forged_event(other, query_of(dialog)["nonce"], 2)])
    friend_id = friend_row(stack, other).id
    eventually(
        lambda: (
            ("link.refused", {"reason": "other_friend"}) in audit_of(stack.database, f"friend:{friend_id}")
        ),
        "the crossed link is kept",
    )
    assert site.links(member) == []


def test_another_line_of_the_member_takes_over_and_the_first_hears_of_it(
    stack: Stack, site: Site, member: str
) -> None:
    first = linked_by_code(stack, site, member)
    before = len(stack.line.messages_to(first))
    second = linked_by_code(stack, site, member)
    assert "前のLINEとの連携は解除し" in " ".join(words(each) for each in stack.line.messages_to(second))
    [told] = stack.line.wait_for_messages(first, before + 1)[before:]
    assert "別のLINEと連携されました" in words(told)
    assert len(site.links(member)) == 1


def test_unlinking_in_the_chat_asks_first(stack: Stack, site: Site, member: str) -> None:
    person = linked_by_code(stack, site, member)
    assert "解除しますか" in words(answer_to(stack, person, "連携解除")[0])
    assert "連携を続けます" in words(tap(stack, person, "連携を続ける")[0])
    assert len(site.links(member)) == 1
    answer_to(stack, person, "連携を解除する")
    done = tap(stack, person, "連携を解除する")
    assert "会員連携を解除しました" in words(done[0])
    assert "許可を取り消す" not in labels_in(done[-1]), "only LINE Login leaves a permission behind"
    assert site.links(member) == []
    assert "連携していません" in words(answer_to(stack, person, "連携解除")[0])


def test_the_menu_is_looked_at_again_whenever_a_link_begins_or_ends(
    stack: Stack, site: Site, member: str
) -> None:
    person = linked_by_code(stack, site, member)
    friend_id = friend_row(stack, person).id
    site.call("DELETE", f"/members/{member}/links")
    causes = [row.dedupe_key for row in queued(stack.database, Carrier.MENU)]
    mine = [cause for cause in causes if cause.startswith(f"menu:{friend_id}:")]
    assert [cause.split(":")[2] for cause in mine if "linked" in cause] == ["linked", "unlinked"]


def test_the_menus_button_unlinks_too_and_is_known_for_it(stack: Stack, site: Site, member: str) -> None:
    person = linked_by_code(stack, site, member)
    before = len(stack.line.messages_to(person))
    stack.line.tap(person, {"type": "postback", "data": pack("link.end", source="menu")})
    stack.line.wait_for_messages(person, before + 1)
    assert "会員連携を解除しました" in words(tap(stack, person, "連携を解除する")[0])
    assert (friend_row(stack, person).id, "menu") in [
        (friend, by) for _, friend, by in ended_links(stack.database)
    ]
