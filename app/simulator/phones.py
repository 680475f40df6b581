"""What people do on their phones: each act changes the chat and sends the webhook that LINE would send."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from app.simulator.events import (
    Event,
    as_received,
    follow_fields,
    group_source,
    new_event,
    user_source,
)
from app.simulator.ids import new_message_id
from app.simulator.platform import Content, Entry, Friendship, Message, Person, Platform
from app.simulator.samples import SAMPLES, Sample, gallery
from app.simulator.webhooks import Webhooks

_KIND_FIELDS = {
    "text": ("text",),
    "sticker": ("packageId", "stickerId", "keywords", "text"),
    "location": ("title", "address", "latitude", "longitude"),
}
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "sticker": {"packageId": "11537", "stickerId": "52002738", "keywords": ["よろしく"]},
    "location": {
        "title": "位置情報",
        "address": "（見本）東京都千代田区丸の内1丁目",
        "latitude": 35.6812,
        "longitude": 139.7671,
    },
}
_PREPARED_LATER = frozenset({"video", "audio"})


class Impossible(Exception):
    """A phone cannot do this now; the text says why."""


class Phones:
    """Everybody's phone."""

    def __init__(self, platform: Platform, webhooks: Webhooks) -> None:
        self._platform = platform
        self._webhooks = webhooks

    def person(self, user_id: str) -> Person:
        """Somebody who exists; Impossible otherwise."""
        person = self._platform.find_person(user_id)
        if person is None:
            raise Impossible(f"nobody has the id {user_id}")
        return person

    def follow(self, user_id: str) -> Event:
        """友だち追加, or ブロック解除 for whoever had blocked."""
        person = self.person(user_id)
        if person.friendship is Friendship.FRIEND:
            raise Impossible("already a friend")
        was_blocked = person.friendship is Friendship.BLOCKED
        self._platform.set_friendship(person, Friendship.FRIEND)
        return self._send(user_source(user_id), "follow", **follow_fields(is_unblocked=was_blocked))

    def block(self, user_id: str) -> Event:
        """ブロック."""
        person = self.person(user_id)
        if person.friendship is Friendship.BLOCKED:
            raise Impossible("already blocked")
        self._platform.set_friendship(person, Friendship.BLOCKED)
        return self._send(user_source(user_id), "unfollow")

    def unblock(self, user_id: str) -> Event:
        """ブロック解除."""
        if self.person(user_id).friendship is not Friendship.BLOCKED:
            raise Impossible("not blocked")
        return self.follow(user_id)

    def write(self, user_id: str, kind: str, fields: Mapping[str, Any]) -> Entry:
        """Send a text, sticker or location, or a file of some kind.

        `fields`: the message's own; for files `content` (base64), `fileName`, `mime`, else the
        sample of this name, or the usual one, is sent.
        """
        person = self._writer(user_id)
        if kind in SAMPLES:
            message = self._file_message(kind, fields)
        else:
            given = {name: fields[name] for name in _KIND_FIELDS[kind] if fields.get(name) is not None}
            message = {"type": kind, "id": new_message_id(), **_DEFAULTS.get(kind, {}), **given}
            if kind == "sticker":
                message["stickerResourceType"] = "STATIC"
        return self._write(person, message, user_source(user_id), user_id)

    def write_in_group(self, group_id: str, user_id: str, text: str) -> Entry:
        """Somebody says something in a group."""
        if group_id not in self._platform.groups:
            raise Impossible(f"there is no group {group_id}")
        message = {"type": "text", "id": new_message_id(), "text": text}
        return self._write(None, message, group_source(group_id, user_id), group_id)

    def join_group(self) -> str:
        """Somebody takes the account into a new group; its id."""
        group_id = self._platform.add_group()
        self._send(group_source(group_id), "join")
        return group_id

    def unsend(self, user_id: str, message_id: str) -> Event:
        """送信取消."""
        if not self._platform.unsend(user_id, message_id):
            raise Impossible(f"no own message {message_id}")
        return self._send(user_source(user_id), "unsend", unsend={"messageId": message_id})

    def tap(self, user_id: str, action: Mapping[str, Any], params: Mapping[str, str] | None = None) -> None:
        """Tap a button; `params` is what a date picker gave. Addresses and copying stay on the phone."""
        kind = action.get("type")
        if kind == "message":
            self.write(user_id, "text", {"text": action["text"]})
        elif kind in {"postback", "datetimepicker"}:
            if kind == "datetimepicker" and not params:
                raise Impossible("a date picker needs params: date, time or datetime")
            self._postback(user_id, action, params)
        elif kind not in {"uri", "clipboard"}:
            raise Impossible(f"a tap cannot do {kind!r}")

    def send_raw(self, events: list[Event]) -> None:
        """Events as given; their people, friendships and reply tokens become known, as if from LINE."""
        for event in events:
            source = event.get("source") or {}
            user_id, token = source.get("userId"), event.get("replyToken")
            if user_id is not None:
                self._learn(user_id, str(event.get("type")))
            chat = source.get("groupId") or source.get("roomId") or user_id
            if token and chat and token not in self._platform.reply_tokens:
                self._platform.add_reply_token(chat, self._platform.clock.now(), token)
        self._webhooks.send(events)

    def _learn(self, user_id: str, kind: str) -> None:
        person = self._platform.find_person(user_id) or self._platform.add_person("（名前なし）", user_id)
        friendships = {"follow": Friendship.FRIEND, "unfollow": Friendship.BLOCKED}
        if kind in friendships:
            self._platform.set_friendship(person, friendships[kind])
        elif kind == "message":
            person.wrote_at = self._platform.clock.now()

    def _postback(self, user_id: str, action: Mapping[str, Any], params: Mapping[str, str] | None) -> None:
        person = self._writer(user_id)
        if action.get("displayText"):
            message = {"type": "text", "id": new_message_id(), "text": action["displayText"]}
            self._platform.write(user_id, person.id, message)
        postback: dict[str, Any] = {"data": action["data"]}
        if params:
            postback["params"] = dict(params)
        self._send(user_source(user_id), "postback", postback=postback)

    def _writer(self, user_id: str) -> Person:
        person = self.person(user_id)
        if person.friendship is Friendship.BLOCKED:
            raise Impossible("has blocked the account")
        return person

    def _write(self, person: Person | None, message: Message, source: dict[str, str], chat: str) -> Entry:
        entry = self._platform.write(chat, source["userId"], message)
        if person is not None:
            person.wrote_at = entry.at
        received = {name: value for name, value in message.items() if name != "mime"}
        carried = as_received(received)
        self._platform.read_tokens[carried["markAsReadToken"]] = (chat, entry.seq)
        self._send(source, "message", message=carried)
        return entry

    def _file_message(self, kind: str, fields: Mapping[str, Any]) -> Message:
        sample = _sample(kind, fields.get("sample"))
        body = b64decode(fields["content"], validate=True) if "content" in fields else sample.body
        message: Message = {"type": kind, "id": new_message_id()}
        if kind == "file":
            message |= {"fileName": fields.get("fileName", sample.name), "fileSize": len(body)}
        else:
            message["contentProvider"] = {"type": "line"}
        if kind in _PREPARED_LATER:
            message["duration"] = sample.milliseconds
        waits = fields.get("not_ready", 1 if kind in _PREPARED_LATER else 0)
        mime = fields.get("mime", sample.mime)
        self._platform.contents[message["id"]] = Content(body, mime, waits)
        return message

    def _send(self, source: dict[str, str], kind: str, **more: Any) -> Event:
        event = new_event(self._platform, source, kind, **more)
        self._webhooks.send([event])
        return event


def _sample(kind: str, name: Any) -> Sample:
    """The sample of this name; Impossible when there is none of this kind."""
    if name is None:
        return SAMPLES[kind]
    sample = gallery().get(name)
    if sample is None or sample.kind != kind:
        raise Impossible(f"there is no {kind} called {name}")
    return sample
