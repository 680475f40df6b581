"""“Look at this friend's menu”: a row that any feature may add when something has changed about a person.

Which menu is right is decided when the row is sent, from what is true then.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.messaging.outbox import NewOutboxMessage, enqueue
from app.messaging.rules import Carrier


def menu_row(
    channel_id: int,
    friend_id: int,
    line_user_id: str,
    cause: str,
    *,
    round_: int = 0,
    again_at: datetime | None = None,
) -> NewOutboxMessage:
    """The row; `cause` is what has changed, such as `link:12` or an event's own cause.

    `round_` counts how often it was looked at again, because something changed while it was under way.
    `again_at`: then the right menu is given once more, whatever is written down, in case LINE has given another.
    """
    values = {"friend_id": friend_id, "round": round_} | ({} if again_at is None else {"again": True})
    return NewOutboxMessage(
        carrier=Carrier.MENU,
        channel_id=channel_id,
        recipient=line_user_id,
        dedupe_key=f"menu:{friend_id}:{cause}",
        body={"build": "menu", "values": values},
        due_at=again_at,
    )


def enqueue_menu(
    session: Session, channel_id: int, friend_id: int, line_user_id: str, *, cause: str, now: datetime
) -> None:
    """Add the row; the same cause twice is one."""
    enqueue(session, [menu_row(channel_id, friend_id, line_user_id, cause)], now)
