"""Endpoints that give and take people's tokens: token, verify, revoke, deauthorize (line-platform facts, 4.2)."""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from app.simulator.answers import Answer, Call, canned, ok, refusal
from app.simulator.bodies import read_json
from app.simulator.endpoints import Endpoint
from app.simulator.forms import needed, oauth_refusal, read_form
from app.simulator.login.id_tokens import ISSUER, LIFE_SECONDS, read_token, sign_token
from app.simulator.login.ledger import Consent, Ledger, UserToken
from app.simulator.platform import Platform

ROOT = "/oauth2/v2.1"
_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


class Exchange:
    """From code to tokens, and to their end. `is_login_token` knows stateless tokens of the login channel."""

    def __init__(self, platform: Platform, ledger: Ledger, is_login_token: Callable[[str], bool]) -> None:
        self._platform = platform
        self._config = platform.config
        self._ledger = ledger
        self._is_login_token = is_login_token

    def endpoints(self) -> list[Endpoint]:
        """Each checks for itself who calls."""
        return [
            Endpoint("POST", f"{ROOT}/token", "login.token", self.token, needs_token=False),
            Endpoint("GET", f"{ROOT}/verify", "login.verify", self.verify_access, needs_token=False),
            Endpoint("POST", f"{ROOT}/verify", "login.verify", self.verify_id, needs_token=False),
            Endpoint("POST", f"{ROOT}/revoke", "login.revoke", self.revoke, needs_token=False),
            Endpoint(
                "POST", "/user/v1/deauthorize", "login.deauthorize", self.deauthorize, needs_token=False
            ),
        ]

    def token(self, call: Call) -> Answer:
        """A code or a refresh token becomes an access token."""
        form = read_form(call)
        needed(form, "grant_type", "client_id")
        if form["grant_type"] not in {"authorization_code", "refresh_token"}:
            raise oauth_refusal("unsupported_grant_type", "grant_type is not supported")
        self._check_client(form)
        now = self._platform.clock.now()
        if form["grant_type"] == "refresh_token":
            return self._renewed(form, now)
        consent = self._spent(form, now)
        token = self._ledger.issue(consent, now)
        body = self._token_json(token, now)
        if "openid" in consent.scopes:
            body["id_token"] = sign_token(self._claims(consent, now), self._config.login_channel_secret)
        return ok(body)

    def verify_access(self, call: Call) -> Answer:
        """Whose channel a token is from, and how long it lives."""
        access = call.request.query.get("access_token", "")
        now = self._platform.clock.now()
        token = self._ledger.find(access, now)
        if token is None:
            raise oauth_refusal("invalid_request", "access token expired")
        seconds = int((token.expires_at - now).total_seconds())
        scope = " ".join(sorted(token.scopes))
        return ok({"scope": scope, "client_id": self._config.login_channel_id, "expires_in": seconds})

    def verify_id(self, call: Call) -> Answer:
        """The claims of an id token, once everything about it is right."""
        form = read_form(call)
        needed(form, "id_token", "client_id")
        claims = read_token(form["id_token"], self._config.login_channel_secret)
        if claims is None:
            raise oauth_refusal("invalid_request", "Invalid IdToken.")
        wrong = self._wrong_claim(claims, form)
        if wrong:
            raise oauth_refusal("invalid_request", wrong)
        return ok(claims)

    def revoke(self, call: Call) -> Answer:
        """200 and nothing, also for a token that is over."""
        form = read_form(call)
        needed(form, "access_token", "client_id")
        self._check_client(form)
        self._ledger.revoke(form["access_token"])
        return Answer(200, b"")

    def deauthorize(self, call: Call) -> Answer:
        """The person's consent to this service ends; only with a stateless token of the login channel."""
        bearer = call.request.headers.get("Authorization", "")
        if not self._is_login_token(bearer.removeprefix("Bearer ")):
            raise canned("401")
        body = read_json(call)
        access = body.get("userAccessToken") if isinstance(body, dict) else None
        token = self._ledger.find(str(access), self._platform.clock.now())
        if token is None:
            raise refusal(400, "invalid token")
        self._ledger.forget(token.user_id)
        return Answer(204, b"")

    def _spent(self, form: Mapping[str, str], now: datetime) -> Consent:
        """What the code stands for. It is spent even when this fails."""
        needed(form, "code")
        consent = self._ledger.spend_code(form["code"], now)
        if consent is None:
            raise oauth_refusal("invalid_grant", "invalid authorization code")
        needed(form, "redirect_uri")
        if form["redirect_uri"] != consent.redirect_uri:
            raise oauth_refusal("invalid_grant", "redirect_uri does not match")
        if consent.challenge is not None:
            _check_verifier(form, consent.challenge)
        return consent

    def _renewed(self, form: Mapping[str, str], now: datetime) -> Answer:
        needed(form, "refresh_token")
        token = self._ledger.renew(form["refresh_token"], now)
        if token is None:
            raise oauth_refusal("invalid_grant", "invalid refresh token")
        return ok(self._token_json(token, now))

    def _check_client(self, form: Mapping[str, str]) -> None:
        if form["client_id"] != self._config.login_channel_id:
            raise oauth_refusal("invalid_client", "invalid client_id")
        secret = form.get("client_secret", "")
        if not hmac.compare_digest(secret.encode(), self._config.login_channel_secret.encode()):
            raise oauth_refusal("invalid_client", "invalid client_secret")

    def _token_json(self, token: UserToken, now: datetime) -> dict[str, Any]:
        """`scope` never lists email."""
        return {
            "access_token": token.access,
            "expires_in": int((token.expires_at - now).total_seconds()),
            "refresh_token": token.refresh,
            "scope": " ".join(sorted(token.scopes - {"email"})),
            "token_type": "Bearer",
        }

    def _claims(self, consent: Consent, now: datetime) -> dict[str, Any]:
        issued = int(now.timestamp())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "sub": consent.user_id,
            "aud": self._config.login_channel_id,
            "exp": issued + LIFE_SECONDS,
            "iat": issued,
            "amr": [consent.amr],
        }
        if consent.tells_time:
            claims["auth_time"] = int(consent.at.timestamp())
        if consent.nonce is not None:
            claims["nonce"] = consent.nonce
        person = self._platform.find_person(consent.user_id)
        if "profile" in consent.scopes and person is not None:
            claims["name"] = person.name
        return claims

    def _wrong_claim(self, claims: Mapping[str, Any], form: Mapping[str, str]) -> str:
        """What LINE says about the first claim that is wrong; empty when none is."""
        checks = {
            "Invalid IdToken Issuer.": claims.get("iss") == ISSUER,
            "IdToken expired.": claims.get("exp", 0) > self._platform.clock.now().timestamp(),
            "Invalid IdToken Audience.": claims.get("aud") == form["client_id"],
            "Invalid IdToken Nonce.": form.get("nonce") in {None, claims.get("nonce")},
            "Invalid IdToken Subject Identifier.": form.get("user_id") in {None, claims.get("sub")},
        }
        return next((words for words, is_right in checks.items() if not is_right), "")


def _check_verifier(form: Mapping[str, str], challenge: str) -> None:
    verifier = form.get("code_verifier", "")
    if not _VERIFIER.fullmatch(verifier):
        raise oauth_refusal("invalid_request", "code_verifier is invalid")
    if urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode() != challenge:
        raise oauth_refusal("invalid_grant", "code_verifier does not match")
