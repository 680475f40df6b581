"""A served platform as tests see it: plain methods instead of HTTP."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from app.simulator.assembly import HOST, Simulator
from app.simulator.events import Event
from app.simulator.faults import read_fault
from app.simulator.platform import Friendship, Message

_Result = TypeVar("_Result")


class RunningSimulator:
    """A platform that is being served, for tests in the same process.

    Every method may be called from any thread but the platform's own.
    """

    def __init__(self, simulator: Simulator, loop: asyncio.AbstractEventLoop, port: int) -> None:
        self._simulator = simulator
        self._loop = loop
        self.url = f"http://{HOST}:{port}"
        self.menus = simulator.menus
        """To be looked at in `wait_until` only: it lives on the platform's thread."""

    def add_person(self, name: str, *, user_id: str | None = None, is_friend: bool = False) -> str:
        """Somebody new; their user id. `is_friend`: befriended before, without a webhook."""
        friendship = Friendship.FRIEND if is_friend else Friendship.NONE
        return self._now(lambda: self._simulator.platform.add_person(name, user_id, friendship).id)

    def follow(self, user_id: str) -> Event:
        """友だち追加; the event that was sent."""
        return self._now(lambda: self._simulator.phones.follow(user_id))

    def block(self, user_id: str) -> Event:
        """ブロック; the event that was sent."""
        return self._now(lambda: self._simulator.phones.block(user_id))

    def unblock(self, user_id: str) -> Event:
        """ブロック解除; the event that was sent."""
        return self._now(lambda: self._simulator.phones.unblock(user_id))

    def say(self, user_id: str, text: str) -> str:
        """Send a text; its message id."""
        return self.write(user_id, "text", text=text)

    def write(self, user_id: str, kind: str, **fields: Any) -> str:
        """Send any kind of message (see Phones.write); its message id."""
        entry = self._now(lambda: self._simulator.phones.write(user_id, kind, fields))
        return str(entry.message["id"])

    def unsend(self, user_id: str, message_id: str) -> Event:
        """送信取消; the event that was sent."""
        return self._now(lambda: self._simulator.phones.unsend(user_id, message_id))

    def tap(self, user_id: str, action: Mapping[str, Any], params: Mapping[str, str] | None = None) -> None:
        """Tap a button or quick reply; `params` is what a date picker gave."""
        self._now(lambda: self._simulator.phones.tap(user_id, action, params))

    def join_group(self) -> str:
        """Somebody takes the account into a new group; its id."""
        return self._now(self._simulator.phones.join_group)

    def say_in_group(self, group_id: str, user_id: str, text: str) -> None:
        """Somebody says something in a group."""
        self._now(lambda: self._simulator.phones.write_in_group(group_id, user_id, text))

    def send_events(self, events: Sequence[Event]) -> None:
        """Post these events, signed, in one request."""
        self._now(lambda: self._simulator.phones.send_raw([dict(event) for event in events]))

    def accept_reply_token(self, token: str, user_id: str) -> None:
        """Make a token valid that a test put into its own webhook."""
        platform = self._simulator.platform
        self._now(lambda: platform.add_reply_token(user_id, platform.clock.now(), token))

    def messages_to(self, user_id: str) -> list[Message]:
        """What the account delivered to this person (or group), in order."""
        return self._now(lambda: self._delivered(user_id))

    def accepted(self, endpoint: str | None = None) -> list[dict[str, Any]]:
        """Accepted calls, oldest first; those of one endpoint if it is named."""
        calls = self._now(lambda: [call.to_json() for call in self._simulator.platform.accepted])
        return [call for call in calls if endpoint in {None, call["endpoint"]}]

    def wire(self) -> list[dict[str, Any]]:
        """The last webhooks and calls with their answers."""
        return self._now(lambda: [each.to_json() for each in self._simulator.wire.crossings])

    def set_faults(self, *faults: Mapping[str, Any], latency_ms: float = 0) -> None:
        """Replace the scripted faults (see faults.Fault); without any: no faults."""
        read = [read_fault(fault) for fault in faults]
        self._now(lambda: self._simulator.faults.set(read, latency_ms))

    def phone_number_of(self, user_id: str) -> str:
        """The person's invented number, E.164."""
        simulator = self._simulator
        return self._now(lambda: simulator.numbers.number_of(simulator.phones.person(user_id)))

    def set_recipient(self, user_id: str, **changes: Any) -> None:
        """How a person stands to notification messages: consent, is_verified, has_policy."""
        self._now(lambda: self._simulator.notices.set_recipient(user_id, **changes))

    def sms_to(self, user_id: str) -> list[dict[str, Any]]:
        """The person's SMS inbox, oldest first."""
        return self._now(lambda: [each.to_json() for each in self._simulator.sms.messages_to(user_id)])

    def tap_menu(self, user_id: str, area: int, params: dict[str, str] | None = None) -> dict[str, Any]:
        """Tap an area of the rich menu that this person sees; the area's action."""
        return self._now(lambda: self._simulator.menus.phone.tap(user_id, area, params))

    def menu_name(self, user_id: str) -> str | None:
        """The name of the rich menu that this person sees; None for none, and for one without a picture."""

        def look() -> str | None:
            menu = self.menus.shelf.seen_by(self._simulator.phones.person(user_id))
            return None if menu is None or not menu.picture else str(menu.definition["name"])

        return self._now(look)

    def set_quota(self, limit: int | None, *, used: int = 0) -> None:
        """The month's limit and what is spent of it."""

        def change() -> None:
            platform = self._simulator.platform
            platform.quota.limit = limit
            platform.quota.used.clear()
            platform.quota.spend(platform.clock.now(), used)

        self._now(change)

    def point_at(self, webhook_url: str | None, app_url: str | None = None) -> None:
        """Where webhooks go from now on, and whose metrics, agenda and pictures are asked for."""

        def change() -> None:
            self._simulator.webhooks.url = webhook_url
            self._simulator.under_test.url = app_url

        self._now(change)

    def reset(self) -> None:
        """Forget people, chats, calls, faults, and webhooks still to come."""
        self._now(self._simulator.reset)

    def advance(self, seconds: int) -> None:
        """Move business time forward, and come back when it is there."""

        async def travel() -> None:
            await self._simulator.time_machine.start(seconds)

        self._run(travel())

    def wait_for_messages(self, user_id: str, count: int, timeout: float = 10) -> list[Message]:
        """The messages to this person once there are at least so many; TimeoutError otherwise."""
        self.wait_until(
            lambda: len(self._delivered(user_id)) >= count, timeout, f"{count} messages to {user_id}"
        )
        return self.messages_to(user_id)

    def wait_for_accepted(self, count: int, timeout: float = 10) -> list[dict[str, Any]]:
        """All accepted calls once there are at least so many; TimeoutError otherwise."""
        platform = self._simulator.platform
        self.wait_until(lambda: platform.accepted_counts.total() >= count, timeout, f"{count} accepted calls")
        return self.accepted()

    def wait_until(self, is_so: Callable[[], bool], timeout: float = 10, what: str = "it") -> None:
        """Wait for anything about the platform; `is_so` runs on its thread, at every change there."""
        if not self._run(self._simulator.live.wait_until(is_so, timeout)):
            raise TimeoutError(f"{what} did not happen within {timeout} s; wire: {self.wire()[-5:]}")

    def settle(self, timeout: float = 10) -> None:
        """Wait until every webhook has been taken or given up; TimeoutError otherwise."""
        self._run(asyncio.wait_for(self._simulator.webhooks.settle(), timeout))

    def _delivered(self, user_id: str) -> list[Message]:
        chat = self._simulator.platform.chat_of(user_id)
        return [entry.message for entry in chat if entry.sender == "bot"]

    def _now(self, act: Callable[[], _Result]) -> _Result:
        async def on_loop() -> _Result:
            return act()

        return self._run(on_loop())

    def _run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
