"""A friend who talks to the survey handlers, and looks at what they say."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.db import Base, Database, reading, transaction
from app.friends.models import Friend
from app.line.limits import check_messages
from app.line.postback import pack, unpack
from handlers.context import Answer, Context
from handlers.events import Postback, Text
from handlers.survey import SURVEY_ACTIONS, answer_by_text
from handlers.survey_steps import start
from surveys.queries import find_newest_sheet
from surveys.rules import Sheet
from tests.buttons import buttons_in

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@dataclass
class Talk:
    """One friend's chat: what they tap and type goes to the handlers, each in a transaction of its own."""

    database: Database
    friend_id: int
    now: datetime = NOW
    said: Answer = field(default_factory=list)
    """The last answer; what LINE would refuse never gets here."""

    def start(self, name: str = "preferences", *, again: bool = False) -> Answer:
        return self._hear(lambda ctx: start(ctx, name, again=again))

    def write(self, text: str, **more: Any) -> Answer | None:
        event = Text(message_id="1", message_kind="text", text=text, **self._common("message"))
        silent = False

        def answer(ctx: Context) -> Answer:
            nonlocal silent
            found = answer_by_text(event, ctx, **more)
            silent = found is None
            return found or []

        answer_now = self._hear(answer)
        return None if silent else answer_now

    def tap(self, label: str, **params: str) -> Answer:
        """Tap the button with this label in the last answer."""
        return self.tap_data(self.button(label), **params)

    def tap_data(self, data: str, **params: str) -> Answer:
        command = unpack(data)
        assert command is not None
        event = Postback(data=data, params=params, **self._common("postback"))
        return self._hear(lambda ctx: SURVEY_ACTIONS[command.action](event, command, ctx))

    def forge(self, action: str, **values: str | int) -> Answer:
        return self.tap_data(pack(action, **values))

    def button(self, label: str) -> str:
        """The data behind a button of the last answer."""
        return self.buttons()[label]

    def buttons(self) -> dict[str, str]:
        return {label: data for message in self.said for label, data in buttons_in(message)}

    def words(self) -> str:
        return "\n".join(_texts(self.said))

    def sheet(self, name: str = "preferences") -> Sheet:
        with reading(self.database) as session:
            sheet = find_newest_sheet(session, self.friend_id, name)
        assert sheet is not None
        return sheet

    def wait(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def rows(self, table: type[Base]) -> int:
        with reading(self.database) as session:
            return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0

    def _hear(self, answer: Any) -> Answer:
        with transaction(self.database) as session:
            friend = session.get_one(Friend, self.friend_id)
            said: Answer = answer(Context(session, self.now, friend))
        if said:
            check_messages(said)
            self.said = said
        return said

    def _common(self, kind: str) -> dict[str, Any]:
        return {"webhook_event_id": "E", "kind": kind, "at": self.now, "received_at": self.now}


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("text"), str) and part.get("type") in {"text", "confirm", "buttons"}:
            yield part["text"]
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)
