"""Reply, push, multicast and their validation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.simulator.answers import Answer, Call, Refused, canned, ok, refusal
from app.simulator.bodies import invalid_property, read_json
from app.simulator.checks.sendable import error_body
from app.simulator.endpoints import Endpoint, Limit, post
from app.simulator.platform import Accepted, Message, Platform, is_user_id, sent_messages
from app.simulator.tallies import Tallies

_RETRY_KEY = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Sending:
    """What the account sends, checked in the order in which LINE checks it."""

    def __init__(self, platform: Platform, tallies: Tallies) -> None:
        self._platform = platform
        self._tallies = tallies

    def endpoints(self) -> list[Endpoint]:
        """Everything under /v2/bot/message that sends."""
        multicasts = Limit(self._platform.config.multicasts_per_second)
        return [
            post("/message/reply", "reply", self.reply),
            replace(post("/message/push", "push", self.push), takes_retry_key=True),
            replace(
                post("/message/multicast", "multicast", self.multicast, multicasts), takes_retry_key=True
            ),
            post(
                "/message/validate/{kind:reply|push|multicast|narrowcast|broadcast}",
                "validate",
                self.validate,
            ),
        ]

    def validate(self, call: Call) -> Answer:
        """Message objects only; no recipient, no quota."""
        _checked_body(call, f"validate/{call.request.match_info['kind']}")
        return ok({})

    def reply(self, call: Call) -> Answer:
        """One use of a reply token; free; a refused request leaves the token as it was."""
        body = _checked_body(call, "reply")
        token = self._platform.find_reply_token(body["replyToken"])
        if token is None:
            raise refusal(400, "Invalid reply token")
        token.is_used = True
        accepted = self._accept(call, token.chat, None, body["messages"])
        person = self._platform.people.get(token.chat)
        if person is None or person.friendship != "blocked":
            self._platform.deliver(token.chat, body["messages"])
            self._tallies.count("reply", 1, self._platform.clock.now())
        return ok({"sentMessages": accepted.sent_messages})

    def push(self, call: Call) -> Answer:
        """One chat; 200 without effect for whoever has blocked or is not a friend."""
        retry_key = self._fresh_retry_key(call)
        body = _checked_body(call, "push")
        to, now = body["to"], self._platform.clock.now()
        is_reached = self._is_reached(to)
        if is_reached:
            if not self._platform.quota.has_room(now, 1):
                raise canned("monthly")
            self._platform.quota.spend(now, 1)
        accepted = self._accept(call, to, retry_key, body["messages"])
        if is_reached:
            self._platform.deliver(to, body["messages"])
            self._count("push", body, [to], now)
        return ok({"sentMessages": accepted.sent_messages})

    def multicast(self, call: Call) -> Answer:
        """Up to 500 people, each counted once; one unknown id refuses the whole call."""
        retry_key = self._fresh_retry_key(call)
        body = _checked_body(call, "multicast")
        reached = self._reached_friends(body["to"])
        now = self._platform.clock.now()
        if not self._platform.quota.has_room(now, len(reached)):
            raise canned("monthly")
        self._platform.quota.spend(now, len(reached))
        self._accept(call, body["to"], retry_key, body["messages"])
        for user_id in reached:
            self._platform.deliver(user_id, body["messages"])
        self._count("multicast", body, reached, now)
        return ok({})

    def _count(self, kind: str, body: Mapping[str, Any], reached: Sequence[str], now: datetime) -> None:
        self._tallies.count(kind, len(reached), now)
        if body.get("customAggregationUnits"):
            self._tallies.assign(body, reached, now)

    def _is_reached(self, to: str) -> bool:
        """Whether a push arrives; refuses ids that were never anybody's."""
        if to in self._platform.groups:
            if self._platform.groups[to]:
                return True
            raise refusal(400, "Failed to send messages")
        person = self._platform.find_person(to)
        if person is None:
            raise refusal(400, "Failed to send messages")
        return self._platform.is_reachable(person, self._platform.clock.now())

    def _reached_friends(self, user_ids: Sequence[str]) -> list[str]:
        reached: dict[str, None] = {}
        for index, user_id in enumerate(user_ids):
            if not is_user_id(user_id):
                raise invalid_property(f"to[{index}]")
            person = self._platform.find_person(user_id)
            if person is None:
                raise refusal(400, "Failed to send messages")
            if person.friendship == "friend":
                reached[user_id] = None
        return list(reached)

    def _fresh_retry_key(self, call: Call) -> str | None:
        """The call's retry key; 409 when it has made a call before."""
        key = call.request.headers.get("X-Line-Retry-Key")
        if key is None:
            return None
        if not _RETRY_KEY.fullmatch(key):
            raise refusal(400, "The retry key is invalid")
        key = key.lower()
        earlier = self._platform.find_accepted(key)
        if earlier is None:
            return key
        body: dict[str, Any] = {"message": "The retry key is already accepted"}
        if earlier.endpoint == "push":
            body["sentMessages"] = earlier.sent_messages
        raise Refused(409, body, {"X-Line-Accepted-Request-Id": earlier.request_id})

    def _accept(
        self, call: Call, to: str | list[str], retry_key: str | None, messages: list[Message]
    ) -> Accepted:
        accepted = Accepted(
            endpoint=call.endpoint,
            to=to,
            retry_key=retry_key,
            messages=messages,
            at=self._platform.clock.now(),
            request_id=call.request_id,
            sent_messages=sent_messages(messages),
        )
        self._platform.accept(accepted)
        return accepted


def _checked_body(call: Call, kind: str) -> dict[str, Any]:
    """The request as JSON that LINE would take; Refused with LINE's words otherwise."""
    body = read_json(call)
    try:
        wrong = error_body(kind, body)
    except RecursionError:
        raise refusal(400, "The request body is nested too deeply") from None
    if wrong is not None:
        raise Refused(400, wrong)
    checked: dict[str, Any] = body
    return checked
