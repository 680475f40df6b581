"""Messages that are built right before they leave, from facts that are true then.

A row that holds `{"build": name, "values": {…}}` names a builder of this table. Replies are built when the
event is handled; what is planned ahead (rankings, reminders) adds its builder here.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.line.limits import Message, check_messages
from app.links.actions import LINKED_BUILDER, UNLINKED_BUILDER
from app.messaging.outbox import OutboxRow
from handlers.context import Surroundings
from handlers.linking import linked_push, unlinked_push
from handlers.menus import menu_body

Builder = Callable[[Session, OutboxRow, datetime, Surroundings], list[Message]]
BUILDERS: Mapping[str, Builder] = {LINKED_BUILDER: linked_push, UNLINKED_BUILDER: unlinked_push}
Body = Callable[[Session, OutboxRow, datetime], dict[str, Any] | None]
BODIES: Mapping[str, Body] = {"menu": menu_body}
"""The same for calls that say nothing: what LINE is asked for, decided right before."""


NOWHERE = Surroundings()


def render(
    session: Session, rows: Sequence[OutboxRow], now: datetime, at: Surroundings = NOWHERE
) -> dict[int, dict[str, Any] | None]:
    """The body of each row, or None when there is nothing left to say."""
    bodies: dict[int, dict[str, Any] | None] = {}
    for row in rows:
        build = str(row.body["build"])
        if build in BODIES:
            bodies[row.id] = BODIES[build](session, row, now)
            continue
        messages = BUILDERS[build](session, row, now, at)
        if messages:
            check_messages(messages)
        bodies[row.id] = {"messages": messages} if messages else None
    return bodies
