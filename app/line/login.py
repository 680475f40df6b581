"""LINE Login v2.1 for web pages: where to send a browser, and what comes back (line-platform facts, 4.2).

State, nonce and PKCE bind an attempt to the browser that began it; the id token says who is in front of it. It
is verified here: HS256 with the login channel's secret and nothing else, whatever its header says.
"""

import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

_USER_ID = re.compile("U[0-9a-f]{32}")
ISSUER = "https://access.line.me"
TIMEOUT = (3, 10)
LEEWAY_SECONDS = 30
"""Clocks differ a little; an id token lives for an hour."""


@dataclass(frozen=True)
class LoginChannel:
    """A LINE Login channel of the account's provider."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Attempt:
    """What one browser takes to LINE and back; everything in it is random."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class LineUser:
    """Whom LINE has proven, and the access token that came with it."""

    line_user_id: str
    access_token: str = field(repr=False)


class LoginFailed(Exception):
    """LINE did not say who this is. `reached`: whether it answered at all."""

    def __init__(self, why: str, *, reached: bool = True) -> None:
        super().__init__(why)
        self.reached = reached


def new_attempt(state: str | None = None) -> Attempt:
    """A fresh one; `state` where the caller keeps its own."""
    return Attempt(state or secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


class LineLogin:
    """The calls that LINE Login takes. One for all login channels; each call stands alone."""

    def __init__(self, api_base_url: str, login_base_url: str) -> None:
        self._api = api_base_url
        self._pages = login_base_url

    def authorize_url(
        self, channel: LoginChannel, attempt: Attempt, redirect_uri: str, *, bot_prompt: bool
    ) -> str:
        """Where the browser goes. `bot_prompt`: LINE asks on a page of its own to add the account as a friend."""
        digest = sha256(attempt.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": channel.id,
            "redirect_uri": redirect_uri,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "scope": "profile openid",
            "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"),
            "code_challenge_method": "S256",
            "ui_locales": "ja-JP",
        }
        more = {"bot_prompt": "aggressive"} if bot_prompt else {}
        return f"{self._pages}/oauth2/v2.1/authorize?{urlencode(asked | more)}"

    def exchange(
        self, channel: LoginChannel, attempt: Attempt, code: str, redirect_uri: str, now: datetime
    ) -> LineUser:
        """Who logged in. Errors: LoginFailed."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": channel.id,
            "client_secret": channel.secret,
            "code_verifier": attempt.verifier,
        }
        answer = self._post("/oauth2/v2.1/token", form)
        claims = verified_claims(str(answer.get("id_token", "")), channel, attempt.nonce, now)
        return LineUser(str(claims["sub"]), str(answer.get("access_token", "")))

    def is_friend(self, user: LineUser) -> bool:
        """Whether the person follows the account linked to the login channel; False if they block it."""
        answer = self._call("GET", "/friendship/v1/status", headers=_bearer(user.access_token))
        return _object(answer).get("friendFlag") is True

    def revoke(self, channel: LoginChannel, user: LineUser) -> None:
        """End the access token: nothing of a log-in is kept."""
        form = {"access_token": user.access_token, "client_id": channel.id, "client_secret": channel.secret}
        self._call("POST", "/oauth2/v2.1/revoke", data=form)

    def deauthorize(self, channel: LoginChannel, user: LineUser) -> None:
        """Take back what the person permitted this login channel; LY Corporation hears of it."""
        client = {"client_id": channel.id, "client_secret": channel.secret}
        answer = self._post("/oauth2/v3/token", {"grant_type": "client_credentials", **client})
        self._call(
            "POST",
            "/user/v1/deauthorize",
            headers=_bearer(str(answer.get("access_token", ""))),
            json={"userAccessToken": user.access_token},
        )

    def _post(self, path: str, form: Mapping[str, str]) -> Mapping[str, Any]:
        return _object(self._call("POST", path, data=form))

    def _call(self, method: str, path: str, **given: Any) -> requests.Response:
        """One request. Errors: LoginFailed without anything of what was sent, since that is secret."""
        try:
            answer = requests.request(
                method, f"{self._api}{path}", timeout=TIMEOUT, allow_redirects=False, **given
            )
        except requests.RequestException as error:
            raise LoginFailed(f"{path}: {type(error).__name__}", reached=False) from None
        if answer.status_code >= 500 or answer.status_code == 429:
            raise LoginFailed(f"{path}: {answer.status_code}", reached=False)
        if answer.status_code >= 300:
            raise LoginFailed(f"{path}: {answer.status_code}")
        return answer


def verified_claims(token: str, channel: LoginChannel, nonce: str, now: datetime) -> Mapping[str, Any]:
    """What an id token says, once signature, issuer, audience, age and nonce are right. Errors: LoginFailed.

    `now` is business time. The algorithm is pinned: LINE signs web log-ins with the channel's secret.
    """
    rules = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": channel.id},
        exp={"essential": True},
        nonce={"essential": True, "value": nonce},
        sub={"essential": True},
    )
    try:
        read = jwt.decode(token, OctKey.import_key(channel.secret), algorithms=["HS256"])
        rules.validate(read.claims)
    except (JoseError, ValueError) as error:
        raise LoginFailed(f"id token: {type(error).__name__}") from None
    if not _USER_ID.fullmatch(str(read.claims["sub"])):
        raise LoginFailed("id token: the subject is no user id")
    return read.claims


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _object(answer: requests.Response) -> Mapping[str, Any]:
    try:
        value = answer.json()
    except ValueError:
        raise LoginFailed("LINE answered no JSON") from None
    if not isinstance(value, dict):
        raise LoginFailed("LINE answered no object")
    return value
