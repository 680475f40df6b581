"""What each lane has in hand, so that an event that kills the process is counted, too.

The commit that chooses a batch writes its events down, one row for each lane, and the commit that handles them
writes what comes next instead. So whoever gets a lane with events in hand knows that its predecessor died with
them. Sixteen small rows for a hundred events: an update of each event would cost as much as handling it does.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    SmallInteger,
    and_,
    any_,
    bindparam,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from app.bulk import among
from app.json_text import from_bytes, to_text
from app.messaging.event_rules import InboxStatus, after_deadly_event
from app.messaging.models import InboxEvent, InboxLane

_HOLD = {
    "sqlite": text(
        "INSERT INTO inbox_lane (lane, event_ids) SELECT CAST(key AS integer), value FROM json_each(:held)"
        " WHERE true ON CONFLICT (lane) DO UPDATE SET event_ids = excluded.event_ids"
    ),
    "postgresql": text(
        "INSERT INTO inbox_lane (lane, event_ids) SELECT CAST(key AS smallint), value"
        " FROM json_each_text(CAST(:held AS json)) WHERE true"
        " ON CONFLICT (lane) DO UPDATE SET event_ids = excluded.event_ids"
    ),
}
_NOTHING = "[]"
_HELD = select(InboxLane.lane, InboxLane.event_ids).where(InboxLane.event_ids != _NOTHING)
_HELD_IN_LANES = _HELD.where(InboxLane.lane == any_(bindparam("lanes", type_=ARRAY(SmallInteger))))
log = structlog.get_logger(__name__)


def hold(session: Session, before: Iterable[int], events: Iterable[tuple[int, int]]) -> None:
    """Write down the `events` (lane, id) that are in hand from now on; lanes of `before` that have none are free."""
    held: dict[int, list[int]] = {lane: [] for lane in before}
    for lane, id_ in events:
        held.setdefault(lane, []).append(id_)
    if held:
        # Lanes as JSON's keys, which are texts.
        values = {"held": to_text({str(lane): ids for lane, ids in held.items()})}
        connection = session.connection()
        connection.execute(_HOLD[connection.dialect.name], values)


def count_deaths(session: Session, lanes: Sequence[int] | None, now: datetime) -> None:
    """Count an attempt of each event that these lanes (None: all) still have in hand: who had it has died."""
    connection = session.connection()
    query = _HELD if lanes is None else _HELD_IN_LANES
    held = {lane: from_bytes(ids) for lane, ids in connection.execute(query, {"lanes": lanes}).all()}
    if not held:
        return
    hold(session, held, [])
    ids = [id_ for ids in held.values() for id_ in ids]
    waiting = select(InboxEvent.attempts, InboxEvent.id).where(_still_waits(connection, ids))
    by_attempts: dict[int, list[int]] = defaultdict(list)
    for attempts, id_ in connection.execute(waiting):
        by_attempts[attempts + 1].append(id_)
    for attempts, died in by_attempts.items():
        _count(connection, died, attempts, now)


def _count(connection: Connection, ids: Sequence[int], attempts: int, now: datetime) -> None:
    status, due_at = after_deadly_event(attempts, now)
    values: dict[str, Any] = {"attempts": attempts, "status": status, "due_at": due_at}
    if status is InboxStatus.DEAD:
        values["error"] = "the process died each time while it was handled"
        log.error("inbox_event_dead", events=list(ids), error=values["error"])
    connection.execute(update(InboxEvent).where(_still_waits(connection, ids)).values(values))


def _still_waits(connection: Connection, ids: Sequence[int]) -> ColumnElement[bool]:
    return and_(among(connection, InboxEvent.id, ids), InboxEvent.status == InboxStatus.WAITING)
