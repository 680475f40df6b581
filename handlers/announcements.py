"""What the job site is told of a person: said in the event's own transaction, put into words when it leaves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.announcements.actions import Announcement, announce
from app.announcements.rules import Kind
from app.links.identities import Identity, identities
from app.messaging.outbox import OutboxRow
from handlers.context import Context


def tell_site(ctx: Context, kind: Kind, data: Mapping[str, Any], *, about: str = "") -> None:
    """Announce what this event's person did; the same event handled twice tells it once.

    `about` tells apart what one event does twice.
    """
    cause = f"{ctx.cause}:{about}" if about else ctx.cause
    said = Announcement(kind, ctx.friend.channel_id, ctx.friend.id, cause, data)
    announce(ctx.session, said, ctx.now)


def announcement_bodies(
    session: Session, rows: Sequence[OutboxRow], now: datetime
) -> dict[int, dict[str, Any] | None]:
    """What each delivery says, from who the person is now; None for somebody who has been forgotten."""
    told = {row.id: row.body["values"] for row in rows}
    known = identities(session, {int(values["friend_id"]) for values in told.values()})
    return {
        id_: _body(values, known[values["friend_id"]]) if values["friend_id"] in known else None
        for id_, values in told.items()
    }


def _body(values: Mapping[str, Any], who: Identity) -> dict[str, Any]:
    return {
        "id": values["id"],
        "kind": values["kind"],
        "at": values["at"],
        "channel": who.channel,
        "friend": {"line_user_id": who.line_user_id, "member": who.member},
        "data": values["data"],
    }
