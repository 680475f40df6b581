"""Friends that an account had before Goen: written down in batches, and asked about slowly.

They may be pushed to like those who followed, and are not new. Their names come by background calls, a few
at a time: each answer asks for the next (`ask_for_names`), so a million of them never stand in the queue.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import IO, cast

from sqlalchemy import String, Table, func, literal, select, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from app.bulk import insert_rows
from app.clock import today_in_tokyo
from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.messaging.models import Channel, OutboxMessage, has_status
from app.messaging.outbox import NewOutboxMessage, enqueue
from app.messaging.rules import Carrier, OutboxStatus

BATCH = 500
NAMES_AT_ONCE = 100
NAMES_PAUSE = timedelta(seconds=5)
"""So at most twenty names a second are asked for, far below what other background calls leave free."""
_USER_ID = re.compile(r"U[0-9a-f]{32}")


@dataclass
class FriendImport:
    """What an import came to."""

    read: int = 0
    new: int = 0
    marked: int = 0
    """Known by what they wrote, and now known to be friends."""
    unchanged: int = 0


def import_friends(
    database: Database,
    channel_id: int,
    user_ids: Iterable[str],
    now: datetime,
    progress: Callable[[int], None],
) -> FriendImport:
    """Write friends down, in short transactions; safe to run again, and to break off. Calls `progress(read)`."""
    report = FriendImport()
    ids = iter(user_ids)
    while batch := list(islice(ids, BATCH)):
        with transaction(database) as session:
            _import_batch(session, channel_id, batch, now, report)
        progress(report.read)
    with transaction(database) as session:
        top_up_names(session, channel_id, now)
    return report


def _import_batch(
    session: Session, channel_id: int, batch: Sequence[str], now: datetime, report: FriendImport
) -> None:
    user_ids = list(dict.fromkeys(batch))
    here = Friend.channel_id == channel_id, Friend.line_user_id.in_(user_ids)
    known = session.scalars(select(func.count()).select_from(Friend).where(*here)).one()
    marked = session.scalars(
        update(Friend)
        .where(*here, Friend.imported_at.is_(None), Friend.followed_at.is_(None))
        .values(imported_at=now)
        .returning(Friend.id)
        .execution_options(synchronize_session=False)
    ).all()
    common = {"channel_id": channel_id, "created_at": now, "imported_at": now}
    rows = [{**common, "line_user_id": user_id} for user_id in user_ids]
    insert_rows(session.connection(), cast(Table, Friend.__table__), rows)
    report.read += len(batch)
    report.marked += len(marked)
    report.new += len(user_ids) - known
    report.unchanged += known - len(marked) + len(batch) - len(user_ids)


def read_user_ids(file: IO[str], report: Callable[[int], None]) -> Iterator[str]:
    """The LINE user id of each line, in whatever column; calls `report(line)` for one that has none."""
    for number, cells in enumerate(csv.reader(file), start=1):
        found = next((cell.strip() for cell in cells if _USER_ID.fullmatch(cell.strip())), None)
        if found is not None:
            yield found
        elif any(cell.strip() for cell in cells):
            report(number)


def top_up_names(session: Session, channel_id: int, now: datetime) -> int:
    """Ask for as many names at once as may be under way; how many were asked for."""
    row = OutboxMessage
    under_way = session.scalars(
        select(func.count())
        .select_from(row)
        .where(
            row.channel_id == channel_id,
            has_status(row.status, OutboxStatus.WAITING),
            row.carrier == Carrier.PROFILE,
            row.dedupe_key.like("imported:%"),
        )
    ).one()
    return ask_for_names(session, channel_id, NAMES_AT_ONCE - under_way, now)


def ask_for_names(session: Session, channel_id: int, count: int, now: datetime) -> int:
    """Ask LINE for the names of the next imported friends; how many were asked for, `count` at most."""
    if count <= 0:
        return 0
    day = f"{today_in_tokyo(now):%Y%m%d}"
    key = literal("imported:") + sql_cast(Friend.id, String) + literal(f":{day}")
    is_asked = select(OutboxMessage.id).where(OutboxMessage.dedupe_key == key).exists()
    friends = session.execute(
        select(Friend.id, Friend.line_user_id)
        .where(
            Friend.channel_id == channel_id,
            Friend.imported_at.is_not(None),
            Friend.profile_at.is_(None),
            Friend.blocked_at.is_(None),
            ~is_asked,
        )
        .order_by(Friend.id)
        .limit(count)
    ).all()
    enqueue(session, [_question(channel_id, id_, user_id, day, now) for id_, user_id in friends], now)
    return len(friends)


def _question(channel_id: int, friend_id: int, user_id: str, day: str, now: datetime) -> NewOutboxMessage:
    return NewOutboxMessage(
        carrier=Carrier.PROFILE,
        channel_id=channel_id,
        recipient=user_id,
        dedupe_key=f"imported:{friend_id}:{day}",
        body={"friend_id": friend_id, "imported": True},
        due_at=now + NAMES_PAUSE,
    )


def ask_for_all_names(database: Database, now: datetime) -> int:
    """The daily task: goes on where asking came to an end, of every account that may call LINE."""
    with reading(database) as session:
        channels = session.scalars(select(Channel.id).where(Channel.access_token.is_not(None))).all()
    asked = 0
    for channel_id in channels:
        with transaction(database) as session:
            asked += top_up_names(session, channel_id, now)
    return asked
