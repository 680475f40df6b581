"""The authorize page: which invented person logs in, what they agree to, whether they befriend the account.

Not LINE's page and not like it; what it answers to the site is the same (line-platform facts, 4.2).
"""

from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from app.simulator import dialogs
from app.simulator.answers import Answer, Call
from app.simulator.endpoints import Endpoint
from app.simulator.login.ledger import Consent, Ledger
from app.simulator.login.requests import LoginRefused, LoginRequest, NotLed, read_request, read_target
from app.simulator.phones import Phones
from app.simulator.platform import Friendship, Person, Platform

PATH = "/oauth2/v2.1/authorize"
_WORDS = {
    "profile": "プロフィール情報（表示名・ユーザーID）",
    "openid": "内部識別子",
    "email": "メールアドレス（このシミュレーターは渡しません）",
}


class ConsentPage:
    """Shows the page, and takes its answer."""

    def __init__(self, platform: Platform, phones: Phones, ledger: Ledger) -> None:
        self._platform = platform
        self._phones = phones
        self._ledger = ledger

    def endpoints(self) -> list[Endpoint]:
        """No token: it is a page."""
        return [
            Endpoint("GET", PATH, "login.authorize", self.show, needs_token=False),
            Endpoint("POST", PATH, "login.authorize", self.answer, needs_token=False),
        ]

    def show(self, call: Call) -> Answer:
        """The page, or at once the way back for `prompt=none` and for what makes no sense."""
        return self._led(call, self._show)

    def answer(self, call: Call) -> Answer:
        """The way back with a code, or with ACCESS_DENIED."""
        return self._led(call, self._answer)

    def _led(self, call: Call, act: Callable[[Call, LoginRequest], Answer]) -> Answer:
        query = call.request.query
        try:
            target = read_target(query, self._platform.config)
        except NotLed as error:
            return dialogs.page("ログインできません", dialogs.paragraph(str(error)), status=400)
        try:
            return act(call, read_request(query, target))
        except LoginRefused as refused:
            back = {"error": refused.code, "error_description": refused.words}
            if query.get("state"):
                back["state"] = query["state"]
            return _way_back(target, back, query.get("response_mode", ""))

    def _show(self, call: Call, login: LoginRequest) -> Answer:
        person = dialogs.browser_of(call, self._platform)
        if login.prompt == "none":
            return self._silently(login, person)
        account = self._platform.config.account_name
        words = [_WORDS[scope] for scope in ("profile", "openid", "email") if scope in login.scopes]
        fields = [dialogs.people_field(self._platform.people.values(), person)]
        if login.bot_prompt:
            label = f"「{account}」を友だちに追加する"
            fields.append(dialogs.checkbox("add_friend", label, is_checked=True))
        fields.append(dialogs.buttons(("allow", "許可する"), ("deny", "キャンセル")))
        return dialogs.page(
            "ログインの確認",
            dialogs.paragraph("このサービスが次の情報を求めています。"),
            dialogs.listing(words),
            dialogs.form(call.request.path_qs, *fields),
            leads_to=login.redirect_uri,
        )

    def _silently(self, login: LoginRequest, person: Person | None) -> Answer:
        """Without a page: only for whoever is known and has agreed before."""
        if person is None:
            raise LoginRefused("LOGIN_REQUIRED", "user is not logged in")
        if not login.scopes <= self._ledger.agreed.get(person.id, frozenset()):
            raise LoginRefused("INTERACTION_REQUIRED", "user interaction is required")
        return self._give_code(login, person, {}, amr="linesso")

    def _answer(self, call: Call, login: LoginRequest) -> Answer:
        form = dict(parse_qsl(call.body.decode("utf-8", "replace")))
        if form.get("decision") != "allow":
            raise LoginRefused("ACCESS_DENIED", "The resource owner denied the request.")
        person = self._platform.people.get(form.get("person", ""))
        if person is None:
            return dialogs.page("ログインできません", dialogs.paragraph("人を選んでください。"), status=400)
        back: dict[str, str] = {}
        if login.bot_prompt:
            changed = "add_friend" in form and self._befriend(person)
            back["friendship_status_changed"] = str(changed).lower()
        answer = self._give_code(login, person, back, amr="pwd")
        return answer._replace(headers={**answer.headers, "Set-Cookie": dialogs.cookie_of(person)})

    def _befriend(self, person: Person) -> bool:
        """True when that changed anything."""
        if person.friendship is Friendship.FRIEND:
            return False
        self._phones.follow(person.id)
        return True

    def _give_code(self, login: LoginRequest, person: Person, back: dict[str, str], amr: str) -> Answer:
        consent = Consent(
            user_id=person.id,
            scopes=login.scopes,
            at=self._platform.clock.now(),
            redirect_uri=login.redirect_uri,
            nonce=login.nonce,
            challenge=login.challenge,
            amr=amr,
            tells_time=login.max_age is not None,
        )
        code = self._ledger.add_code(consent)
        return _way_back(
            login.redirect_uri, {"code": code, "state": login.state, **back}, login.response_mode
        )


def _way_back(target: str, fields: Mapping[str, str], mode: str) -> Answer:
    """To the site's callback: in its query, or as a form that is posted by a click."""
    if mode == "form_post":
        hidden = [
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in fields.items()
        ]
        form = dialogs.form(target, *hidden, "<button>サイトに戻る</button>")
        return dialogs.page("サイトに戻ります", form, leads_to=target)
    parts = urlsplit(target)
    query = "&".join(filter(None, (parts.query, urlencode(fields))))
    return Answer(303, b"", {"Location": urlunsplit(parts._replace(query=query))}, content_type="text/html")
