"""The job site's server and a person's browser, as tests drive them over HTTP."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from app.db import transaction
from app.site_keys.actions import add_api_key
from app.site_keys.scopes import Scope
from tests.stack import SITE_ORIGIN, Stack

MY_PAGE = f"{SITE_ORIGIN}/mypage"


class Site:
    """Calls the API with a key of its own."""

    def __init__(self, stack: Stack) -> None:
        self._root = f"{stack.web_url}/api/v1"
        with transaction(stack.database) as session:
            key = add_api_key(session, "見本サイト(架空)", list(Scope), stack.clock.now())
        self._headers = {"Authorization": f"Bearer {key}"}

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> requests.Response:
        """Any request of the API."""
        return requests.request(method, f"{self._root}{path}", json=body, headers=self._headers, timeout=10)

    def sign_up(self, external_id: str, name: str = "見本 花子") -> str:
        """A new member; the site's own key."""
        answer = self.call("PUT", f"/members/{external_id}", {"name": name})
        assert answer.ok, answer.text
        return external_id

    def link_session(
        self, member: str, return_url: str = MY_PAGE, channel: str | None = None
    ) -> requests.Response:
        """Where to send the member's browser."""
        body = {"member": member, "return_url": return_url, "channel": channel}
        return self.call("POST", "/link-sessions", body)

    def code(self, member: str) -> dict[str, Any]:
        """A one-time code for the member's page."""
        return dict(self.call("POST", f"/members/{member}/link-codes", {}).json())

    def account_link(self, ticket: str, member: str) -> requests.Response:
        """A browser that came with this ticket is signed in as this member."""
        return self.call("POST", "/account-links", {"ticket": ticket, "member": member})

    def handover(self, token: str) -> requests.Response:
        """Who has logged in."""
        return self.call("POST", "/handovers", {"token": token})

    def links(self, member: str) -> list[dict[str, Any]]:
        """The member's links."""
        return list(self.call("GET", f"/members/{member}/links").json()["links"])


class Browser:
    """One browser: it keeps cookies and follows nothing by itself."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._session = requests.Session()

    def get(self, url: str) -> requests.Response:
        """Open an address, which may be one of ours without its host."""
        return self._session.get(self._at(url), allow_redirects=False, timeout=10)

    def post(self, url: str, form: dict[str, str]) -> requests.Response:
        """Send a form."""
        return self._session.post(self._at(url), data=form, allow_redirects=False, timeout=10)

    def begin_link(self, session_url: str) -> str:
        """Press the button of the page that the site sent us to; LINE's address."""
        token = query_of(session_url)["t"]
        answer = self.post("/login/line", {"t": token})
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def agree(self, line_url: str, person: str, **choices: str) -> str:
        """Answer LINE's page as this person; the address of our callback that it leads to."""
        form = {"person": person, "decision": "allow", "add_friend": "1", **choices}
        answer = self._session.post(line_url, data=form, allow_redirects=False, timeout=10)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def _at(self, url: str) -> str:
        return url if url.startswith("http") else f"{self._stack.web_url}{url}"


def query_of(url: str) -> dict[str, str]:
    """The values in an address."""
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
