"""LINE's own links that add the account or open its chat, as a phone opens them: on the simulated phone.

`GET /R/ti/p/@…` and `GET /R/oaMessage/@…/?<text>`: the page asks whose phone this is and leads to it; of the
second kind the text then stands in the input field, and the person sends it or not. No webhook comes of it.
"""

from urllib.parse import parse_qsl, unquote, urlencode

from aiohttp import web

from app.simulator import dialogs
from app.simulator.answers import Answer
from app.simulator.lookups import BASIC_ID
from app.simulator.platform import Platform


class AddLinks:
    """The two links."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def routes(self) -> list[web.RouteDef]:
        """Where LINE has them, on line.me."""
        paths = ("/R/ti/p/{basic_id}", "/R/oaMessage/{basic_id}", "/R/oaMessage/{basic_id}/")
        return [route for path in paths for route in (web.get(path, self._ask), web.post(path, self._open))]

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        """Whose phone is this?"""
        if request.match_info["basic_id"] != BASIC_ID:
            return _response(_error("このIDのアカウントは見つかりません。", 404))
        chosen = self._platform.people.get(request.cookies.get(dialogs.COOKIE, ""))
        text = _text(request)
        words = [dialogs.paragraph(f"入力される文: {text}")] if text else []
        form = dialogs.form(
            str(request.rel_url),
            dialogs.people_field(self._platform.people.values(), chosen),
            dialogs.buttons(("open", "スマートフォンで開く")),
        )
        title = f"「{self._platform.config.account_name}」のトークを開く"
        return _response(dialogs.page(title, *words, form))

    async def _open(self, request: web.Request) -> web.StreamResponse:
        """To that phone, the text in its field."""
        form = dict(parse_qsl((await request.read()).decode("utf-8", "replace")))
        person = self._platform.people.get(form.get("person", ""))
        if person is None or request.match_info["basic_id"] != BASIC_ID:
            return _response(_error("人を選んでください。", 400))
        query = {"person": person.id} | ({"text": _text(request)} if _text(request) else {})
        headers = {"Location": f"/phone?{urlencode(query)}", "Set-Cookie": dialogs.cookie_of(person)}
        return web.Response(status=303, headers=headers)


def _text(request: web.Request) -> str:
    """The whole query is the text, percent-encoded."""
    return unquote(request.rel_url.raw_query_string) if "/oaMessage/" in request.path else ""


def _error(words: str, status: int) -> Answer:
    return dialogs.page("トークを開けません", dialogs.paragraph(words), status=status)


def _response(answer: Answer) -> web.Response:
    return web.Response(
        status=answer.status, body=answer.body, headers=answer.headers, content_type=answer.content_type
    )
