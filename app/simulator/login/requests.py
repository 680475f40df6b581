"""What a site asks for when it sends somebody to the authorize page (line-platform facts, 4.2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.simulator.config import SimulatorConfig

SCOPES = frozenset({"profile", "openid", "email"})
_CHALLENGE = re.compile("[A-Za-z0-9_-]{43}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PROMPTS = frozenset({"", "consent", "none", "login"})
_BOT_PROMPTS = frozenset({"", "normal", "aggressive"})
_RESPONSE_MODES = frozenset({"", "query", "form_post"})


class NotLed(Exception):
    """Nobody can be sent back to the site: an error page is all there is. The text says why."""


class LoginRefused(Exception):
    """The site is told, at its callback: an error code and words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code, words)
        self.code = code
        self.words = words


@dataclass(frozen=True)
class LoginRequest:
    """A login that can be shown."""

    redirect_uri: str
    state: str
    scopes: frozenset[str]
    nonce: str | None
    challenge: str | None
    prompt: str
    bot_prompt: str
    response_mode: str
    max_age: str | None


def read_target(query: Mapping[str, str], config: SimulatorConfig) -> str:
    """Where the answer goes; NotLed for another channel or an address that is not registered."""
    if query.get("client_id") != config.login_channel_id:
        raise NotLed("client_id がこのログインチャネルのものではありません。")
    uri = query.get("redirect_uri", "")
    if not _is_registered(uri, config):
        raise NotLed("redirect_uri が登録されたコールバック URL と一致しません。")
    return uri


def read_request(query: Mapping[str, str], target: str) -> LoginRequest:
    """The request; LoginRefused in the words of OAuth."""
    _check_fixed(query)
    scopes = frozenset(query.get("scope", "").split())
    if not scopes or scopes - SCOPES or ("email" in scopes and "openid" not in scopes):
        raise LoginRefused("INVALID_SCOPE", "requested scope is invalid, unknown, or malformed")
    return LoginRequest(
        redirect_uri=target,
        state=query["state"],
        scopes=scopes,
        nonce=query.get("nonce"),
        challenge=_challenge(query),
        prompt=query.get("prompt", ""),
        bot_prompt=query.get("bot_prompt", ""),
        response_mode=query.get("response_mode", ""),
        max_age=query.get("max_age"),
    )


def _check_fixed(query: Mapping[str, str]) -> None:
    """The parameters that have only a few possible values."""
    kind = query.get("response_type")
    if kind is None:
        raise LoginRefused("INVALID_REQUEST", "response_type is required")
    if kind != "code":
        raise LoginRefused("UNSUPPORTED_RESPONSE_TYPE", "response_type is not supported")
    if not query.get("state"):
        raise LoginRefused("INVALID_REQUEST", "state is required")
    choices = {"prompt": _PROMPTS, "bot_prompt": _BOT_PROMPTS, "response_mode": _RESPONSE_MODES}
    for name, possible in choices.items():
        if query.get(name, "") not in possible:
            raise LoginRefused("INVALID_REQUEST", f"{name} is invalid")
    if not query.get("max_age", "0").isdecimal():
        raise LoginRefused("INVALID_REQUEST", "max_age is invalid")


def _challenge(query: Mapping[str, str]) -> str | None:
    """PKCE: S256 only, and both parameters or none."""
    challenge, method = query.get("code_challenge"), query.get("code_challenge_method")
    if challenge is None and method is None:
        return None
    if method != "S256" or not _CHALLENGE.fullmatch(challenge or ""):
        raise LoginRefused("INVALID_REQUEST", "code_challenge or code_challenge_method is invalid")
    return challenge


def _is_registered(uri: str, config: SimulatorConfig) -> bool:
    """More query parameters are allowed. Without a list, every address on this machine is registered."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or parts.fragment or not uri.isascii():
        return False
    if not config.login_callbacks:
        return parts.hostname in _LOOPBACK
    return parts._replace(query="").geturl() in config.login_callbacks
