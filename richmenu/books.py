"""What is written down while publishing: one short change for each step, in a transaction of the caller's."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from app.batches import in_batches
from app.db import Database, reading
from app.friends.models import Friend
from app.inserting import insert_ignoring
from richmenu.facts import (
    Known,
    State,
)
from richmenu.models import LiveMenu, MenuSync
from richmenu.objects import TabObject
from richmenu.queries import Wanted, is_reachable, mark_of

Moves = Sequence[tuple[str, str]]


def note_created(
    session: Session,
    channel_id: int,
    *,
    wanted: Wanted,
    rich_menu_id: str,
    now: datetime,
    real_now: datetime,
) -> None:
    """LINE has made it, or had it already."""
    tab = wanted.object
    values = {
        "definition_id": wanted.definition_id,
        "rich_menu_id": rich_menu_id,
        "state": State.CREATED,
        "is_first": tab.is_first,
        "made_at": now,
        "left_at": None,
    }
    key = {"channel_id": channel_id, "name": tab.name, "digest": tab.digest}
    session.execute(insert_ignoring(session, LiveMenu).values(**key, **values))
    _change(session, channel_id, tab, values)


def note_state(
    session: Session, channel_id: int, *, tab: TabObject, state: State, now: datetime, real_now: datetime
) -> None:
    """It has got further."""
    _change(session, channel_id, tab, {"state": state})


def go_live(
    session: Session, channel_id: int, *, wanted: Sequence[TabObject], now: datetime, real_now: datetime
) -> None:
    """From now on people are given these; what was live before is old."""
    _sync(session, channel_id).live_since = real_now
    keys = {(tab.name, tab.digest): tab for tab in wanted}
    for row in session.scalars(select(LiveMenu).where(LiveMenu.channel_id == channel_id)):
        tab = keys.get((row.name, row.digest))
        if tab is not None:
            row.state, row.left_at, row.is_first = State.LIVE, None, tab.is_first
        elif row.state == State.LIVE:
            row.state = State.OLD


def note_batch(
    session: Session, channel_id: int, *, batch_id: str, moves: Moves, now: datetime, real_now: datetime
) -> None:
    """LINE has begun to move people."""
    sync = _sync(session, channel_id)
    sync.batch_id, sync.batch_moves = batch_id, {"moves": [list(pair) for pair in moves]}


def end_batch(session: Session, channel_id: int, *, now: datetime, real_now: datetime) -> None:
    """The batch is over, and `mark_moved` has said so of the friends."""
    sync = _sync(session, channel_id)
    for old, _ in _moved(session, channel_id, sync):
        if old.state == State.OLD:
            old.left_at = real_now
    sync.batch_id = sync.batch_moves = None


def mark_moved(database: Database, channel_id: int, *, is_done: bool) -> None:
    """Everybody has been moved; or nobody for sure, and then each is given the right one singly.

    In short transactions, for it may be everybody: if they are broken off, the batch is still under way.
    """
    with reading(database) as session:
        sync = session.get(MenuSync, channel_id)
        moved = [] if sync is None else _moved(session, channel_id, sync)
    for old, new in moved:
        given = mark_of(new.name, new.digest) if is_done and new is not None and new.is_first else None
        mark_friends(database, channel_id, mark_of(old.name, old.digest), given)


def mark_friends(database: Database, channel_id: int, old: str, new: str | None) -> None:
    """Whoever was given `old` has `new` now, or nothing for sure (None)."""
    if old == new:
        return
    theirs = Friend.channel_id == channel_id, Friend.menu_live == old

    def change(session: Session, rows: Sequence[Row[int]]) -> int:
        marked = update(Friend).where(*theirs, Friend.id.in_([row[0] for row in rows])).values(menu_live=new)
        returned = marked.returning(Friend.id).execution_options(synchronize_session=False)
        return len(session.scalars(returned).all())

    # Who cannot be reached is given a menu anew on coming back, whatever is written down.
    in_batches(database, select(Friend.id).where(*theirs, is_reachable()), change)


def forget(session: Session, channel_id: int, *, known: Known, now: datetime, real_now: datetime) -> None:
    """LINE has it no more; `mark_friends` has said so of those who were given it."""
    session.execute(
        delete(LiveMenu)
        .where(LiveMenu.channel_id == channel_id, LiveMenu.name == known.name)
        .where(LiveMenu.digest == known.digest)
        .execution_options(synchronize_session=False)
    )


def note_deleted(
    session: Session, channel_id: int, *, rich_menu_id: str, now: datetime, real_now: datetime
) -> None:
    """It is gone, by our own wish."""
    gone = delete(LiveMenu).where(LiveMenu.channel_id == channel_id, LiveMenu.rich_menu_id == rich_menu_id)
    session.execute(gone.execution_options(synchronize_session=False))


def note_end(
    session: Session,
    channel_id: int,
    *,
    problem: str | None,
    repaired: str | None,
    now: datetime,
    real_now: datetime,
) -> None:
    """A run is over."""
    sync = _sync(session, channel_id)
    sync.problem = problem
    if problem is None:
        sync.looked_at = now
    if repaired is not None:
        sync.repaired, sync.repaired_at = repaired, now


def batch_key(session: Session, channel_id: int, moves: Moves) -> str:
    """The same moves after the same going live are the same batch: LINE keeps a key for two weeks."""
    told = repr((_sync(session, channel_id).live_since, [tuple(pair) for pair in moves]))
    return hashlib.sha256(told.encode()).hexdigest()


def _change(session: Session, channel_id: int, tab: TabObject, values: dict[str, object]) -> None:
    this = (LiveMenu.channel_id == channel_id, LiveMenu.name == tab.name, LiveMenu.digest == tab.digest)
    session.execute(
        update(LiveMenu).where(*this).values(**values).execution_options(synchronize_session=False)
    )


def _moved(session: Session, channel_id: int, sync: MenuSync) -> list[tuple[LiveMenu, LiveMenu | None]]:
    """What the batch under way moves people from, and to."""
    moves = [] if sync.batch_moves is None else sync.batch_moves["moves"]
    rows = session.scalars(select(LiveMenu).where(LiveMenu.channel_id == channel_id))
    by_id = {row.rich_menu_id: row for row in rows}
    return [(by_id[old], by_id.get(new)) for old, new in moves if old in by_id]


def _sync(session: Session, channel_id: int) -> MenuSync:
    session.execute(insert_ignoring(session, MenuSync).values(channel_id=channel_id))
    return session.get_one(MenuSync, channel_id)
