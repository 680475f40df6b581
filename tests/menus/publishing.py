"""Publishing to a simulated LINE, with people who look at their menus, and runs that die on the way."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.clock import Clock
from app.db import Database, reading, transaction
from app.definitions import Definition
from app.friends.models import Friend
from app.json_text import from_bytes
from app.line.menus import LineMenus, MenuCalls
from app.line.rules import Reply
from app.links.models import Link
from app.members.models import Member, Placement
from app.messaging.models import Channel
from app.simulator.config import SimulatorConfig
from app.simulator.running import RunningSimulator
from app.simulator.server import run_simulator
from richmenu.actions import load_shipped_menus, publish_menu
from richmenu.models import LiveMenu
from richmenu.objects import PREFIX
from richmenu.schema import menu_from_json, menu_json
from richmenu.sync import Report, Site, sync
from tests.stack import SECRET, TOKEN
from tests.waiting import wait_until

_numbers = count(1)


class Died(BaseException):
    """The process is killed here."""


@dataclass
class DyingLine:
    """Calls that end after so many: the last one is made, and what came of it is never learnt."""

    line: MenuCalls
    calls: int
    is_made: bool = True
    """False: the last call does not even leave."""

    def call(self, method: str, path: str, body: Any = None) -> Reply:
        self._count()
        reply = self.line.call(method, path, body) if self.calls or self.is_made else Reply(None)
        return self._answer(reply)

    def upload(self, rich_menu_id: str, picture: bytes, mime: str) -> Reply:
        self._count()
        reply = self.line.upload(rich_menu_id, picture, mime) if self.calls or self.is_made else Reply(None)
        return self._answer(reply)

    def _count(self) -> None:
        self.calls -= 1

    def _answer(self, reply: Reply) -> Reply:
        if self.calls <= 0:
            raise Died
        return reply


@dataclass
class Publishing:
    """An account, its people, and runs of publishing."""

    line: RunningSimulator
    database: Database
    clock: Clock
    channel_id: int
    calls: MenuCalls
    people: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Name → our id and LINE's."""

    def site(self, **more: Any) -> Site:
        return replace(
            Site(self.database, self.clock, self.channel_id, self.calls, settled_after=timedelta(0)), **more
        )

    def run(self, **more: Any) -> Report:
        return sync(self.site(**more))

    def run_until_dead(self, calls: int, *, is_made: bool = True) -> bool:
        """A run that dies at a call; False: it came to its end before."""
        try:
            self.run(line=DyingLine(self.calls, calls, is_made))
        except Died:
            return True
        return False

    def friend(self, name: str, **columns: Any) -> int:
        """Somebody who follows, here and at LINE."""
        user_id = self.line.add_person(name, is_friend=True)
        now = self.clock.now()
        values = {"followed_at": now, **columns}
        with transaction(self.database) as session:
            row = Friend(channel_id=self.channel_id, line_user_id=user_id, created_at=now, **values)
            session.add(row)
            session.flush()
            self.people[name] = row.id, user_id
            return row.id

    def member(self, name: str, *, is_placed: bool = False) -> int:
        """Somebody who follows and is linked."""
        friend_id = self.friend(name)
        now = self.clock.now()
        with transaction(self.database) as session:
            member = Member(external_id=f"m{next(_numbers)}", facts={}, created_at=now, updated_at=now)
            session.add(member)
            session.flush()
            session.add(
                Link(
                    member_id=member.id,
                    friend_id=friend_id,
                    channel_id=self.channel_id,
                    how="code",
                    at=now,
                )
            )
            if is_placed:
                session.add(placement(member.id, now.date(), now))
        return friend_id

    def sees(self, name: str) -> str | None:
        """Our name of the tab that somebody sees, if it has a picture: `members/main`."""
        seen = self.line.menu_name(self.people[name][1])
        return None if seen is None else seen.removeprefix(PREFIX).partition(":")[0]

    def soon_sees(self, name: str, tab: str) -> None:
        """LINE does what it answered with 202 a moment later."""
        wait_until(lambda: self.sees(name) == tab, 10, lambda: f"{name} sees {self.sees(name)}, not {tab}")

    def at_line(self) -> list[str]:
        """Names of all rich menus that LINE has."""
        return sorted(each["name"] for each in self.json("/richmenu/list")["richmenus"])

    def json(self, path: str) -> Any:
        """An answer of LINE's."""
        answers: list[Reply] = []

        def is_answered() -> bool:
            answers.append(self.calls.call("GET", path))
            return answers[-1].status == 200

        wait_until(is_answered, 10, lambda: answers[-1].detail)  # LINE lists ten times a second
        return from_bytes(answers[-1].body)

    def change(self, name: str, **fields: Any) -> Definition:
        """Publish a new version of a menu."""
        with transaction(self.database) as session:
            newest = session.scalars(
                select(Definition).where(Definition.kind == "menu", Definition.name == name)
            ).all()[-1]
            body = menu_json(menu_from_json(newest.body)) | fields
            return publish_menu(session, body, now=self.clock.now(), by=None)

    def states(self) -> dict[str, int]:
        """How many tabs are in which state."""
        with reading(self.database) as session:
            found = [row.state for row in session.scalars(select(LiveMenu))]
        return {state: found.count(state) for state in sorted(set(found))}

    def mark(self, name: str) -> str | None:
        """What we remember of somebody's menu."""
        with reading(self.database) as session:
            return session.get_one(Friend, self.people[name][0]).menu_live


def placement(member_id: int, start_on: date, now: Any) -> Placement:
    """A placement by us, in a permanent job."""
    return Placement(
        external_id=f"p{next(_numbers)}",
        member_id=member_id,
        start_on=start_on,
        contract="permanent",
        by_us=True,
        updated_at=now,
    )


@contextmanager
def publishing_to(database: Database, folder: Path) -> Iterator[Publishing]:
    """An account with the shipped menus, none of them at LINE yet."""
    clock = Clock(folder / "clock")
    config = SimulatorConfig(channel_secret=SECRET, access_token=TOKEN, clock_file=folder / "clock")
    with transaction(database) as session:
        channel = Channel(name="default", secrets="unused", access_token="unused")
        session.add(channel)
        load_shipped_menus(session, clock.now())
        session.flush()
        channel_id = channel.id
    with run_simulator(config) as line, closing(LineMenus(line.url, line.url, TOKEN)) as calls:
        yield Publishing(line, database, clock, channel_id, calls)
