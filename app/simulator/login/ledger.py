"""State of LINE Login: codes, people's tokens, and who has agreed to what. Ages are business time."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

CODE_LIFE = timedelta(minutes=10)
TOKEN_LIFE = timedelta(days=30)
REFRESH_LIFE = timedelta(days=90)


@dataclass(frozen=True)
class Consent:
    """What somebody agreed to on the consent page."""

    user_id: str
    scopes: frozenset[str]
    at: datetime
    redirect_uri: str = ""
    nonce: str | None = None
    challenge: str | None = None
    amr: str = "pwd"
    tells_time: bool = False
    """True: `max_age` was asked for, so the id token says when the login was."""


@dataclass(frozen=True)
class UserToken:
    """A person's access token, with the refresh token of the same login."""

    user_id: str
    scopes: frozenset[str]
    access: str
    refresh: str
    began_at: datetime
    """When the login was: a refresh token lives from then on, and is never prolonged."""
    expires_at: datetime


class Ledger:
    """Everything that was given out."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Nobody has ever logged in."""
        self._codes: dict[str, Consent] = {}
        self._tokens: dict[str, UserToken] = {}
        self._refresh: dict[str, UserToken] = {}
        self.agreed: dict[str, frozenset[str]] = {}
        """User id → scopes that need no asking any more."""

    def add_code(self, consent: Consent) -> str:
        """A code for one exchange."""
        code = secrets.token_urlsafe(20)
        self._codes[code] = consent
        self.agreed[consent.user_id] = self.agreed.get(consent.user_id, frozenset()) | consent.scopes
        return code

    def spend_code(self, code: str, now: datetime) -> Consent | None:
        """What the code stands for; it is gone, whatever comes of it. None: unknown, used or older than 10 minutes."""
        consent = self._codes.pop(code, None)
        return consent if consent is not None and now - consent.at <= CODE_LIFE else None

    def issue(self, consent: Consent, now: datetime) -> UserToken:
        """Tokens for a fresh login."""
        return self._keep(consent.user_id, consent.scopes, secrets.token_urlsafe(24), now, now)

    def renew(self, refresh: str, now: datetime) -> UserToken | None:
        """A new access token; the refresh token stays. None when it is unknown or older than 90 days."""
        token = self._refresh.get(refresh)
        if token is None or now - token.began_at > REFRESH_LIFE:
            return None
        self._tokens.pop(token.access, None)
        return self._keep(token.user_id, token.scopes, refresh, token.began_at, now)

    def find(self, access: str, now: datetime) -> UserToken | None:
        """A token that can be used now."""
        token = self._tokens.get(access)
        return token if token is not None and now < token.expires_at else None

    def revoke(self, access: str) -> None:
        """This login's tokens are over."""
        token = self._tokens.pop(access, None)
        if token is not None:
            self._refresh.pop(token.refresh, None)

    def forget(self, user_id: str) -> None:
        """The person has taken back everything: tokens die, and the next login asks again."""
        for token in [each for each in self._tokens.values() if each.user_id == user_id]:
            self.revoke(token.access)
        self._refresh = {key: each for key, each in self._refresh.items() if each.user_id != user_id}
        self.agreed.pop(user_id, None)

    def _keep(
        self, user_id: str, scopes: frozenset[str], refresh: str, began_at: datetime, now: datetime
    ) -> UserToken:
        token = UserToken(user_id, scopes, secrets.token_urlsafe(32), refresh, began_at, now + TOKEN_LIFE)
        self._tokens[token.access] = self._refresh[refresh] = token
        return token
