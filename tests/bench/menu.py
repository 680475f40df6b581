"""How soon the menu in the phone changes after somebody has linked: through worker, sender and simulated LINE."""

import time
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import select

from app.clock import Clock
from app.db import Database, open_database, reading, transaction
from app.friends.models import Friend
from app.links.actions import Ending, link, unlink
from app.links.rules import EndedBy, How
from app.members.models import Member
from app.staff.audit import NOBODY
from tests.bench.databases import add_friends, prepared_url
from tests.bench.line_calls import SimulatedLine
from tests.bench.processes import environment, free_port, simulator, worker
from tests.bench.results import Bench, Result, Target, number, percentile
from tests.waiting import wait_until

PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.002
PAUSE_SECONDS = 0.131  # no multiple of any interval of ours


def measure(bench: Bench) -> Result:
    """Both databases, one after the other."""
    people = 10 if bench.quick else 60
    rows, targets = [], []
    for kind, name in (("sqlite", "SQLite FULL"), ("postgresql", "PostgreSQL")):
        for what, seconds in _run(bench, kind, people).items():
            p50, p90, most = (percentile(seconds, share) * 1000 for share in (0.5, 0.9, 1.0))
            rows.append((name, what, number(p50), number(p90), number(most)))
            targets.append(Target(f"{name}, {what}, slowest", most / 1000, 1, " s", at_most=True))
    return Result(
        name="menu",
        title=f"Menu in the phone after linking, {people} people one after the other",
        columns=("database", "change", "p50 ms", "p90 ms", "slowest ms"),
        rows=rows,
        targets=targets,
        reading=(
            "From the commit of the link until LINE shows the other menu to this person: wake-up, the choice from "
            "the facts of that moment, claim, one call."
        ),
        growth="One call for each change, below replies in priority; the background's pace is 50 a second.",
    )


def _run(bench: Bench, kind: str, people: int) -> dict[str, list[float]]:
    url, port = prepared_url(bench.databases, kind), free_port()
    env, log = environment(url, port), bench.folder / "menu.log"
    database = open_database(url)
    took: dict[str, list[float]] = {"linked": [], "unlinked": []}
    with simulator(port, env, log):
        line = SimulatedLine(port)
        friends = line.add_friends(people)
        add_friends(database, friends)
        members = _add_members(database, people)
        with worker(env, log):
            _wait_until_given(database, line, friends)
            for friend_id, (user_id, member_id) in enumerate(zip(friends, members, strict=True), 1):
                linking = partial(_link, database, friend_id, member_id)
                took["linked"].append(_time(line, user_id, linking))
                took["unlinked"].append(_time(line, user_id, partial(_unlink, database, friend_id)))
    database.dispose()
    return took


def _time(line: SimulatedLine, user_id: str, change: Callable[[], None]) -> float:
    """Seconds from the end of the change until the person sees another menu."""
    time.sleep(PAUSE_SECONDS)  # at another phase of our intervals each time
    before = line.menu_of(user_id)
    change()
    changed = time.perf_counter()
    wait_until(
        lambda: line.menu_of(user_id) != before, PATIENCE_SECONDS, lambda: "another menu", POLL_SECONDS
    )
    return time.perf_counter() - changed


def _link(database: Database, friend_id: int, member_id: int) -> None:
    with transaction(database) as session:
        link(session, member_id, friend_id, How.CODE, NOBODY, Clock().now())


def _unlink(database: Database, friend_id: int) -> None:
    with transaction(database) as session:
        unlink(session, Ending(EndedBy.CHAT, NOBODY), Clock().now(), friend_id=friend_id)


def _add_members(database: Database, count: int) -> list[int]:
    now = Clock().now()
    with transaction(database) as session:
        rows = [
            Member(external_id=f"bench-{n}", facts={}, created_at=now, updated_at=now) for n in range(count)
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def _wait_until_given(database: Database, line: SimulatedLine, user_ids: Sequence[str]) -> None:
    """The worker has published the menus and given everybody theirs, and LINE shows them."""
    missing = select(Friend.id).where(Friend.menu_live.is_(None)).limit(1)

    def is_given() -> bool:
        with reading(database) as session:
            return session.scalars(missing).first() is None

    wait_until(is_given, PATIENCE_SECONDS, lambda: "the menus are published")
    wait_until(  # what LINE answered with 202 it does a moment later
        lambda: all(line.menu_of(each) for each in user_ids), PATIENCE_SECONDS, lambda: "the menus are seen"
    )
