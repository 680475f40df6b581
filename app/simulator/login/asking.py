"""Endpoints that a person's token may ask: userinfo, profile, friendship; and the discovery documents."""

from app.simulator.answers import Answer, Call, ok, refusal
from app.simulator.endpoints import Endpoint
from app.simulator.login.id_tokens import ISSUER
from app.simulator.login.ledger import Ledger
from app.simulator.platform import Friendship, Person, Platform


class Asking:
    """Only about whoever the token belongs to."""

    def __init__(self, platform: Platform, ledger: Ledger) -> None:
        self._platform = platform
        self._ledger = ledger

    def endpoints(self) -> list[Endpoint]:
        """With people's tokens, never the channel's."""

        def ask(method: str, path: str, name: str) -> Endpoint:
            return Endpoint(method, path, f"login.{name}", getattr(self, name), needs_token=False)

        return [
            ask("GET", "/oauth2/v2.1/userinfo", "userinfo"),
            ask("POST", "/oauth2/v2.1/userinfo", "userinfo"),
            ask("GET", "/v2/profile", "profile"),
            ask("GET", "/friendship/v1/status", "friendship"),
            ask("GET", "/oauth2/v2.1/certs", "certs"),
            ask("GET", "/.well-known/openid-configuration", "discovery"),
        ]

    def userinfo(self, call: Call) -> Answer:
        """Needs the openid scope."""
        person, scopes = self._who(call, "openid")
        return ok({"sub": person.id} | ({"name": person.name} if "profile" in scopes else {}))

    def profile(self, call: Call) -> Answer:
        """Needs the profile scope."""
        person, _ = self._who(call, "profile")
        return ok({"userId": person.id, "displayName": person.name})

    def friendship(self, call: Call) -> Answer:
        """False also for whoever has blocked the account."""
        person, _ = self._who(call, "profile")
        return ok({"friendFlag": person.friendship is Friendship.FRIEND})

    def certs(self, call: Call) -> Answer:
        """No keys: web login is signed with the channel secret, and this platform has no LIFF."""
        return ok({"keys": []})

    def discovery(self, call: Call) -> Answer:
        """Where everything is."""
        root = f"{call.request.scheme}://{call.request.host}"
        return ok(
            {
                "issuer": ISSUER,
                "authorization_endpoint": f"{root}/oauth2/v2.1/authorize",
                "token_endpoint": f"{root}/oauth2/v2.1/token",
                "revocation_endpoint": f"{root}/oauth2/v2.1/revoke",
                "userinfo_endpoint": f"{root}/oauth2/v2.1/userinfo",
                "scopes_supported": ["openid", "profile", "email"],
                "jwks_uri": f"{root}/oauth2/v2.1/certs",
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["HS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def _who(self, call: Call, scope: str) -> tuple[Person, frozenset[str]]:
        """Whose token this is; 401 for none or an old one, 403 without the scope."""
        bearer = call.request.headers.get("Authorization", "")
        token = self._ledger.find(bearer.removeprefix("Bearer "), self._platform.clock.now())
        person = self._platform.find_person(token.user_id) if token else None
        if token is None or person is None or not bearer.startswith("Bearer "):
            raise refusal(401, "The access token is invalid or has expired")
        if scope not in token.scopes:
            raise refusal(403, f"The access token does not have the scope {scope}")
        return person, token.scopes
