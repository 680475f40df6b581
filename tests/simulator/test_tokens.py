"""Channel access tokens: issued, used, revoked, too old."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from linebot.v3.oauth import ApiClient, ChannelAccessToken, Configuration

from app.simulator.clocks import write_offset
from app.simulator.running import RunningSimulator
from tests.simulator.conftest import SECRET, TOKEN, Api, Response, Start

CHANNEL = "1650000000"
CLIENT = {"grant_type": "client_credentials", "client_id": CHANNEL, "client_secret": SECRET}


def send_form(api: Api, path: str, form: dict[str, str]) -> Response:
    return api.call("POST", path, urlencode(form).encode(), Content_Type="application/x-www-form-urlencoded")


def may_call(line: RunningSimulator, token: str) -> bool:
    return Api(line.url, token).get("/v2/bot/info").status == 200


def test_the_official_client_gets_stateless_and_short_lived_tokens(line: RunningSimulator) -> None:
    with ApiClient(Configuration(host=line.url)) as client:
        oauth = ChannelAccessToken(client)
        stateless = oauth.issue_stateless_channel_token_by_client_secret(CHANNEL, SECRET)
        short = oauth.issue_channel_token("client_credentials", CHANNEL, SECRET)
        assert (stateless.expires_in, short.expires_in) == (900, 2592000)
        assert may_call(line, stateless.access_token)
        assert may_call(line, short.access_token)
        assert oauth.verify_channel_token(short.access_token).client_id == CHANNEL
        assert oauth.verify_channel_token(TOKEN).client_id == CHANNEL
        oauth.revoke_channel_token(short.access_token)
        oauth.revoke_channel_token(stateless.access_token)
    assert not may_call(line, short.access_token)
    assert may_call(line, stateless.access_token)


def test_tokens_grow_old(start: Start, clock_file: Path) -> None:
    line = start(clock_file=clock_file)
    api = Api(line.url)
    token = send_form(api, "/oauth2/v3/token", CLIENT).body["access_token"]
    write_offset(clock_file, 15 * 60 - 5)
    assert may_call(line, token)
    write_offset(clock_file, 15 * 60 + 5)
    answer = Api(line.url, token).get("/v2/bot/info")
    assert answer.status == 401
    assert "Authentication failed due to the following reason" in answer.body["message"]
    assert may_call(line, TOKEN)


def test_thirty_short_lived_tokens_live_at_a_time(line: RunningSimulator, api: Api) -> None:
    tokens = [send_form(api, "/v2/oauth/accessToken", CLIENT).body["access_token"] for _ in range(31)]
    assert not may_call(line, tokens[0])
    assert may_call(line, tokens[1])


@pytest.mark.parametrize("path", ["/oauth2/v3/token", "/v2/oauth/accessToken"])
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "1"}, "invalid_client"),
        ({"client_secret": ""}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_wrong_clients_get_nothing(api: Api, path: str, changes: dict[str, str], error: str) -> None:
    answer = send_form(api, path, CLIENT | changes)
    assert (answer.status, answer.body["error"]) == (400, error)


def test_a_login_token_is_no_bot_token(line: RunningSimulator, api: Api) -> None:
    login = CLIENT | {"client_id": "1650000001", "client_secret": "simulated-login-secret"}
    token = send_form(api, "/oauth2/v3/token", login).body["access_token"]
    assert not may_call(line, token)
    assert send_form(api, "/v2/oauth/verify", {"access_token": token}).status == 400
