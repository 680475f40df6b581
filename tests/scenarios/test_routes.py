"""A friend comes by a route: by code, as a new friend or an old one; and nobody is guessed."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from app.clock import today_in_tokyo
from app.db import reading, transaction
from app.messaging.models import Channel
from app.routes.actions import RouteDraft, add_route, end_route
from app.routes.queries import RouteFigures, RouteReport, find_route, route_report
from app.routes.rules import Method, Route, prefilled_text
from app.simulator.lookups import BASIC_ID
from tests.chromium import needs_chromium
from tests.scenarios.people import answer_to, eventually, labels_in, new_friend, words
from tests.stack import Stack

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1"
PROMISE = "無料の相談会の日程をお届けします。"
_names = iter(f"route-{number}" for number in range(100))


@pytest.fixture
def route(stack: Stack) -> Route:
    """A route of the account, and links that work."""
    name = next(_names)
    with transaction(stack.database) as session:
        channel = session.scalars(select(Channel)).one()
        channel.basic_id = BASIC_ID
        add_route(session, channel.id, name, RouteDraft("QR", Method.CODE, PROMISE), stack.clock.now())
    with reading(stack.database) as session:
        found = find_route(session, name)
    assert found is not None
    return found


def report(stack: Stack, route: Route) -> RouteReport:
    today = today_in_tokyo(stack.clock.now())
    with reading(stack.database) as session:
        return route_report(session, route.channel_id, today - timedelta(days=1), today)


def figures(stack: Stack, route: Route) -> RouteFigures:
    return report(stack, route).figures.get(route.id, RouteFigures())


def test_a_new_friend_who_sends_the_code_is_proven_and_gets_the_promise(stack: Stack, route: Route) -> None:
    before = report(stack, route)
    silent, person = new_friend(stack, "架空 太郎"), new_friend(stack, "架空 花子")
    (answer,) = answer_to(stack, person, prefilled_text(route.code))
    assert PROMISE in words(answer)
    assert "希望条件を登録(1分)" in labels_in(answer)
    assert figures(stack, route) == RouteFigures(new_friends=1)
    after = report(stack, route)
    assert (after.new_friends - before.new_friends, after.proven - before.proven) == (2, 1)
    assert stack.line.messages_to(silent)


def test_the_code_sent_again_is_answered_and_counted_once(stack: Stack, route: Route) -> None:
    person = new_friend(stack)
    for _ in range(2):
        (answer,) = answer_to(stack, person, prefilled_text(route.code))
        assert PROMISE in words(answer)
    assert figures(stack, route) == RouteFigures(new_friends=1)


def test_somebody_who_writes_before_the_follow_counts_once_the_follow_is_there(
    stack: Stack, route: Route
) -> None:
    person = stack.line.add_person("架空 次郎")
    (answer,) = answer_to(stack, person, prefilled_text(route.code))
    assert PROMISE in words(answer)
    assert figures(stack, route) == RouteFigures(not_added=1)
    stack.line.follow(person)
    stack.line.wait_for_messages(person, 3)
    eventually(lambda: figures(stack, route) == RouteFigures(new_friends=1), "the follow was counted")


def test_an_ended_route_promises_nothing_and_the_visit_is_still_true(stack: Stack, route: Route) -> None:
    with transaction(stack.database) as session:
        end_route(session, route.name, stack.clock.now())
    (answer,) = answer_to(stack, new_friend(stack), prefilled_text(route.code))
    assert "受付は終了しました" in words(answer)
    assert PROMISE not in words(answer)
    assert figures(stack, route) == RouteFigures(new_friends=1)


def test_an_unknown_code_is_answered_politely_and_belongs_to_no_route(stack: Stack, route: Route) -> None:
    (answer,) = answer_to(stack, new_friend(stack), prefilled_text("22222222"))
    assert "確認できませんでした" in words(answer)
    assert figures(stack, route) == RouteFigures()


@needs_chromium
@pytest.mark.browser
def test_from_the_page_to_the_answer_in_a_browser(stack: Stack, route: Route, browser: Browser) -> None:
    stack.line.add_person("架空 さくら")
    page = browser.new_page(
        user_agent=PHONE, viewport={"width": 390, "height": 844}, java_script_enabled=True
    )
    page.goto(f"{stack.web_url}/add/{route.name}")
    expect(page.get_by_text(PROMISE)).to_be_visible()
    page.get_by_role("link", name="LINEのトークを開く").click()
    page.get_by_label("架空 さくら").check()
    page.get_by_role("button", name="スマートフォンで開く").click()
    page.get_by_test_id("follow").click()
    expect(page.get_by_test_id("field")).to_have_value(prefilled_text(route.code))
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("message").get_by_text(PROMISE)).to_be_visible(timeout=20_000)
    page.close()
    assert figures(stack, route) == RouteFigures(clicks=1, new_friends=1)
