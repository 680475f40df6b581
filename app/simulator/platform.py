"""State of the simulated platform: people, groups, chats, contents, reply tokens, retry keys, quota.

Everything here runs on one loop in one thread and never waits, so nothing is locked. Nothing here knows HTTP.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.clock import Clock
from app.simulator.config import SimulatorConfig
from app.simulator.ids import new_group_id, new_message_id, new_token, new_user_id
from app.simulator.quota import Quota

Message = dict[str, Any]
_KEPT_ENTRIES = 2000
_QUOTED = {"text", "textV2", "sticker", "image", "video", "template", "flex"}
WRITER_REACHABLE = timedelta(days=7)


class Friendship(StrEnum):
    """How a person stands to the official account."""

    NONE = "none"
    FRIEND = "friend"
    BLOCKED = "blocked"


@dataclass
class Person:
    """Somebody with a phone. `id` is LINE's user id."""

    id: str
    name: str
    friendship: Friendship = Friendship.NONE
    wrote_at: datetime | None = None
    """Last message to the account; without friendship it can be pushed to for a week."""


@dataclass(frozen=True)
class Entry:
    """One line of a chat. `seq` grows over all chats, `at` is business time."""

    seq: int
    chat: str
    sender: str
    """`bot`, or the user id of who wrote."""
    message: Message
    at: datetime

    def to_json(self) -> dict[str, Any]:
        """As the phone and the tests read it."""
        side = "bot" if self.sender == "bot" else "user"
        at = int(self.at.timestamp() * 1000)
        return {"seq": self.seq, "from": side, "sender": self.sender, "at": at, "message": self.message}


@dataclass
class ReplyToken:
    """A right to one reply into one chat."""

    chat: str
    event_at: datetime
    delivered_at: datetime | None = None
    is_used: bool = False


@dataclass
class Content:
    """What a person sent as image, video, audio or file."""

    body: bytes
    mime: str
    not_ready: int = 0
    """How many requests are still answered 202, as for large videos."""
    is_gone: bool = False


@dataclass(frozen=True)
class Accepted:
    """A call that was accepted. `to` is one id, or the list of a multicast."""

    endpoint: str
    to: str | list[str]
    retry_key: str | None
    messages: Sequence[Message]
    at: datetime
    request_id: str
    sent_messages: Sequence[Mapping[str, str]]

    def to_json(self) -> dict[str, Any]:
        """As tests read it; `at` is business time in milliseconds."""
        return {
            "endpoint": self.endpoint,
            "to": self.to,
            "retry_key": self.retry_key,
            "messages": list(self.messages),
            "at": int(self.at.timestamp() * 1000),
            "request_id": self.request_id,
            "sent_messages": list(self.sent_messages),
        }


Observer = Callable[[str, Mapping[str, Any]], None]
"""Called with what happened (`entry`, `person`, `unsent`, `loading`, `reset`, `call`) and its data."""


class Platform:
    """The one official account, everybody around it, and what was said."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self.clock = Clock(config.clock_file)
        self.bot_user_id = new_user_id()
        self.observers: list[Observer] = []
        self._seq = 0
        self._clear()

    def _clear(self) -> None:
        self.people: dict[str, Person] = {}
        self.groups: dict[str, bool] = {}
        """Group or room id → whether the account is in it."""
        self.chats: dict[str, deque[Entry]] = {}
        self.contents: dict[str, Content] = {}
        self.reply_tokens: dict[str, ReplyToken] = {}
        self.read_tokens: dict[str, tuple[str, int]] = {}
        """Token → chat, and the entry up to which it marks as read."""
        self.read_up_to: dict[str, int] = {}
        """Chat → number of the last entry that the account has marked as read."""
        self.retry_keys: dict[str, tuple[Accepted, datetime]] = {}
        self.accepted: deque[Accepted] = deque(maxlen=self.config.kept_calls)
        self.accepted_counts: Counter[str] = Counter()
        self.refused_counts: Counter[str] = Counter()
        """By the status that was answered."""
        self.delivered_counts: Counter[str] = Counter()
        self.quota = Quota()

    def reset(self) -> None:
        """Forget everybody and everything; the account keeps its id."""
        self._clear()
        self.tell("reset", {})

    def tell(self, what: str, data: Mapping[str, Any]) -> None:
        """Let everybody who looks on know."""
        for observer in tuple(self.observers):
            observer(what, data)

    # People

    def add_person(
        self, name: str, user_id: str | None = None, friendship: Friendship = Friendship.NONE
    ) -> Person:
        """Somebody new; with a known id, that person under the new name."""
        person = Person(user_id or new_user_id(), name, friendship)
        self.people[person.id] = person
        self.tell("person", person_json(person))
        return person

    def find_person(self, user_id: str) -> Person | None:
        """Whom the id belongs to; with `befriend_unknown`, every well-formed id is somebody."""
        person = self.people.get(user_id)
        if person is None and self.config.befriend_unknown and is_user_id(user_id):
            person = Person(user_id, f"友だち{len(self.people) + 1}", Friendship.FRIEND)
            self.people[user_id] = person
        return person

    def set_friendship(self, person: Person, friendship: Friendship) -> None:
        """Follow, block, unblock."""
        person.friendship = friendship
        self.tell("person", person_json(person))

    def is_reachable(self, person: Person, now: datetime) -> bool:
        """Friends; and for a week whoever wrote without being one. Nobody who blocked."""
        if person.friendship is Friendship.FRIEND:
            return True
        if person.friendship is Friendship.BLOCKED or person.wrote_at is None:
            return False
        return now - person.wrote_at <= WRITER_REACHABLE

    def add_group(self) -> str:
        """A group with the account in it."""
        group_id = new_group_id()
        self.groups[group_id] = True
        return group_id

    # Chats

    def write(self, chat: str, sender: str, message: Message) -> Entry:
        """Append to a chat; the message gets an id if it has none."""
        self._seq += 1
        entry = Entry(self._seq, chat, sender, message, self.clock.now())
        lines = self.chats.get(chat)
        if lines is None:
            lines = self.chats[chat] = deque(maxlen=_KEPT_ENTRIES)
        lines.append(entry)
        if self.observers:
            self.tell("entry", {"chat": chat, "entry": entry})
        return entry

    def deliver(self, chat: str, messages: Sequence[Message]) -> None:
        """The account's messages appear in a chat."""
        self.delivered_counts[chat] += len(messages)
        for message in messages:
            self.write(chat, "bot", message)

    def chat_of(self, chat: str) -> list[Entry]:
        """A chat from its beginning, as far as it is kept."""
        return list(self.chats.get(chat, ()))

    def unsend(self, chat: str, message_id: str) -> bool:
        """Take a person's message back; False if there is none with this id."""
        for entry in self.chats.get(chat, ()):
            if entry.message.get("id") == message_id and entry.sender != "bot":
                entry.message.clear()
                entry.message.update({"type": "unsent", "id": message_id})
                if message_id in self.contents:
                    self.contents[message_id].is_gone = True
                self.tell("unsent", {"chat": chat, "entry": entry})
                return True
        return False

    def mark_read(self, token: str) -> bool:
        """既読 up to the message of this token; False when nobody was given it."""
        found = self.read_tokens.get(token)
        if found is None:
            return False
        chat, seq = found
        self.read_up_to[chat] = max(seq, self.read_up_to.get(chat, 0))
        self.tell("read", {"chat": chat, "seq": self.read_up_to[chat]})
        return True

    # Reply tokens, retry keys

    def add_reply_token(self, chat: str, event_at: datetime, token: str | None = None) -> str:
        """A new right to reply, or one whose text the caller chose."""
        token = token or new_token()
        self.reply_tokens[token] = ReplyToken(chat, event_at)
        return token

    def find_reply_token(self, token: str) -> ReplyToken | None:
        """A token that can be used now; None for used, old and unknown ones."""
        found = self.reply_tokens.get(token)
        if found is None or found.is_used:
            return None
        now = self.clock.now()
        if (now - found.event_at).total_seconds() > self.config.reply_token_ages:
            return None
        delivered_at = found.delivered_at or found.event_at
        is_fresh = (now - delivered_at).total_seconds() <= self.config.reply_token_seconds
        return found if is_fresh else None

    def find_accepted(self, retry_key: str) -> Accepted | None:
        """The call that this key made before, within a day of machine time."""
        found = self.retry_keys.get(retry_key)
        if found is None:
            return None
        call, at = found
        age = (self.clock.real_now() - at).total_seconds()
        return call if age <= self.config.retry_key_seconds else None

    def accept(self, call: Accepted) -> None:
        """Remember an accepted call and its key."""
        self.accepted.append(call)
        self.accepted_counts[call.endpoint] += 1
        if call.retry_key is not None:
            self.retry_keys[call.retry_key] = (call, self.clock.real_now())


def sent_messages(messages: Sequence[Message]) -> list[dict[str, str]]:
    """What reply and push answer: an id each, and a quote token where LINE gives one."""
    return [
        {"id": new_message_id(), "quoteToken": new_token()}
        if message["type"] in _QUOTED
        else {"id": new_message_id()}
        for message in messages
    ]


def person_json(person: Person) -> dict[str, Any]:
    """As the phone reads it."""
    return {"id": person.id, "name": person.name, "friendship": person.friendship}


def is_user_id(text: str) -> bool:
    """`U` and 32 small hex digits."""
    return len(text) == 33 and text[0] == "U" and all(letter in "0123456789abcdef" for letter in text[1:])
