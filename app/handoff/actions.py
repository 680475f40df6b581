"""Opening and closing what waits for a person. Nothing here commits."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.handoff.models import Conversation
from app.inserting import insert_unless_there


def open_conversation(session: Session, friend_id: int, why: str, now: datetime) -> bool:
    """Let a person take over; False when one is waited for already."""
    values = {
        "friend_id": friend_id,
        "state": "waiting",
        "why": why,
        "opened_at": now,
        "waiting_since": now,
    }
    return insert_unless_there(session, Conversation, **values) is not None


def close_conversation_of(session: Session, friend_id: int, now: datetime) -> None:
    """The friend no longer waits for a person."""
    session.execute(
        update(Conversation)
        .where(Conversation.friend_id == friend_id, Conversation.state != "closed")
        .values(state="closed", closed_at=now)
        .execution_options(synchronize_session=False)
    )


def close_conversation(session: Session, conversation_id: int, now: datetime) -> bool:
    """A person has answered; False when there is no such open conversation."""
    query = (
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.state != "closed")
        .values(state="closed", closed_at=now)
        .returning(Conversation.id)
    )
    return session.execute(query).first() is not None
