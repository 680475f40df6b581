"""A quick reply that is typed is tapped: LINE on a computer draws none of them, and many people write はい."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import select

from app.friends.commands import plain
from app.line.postback import unpack
from app.messaging.models import OutboxMessage
from app.messaging.rules import Carrier
from handlers.context import Context
from handlers.events import Event, Postback, Text

LONGEST_LABEL = 40
"""UTF-16 units, about: a label has 20 letters at most."""
READS_ITSELF = "survey."
"""A survey reads typed answers itself, and keeps with each the message that it was in."""


def typed_tap(event: Text, ctx: Context) -> Postback | None:
    """What the quick reply with these words, below our newest message, would have sent; None: there is none."""
    words = plain(event.text)
    if not words or len(words) > LONGEST_LABEL:
        return None
    for action in _chips(ctx):
        if action["type"] == "postback" and plain(action["label"]) == words:
            command = unpack(action["data"])
            if command is None or command.action.startswith(READS_ITSELF):
                return None
            common = {each.name: getattr(event, each.name) for each in fields(Event)}
            return Postback(**{**common, "kind": "postback"}, data=action["data"])
    return None


def _chips(ctx: Context) -> Iterator[Mapping[str, Any]]:
    """The actions below the newest message to this friend, whether LINE has it already or not."""
    newest = (
        select(OutboxMessage.body, OutboxMessage.frozen)
        .where(
            OutboxMessage.friend_id == ctx.friend.id, OutboxMessage.carrier.in_((Carrier.REPLY, Carrier.PUSH))
        )
        .order_by(OutboxMessage.id.desc())
        .limit(1)
    )
    for body, frozen in ctx.session.execute(newest):
        messages = (frozen or body).get("messages") or [{}]
        for item in messages[-1].get("quickReply", {}).get("items", ()):
            yield item["action"]
