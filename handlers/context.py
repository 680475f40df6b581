"""What a handler is given besides the event."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.friends.models import Friend
from app.line.limits import Message

Answer = list[Message]
"""What a handler says in reply: up to five messages in one reply, or nothing."""


@dataclass(frozen=True)
class Context:
    """One event's surroundings. The drain owns the transaction; handlers never commit."""

    session: Session
    now: datetime
    """Business time, aware UTC."""
    friend: Friend
    """The person who did it: the row is there, whether they follow us or not."""
    picture_base_url: str | None
    """Public https address for pictures in messages; None: leave pictures out."""
