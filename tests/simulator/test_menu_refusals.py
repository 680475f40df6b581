"""What the platform refuses about rich menus, and with which words (line-platform facts, 5.3)."""

from typing import Any

import pytest

from app.simulator.running import RunningSimulator
from tests.simulator.conftest import Api
from tests.simulator.menus import area, jpeg, menu, picture, publish, tab

NOBODY = "U" + "0" * 32
GONE = "richmenu-" + "0" * 32
FAMILY = "👨‍👩‍👧"


def sized(width: int, height: int) -> dict[str, Any]:
    return menu(size={"width": width, "height": height})


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in menu().items() if key != name}


def linked(uri: str) -> dict[str, Any]:
    return menu(area({"type": "uri", "label": "開く", "uri": uri}))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(sized(800, 250), id="smallest"),
        pytest.param(sized(2500, 1686), id="large"),
        pytest.param(sized(1450, 1000), id="aspect 1.45"),
        pytest.param(menu(chatBarText=FAMILY * 14), id="14 families"),
        pytest.param(menu(name="あ" * 300), id="a name of 300"),
        pytest.param(menu(*[area()] * 20), id="20 areas"),
        pytest.param(menu(tab("a" * 32)), id="an alias of 32"),
        pytest.param(menu(area({"type": "uri", "uri": "tel:0312345678"})), id="an action without label"),
    ],
)
def test_menus_within_the_limits_are_taken(api: Api, body: dict[str, Any]) -> None:
    assert api.post("/v2/bot/richmenu/validate", body).status == 200
    assert api.post("/v2/bot/richmenu", body).status == 200


@pytest.mark.parametrize(
    ("body", "words", "place"),
    [
        pytest.param(without("size"), "must be specified", "size", id="no size"),
        pytest.param(without("selected"), "must be specified", "selected", id="no selected"),
        pytest.param(without("name"), "must be specified", "name", id="no name"),
        pytest.param(without("chatBarText"), "must be specified", "chatBarText", id="no bar text"),
        pytest.param(without("areas"), "must be specified", "areas", id="no areas"),
        pytest.param(sized(799, 250), "invalid property", "size", id="799 wide"),
        pytest.param(sized(2501, 843), "invalid property", "size", id="2501 wide"),
        pytest.param(sized(800, 249), "invalid property", "size", id="249 high"),
        pytest.param(sized(1449, 1000), "invalid property", "size", id="aspect 1.449"),
        pytest.param(
            menu(chatBarText="あ" * 15), "Length must be between 0 and 14", "chatBarText", id="15 letters"
        ),
        pytest.param(menu(name="あ" * 301), "Length must be between 0 and 300", "name", id="a long name"),
        pytest.param(menu(*[area()] * 21), "Size must be between 0 and 20", "areas", id="21 areas"),
        pytest.param(linked("javascript:x"), "invalid uri", "areas[0].action.uri", id="javascript"),
        pytest.param(menu(tab("A")), "invalid property", "areas[0].action.richMenuAliasId", id="a capital"),
        pytest.param(
            menu(tab("a" * 33)), "invalid property", "areas[0].action.richMenuAliasId", id="33 letters"
        ),
        pytest.param(
            menu(area({"type": "richmenuswitch", "richMenuAliasId": "a"})),
            "must be specified",
            "areas[0].action.data",
            id="a tab without data",
        ),
        pytest.param(
            menu(area({"type": "postback"})), "must be specified", "areas[0].action.data", id="no data"
        ),
        pytest.param(
            menu(area({"type": "camera", "label": "x"})),
            "invalid property",
            "areas[0].action.type",
            id="camera",
        ),
        pytest.param(menu(area(width=0)), "invalid property", "areas[0].bounds.width", id="no width"),
    ],
)
def test_menus_are_refused_with_their_place(api: Api, body: Any, words: str, place: str) -> None:
    for path in ("/v2/bot/richmenu", "/v2/bot/richmenu/validate"):
        answer = api.post(path, body)
        assert answer.status == 400
        assert answer.body == {
            "message": "The request body has 1 error(s)",
            "details": [{"message": words, "property": place}],
        }


@pytest.mark.parametrize(
    ("body", "mime", "status", "words"),
    [
        pytest.param(picture(800, 250), "image/png", 200, None, id="smallest"),
        pytest.param(jpeg(), "image/jpeg", 200, None, id="jpeg"),
        pytest.param(picture(padding=1_000_000), "image/png", 200, None, id="just under 1 MB"),
        pytest.param(
            picture(799, 250), "image/png", 400, "The image size is not allowed for richmenu", id="799 wide"
        ),
        pytest.param(
            picture(1449, 1000), "image/png", 400, "The image size is not allowed for richmenu", id="aspect"
        ),
        pytest.param(picture(padding=1024 * 1024), "image/png", 413, "Request Entity Too Large", id="1 MB"),
        pytest.param(picture(), "image/gif", 415, "The media type is not supported", id="gif"),
        pytest.param(picture(), "application/json", 415, "The media type is not supported", id="json"),
        pytest.param(picture(), "image/jpeg", 400, "The image is invalid", id="not what it says"),
        pytest.param(b"rubbish", "image/png", 400, "The image is invalid", id="rubbish"),
    ],
)
def test_pictures(api: Api, body: bytes, mime: str, status: int, words: str | None) -> None:
    menu_id = api.post("/v2/bot/richmenu", menu()).body["richMenuId"]
    answer = api.call("POST", f"/v2/bot/richmenu/{menu_id}/content", body, Content_Type=mime)
    assert answer.status == status
    assert answer.body == ({} if words is None else {"message": words})


def test_a_picture_cannot_be_replaced(api: Api) -> None:
    path = f"/v2/bot/richmenu/{publish(api)}/content"
    answer = api.call("POST", path, picture(), Content_Type="image/png")
    words = "An image has already been uploaded to the richmenu"
    assert (answer.status, answer.body) == (400, {"message": words})


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("GET", f"/richmenu/{GONE}", None, 404, "richmenu not found"),
        ("DELETE", f"/richmenu/{GONE}", None, 404, "richmenu not found"),
        ("GET", f"/richmenu/{GONE}/content", None, 404, "richmenu not found"),
        ("POST", f"/richmenu/{GONE}/content", None, 404, "richmenu not found"),
        ("POST", f"/user/all/richmenu/{GONE}", {}, 404, "richmenu not found"),
        ("POST", f"/user/{NOBODY}/richmenu/{GONE}", {}, 404, "richmenu not found"),
        ("GET", "/user/all/richmenu", None, 404, "no default richmenu"),
        ("GET", f"/user/{NOBODY}/richmenu", None, 404, "the user has no richmenu"),
        ("GET", "/user/x/richmenu", None, 400, "The value for the 'userId' parameter is invalid"),
        ("DELETE", "/user/x/richmenu", None, 400, "The value for the 'userId' parameter is invalid"),
        ("GET", "/richmenu/alias/a", None, 404, "richmenu alias not found"),
        ("DELETE", "/richmenu/alias/a", None, 404, "richmenu alias not found"),
        ("POST", "/richmenu/alias/a", {"richMenuId": GONE}, 404, "richmenu alias not found"),
        ("POST", "/richmenu/alias", {"richMenuAliasId": "a", "richMenuId": GONE}, 400, "richmenu not found"),
        ("POST", "/richmenu/bulk/link", {"richMenuId": GONE, "userIds": [NOBODY]}, 404, "richmenu not found"),
        ("GET", "/richmenu/progress/batch?requestId=x", None, 404, "Not found"),
    ],
)
def test_what_is_not_there(api: Api, method: str, path: str, body: Any, status: int, words: str) -> None:
    answer = api.post(f"/v2/bot{path}", body) if body is not None else api.call(method, f"/v2/bot{path}")
    assert (answer.status, answer.body) == (status, {"message": words})


def test_without_a_picture_nobody_gets_it(line: RunningSimulator, api: Api) -> None:
    bare = api.post("/v2/bot/richmenu", menu()).body["richMenuId"]
    friend = line.add_person("見本 花子", is_friend=True)
    for path, body in (
        (f"user/all/richmenu/{bare}", {}),
        (f"user/{friend}/richmenu/{bare}", {}),
        ("richmenu/bulk/link", {"richMenuId": bare, "userIds": [friend]}),
    ):
        answer = api.post(f"/v2/bot/{path}", body)
        words = "must upload richmenu image before applying it to user"
        assert (answer.status, answer.body) == (400, {"message": words})


def test_people_in_bulk_are_named_by_their_place(api: Api) -> None:
    menu_id = publish(api)
    words = "The property, 'userIds[1]', in the request body is invalid (line: -, column: -)"
    body = {"richMenuId": menu_id, "userIds": [NOBODY, "x"]}
    assert api.post("/v2/bot/richmenu/bulk/link", body).body == {"message": words}
    assert api.post("/v2/bot/richmenu/bulk/unlink", {"userIds": [NOBODY, "x"]}).body == {"message": words}
    for count in (0, 501):
        assert api.post("/v2/bot/richmenu/bulk/unlink", {"userIds": [NOBODY] * count}).status == 400


def test_an_alias_is_given_once(api: Api) -> None:
    body = {"richMenuAliasId": "menu-a", "richMenuId": publish(api)}
    assert api.post("/v2/bot/richmenu/alias", body).status == 200
    answer = api.post("/v2/bot/richmenu/alias", body)
    assert (answer.status, answer.body) == (400, {"message": "conflict richmenu alias id"})


def test_batches_that_make_no_sense(api: Api) -> None:
    one, two = publish(api), publish(api)
    bare = api.post("/v2/bot/richmenu", menu()).body["richMenuId"]
    all_of_them, away = {"type": "unlinkAll"}, {"type": "unlink", "from": one}
    for operations, words in (
        ([all_of_them, away], "unlinkAll cannot be used with other operations"),
        ([away, {"type": "link", "from": one, "to": two}], "duplicated richMenuId"),
        ([{"type": "link", "from": one, "to": GONE}], "richmenu not found"),
        (
            [{"type": "link", "from": one, "to": bare}],
            "must upload richmenu image before applying it to user",
        ),
        ([{"type": "link", "from": one}], "must be specified"),
        ([], "Size must be between 1 and 1000"),
    ):
        answer = api.post("/v2/bot/richmenu/validate/batch", {"operations": operations})
        assert answer.status == 400
        assert answer.body["details"][0]["message"] == words
