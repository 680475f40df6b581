"""Account link: the link token, LINE's dialog, and the accountLink event (line-platform facts, 4.1)."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from app.simulator import dialogs
from app.simulator.answers import Answer, Call, ok, refusal
from app.simulator.endpoints import Endpoint, post
from app.simulator.events import new_event, sourceless_event, user_source
from app.simulator.platform import Friendship, Person, Platform, is_user_id
from app.simulator.webhooks import Webhooks

PATH = "/dialog/bot/accountLink"
TOKEN_LIFE = timedelta(minutes=10)
LEAST_NONCE, MOST_NONCE = 10, 255


@dataclass
class LinkToken:
    """A right to link one person, once."""

    user_id: str
    at: datetime


class Linking:
    """Link tokens, and the page that spends them."""

    def __init__(self, platform: Platform, webhooks: Webhooks) -> None:
        self._platform = platform
        self._webhooks = webhooks
        self.reset()

    def reset(self) -> None:
        """No tokens."""
        self._tokens: dict[str, LinkToken] = {}

    def endpoints(self) -> list[Endpoint]:
        """The token needs the channel's; the page is for browsers."""
        return [
            post("/user/{user_id}/linkToken", "link_token", self.issue),
            Endpoint("GET", PATH, "link_dialog", self.show, needs_token=False),
            Endpoint("POST", PATH, "link_dialog", self.decide, needs_token=False),
        ]

    def issue(self, call: Call) -> Answer:
        """A new token for a friend, good for ten minutes."""
        user_id = call.request.match_info["user_id"]
        if not is_user_id(user_id):
            raise refusal(400, "The value for the 'userId' parameter is invalid")
        person = self._platform.find_person(user_id)
        if person is None or person.friendship is not Friendship.FRIEND:
            raise refusal(400, "The user is not a friend of the account")
        token = secrets.token_urlsafe(24)
        self._tokens[token] = LinkToken(user_id, self._platform.clock.now())
        return ok({"linkToken": token})

    def show(self, call: Call) -> Answer:
        """Who is in front of the screen; an error page, and no webhook, for a token that is over."""
        wrong = self._wrong(call)
        if wrong:
            return wrong
        account = self._platform.config.account_name
        chosen = dialogs.browser_of(call, self._platform)
        return dialogs.page(
            "アカウント連携",
            dialogs.paragraph(f"「{account}」とサービスのアカウントを連携します。"),
            dialogs.form(
                call.request.path_qs,
                dialogs.people_field(self._platform.people.values(), chosen),
                dialogs.buttons(("allow", "連携する")),
            ),
        )

    def decide(self, call: Call) -> Answer:
        """Spends the token: `ok` when its owner is in front of the screen, `failed` for anybody else."""
        wrong = self._wrong(call)
        if wrong:
            return wrong
        form = dict(parse_qsl(call.body.decode("utf-8", "replace")))
        person = self._platform.people.get(form.get("person", ""))
        if person is None:
            return _error("人を選んでください。")
        query = call.request.query
        return self._finish(person, self._tokens.pop(query["linkToken"]), query["nonce"])

    def _finish(self, person: Person, token: LinkToken, nonce: str) -> Answer:
        if token.user_id != person.id or person.friendship is not Friendship.FRIEND:
            link = {"result": "failed", "nonce": nonce}
            self._webhooks.send([sourceless_event(self._platform, "accountLink", link=link)])
            return _error("連携できませんでした。ほかの人のためのリンクです。")
        link = {"result": "ok", "nonce": nonce}
        self._webhooks.send([new_event(self._platform, user_source(person.id), "accountLink", link=link)])
        answer = dialogs.page("連携しました", dialogs.paragraph("トークの画面に戻ってください。"))
        return answer._replace(headers={**answer.headers, "Set-Cookie": dialogs.cookie_of(person)})

    def _wrong(self, call: Call) -> Answer | None:
        """The error page for a token or nonce that cannot be used; None when both can."""
        query = call.request.query
        token = self._tokens.get(query.get("linkToken", ""))
        if token is None or self._platform.clock.now() - token.at > TOKEN_LIFE:
            return _error(
                "このリンクは使用済みか、有効期限が切れています。もう一度トークからやり直してください。"
            )
        if not LEAST_NONCE <= len(query.get("nonce", "")) <= MOST_NONCE:
            return _error("nonce は 10〜255 文字です。")
        return None


def _error(words: str) -> Answer:
    return dialogs.page("連携できません", dialogs.paragraph(words), status=400)
