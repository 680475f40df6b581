"""LINE Login over HTTP: the consent page, the exchange, and what tokens may ask."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from app.simulator.clocks import write_offset
from app.simulator.login.id_tokens import read_token, sign_token
from app.simulator.running import RunningSimulator
from tests.simulator.conftest import Api, Receiver, Response, Start
from tests.simulator.pages import Page, visit

CHANNEL, SECRET = "1650000001", "simulated-login-secret"
CALLBACK = "http://127.0.0.1:8000/login/line?next=a"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "response_type": "code",
    "client_id": CHANNEL,
    "redirect_uri": CALLBACK,
    "state": "s1",
    "scope": "profile openid",
    "nonce": "n1",
}
Form = dict[str, str]


def authorize_url(line: RunningSimulator, **more: str | None) -> str:
    asked = {name: value for name, value in (ASKED | more).items() if value is not None}
    return f"{line.url}/oauth2/v2.1/authorize?{urlencode(asked)}"


def log_in(line: RunningSimulator, person: str, ticked: Form | None = None, **more: str | None) -> Page:
    return visit(authorize_url(line, **more), {"person": person, "decision": "allow", **(ticked or {})})


def send_form(api: Api, path: str, form: Form, **headers: str) -> Response:
    kind = {"Content_Type": "application/x-www-form-urlencoded"}
    return api.call("POST", path, urlencode(form).encode(), **(kind | headers))


def exchange(api: Api, code: str, **more: str) -> Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "client_id": CHANNEL,
        "client_secret": SECRET,
    }
    return send_form(api, "/oauth2/v2.1/token", form | more)


def tokens_of(line: RunningSimulator, api: Api, person: str, scope: str = "profile openid") -> dict[str, Any]:
    body: dict[str, Any] = exchange(api, log_in(line, person, scope=scope).led["code"]).body
    return body


def as_person(api: Api, token: str) -> Api:
    return Api(api.url, token)


@pytest.fixture
def person(line: RunningSimulator) -> str:
    return line.add_person("見本 花子")


def test_the_page_names_the_people_and_says_that_it_is_not_line(line: RunningSimulator, person: str) -> None:
    shown = visit(authorize_url(line, bot_prompt="normal"))
    assert shown.status == 200
    for words in ("これは LINE ではありません", "見本 花子", person, "友だちに追加する", "内部識別子"):
        assert words in shown.text
    assert shown.headers["X-Simulator"] == "not LINE"
    assert "form-action 'self' http://127.0.0.1:*" in shown.headers["Content-Security-Policy"]


def test_a_login_gives_tokens_and_a_signed_id_token(line: RunningSimulator, api: Api, person: str) -> None:
    back = log_in(line, person, code_challenge=CHALLENGE, code_challenge_method="S256")
    assert back.location == "http://127.0.0.1:8000/login/line"
    assert back.led.keys() == {"next", "code", "state"}
    assert back.led["state"] == "s1"
    answer = exchange(api, back.led["code"], code_verifier=VERIFIER)
    assert answer.status == 200
    assert (answer.body["expires_in"], answer.body["scope"]) == (2592000, "openid profile")
    claims = read_token(answer.body["id_token"], SECRET)
    assert claims is not None
    assert claims.pop("exp") - claims.pop("iat") == 3600
    assert claims == {
        "iss": "https://access.line.me",
        "sub": person,
        "aud": CHANNEL,
        "amr": ["pwd"],
        "nonce": "n1",
        "name": "見本 花子",
    }


def test_a_token_asks_about_its_person(line: RunningSimulator, api: Api, person: str) -> None:
    own = as_person(api, tokens_of(line, api, person)["access_token"])
    assert own.get("/v2/profile").body == {"userId": person, "displayName": "見本 花子"}
    assert own.get("/oauth2/v2.1/userinfo").body == {"sub": person, "name": "見本 花子"}
    assert own.get("/friendship/v1/status").body == {"friendFlag": False}
    line.follow(person)
    assert own.get("/friendship/v1/status").body == {"friendFlag": True}
    line.block(person)
    assert own.get("/friendship/v1/status").body == {"friendFlag": False}
    verified = api.get(f"/oauth2/v2.1/verify?access_token={own.token}")
    assert verified.body["client_id"] == CHANNEL
    assert 0 < verified.body["expires_in"] <= 2592000


@pytest.mark.parametrize(
    ("before", "ticks", "changed"),
    [
        pytest.param("none", True, "true", id="befriends"),
        pytest.param("none", False, "false", id="does not want to"),
        pytest.param("friend", True, "false", id="is a friend"),
        pytest.param("blocked", True, "true", id="takes the block back"),
    ],
)
def test_the_account_can_be_befriended_on_the_page(
    line: RunningSimulator, receiver: Receiver, person: str, before: str, ticks: bool, changed: str
) -> None:
    if before != "none":
        line.follow(person)
    if before == "blocked":
        line.block(person)
    line.settle()
    receiver.received.clear()
    back = log_in(line, person, {"add_friend": "1"} if ticks else {}, bot_prompt="normal")
    assert back.led["friendship_status_changed"] == changed
    line.settle()
    unblocked = [event["follow"]["isUnblocked"] for event in receiver.events]
    assert unblocked == ([before == "blocked"] if changed == "true" else [])


def test_who_cancels_is_sent_back_with_an_error(line: RunningSimulator, person: str) -> None:
    back = visit(authorize_url(line), {"decision": "deny"})
    assert (back.led["error"], back.led["state"]) == ("ACCESS_DENIED", "s1")
    assert "code" not in back.led


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"response_type": None}, "INVALID_REQUEST", id="no response_type"),
        pytest.param({"response_type": "token"}, "UNSUPPORTED_RESPONSE_TYPE", id="token"),
        pytest.param({"state": None}, "INVALID_REQUEST", id="no state"),
        pytest.param({"scope": None}, "INVALID_SCOPE", id="no scope"),
        pytest.param({"scope": "profile phone"}, "INVALID_SCOPE", id="an unknown scope"),
        pytest.param({"scope": "email profile"}, "INVALID_SCOPE", id="email without openid"),
        pytest.param({"prompt": "always"}, "INVALID_REQUEST", id="an unknown prompt"),
        pytest.param({"bot_prompt": "always"}, "INVALID_REQUEST", id="an unknown bot_prompt"),
        pytest.param({"code_challenge": CHALLENGE}, "INVALID_REQUEST", id="a challenge without method"),
        pytest.param(
            {"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "INVALID_REQUEST", id="plain"
        ),
        pytest.param(
            {"code_challenge": "short", "code_challenge_method": "S256"}, "INVALID_REQUEST", id="short"
        ),
        pytest.param({"prompt": "none"}, "LOGIN_REQUIRED", id="silently, by nobody"),
    ],
)
def test_wrong_requests_are_told_to_the_site(
    line: RunningSimulator, changes: dict[str, str | None], error: str
) -> None:
    back = visit(authorize_url(line, **changes))
    assert (back.status, back.led["error"]) == (303, error)
    assert back.led["error_description"]


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "1"},
        {"redirect_uri": None},
        {"redirect_uri": "https://elsewhere.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "http://127.0.0.1:8000/#x"},
        {"redirect_uri": "http://[::1"},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(
    line: RunningSimulator, changes: dict[str, str | None]
) -> None:
    shown = visit(authorize_url(line, **changes))
    assert (shown.status, shown.headers["Location"]) == (400, None)


def test_registered_callbacks_are_the_only_ones(start: Start) -> None:
    line = start(login_callbacks=("https://goen.example/login/line",))
    registered = {"redirect_uri": "https://goen.example/login/line?a=1"}
    assert visit(authorize_url(line, **registered)).status == 200
    assert visit(authorize_url(line)).status == 400


def test_the_browser_of_a_person_is_known(line: RunningSimulator, api: Api, person: str) -> None:
    chosen = api.post("/simulator/api/browser", {"user_id": person})
    cookie = chosen.headers["set-cookie"].partition(";")[0]
    assert "checked" in visit(authorize_url(line), Cookie=cookie).text
    silently = authorize_url(line, prompt="none")
    assert visit(silently, Cookie=cookie).led["error"] == "INTERACTION_REQUIRED"
    log_in(line, person)
    code = visit(silently, Cookie=cookie).led["code"]
    claims = read_token(exchange(api, code).body["id_token"], SECRET)
    assert claims is not None
    assert claims["amr"] == ["linesso"]
    assert api.post("/simulator/api/browser", {"user_id": "U1"}).status == 409
    assert api.post("/simulator/api/browser", []).status == 400
    assert api.post("/simulator/api/browser", {}).body == {"user_id": None}


def test_an_answer_can_be_posted_as_a_form(line: RunningSimulator, person: str) -> None:
    shown = log_in(line, person, response_mode="form_post")
    assert shown.status == 200
    assert 'name="code"' in shown.text
    assert f'action="{CALLBACK}"' in shown.text


def test_a_code_is_spent_even_when_the_exchange_fails(line: RunningSimulator, api: Api, person: str) -> None:
    code = log_in(line, person).led["code"]
    first = exchange(api, code, redirect_uri="http://127.0.0.1/other")
    again = exchange(api, code)
    for answer in (first, again):
        assert (answer.status, answer.body["error"]) == (400, "invalid_grant")


def test_pkce_is_checked(line: RunningSimulator, api: Api, person: str) -> None:
    pkce = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    for verifier, error in (
        ("w" * 43, "invalid_grant"),
        ("v" * 42, "invalid_request"),
        ("", "invalid_request"),
    ):
        code = log_in(line, person, None, **pkce).led["code"]
        assert exchange(api, code, code_verifier=verifier).body["error"] == error


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"client_id": "1"}, "invalid_client", id="another channel"),
        pytest.param({"client_secret": "wrong"}, "invalid_client", id="a wrong secret"),
        pytest.param({"grant_type": "password"}, "unsupported_grant_type", id="an unknown grant"),
        pytest.param({"grant_type": ""}, "invalid_request", id="no grant"),
        pytest.param({"code": ""}, "invalid_request", id="no code"),
        pytest.param({"code": "rubbish"}, "invalid_grant", id="an unknown code"),
        pytest.param(
            {"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant", id="an unknown refresh"
        ),
    ],
)
def test_wrong_exchanges_are_refused(api: Api, changes: Form, error: str) -> None:
    given = dict(changes)
    answer = exchange(api, given.pop("code", "x"), **given)
    assert (answer.status, answer.body["error"]) == (400, error)
    assert answer.body["error_description"]


def test_the_token_endpoint_takes_forms_only(api: Api) -> None:
    assert api.post("/oauth2/v2.1/token", {}).body["error"] == "invalid_request"


def test_ages_are_those_of_business_time(start: Start, clock_file: Path) -> None:
    line = start(clock_file=clock_file)
    api, person = Api(line.url), line.add_person("見本 花子")
    code = log_in(line, person).led["code"]
    write_offset(clock_file, 601)
    assert exchange(api, code).body["error"] == "invalid_grant"
    tokens = tokens_of(line, api, person)
    own = as_person(api, tokens["access_token"])
    renew = {
        "grant_type": "refresh_token",
        "refresh_token": tokens["refresh_token"],
        "client_id": CHANNEL,
        "client_secret": SECRET,
    }
    write_offset(clock_file, 601 + 30 * 86400 + 5)
    assert own.get("/v2/profile").status == 401
    assert api.get(f"/oauth2/v2.1/verify?access_token={own.token}").status == 400
    renewed = send_form(api, "/oauth2/v2.1/token", renew)
    assert renewed.body["refresh_token"] == tokens["refresh_token"]
    assert "id_token" not in renewed.body
    assert as_person(api, renewed.body["access_token"]).get("/v2/profile").status == 200
    write_offset(clock_file, 601 + 90 * 86400 + 5)
    assert send_form(api, "/oauth2/v2.1/token", renew).body["error"] == "invalid_grant"


Change = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.mark.parametrize(
    ("change", "secret", "form", "words"),
    [
        pytest.param(lambda claims: claims, SECRET, {}, None, id="right"),
        pytest.param(lambda claims: claims, SECRET, {"nonce": "n1"}, None, id="right with nonce"),
        pytest.param(lambda claims: claims, "other", {}, "Invalid IdToken.", id="signed by another"),
        pytest.param(
            lambda claims: claims | {"iss": "x"}, SECRET, {}, "Invalid IdToken Issuer.", id="another issuer"
        ),
        pytest.param(lambda claims: claims | {"exp": 1}, SECRET, {}, "IdToken expired.", id="old"),
        pytest.param(
            lambda claims: claims,
            SECRET,
            {"client_id": "1"},
            "Invalid IdToken Audience.",
            id="another channel",
        ),
        pytest.param(
            lambda claims: claims, SECRET, {"nonce": "n2"}, "Invalid IdToken Nonce.", id="another nonce"
        ),
        pytest.param(
            lambda claims: claims,
            SECRET,
            {"user_id": "U1"},
            "Invalid IdToken Subject Identifier.",
            id="another person",
        ),
    ],
)
def test_id_tokens_are_verified(
    line: RunningSimulator, api: Api, person: str, change: Change, secret: str, form: Form, words: str | None
) -> None:
    claims = read_token(tokens_of(line, api, person)["id_token"], SECRET)
    assert claims is not None
    token = sign_token(change(claims), secret)
    answer = send_form(api, "/oauth2/v2.1/verify", {"id_token": token, "client_id": CHANNEL} | form)
    if words is None:
        assert answer.body == claims
    else:
        assert (answer.status, answer.body["error_description"]) == (400, words)


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "e30.e30.", "あ.い.う", "eyJhbGciOiJub25lIn0.e30."])
def test_rubbish_is_no_id_token(token: str) -> None:
    assert read_token(token, SECRET) is None


def test_tokens_end(line: RunningSimulator, api: Api, person: str) -> None:
    token = tokens_of(line, api, person)["access_token"]
    ended = {"access_token": token, "client_id": CHANNEL, "client_secret": SECRET}
    answer = send_form(api, "/oauth2/v2.1/revoke", ended)
    assert (answer.status, answer.body) == (200, b"")
    assert as_person(api, token).get("/v2/profile").status == 401
    token = tokens_of(line, api, person)["access_token"]
    api.post(f"/simulator/api/people/{person}/login/forget", {})
    assert as_person(api, token).get("/v2/profile").status == 401


def test_deauthorizing_needs_a_stateless_token_of_the_login_channel(
    line: RunningSimulator, api: Api, person: str
) -> None:
    token = tokens_of(line, api, person)["access_token"]
    body = {"userAccessToken": token}
    client = {"grant_type": "client_credentials", "client_id": CHANNEL, "client_secret": SECRET}
    channel = send_form(api, "/oauth2/v3/token", client).body["access_token"]
    assert api.post("/user/v1/deauthorize", body).status == 401
    assert as_person(api, channel).post("/user/v1/deauthorize", body).status == 204
    again = as_person(api, channel).post("/user/v1/deauthorize", body)
    assert (again.status, again.body) == (400, {"message": "invalid token"})
    assert as_person(api, token).get("/v2/profile").status == 401


def test_a_scope_that_was_not_given_is_not_there(line: RunningSimulator, api: Api, person: str) -> None:
    tokens = tokens_of(line, api, person, scope="openid")
    own = as_person(api, tokens["access_token"])
    assert own.get("/v2/profile").status == 403
    assert own.get("/oauth2/v2.1/userinfo").body == {"sub": person}
    claims = read_token(tokens["id_token"], SECRET)
    assert claims is not None
    assert "name" not in claims
    assert "id_token" not in tokens_of(line, api, person, scope="profile")


def test_discovery_points_at_this_platform(api: Api) -> None:
    found = api.get("/.well-known/openid-configuration").body
    assert found["token_endpoint"] == f"{api.url}/oauth2/v2.1/token"
    assert api.get("/oauth2/v2.1/certs").body == {"keys": []}


def test_secrets_are_not_shown_on_the_wire(line: RunningSimulator, api: Api, person: str) -> None:
    tokens_of(line, api, person)
    shown = [each["request"] for each in line.wire() if each["path"] == "/oauth2/v2.1/token"]
    assert "client_secret=…" in shown[0]
    assert SECRET not in shown[0]
