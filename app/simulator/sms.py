"""A fake SMS gateway, and everybody's SMS inbox. LINE has nothing to do with it.

For the server, which sends (`SMS_API_BASE_URL` or whatever names it points at this address):

`POST /simulator/api/sms` with `{"to": "+818000000001", "text": "…", "from": "GOEN", "reference": "…"}`
(`from` and `reference` may be missing) answers 202 `{"id": "sms-1", "status": "accepted", "segments": 1}`:
accepted, also for a number that is nobody's, as a gateway does. 400 `{"message": …}` for a number that is not
E.164, an empty text, or one over 660 UTF-16 units. It can be given faults under the name `sms`.

For the phone:

`GET /simulator/api/people/{user_id}/sms` answers
`{"phone": "+81…", "messages": [{"id": "sms-1", "from": "GOEN", "to": "+81…", "text": "…", "at": ms}]}`.
`GET /simulator/api/sms` answers all messages, whoever's, with the `reference` and `user_id` (or null) of each.
The live stream sends `sms` `{"chat": user_id, "sms": {…}}` to that person's phone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from app.json_text import to_bytes
from app.simulator.answers import Answer, Call
from app.simulator.bodies import checked
from app.simulator.checks.shapes import Record, Text, Written
from app.simulator.endpoints import Endpoint
from app.simulator.json_pages import ROOT, Body, json_page
from app.simulator.numbers import E164, PhoneNumbers
from app.simulator.phones import Phones
from app.simulator.platform import Platform

MOST_UNITS = 660
_LONE, _CHAINED = 70, 67
"""UTF-16 units that fit into one short message, and into each part of a longer one."""
_SHAPE = Record(
    {
        "to": Written(E164.pattern, words="must be an E.164 number"),
        "text": Text(MOST_UNITS),
        "from": Text(20),
        "reference": Text(200),
    },
    ("to", "text"),
)


@dataclass(frozen=True)
class ShortMessage:
    """One SMS."""

    id: str
    sender: str
    to: str
    text: str
    at: datetime
    reference: str | None
    user_id: str | None

    def to_json(self) -> dict[str, Any]:
        """As the phone reads it."""
        at = int(self.at.timestamp() * 1000)
        return {"id": self.id, "from": self.sender, "to": self.to, "text": self.text, "at": at}


class ShortMessages:
    """The gateway and all inboxes."""

    def __init__(self, platform: Platform, phones: Phones, numbers: PhoneNumbers) -> None:
        self._platform = platform
        self._phones = phones
        self._numbers = numbers
        self.reset()

    def reset(self) -> None:
        """All inboxes empty."""
        self._sent: list[ShortMessage] = []

    def endpoints(self) -> list[Endpoint]:
        """Around it are the wire log and the faults, as around LINE's own."""
        return [Endpoint("POST", f"{ROOT}/sms", "sms", self.send, needs_token=False)]

    def routes(self) -> list[web.RouteDef]:
        """See the head of this file."""
        return [
            web.get(ROOT + "/people/{user_id}/sms", json_page(self._inbox)),
            web.get(f"{ROOT}/sms", json_page(self._all)),
        ]

    def send(self, call: Call) -> Answer:
        """Accept; deliver if the number is somebody's."""
        body = checked(call, _SHAPE)
        owner = self._numbers.owner_of(body["to"])
        message = ShortMessage(
            id=f"sms-{len(self._sent) + 1}",
            sender=body.get("from") or "SMS",
            to=body["to"],
            text=body["text"],
            at=self._platform.clock.now(),
            reference=body.get("reference"),
            user_id=owner.id if owner else None,
        )
        self._sent.append(message)
        self._platform.accepted_counts["sms"] += 1
        if owner is not None:
            self._platform.tell("sms", {"chat": owner.id, "sms": message.to_json()})
        status = {"id": message.id, "status": "accepted", "segments": segments(message.text)}
        return Answer(202, to_bytes(status))

    def messages_to(self, user_id: str) -> list[ShortMessage]:
        """One inbox, oldest first."""
        return [message for message in self._sent if message.user_id == user_id]

    def _inbox(self, request: web.Request, body: Body) -> Any:
        person = self._phones.person(request.match_info["user_id"])
        messages = [message.to_json() for message in self.messages_to(person.id)]
        return {"phone": self._numbers.number_of(person), "messages": messages}

    def _all(self, request: web.Request, body: Body) -> Any:
        return {
            "messages": [
                message.to_json() | {"reference": message.reference, "user_id": message.user_id}
                for message in self._sent
            ]
        }


def segments(text: str) -> int:
    """How many short messages a Japanese text takes."""
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return 1 if units <= _LONE else -(-units // _CHAINED)
