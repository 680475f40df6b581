"""Notification messages: LINE's endpoints, deliveries, and the phone's routes.

`GET /simulator/api/people/{user_id}/notices` - how this person stands to notification messages:

    {"phone": "+818000000001", "hash": "…64 hex…",
     "consent": "agree" | "reject" | "unset",       to begin with: agree
     "is_verified": true, "has_policy": true,       SMS verification within 180 days; privacy policy
     "held": [{"at": ms, "until": ms, "messages": […]}]}    wait for consent or verification, 24 hours

`POST` to the same address with any of `phone` (E.164), `consent`, `is_verified`, `has_policy` changes it, and
answers as above. Held messages arrive at once when nothing stands against them any more, with their
`delivery` webhooks. A delivered notice stands in the chat with `"notice": true` in its message; LINE shows
重要なお知らせ above it.
"""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from app.simulator.answers import Answer, Call, Refused, ok, refusal
from app.simulator.bodies import checked
from app.simulator.checks import notices as shapes
from app.simulator.checks.sendable import container_error
from app.simulator.checks.shapes import Record
from app.simulator.endpoints import Endpoint, post
from app.simulator.events import sourceless_event
from app.simulator.json_pages import ROOT, Body, json_page
from app.simulator.notices.consents import HOLD, Consent, Notice, Recipient
from app.simulator.numbers import COUNTRIES, PhoneNumbers, hash_of
from app.simulator.phones import Phones
from app.simulator.platform import Accepted, Friendship, Message, Person, Platform
from app.simulator.tallies import Tallies
from app.simulator.webhooks import Webhooks

_PATH = ROOT + "/people/{user_id}/notices"


class Notices:
    """Everything about notification messages."""

    def __init__(
        self, platform: Platform, webhooks: Webhooks, phones: Phones, numbers: PhoneNumbers, tallies: Tallies
    ) -> None:
        self._platform = platform
        self._webhooks = webhooks
        self._phones = phones
        self._numbers = numbers
        self._tallies = tallies
        self.reset()

    def reset(self) -> None:
        """Everybody agrees, nothing is held."""
        self._recipients: dict[str, Recipient] = {}

    def endpoints(self) -> list[Endpoint]:
        """The flexible one has no /v2 in its path."""
        return [
            Endpoint("POST", "/bot/pnp/push", "notification", self.push_flexible),
            post("/message/pnp/templated/push", "notification", self.push_templated),
        ]

    def routes(self) -> list[web.RouteDef]:
        """See the head of this file."""
        return [
            web.get(_PATH, json_page(self._show)),
            web.post(_PATH, json_page(self._change)),
        ]

    def push_flexible(self, call: Call) -> Answer:
        """200: accepted. Whether it arrives, only `delivery` tells."""
        body = self._checked(call, shapes.FLEXIBLE)
        wrong = container_error(body["messages"])
        if wrong is not None:
            raise Refused(400, wrong)
        self._take(call, body, body["messages"], "pnp")
        return ok({})

    def push_templated(self, call: Call) -> Answer:
        """202: accepted. Whether it arrives, only `delivery` tells."""
        body = self._checked(call, shapes.TEMPLATED)
        wrong = shapes.key_fault(body)
        if wrong:
            raise refusal(400, wrong)
        self._take(call, body, [shapes.as_flex(body)], "pnp/templated")
        return Answer(202, b"{}")

    def set_recipient(self, user_id: str, **changes: Any) -> None:
        """Change consent, is_verified, has_policy; what was held may arrive. ValueError for an unknown consent."""
        person = self._phones.person(user_id)
        recipient = self._recipient(person)
        if "consent" in changes:
            recipient.consent = Consent(changes["consent"])
        recipient.is_verified = bool(changes.get("is_verified", recipient.is_verified))
        recipient.has_policy = bool(changes.get("has_policy", recipient.has_policy))
        now = self._platform.clock.now()
        recipient.release(now, lambda notice: self._deliver(person, notice))

    def _checked(self, call: Call, shape: Record) -> dict[str, Any]:
        tag = call.request.headers.get("X-Line-Delivery-Tag")
        if tag is not None and shapes.DELIVERY_TAG.faults(tag):
            raise refusal(400, "The value for the 'X-Line-Delivery-Tag' parameter is invalid")
        return checked(call, shape)

    def _take(self, call: Call, body: dict[str, Any], messages: Sequence[Message], kind: str) -> None:
        """Deliver, hold, drop, or 422: one text for all causes."""
        digest = body["to"]
        person = self._numbers.owner_of_hash(digest)
        recipient = self._recipient(person) if person else None
        if person is None or recipient is None or recipient.is_refusing or not self._is_served(person):
            raise refusal(422, "Failed to send messages")
        now = self._platform.clock.now()
        accepted = Accepted(call.endpoint, digest, None, messages, now, call.request_id, [])
        self._platform.accept(accepted)
        self._tallies.assign(body, [person.id], now)
        notice = Notice(messages, call.request.headers.get("X-Line-Delivery-Tag", digest), now, kind)
        if person.friendship is Friendship.BLOCKED:
            return
        if recipient.is_ready:
            self._deliver(person, notice)
        else:
            recipient.drop_old(now)
            recipient.held.append(notice)

    def _is_served(self, person: Person) -> bool:
        return self._numbers.number_of(person).startswith(COUNTRIES)

    def _deliver(self, person: Person, notice: Notice) -> None:
        if person.friendship is Friendship.BLOCKED:
            return
        self._platform.deliver(person.id, [{**message, "notice": True} for message in notice.messages])
        self._tallies.count(notice.kind, 1, self._platform.clock.now())
        self._webhooks.send([sourceless_event(self._platform, "delivery", delivery={"data": notice.tag})])

    def _recipient(self, person: Person) -> Recipient:
        return self._recipients.setdefault(person.id, Recipient())

    def _show(self, request: web.Request, body: Body) -> Any:
        return self._to_json(self._phones.person(request.match_info["user_id"]))

    def _change(self, request: web.Request, body: Body) -> Any:
        person = self._phones.person(request.match_info["user_id"])
        if "phone" in body:
            self._numbers.change(person, body["phone"])
        self.set_recipient(person.id, **body)
        return self._to_json(person)

    def _to_json(self, person: Person) -> dict[str, Any]:
        recipient, number = self._recipient(person), self._numbers.number_of(person)
        recipient.drop_old(self._platform.clock.now())
        return {
            "phone": number,
            "hash": hash_of(number),
            "consent": recipient.consent,
            "is_verified": recipient.is_verified,
            "has_policy": recipient.has_policy,
            "held": [_held_json(notice) for notice in recipient.held],
        }


def _held_json(notice: Notice) -> dict[str, Any]:
    return {
        "at": int(notice.at.timestamp() * 1000),
        "until": int((notice.at + HOLD).timestamp() * 1000),
        "messages": list(notice.messages),
    }
