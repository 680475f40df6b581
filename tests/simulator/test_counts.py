"""Counts, insights, units, followers, reading: what LINE tells about what was sent."""

from pathlib import Path
from typing import Any

import pytest
from linebot.v3.insight import ApiClient as InsightClient
from linebot.v3.insight import Configuration as InsightConfiguration
from linebot.v3.insight import Insight
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi

from app.clock import Clock, today_in_tokyo
from app.simulator.clocks import write_offset
from app.simulator.running import RunningSimulator
from tests.simulator.conftest import HELLO, TOKEN, Api, Receiver, Start
from tests.simulator.menus import publish

DAY = 86400
MULTICAST = "/v2/bot/message/multicast"


def day_of(clock_file: Path) -> str:
    return f"{today_in_tokyo(Clock(clock_file).now()):%Y%m%d}"


def people(line: RunningSimulator, count: int) -> list[str]:
    return [line.add_person(f"見本 {number}", is_friend=True) for number in range(count)]


@pytest.fixture
def timed(start: Start, clock_file: Path) -> RunningSimulator:
    """A platform whose time can be moved."""
    return start(clock_file=clock_file)


def test_a_day_is_counted_once_it_is_over(timed: RunningSimulator, clock_file: Path) -> None:
    api, friends = Api(timed.url), people(timed, 3)
    day = day_of(clock_file)
    timed.block(friends[2])
    api.post("/v2/bot/message/push", {"to": friends[0], "messages": HELLO})
    api.post("/v2/bot/message/push", {"to": friends[2], "messages": HELLO})
    api.post(MULTICAST, {"to": friends, "messages": HELLO})
    assert api.get(f"/v2/bot/message/delivery/push?date={day}").body == {"status": "unready"}
    write_offset(clock_file, DAY)
    for kind, count in (("push", 1), ("multicast", 2), ("reply", 0), ("pnp", 0), ("pnp/templated", 0)):
        answer = api.get(f"/v2/bot/message/delivery/{kind}?date={day}")
        assert answer.body == {"status": "ready", "success": count}
    with InsightClient(InsightConfiguration(access_token=TOKEN, host=timed.url)) as client:
        insight = Insight(client)
        sent = insight.get_number_of_message_deliveries(day)
        followers = insight.get_number_of_followers(day)
        assert (sent.api_push, sent.api_multicast) == (1, 2)
        assert (followers.followers, followers.targeted_reaches, followers.blocks) == (3, 2, 1)
        assert insight.get_friends_demographics().available is False
        people(timed, 18)
        assert insight.get_friends_demographics().genders[0].percentage == 100


@pytest.mark.parametrize(("count", "seen"), [(19, None), (20, 20)])
def test_a_unit_is_told_from_twenty_people_on(
    timed: RunningSimulator, clock_file: Path, count: int, seen: int | None
) -> None:
    api, friends, day = Api(timed.url), people(timed, count), day_of(clock_file)
    for _ in range(2):
        api.post(MULTICAST, {"to": friends, "messages": HELLO, "customAggregationUnits": ["campaign_12"]})
    with InsightClient(InsightConfiguration(access_token=TOKEN, host=timed.url)) as client:
        found = Insight(client).get_statistics_per_unit("campaign_12", day, day)
        unknown = Insight(client).get_statistics_per_unit("campaign_13", day, day)
    assert found.overview.unique_impression == seen
    assert found.messages[0].impression == (40 if seen else None)
    assert unknown.messages == []


def test_the_1001st_name_of_a_month_is_left_out(timed: RunningSimulator, clock_file: Path) -> None:
    api, (friend,) = Api(timed.url), people(timed, 1)
    push = {"to": friend, "messages": HELLO}
    for number in range(1001):
        body = push | {"customAggregationUnits": [f"u{number}"]}
        assert api.post("/v2/bot/message/push", body).status == 200
    with ApiClient(Configuration(access_token=TOKEN, host=timed.url)) as client:
        messaging = MessagingApi(client)
        assert messaging.get_aggregation_unit_usage().num_of_custom_aggregation_units == 1000
        page = messaging.get_aggregation_unit_name_list(limit="100")
        assert page.custom_aggregation_units[0] == "u0"
        after = messaging.get_aggregation_unit_name_list(limit="100", start=page.next)
        assert after.custom_aggregation_units[0] == "u100"
    write_offset(clock_file, 31 * DAY)
    assert api.get("/v2/bot/message/aggregation/info").body == {"numOfCustomAggregationUnits": 0}


@pytest.mark.parametrize(
    ("unit", "status"),
    [("a" * 30, 200), ("a" * 31, 400), ("a-b", 400), ("あ", 400), ("", 400)],
)
def test_names_of_units(line: RunningSimulator, api: Api, unit: str, status: int) -> None:
    body = {"to": people(line, 1)[0], "messages": HELLO, "customAggregationUnits": [unit]}
    assert api.post("/v2/bot/message/push", body).status == status


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("message/delivery/push", "date"),
        ("message/delivery/push?date=2026-1-1", "date"),
        ("message/delivery/push?date=20261301", "date"),
        ("insight/followers?date=x", "date"),
        ("insight/message/event/aggregation?from=20260101&to=20260101", "customAggregationUnit"),
        ("insight/message/event/aggregation?customAggregationUnit=a&from=20260101&to=20260201", "to"),
        ("insight/message/event/aggregation?customAggregationUnit=a&from=20260102&to=20260101", "to"),
        ("message/aggregation/list?limit=101", "limit"),
        ("message/aggregation/list?start=x", "start"),
        ("followers/ids?limit=1001", "limit"),
        ("followers/ids?limit=0", "limit"),
        ("followers/ids?start=x", "start"),
    ],
)
def test_wrong_queries_are_named(api: Api, path: str, parameter: str) -> None:
    answer = api.get(f"/v2/bot/{path}")
    words = f"The value for the '{parameter}' parameter is invalid"
    assert (answer.status, answer.body) == (400, {"message": words})


def test_insights_can_be_asked_sixty_times_an_hour(timed: RunningSimulator, clock_file: Path) -> None:
    api = Api(timed.url)
    path = f"/v2/bot/insight/followers?date={day_of(clock_file)}"
    assert [api.get(path).status for _ in range(61)] == [200] * 60 + [429]
    write_offset(clock_file, 3600)
    assert api.get(path).status == 200


def test_a_menus_insight_is_below_the_threshold(api: Api) -> None:
    menu_id = publish(api)
    span = "from=20260101&to=20260131"
    assert api.get(f"/v2/bot/insight/richmenu/{menu_id}/daily?{span}").body == {"richMenuId": menu_id}
    assert api.get(f"/v2/bot/insight/richmenu/richmenu-x/summary?{span}").status == 404


def test_followers_come_in_pages(timed: RunningSimulator, clock_file: Path) -> None:
    friends = people(timed, 5)
    timed.block(friends[4])
    with ApiClient(Configuration(access_token=TOKEN, host=timed.url)) as client:
        messaging = MessagingApi(client)
        first = messaging.get_followers(limit=3)
        second = messaging.get_followers(limit=3, start=first.next)
    assert first.user_ids + second.user_ids == friends[:4]
    assert second.next is None
    write_offset(clock_file, DAY + 5)
    assert Api(timed.url).get(f"/v2/bot/followers/ids?start={first.next}").status == 400


def test_only_verified_accounts_may_list_followers(start: Start) -> None:
    assert Api(start(is_verified=False).url).get("/v2/bot/followers/ids").status == 403


def test_a_message_and_all_before_it_are_marked_as_read(
    line: RunningSimulator, api: Api, receiver: Receiver
) -> None:
    friend = people(line, 1)[0]
    line.say(friend, "一")
    line.say(friend, "二")
    line.settle()
    by_text: dict[str, Any] = {event["message"]["text"]: event["message"] for event in receiver.events}
    chat = f"/simulator/api/people/{friend}/chat"
    assert api.get(chat).body["read_up_to"] == 0
    for text in ("二", "一"):
        body = {"markAsReadToken": by_text[text]["markAsReadToken"]}
        assert api.post("/v2/bot/chat/markAsRead", body).status == 200
    shown = api.get(chat).body
    assert shown["read_up_to"] == shown["entries"][-1]["seq"]
    words = "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook."
    assert api.post("/v2/bot/chat/markAsRead", {"markAsReadToken": "x"}).body == {"message": words}
