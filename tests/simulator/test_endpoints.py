"""What holds for every endpoint; webhook settings; previews; validation of all five kinds."""

from base64 import b64encode

import pytest
from linebot.v3 import messaging as sdk

from app.simulator.assembly import Simulator
from app.simulator.config import SimulatorConfig
from app.simulator.endpoints import Endpoint
from app.simulator.faults import ENDPOINTS
from app.simulator.running import RunningSimulator
from tests.simulator.conftest import HELLO, TOKEN, Api, Receiver, Start

ALL = Simulator(SimulatorConfig()).endpoints()
WITH_TOKEN = [pytest.param(each, id=f"{each.method} {each.path}") for each in ALL if each.needs_token]


def sample_path(endpoint: Endpoint) -> str:
    """A path that the endpoint matches."""
    path = endpoint.path
    for name, value in (
        ("{id:[0-9]+}", "1"),
        ("{what:summary|daily}", "daily"),
        ("{kind:group|room}", "room"),
    ):
        path = path.replace(name, value)
    while "{" in path:
        before, _, rest = path.partition("{")
        inner, _, after = rest.partition("}")
        _, _, choices = inner.partition(":")
        path = before + (choices.partition("|")[0] or "x") + after
    return path


@pytest.mark.parametrize("endpoint", WITH_TOKEN)
def test_a_wrong_token_is_401(api: Api, endpoint: Endpoint) -> None:
    answer = Api(api.url, "wrong").call(endpoint.method, sample_path(endpoint))
    assert answer.status == 401
    assert "invalid token" in answer.body["message"]
    assert answer.headers["x-simulator"] == "not LINE"
    assert len(answer.headers["x-line-request-id"]) == 36


@pytest.mark.parametrize("endpoint", WITH_TOKEN)
def test_retry_keys_are_for_push_and_multicast_only(api: Api, endpoint: Endpoint) -> None:
    key = "123e4567-e89b-12d3-a456-426614174000"
    answer = api.call(endpoint.method, sample_path(endpoint), X_Line_Retry_Key=key)
    refused = answer.status == 400 and "X-Line-Retry-Key" in answer.body["message"]
    assert refused is (endpoint.name not in {"push", "multicast"})


def test_every_endpoint_can_be_given_a_fault() -> None:
    assert {endpoint.name for endpoint in ALL} <= ENDPOINTS


@pytest.mark.parametrize(
    "path", ["/v2/bot/nothing", "/bot/pnp/nothing", "/oauth2/v2.1/nothing", "/user/v1/x"]
)
def test_what_line_does_not_have_is_404(api: Api, path: str) -> None:
    answer = api.get(path)
    assert (answer.status, answer.body) == (404, {"message": "Not found"})


@pytest.mark.parametrize("kind", ["reply", "push", "multicast", "narrowcast", "broadcast"])
def test_messages_of_all_five_kinds_are_validated(api: Api, kind: str) -> None:
    path = f"/v2/bot/message/validate/{kind}"
    assert api.post(path, {"messages": HELLO}).body == {}
    assert api.post(path, {"messages": HELLO * 6}).body["details"][0]["property"] == "messages"


def test_the_webhook_address_is_shown_changed_and_tried(
    line: RunningSimulator, receiver: Receiver, start: Start
) -> None:
    address = f"{receiver.url}/line/webhook"
    with sdk.ApiClient(sdk.Configuration(access_token=TOKEN, host=line.url)) as client:
        messaging = sdk.MessagingApi(client)
        assert messaging.get_webhook_endpoint().endpoint == address
        tried = messaging.test_webhook_endpoint(sdk.TestWebhookEndpointRequest(endpoint=address))
        assert (tried.success, tried.status_code, tried.reason) == (True, 200, "OK")
        receiver.answers.append(500)
        failed = messaging.test_webhook_endpoint(sdk.TestWebhookEndpointRequest(endpoint=address))
        assert (failed.success, failed.status_code, failed.reason) == (False, 500, "ERROR_STATUS_CODE")
        receiver.answers.append(0)
        held = messaging.test_webhook_endpoint(sdk.TestWebhookEndpointRequest(endpoint=address))
        assert (held.status_code, held.reason) == (0, "REQUEST_TIMEOUT")
        messaging.set_webhook_endpoint(sdk.SetWebhookEndpointRequest(endpoint="http://127.0.0.1:9/x"))
        nobody = messaging.test_webhook_endpoint(sdk.TestWebhookEndpointRequest())
        assert (nobody.status_code, nobody.reason) == (0, "COULD_NOT_CONNECT")
        assert messaging.get_webhook_endpoint().endpoint == "http://127.0.0.1:9/x"
    assert receiver.events == []
    assert all("x-line-signature" in headers for headers, _ in receiver.received)


@pytest.mark.parametrize(
    "address",
    ["ftp://127.0.0.1/", "https://elsewhere.example/", "x", "http://127.0.0.1/" + "a" * 500, "http://["],
)
def test_other_addresses_are_refused(api: Api, address: str) -> None:
    answer = api.call("PUT", "/v2/bot/channel/webhook/endpoint", b'{"endpoint":"%s"}' % address.encode())
    assert (answer.status, answer.body) == (400, {"message": "Invalid webhook endpoint URL"})


def test_without_an_address_there_is_none(start: Start) -> None:
    api = Api(start().url)
    for answer in (api.get("/v2/bot/channel/webhook/endpoint"), api.post("/v2/bot/channel/webhook/test", {})):
        assert (answer.status, answer.body) == (404, {"message": "Webhook endpoint not found"})


def test_pictures_have_a_preview_and_documents_do_not(line: RunningSimulator, api: Api) -> None:
    person = line.add_person("見本 花子", is_friend=True)
    content = b64encode(b"picture").decode()
    image = line.write(person, "image", content=content, mime="image/png")
    assert api.get(f"/v2/bot/message/{image}/content/preview").body == b"picture"
    assert api.get(f"/v2/bot/message/{line.write(person, 'video')}/content/preview").status == 200
    refused = api.get(f"/v2/bot/message/{line.write(person, 'file')}/content/preview")
    assert (refused.status, refused.body) == (400, {"message": "The content can not be previewed"})
    line.unsend(person, image)
    assert api.get(f"/v2/bot/message/{image}/content/preview").status == 410
    assert api.get("/v2/bot/message/1/content/preview").status == 404
