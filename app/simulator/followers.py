"""Endpoint that lists all friends, and the one that marks messages as read (line-platform facts, 6.1, 2.11)."""

from app.simulator.answers import Answer, Call, canned, ok, refusal
from app.simulator.bodies import checked
from app.simulator.checks.shapes import Record, Text
from app.simulator.endpoints import Endpoint, get, post
from app.simulator.pagers import Pager
from app.simulator.platform import Friendship, Platform

_READ = Record({"markAsReadToken": Text(1000)}, ("markAsReadToken",))
_NOT_OURS = "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook."


class Followers:
    """Who follows; verified accounts only."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._pager = Pager("userIds", 300, 1000)

    def endpoints(self) -> list[Endpoint]:
        """Both as often as most."""
        return [
            get("/followers/ids", "followers", self.ids),
            post("/chat/markAsRead", "mark_read", self.mark_read),
        ]

    def reset(self) -> None:
        """No list is half read."""
        self._pager.reset()

    def ids(self, call: Call) -> Answer:
        """Ids of friends, in pages of up to 1,000; 403 for an account that is not verified."""
        if not self._platform.config.is_verified:
            raise canned("403")
        people = self._platform.people.values()
        friends = [person.id for person in people if person.friendship is Friendship.FRIEND]
        return ok(self._pager.page(call, friends, self._platform.clock.now()))

    def mark_read(self, call: Call) -> Answer:
        """This message and everything before it is read."""
        token = checked(call, _READ)["markAsReadToken"]
        if not self._platform.mark_read(token):
            raise refusal(400, _NOT_OURS)
        return ok({})
