"""What a handler is given besides the event."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.friends.models import Friend
from app.line.limits import Message
from app.line.postback import Command
from app.messaging.outbox import NewOutboxMessage
from app.recommend.ports import NoRecommender, Recommender
from app.tracking.links import TrackedLinks
from handlers.events import Postback

Answer = list[Message]
"""What a handler says in reply: up to five messages in one reply, or nothing."""


@dataclass(frozen=True)
class Surroundings:
    """What a process gives to every event and every message that it builds."""

    picture_base_url: str | None = None
    """Public https address for pictures in messages; None: leave pictures out."""
    base_url: str = ""
    """Public address of our own pages."""
    recommender: Recommender = field(default_factory=NoRecommender)
    """Chooses jobs; what it chose is read again before it is shown."""
    tracked: TrackedLinks | None = None
    """Makes the addresses of buttons that lead to a job's page; None: they lead there by themselves."""


@dataclass(frozen=True)
class Context:
    """One event's transaction, person and surroundings. The drain owns the transaction; handlers never commit."""

    session: Session
    now: datetime
    """Business time, aware UTC."""
    friend: Friend
    """The person who did it: the row is there, whether they follow us or not."""
    surroundings: Surroundings = field(default_factory=Surroundings)
    inbox_event_id: int = 0
    cause: str = "event:none"
    """Start of every dedupe key: `event:<channel>:<webhook event id>`."""
    background: list[NewOutboxMessage] = field(default_factory=list)
    """Calls to LINE that nobody waits for; a handler appends, the dispatcher queues them."""

    @property
    def recommender(self) -> Recommender:
        """Chooses jobs; what it chose is read again before it is shown."""
        return self.surroundings.recommender


PostbackHandler = Callable[[Postback, Command, Context], Answer]
"""Handles a tapped button; the command's values are as tapped and prove nothing."""
