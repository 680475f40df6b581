"""Channel access tokens: stateless and short-lived ones (line-platform facts, 6.3). Ages are business time."""

import hmac
import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import NamedTuple

from app.simulator.answers import Answer, Call, ok
from app.simulator.endpoints import Endpoint, Limit
from app.simulator.forms import needed, oauth_refusal, read_form
from app.simulator.platform import Platform

STATELESS_LIFE = timedelta(minutes=15)
SHORT_LIFE = timedelta(days=30)
MOST_SHORT = 30


class ChannelToken(NamedTuple):
    """Which channel it is of, and until when."""

    channel_id: str
    expires_at: datetime
    is_stateless: bool


class Tokens:
    """Every token that was issued; the one from the start never expires, as a long-lived one."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._config = platform.config
        self.reset()

    def reset(self) -> None:
        """Only the long-lived one."""
        self._issued: OrderedDict[str, ChannelToken] = OrderedDict()

    def endpoints(self) -> list[Endpoint]:
        """With id and secret instead of a token."""
        return [
            Endpoint("POST", "/oauth2/v3/token", "token.stateless", self.stateless, needs_token=False),
            Endpoint(
                "POST", "/v2/oauth/accessToken", "token.issue", self.issue, Limit(370), needs_token=False
            ),
            Endpoint("POST", "/v2/oauth/verify", "token.verify", self.verify, needs_token=False),
            Endpoint("POST", "/v2/oauth/revoke", "token.revoke", self.revoke, needs_token=False),
        ]

    def is_bot_token(self, token: str) -> bool:
        """Whether the Messaging API takes it now."""
        found = self._find(token)
        return found is not None and found.channel_id == self._config.channel_id

    def is_login_token(self, token: str) -> bool:
        """Whether it is a stateless one of the login channel."""
        found = self._find(token)
        is_login = found is not None and found.channel_id == self._config.login_channel_id
        return is_login and found is not None and found.is_stateless

    def stateless(self, call: Call) -> Answer:
        """A quarter of an hour, as many as wanted, cannot be revoked; for the bot's and the login channel."""
        return self._give(call, STATELESS_LIFE, is_stateless=True)

    def issue(self, call: Call) -> Answer:
        """Thirty days, thirty at a time: one more ends the oldest."""
        answer = self._give(call, SHORT_LIFE, is_stateless=False)
        short = [token for token, found in self._issued.items() if not found.is_stateless]
        for token in short[:-MOST_SHORT]:
            del self._issued[token]
        return answer

    def verify(self, call: Call) -> Answer:
        """Of which channel, and for how long; the long-lived one too."""
        form = read_form(call)
        needed(form, "access_token")
        token = form["access_token"]
        if hmac.compare_digest(token.encode(), self._config.access_token.encode()):
            return ok({"client_id": self._config.channel_id, "expires_in": 3138007490, "scope": "P CM"})
        found = self._find(token)
        if found is None or found.is_stateless:
            raise oauth_refusal("invalid_request", "access token expired")
        seconds = int((found.expires_at - self._platform.clock.now()).total_seconds())
        return ok({"client_id": found.channel_id, "expires_in": seconds, "scope": "P CM"})

    def revoke(self, call: Call) -> Answer:
        """200 also for a token that is over; a stateless one stays."""
        form = read_form(call)
        needed(form, "access_token")
        found = self._issued.get(form["access_token"])
        if found is not None and not found.is_stateless:
            del self._issued[form["access_token"]]
        return Answer(200, b"")

    def _give(self, call: Call, life: timedelta, *, is_stateless: bool) -> Answer:
        channel_id = self._checked_channel(call)
        token = secrets.token_urlsafe(32)
        expires_at = self._platform.clock.now() + life
        self._issued[token] = ChannelToken(channel_id, expires_at, is_stateless)
        seconds = int(life.total_seconds())
        return ok({"access_token": token, "expires_in": seconds, "token_type": "Bearer"})

    def _checked_channel(self, call: Call) -> str:
        form = read_form(call)
        needed(form, "grant_type")
        if form["grant_type"] != "client_credentials":
            raise oauth_refusal("unsupported_grant_type", "grant_type is not supported")
        needed(form, "client_id", "client_secret")
        secrets_by_channel = {
            self._config.channel_id: self._config.channel_secret,
            self._config.login_channel_id: self._config.login_channel_secret,
        }
        secret = secrets_by_channel.get(form["client_id"])
        if secret is None or not hmac.compare_digest(secret.encode(), form["client_secret"].encode()):
            raise oauth_refusal("invalid_client", "invalid client_id or client_secret")
        return form["client_id"]

    def _find(self, token: str) -> ChannelToken | None:
        found = self._issued.get(token)
        return found if found is not None and self._platform.clock.now() < found.expires_at else None
