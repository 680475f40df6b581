"""“Look at the menus of this member”: for whatever changes about a member and not about one friend."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.friends.models import Friend
from app.links.queries import friends_of
from app.messaging.menus import menu_row
from app.messaging.outbox import enqueue


def enqueue_menus_of_member(session: Session, member_id: int, *, cause: str, now: datetime) -> None:
    """One row for each account in which the member is linked; `cause` is such as `placement:12:<digest>`."""
    friends = session.scalars(select(Friend).where(Friend.id.in_(friends_of(session, member_id))))
    rows = [menu_row(each.channel_id, each.id, each.line_user_id, cause) for each in friends]
    enqueue(session, rows, now)
