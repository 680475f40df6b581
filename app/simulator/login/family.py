"""All parts of LINE Login, wired; and the phone's routes.

LINE's pages lie where LINE has them: `GET /oauth2/v2.1/authorize?…` and `GET /dialog/bot/accountLink?…`.

`POST /simulator/api/browser` with `{"user_id": "U…"}` - this browser is now that person's, as the browser
inside LINE's app would be: the pages have that person chosen already. It sets a cookie; `{}` takes it away.
Answers `{"user_id": "U…" or null}`.

`POST /simulator/api/people/{user_id}/login/forget` - the person takes back the consent in LINE's settings:
their tokens die, LINE tells nobody. Answers `{}`.
"""

from collections.abc import Callable

from aiohttp import web

from app.json_text import from_bytes
from app.simulator import dialogs
from app.simulator.endpoints import Endpoint
from app.simulator.json_pages import ROOT, Body, json_answer, json_page
from app.simulator.login.asking import Asking
from app.simulator.login.consent import ConsentPage
from app.simulator.login.exchange import Exchange
from app.simulator.login.ledger import Ledger
from app.simulator.phones import Phones
from app.simulator.platform import Platform


class Login:
    """State, LINE's endpoints and pages, the phone's routes."""

    def __init__(self, platform: Platform, phones: Phones, is_login_token: Callable[[str], bool]) -> None:
        self._platform = platform
        self._phones = phones
        self.ledger = Ledger()
        self._page = ConsentPage(platform, phones, self.ledger)
        self._exchange = Exchange(platform, self.ledger, is_login_token)
        self._asking = Asking(platform, self.ledger)

    def endpoints(self) -> list[Endpoint]:
        """What LINE has."""
        return [*self._page.endpoints(), *self._exchange.endpoints(), *self._asking.endpoints()]

    def routes(self) -> list[web.RouteDef]:
        """What the phone asks."""
        return [
            web.post(f"{ROOT}/browser", self._choose),
            web.post(ROOT + "/people/{user_id}/login/forget", json_page(self._forget)),
        ]

    def reset(self) -> None:
        """Nobody has ever logged in."""
        self.ledger.clear()

    async def _choose(self, request: web.Request) -> web.StreamResponse:
        try:
            body = from_bytes(await request.read() or b"{}")
            user_id = body.get("user_id")
        except (ValueError, AttributeError):
            return json_answer({"message": "a JSON object is expected"}, 400)
        if user_id is None:
            response = json_answer({"user_id": None})
            response.del_cookie(dialogs.COOKIE)
            return response
        person = self._platform.people.get(user_id)
        if person is None:
            return json_answer({"message": f"nobody has the id {user_id}"}, 409)
        response = json_answer({"user_id": person.id})
        response.headers["Set-Cookie"] = dialogs.cookie_of(person)
        return response

    def _forget(self, request: web.Request, body: Body) -> dict[str, str]:
        self.ledger.forget(self._phones.person(request.match_info["user_id"]).id)
        return {}
