"""A friend who taps the buttons of job cards, called as the drain calls the handlers."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

from sqlalchemy import select

from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.jobs.models import Activity, ActivityKind
from app.jobs.rules import JobWishes
from app.line.limits import check_messages
from app.line.postback import Command, unpack
from app.recommend.popular import PopularRecommender
from handlers.context import Answer, Context, Surroundings
from handlers.dispatch import POSTBACK_ACTIONS, on_message
from handlers.events import Postback, Text
from handlers.recommend import recommended
from handlers.wishes import wishes_of
from tests.buttons import buttons_in
from tests.jobs.factories import NOW

_number = count(1)


class Phone:
    """A friend who taps: each tap is an event in a transaction of its own."""

    def __init__(self, database: Database, friend: Friend) -> None:
        self.database = database
        self.friend = friend
        self.surroundings = Surroundings(recommender=PopularRecommender(database))
        self.said: Answer = []
        """The last answer."""

    def tap(self, data: str, *, event_id: str | None = None) -> Answer:
        command = unpack(data)
        assert isinstance(command, Command)
        number = next(_number)
        event = Postback(
            webhook_event_id=event_id or f"01HZ{number}",
            kind="postback",
            at=NOW + timedelta(seconds=number),
            received_at=NOW,
            data=data,
        )
        return self._hear(lambda ctx: POSTBACK_ACTIONS[command.action](event, command, ctx))

    def write(self, text: str) -> Answer:
        """Send a text."""
        number = next(_number)
        at = NOW + timedelta(seconds=number)
        event = Text(
            webhook_event_id=f"01HZ{number}",
            kind="message",
            at=at,
            received_at=at,
            message_id=f"m{number}",
            message_kind="text",
            text=text,
        )
        return self._hear(lambda ctx: on_message(event, ctx))

    def text(self) -> str:
        """The words of the last answer's texts."""
        return "\n".join(str(message.get("text", "")) for message in self.said)

    def press(self, label: str) -> Answer:
        """Tap the button with this label in the last answer."""
        return self.tap(self.buttons()[label])

    def buttons(self) -> dict[str, str]:
        """Label -> data of what can be tapped in the last answer."""
        return dict(found for message in self.said for found in buttons_in(message))

    def recommended(self, wishes: JobWishes | None = None) -> Answer:
        return self._hear(lambda ctx: recommended(ctx, wishes))

    def wishes(self) -> JobWishes:
        with reading(self.database) as session:
            return wishes_of(Context(session, NOW, self.friend))

    def activity(self) -> list[tuple[ActivityKind, str | None]]:
        with reading(self.database) as session:
            rows = session.execute(select(Activity.kind, Activity.reason).order_by(Activity.id))
            return [(kind, reason) for kind, reason in rows]

    def _hear(self, answer: Callable[[Context], Answer]) -> Answer:
        with transaction(self.database) as session:
            friend = session.get_one(Friend, self.friend.id)
            self.said = answer(Context(session, NOW, friend, self.surroundings))
        check_messages(self.said)
        return self.said
