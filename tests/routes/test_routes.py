"""Making routes, proving them, and their numbers: on both databases."""

from datetime import timedelta

import pytest

from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.routes.actions import (
    RouteDraft,
    RouteRefused,
    add_route,
    change_route,
    end_route,
    prove_by_code,
    prove_by_login,
    record_click,
    reopen_route,
)
from app.routes.queries import (
    RouteFigures,
    RouteReport,
    all_routes,
    find_route,
    find_route_by_code,
    origins_of,
    report_data,
    route_report,
)
from app.routes.rules import CODE_LETTERS, LONGEST_PROMISE, Method
from tests.routes.conftest import NOW, TODAY, make_person, make_route, ready_channel

DAY = timedelta(days=1)


def report(database: Database, channel: int, days: int = 7) -> RouteReport:
    with reading(database) as session:
        return route_report(session, channel, TODAY - DAY * (days - 1), TODAY)


@pytest.mark.parametrize(
    ("name", "draft", "words"),
    [
        pytest.param("Seminar", RouteDraft("QR", Method.CODE), "英小文字", id="no name"),
        pytest.param("taken", RouteDraft("QR", Method.CODE), "使われています", id="taken"),
        pytest.param("new", RouteDraft(" ", Method.CODE), "呼び名", id="no title"),
        pytest.param("new", RouteDraft("あ" * 101, Method.CODE), "呼び名", id="title too long"),
        pytest.param(
            "new",
            RouteDraft("QR", Method.CODE, "あ" * (LONGEST_PROMISE + 1)),
            "601文字",
            id="promise too long",
        ),
        pytest.param("new", RouteDraft("QR", Method.LOGIN), "LINEログイン", id="no login channel"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(
    database: Database, name: str, draft: RouteDraft, words: str
) -> None:
    channel = ready_channel(database, login_channel_id=None)
    make_route(database, ready_channel(database), "taken")
    with pytest.raises(RouteRefused, match=words), transaction(database) as session:
        add_route(session, channel, name, draft, NOW)


def test_a_route_keeps_its_name_and_code_when_it_changes(database: Database, channel: int) -> None:
    before = make_route(database, channel)
    assert len(before.code) == 8
    assert set(before.code) <= set(CODE_LETTERS)
    with transaction(database) as session:
        change_route(session, before.id, RouteDraft("別の呼び名", Method.NONE, "  "))
    with reading(database) as session:
        after = find_route(session, "seminar")
    assert after is not None
    assert (after.name, after.code) == (before.name, before.code)
    assert (after.title, after.method, after.promise) == ("別の呼び名", Method.NONE, None)


def test_a_route_ends_once_and_opens_again(database: Database, channel: int) -> None:
    make_route(database, channel)
    with transaction(database) as session:
        assert end_route(session, "seminar", NOW)
        assert not end_route(session, "seminar", NOW)
        assert reopen_route(session, "seminar")
        assert not reopen_route(session, "seminar")
        assert not end_route(session, "unknown", NOW)


def test_open_routes_stand_before_ended_ones(database: Database, channel: int) -> None:
    for name in ("first", "second", "third"):
        make_route(database, channel, name)
    with transaction(database) as session:
        end_route(session, "third", NOW)
    with reading(database) as session:
        assert [route.name for route in all_routes(session, channel)] == ["second", "first", "third"]


def test_a_code_is_known_to_its_own_account_only(database: Database, channel: int) -> None:
    route, other = make_route(database, channel), ready_channel(database)
    with reading(database) as session:
        assert find_route_by_code(session, channel, route.code) == route
        assert find_route_by_code(session, other, route.code) is None


def test_a_friend_of_another_account_proves_nothing_here(database: Database, channel: int) -> None:
    route = make_route(database, channel)
    stranger = make_person(database, ready_channel(database), 1)
    with pytest.raises(ValueError, match="another account"), transaction(database) as session:
        prove_by_code(session, route, stranger, NOW)


def test_the_first_proof_wins_the_friend_and_later_ones_are_visits(database: Database, channel: int) -> None:
    first, second = make_route(database, channel, "first"), make_route(database, channel, "second")
    friend = make_person(database, channel, 1)
    with transaction(database) as session:
        assert prove_by_code(session, first, friend, NOW)
        assert not prove_by_code(session, first, friend, NOW)
        assert not prove_by_code(session, second, friend, NOW)
    found = report(database, channel)
    assert found.figures == {
        first.id: RouteFigures(new_friends=1),
        second.id: RouteFigures(older_friends=1),
    }
    with reading(database) as session:
        assert origins_of(session, [friend.id]) == {friend.id: "firstのQR"}


def test_a_visit_counts_once_a_day(database: Database, channel: int) -> None:
    route, friend = make_route(database, channel), make_person(database, channel, 1, timedelta(days=30))
    with transaction(database) as session:
        for at in (NOW - DAY, NOW, NOW + timedelta(hours=1)):
            prove_by_code(session, route, friend, at)
    assert report(database, channel).figures[route.id] == RouteFigures(older_friends=2)


def test_proven_and_unknown_stand_apart_and_clicks_belong_to_nobody(database: Database, channel: int) -> None:
    code, plain = make_route(database, channel, "code"), make_route(database, channel, "plain", Method.NONE)
    proven, _unknown = make_person(database, channel, 1), make_person(database, channel, 2)
    make_person(database, channel, 3, DAY)
    make_person(database, channel, 4, imported_at=NOW, first_followed_on=None)
    make_person(database, ready_channel(database), 5)
    with transaction(database) as session:
        prove_by_code(session, code, proven, NOW)
        for route in (code, plain, plain):
            record_click(session, route.id, NOW)
    found = report(database, channel)
    assert (found.new_friends, found.proven, found.unknown) == (3, 1, 2)
    assert found.figures == {code.id: RouteFigures(1, new_friends=1), plain.id: RouteFigures(2)}
    yesterday, today = found.days[-2:]
    assert (yesterday.on, yesterday.new_friends, yesterday.proven, yesterday.unknown) == (
        TODAY - DAY,
        1,
        0,
        1,
    )
    assert (today.new_friends, today.proven, today.unknown, today.clicks) == (2, 1, 1, 3)
    assert [day.on for day in found.days] == [TODAY - DAY * (6 - number) for number in range(7)]


def test_who_proved_and_did_not_add_is_no_friend_until_the_follow(database: Database, channel: int) -> None:
    route = make_route(database, channel, method=Method.LOGIN)
    person = make_person(database, channel, 1, followed_at=None, first_followed_on=None)
    with transaction(database) as session:
        assert prove_by_login(session, route, person, NOW, friendship_changed=True)
    assert report(database, channel).figures[route.id] == RouteFigures(not_added=1)
    with transaction(database) as session:
        row = session.get_one(Friend, person.id)
        row.followed_at, row.first_followed_on = NOW, TODAY
    found = report(database, channel)
    assert found.figures[route.id] == RouteFigures(new_friends=1)
    assert (found.new_friends, found.proven) == (1, 1)


def test_days_outside_the_period_are_not_in_it(database: Database, channel: int) -> None:
    route = make_route(database, channel)
    friend = make_person(database, channel, 1, DAY * 7)
    with transaction(database) as session:
        prove_by_code(session, route, friend, NOW - DAY * 7 + timedelta(minutes=1))
        record_click(session, route.id, NOW - DAY * 7)
    assert report(database, channel, 7).figures == {}
    assert report(database, channel, 8).figures[route.id] == RouteFigures(1, new_friends=1)


def test_the_report_is_plain_values_with_every_route_in_it(database: Database, channel: int) -> None:
    make_route(database, channel)
    with reading(database) as session:
        data = report_data(report(database, channel, 1), all_routes(session, channel))
    assert data["new_friends"] == {"all": 0, "proven": 0, "unknown": 0}
    assert data["routes"][0]["name"] == "seminar"
    assert data["routes"][0]["clicks"] == 0
    assert data["days"] == [{"on": TODAY, "new_friends": 0, "proven": 0, "clicks": 0, "unknown": 0}]
