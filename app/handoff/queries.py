"""Who waits for a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Row, Table, literal_column, select
from sqlalchemy.orm import Session

from app.bulk import among
from app.friends.models import Friend
from app.handoff.models import Conversation


def is_waiting_for_person(session: Session, friend_id: int) -> bool:
    """Whether this friend's conversation with staff is open."""
    query = select(Conversation.id).where(Conversation.friend_id == friend_id, Conversation.state != "closed")
    return session.execute(query).first() is not None


def in_conversation(session: Session, friend_ids: Sequence[int]) -> Sequence[int]:
    """Those of these friends whose conversation with staff is open."""
    connection, row = session.connection(), cast(Table, Conversation.__table__).c
    query = select(row.friend_id).where(
        among(connection, row.friend_id, friend_ids), row.state != literal_column("'closed'")
    )
    return connection.scalars(query).all()


def waiting_conversations(
    session: Session, limit: int = 50
) -> Sequence[Row[int, int, str | None, str, datetime]]:
    """Open conversations, longest wait first: (id, friend id, display name, why, waiting since)."""
    query = (
        select(
            Conversation.id,
            Conversation.friend_id,
            Friend.display_name,
            Conversation.why,
            Conversation.waiting_since,
        )
        .join(Friend, Friend.id == Conversation.friend_id)
        .where(Conversation.state == "waiting")
        .order_by(Conversation.waiting_since)
        .limit(limit)
    )
    return session.execute(query).all()
