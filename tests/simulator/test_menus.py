"""Rich menus over HTTP: made, given, switched, seen."""

from collections.abc import Iterator
from typing import Any

import pytest
from linebot.v3.messaging import (
    ApiClient,
    Configuration,
    CreateRichMenuAliasRequest,
    MessagingApi,
    MessagingApiBlob,
    RichMenuBatchRequest,
    RichMenuBulkLinkRequest,
    RichMenuRequest,
    UpdateRichMenuAliasRequest,
)

from app.simulator.menus.pictures import read_picture
from app.simulator.running import RunningSimulator
from tests.simulator.conftest import TOKEN, Api, Receiver, Start
from tests.simulator.menus import area, jpeg, menu, picture, publish, tab

ROOT = "/simulator/api"


@pytest.fixture
def sdk(line: RunningSimulator) -> Iterator[ApiClient]:
    """The official client."""
    with ApiClient(Configuration(access_token=TOKEN, host=line.url)) as client:
        yield client


def seen(api: Api, person: str) -> Any:
    return api.get(f"{ROOT}/people/{person}/menu").body["menu"]


def test_the_official_client_publishes_and_gives_a_menu(line: RunningSimulator, sdk: ApiClient) -> None:
    messaging, blob = MessagingApi(sdk), MessagingApiBlob(sdk)
    request = RichMenuRequest.from_dict(menu(area(), tab("menu-b")))
    messaging.validate_rich_menu_object(request)
    menu_id = messaging.create_rich_menu(request).rich_menu_id
    blob.set_rich_menu_image(menu_id, body=picture(), _headers={"Content-Type": "image/png"})
    assert bytes(blob.get_rich_menu_image(menu_id)) == picture()
    messaging.create_rich_menu_alias(
        CreateRichMenuAliasRequest(rich_menu_alias_id="menu-a", rich_menu_id=menu_id)
    )
    messaging.update_rich_menu_alias("menu-a", UpdateRichMenuAliasRequest(rich_menu_id=menu_id))
    assert messaging.get_rich_menu_alias("menu-a").rich_menu_id == menu_id
    assert [each.rich_menu_alias_id for each in messaging.get_rich_menu_alias_list().aliases] == ["menu-a"]
    messaging.set_default_rich_menu(menu_id)
    assert messaging.get_default_rich_menu_id().rich_menu_id == menu_id
    friend = line.add_person("見本 花子", is_friend=True)
    messaging.link_rich_menu_id_to_user(friend, menu_id)
    assert messaging.get_rich_menu_id_of_user(friend).rich_menu_id == menu_id
    messaging.unlink_rich_menu_id_from_user(friend)
    assert messaging.get_rich_menu(menu_id).chat_bar_text == "メニュー"
    messaging.cancel_default_rich_menu()
    messaging.delete_rich_menu_alias("menu-a")
    messaging.delete_rich_menu(menu_id)
    assert messaging.get_rich_menu_list().richmenus == []


def test_an_own_menu_comes_before_the_default_one(line: RunningSimulator, api: Api) -> None:
    friend, stranger = line.add_person("見本 花子", is_friend=True), line.add_person("見本 一郎")
    assert seen(api, friend) is None
    everybodys, own = publish(api), publish(api, menu(name="own"))
    api.post(f"/v2/bot/user/all/richmenu/{everybodys}", {})
    for person in (friend, stranger):
        assert api.post(f"/v2/bot/user/{person}/richmenu/{own}", {}).status == 200
    assert (seen(api, friend)["id"], seen(api, friend)["is_default"]) == (own, False)
    assert (seen(api, stranger)["id"], seen(api, stranger)["is_default"]) == (everybodys, True)
    assert api.call("DELETE", f"/v2/bot/user/{friend}/richmenu").status == 200
    assert seen(api, friend)["id"] == everybodys
    image = api.get(seen(api, friend)["image"])
    assert (image.status, image.headers["content-type"], image.body) == (200, "image/png", picture())


def test_a_tab_gives_an_own_menu_and_says_so_in_the_postback(
    line: RunningSimulator, api: Api, receiver: Receiver
) -> None:
    friend = line.add_person("見本 花子", is_friend=True)
    first, second = publish(api, menu(area(), tab("menu-b"))), publish(api, menu(tab("menu-a")))
    for alias, menu_id in (("menu-a", first), ("menu-b", second)):
        api.post("/v2/bot/richmenu/alias", {"richMenuAliasId": alias, "richMenuId": menu_id})
    api.post(f"/v2/bot/user/all/richmenu/{first}", {})
    answer = api.post(f"{ROOT}/people/{friend}/menu/tap", {"area": 1})
    assert answer.body["action"]["type"] == "richmenuswitch"
    assert answer.body["menu"]["id"] == second
    assert api.get(f"/v2/bot/user/{friend}/richmenu").body == {"richMenuId": second}
    line.settle()
    assert receiver.events[0]["postback"] == {
        "data": "v1:tab",
        "params": {"newRichMenuAliasId": "menu-b", "status": "SUCCESS"},
    }
    api.call("DELETE", "/v2/bot/user/all/richmenu")
    assert seen(api, friend)["id"] == second


@pytest.mark.parametrize("case", ["no alias", "no menu", "no picture"])
def test_a_tab_to_nowhere_says_why(line: RunningSimulator, api: Api, receiver: Receiver, case: str) -> None:
    friend = line.add_person("見本 花子", is_friend=True)
    target = api.post("/v2/bot/richmenu", menu()).body["richMenuId"]
    if case != "no alias":
        api.post("/v2/bot/richmenu/alias", {"richMenuAliasId": "menu-b", "richMenuId": target})
    if case == "no menu":
        api.call("DELETE", f"/v2/bot/richmenu/{target}")
    api.post(f"/v2/bot/user/all/richmenu/{publish(api, menu(tab('menu-b')))}", {})
    api.post(f"{ROOT}/people/{friend}/menu/tap", {"area": 0})
    line.settle()
    status = {
        "no alias": "RICHMENU_ALIAS_ID_NOTFOUND",
        "no menu": "RICHMENU_NOTFOUND",
        "no picture": "FAILED",
    }[case]
    assert receiver.events[0]["postback"]["params"] == {"status": status}


def test_an_area_acts_as_a_button_does(line: RunningSimulator, api: Api, receiver: Receiver) -> None:
    friend = line.add_person("見本 花子", is_friend=True)
    message = area({"type": "message", "text": "求人を探す"})
    day = area({"type": "datetimepicker", "data": "v1:day", "mode": "date"})
    api.post(f"/v2/bot/user/all/richmenu/{publish(api, menu(message, day))}", {})
    tap = f"{ROOT}/people/{friend}/menu/tap"
    api.post(tap, {"area": 0})
    api.post(tap, {"area": 1, "params": {"date": "2026-12-25"}})
    assert [api.post(tap, {"area": number}).status for number in (1, 2, -1)] == [409, 409, 409]
    line.settle()
    by_type = {event["type"]: event for event in receiver.events}
    assert by_type["message"]["message"]["text"] == "求人を探す"
    assert by_type["postback"]["postback"]["params"] == {"date": "2026-12-25"}


def test_many_people_are_linked_a_moment_after_202(line: RunningSimulator, sdk: ApiClient, api: Api) -> None:
    friends = [line.add_person(f"見本 {number}", is_friend=True) for number in range(3)]
    menu_id = publish(api)
    request = RichMenuBulkLinkRequest(rich_menu_id=menu_id, user_ids=friends)
    assert MessagingApi(sdk).link_rich_menu_id_to_users_with_http_info(request).status_code == 202
    shelf = line.menus.shelf
    line.wait_until(lambda: set(shelf.links) == set(friends))
    assert api.post("/v2/bot/richmenu/bulk/unlink", {"userIds": friends[:2]}).status == 202
    line.wait_until(lambda: set(shelf.links) == {friends[2]})
    assert api.get(f"{ROOT}/menus").body["menus"][0]["linked"] == 1


def test_a_batch_moves_whoever_has_a_menu_and_tells_its_progress(start: Start, receiver: Receiver) -> None:
    line = start(webhook_url=f"{receiver.url}/line/webhook", later_seconds=0.2)
    api = Api(line.url)
    one, two, three = (publish(api) for _ in range(3))
    people = {line.add_person(f"見本 {menu_id}", is_friend=True): menu_id for menu_id in (one, two, three)}
    for person, menu_id in people.items():
        api.post(f"/v2/bot/user/{person}/richmenu/{menu_id}", {})
    operations = [
        {"type": "link", "from": one, "to": two},
        {"type": "link", "from": two, "to": three},
        {"type": "unlink", "from": three},
    ]
    with ApiClient(Configuration(access_token=TOKEN, host=line.url)) as client:
        messaging = MessagingApi(client)
        request = RichMenuBatchRequest.from_dict({"operations": operations, "resumeRequestKey": "k1"})
        messaging.validate_rich_menu_batch_request(request)
        answer = messaging.rich_menu_batch_with_http_info(request)
        request_id = answer.headers["x-line-request-id"]
        assert messaging.get_rich_menu_batch_progress(request_id).phase == "ongoing"
        line.wait_until(lambda: len(line.menus.shelf.links) == 2)
        progress = messaging.get_rich_menu_batch_progress(request_id)
    assert progress.phase == "succeeded"
    assert progress.completed_time > progress.accepted_time
    assert set(line.menus.shelf.links.values()) == {two, three}
    again = {"operations": operations, "resumeRequestKey": "k1"}
    assert api.post("/v2/bot/richmenu/batch", again).status == 202
    other = {"operations": [{"type": "unlinkAll"}], "resumeRequestKey": "k1"}
    assert api.post("/v2/bot/richmenu/batch", other).status == 400
    assert api.post("/v2/bot/richmenu/batch", other).status == 429


def test_a_deleted_menu_is_gone_for_everybody(line: RunningSimulator, api: Api) -> None:
    friend, menu_id = line.add_person("見本 花子", is_friend=True), publish(api)
    api.post(f"/v2/bot/user/{friend}/richmenu/{menu_id}", {})
    api.post(f"/v2/bot/user/all/richmenu/{menu_id}", {})
    assert api.call("DELETE", f"/v2/bot/richmenu/{menu_id}").status == 200
    assert seen(api, friend) is None
    assert api.get(f"/v2/bot/user/{friend}/richmenu").body == {"message": "the user has no richmenu"}
    assert api.get("/v2/bot/user/all/richmenu").body == {"message": "no default richmenu"}
    assert api.get(f"{ROOT}/menus/{menu_id}/image").status == 404


def test_a_hundred_menus_an_hour(api: Api) -> None:
    statuses = [api.post("/v2/bot/richmenu", menu()).status for _ in range(101)]
    assert statuses == [200] * 100 + [429]


def test_the_wire_shows_a_picture_by_its_size(line: RunningSimulator, api: Api) -> None:
    publish(api)
    upload = next(each for each in line.wire() if each["path"].endswith("/content"))
    assert upload["request"] == f"(image/png, {len(picture())} bytes)"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param(picture(800, 250), ("image/png", 800, 250), id="png"),
        pytest.param(jpeg(), ("image/jpeg", 1200, 405), id="jpeg"),
        pytest.param(jpeg()[:25], None, id="a cut jpeg"),
        pytest.param(b"\xff\xd8\xff\xff\xff", None, id="a jpeg of nothing"),
        pytest.param(b"GIF89a", None, id="gif"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_pictures_tell_their_size(body: bytes, found: tuple[str, int, int] | None) -> None:
    assert read_picture(body) == found
