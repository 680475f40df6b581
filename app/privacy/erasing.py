"""The erasure of one person, in steps that each are short transactions and may each be done again.

Members and friends are emptied last, so that until then whoever goes on after a crash still knows their names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Row,
    Table,
    Text,
    and_,
    delete,
    false,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from app.batches import among_rows, in_batches
from app.db import Base, Database, reading, transaction
from app.friends.models import Friend
from app.links.models import Link
from app.members.models import Member
from app.messaging.event_rules import InboxStatus
from app.messaging.models import Attachment, InboxEvent, Message, OutboxMessage
from app.messaging.rules import (
    ENDED,
    Carrier,
    OutboxStatus,
)
from app.people.persons import Person
from app.privacy.catalogue import (
    DELETED,
    EMPTIED,
    EMPTY_EVENT,
    EMPTY_FRIEND,
    EMPTY_MEMBER,
    EMPTY_OUTBOX,
    owned_by,
    personal_tables,
)
from app.privacy.models import Erasure
from app.staff.models import Audit

FILES_AT_ONCE = 3
"""Files are up to 10 MB each."""
ROWS_LOOKED_AT = 20_000
FORGOTTEN = "forgotten"
FORGOTTEN_ACTION = "person.forgotten"
"""In the audit: names the erasure by its number and nothing else, so it is kept whole."""
_SILENTLY = {"synchronize_session": False}


@dataclass(frozen=True)
class Task:
    """One erasure under way: its number, whom it erases, and what LINE calls them."""

    id: int
    person: Person
    line_user_ids: tuple[str, ...]


def erase(database: Database, erasure_id: int, now: datetime) -> None:
    """Do all that is left of an erasure; nothing when it is done."""
    with reading(database) as session:
        if session.get_one(Erasure, erasure_id).ended_at is not None:
            return
        task = _task(session, erasure_id)
    _erase_rows(database, task, now)
    with transaction(database) as session:
        _empty_names(session, task, now)
    _erase_rows(database, task, now)  # what came in at the very moment
    _empty_names_again(database, task, now)
    with transaction(database) as session:
        session.get_one(Erasure, erasure_id, with_for_update=True).ended_at = now


def erase_latecomers(database: Database, erasure_id: int, now: datetime) -> None:
    """Take what somebody wrote about a person who was erased at that very moment: they had looked before."""
    with reading(database) as session:
        task = _task(session, erasure_id)
    _erase_own_rows(database, task)
    _empty_names_again(database, task, now)


def _task(session: Session, erasure_id: int) -> Task:
    erasure = session.get_one(Erasure, erasure_id)
    person = Person(tuple(erasure.member_ids), tuple(erasure.friend_ids))
    users = select(Friend.line_user_id).where(Friend.id.in_(person.friend_ids), Friend.forgotten_at.is_(None))
    return Task(erasure_id, person, tuple(session.scalars(users)))


def _erase_rows(database: Database, task: Task, now: datetime) -> None:
    _empty_outbox(database, task, now)
    _leave_multicasts(database, task)
    _empty_events(database, task)
    _erase_own_rows(database, task)
    _empty_audit(database, task)


def _erase_own_rows(database: Database, task: Task) -> None:
    """What points to them, as an index finds it."""
    _delete_files(database, task)
    for table in personal_tables(Base.metadata):
        if table.name in DELETED:
            _delete_rows(database, task, table)
        elif table.name in EMPTIED:
            _empty_rows(database, task, table, EMPTIED[table.name])


def _delete_rows(database: Database, task: Task, table: Table) -> None:
    is_theirs = owned_by(table, task.person)

    def remove(session: Session, rows: Sequence[Row[Any]]) -> int:
        gone = session.execute(
            delete(table).where(among_rows(table, rows), is_theirs).returning(*table.primary_key)
        )
        return _counted(session, task, table.name, len(gone.all()))

    in_batches(database, select(*table.primary_key).where(is_theirs), remove)


def _empty_rows(database: Database, task: Task, table: Table, empty: Mapping[str, Any]) -> None:
    if not empty:
        return
    is_full = and_(owned_by(table, task.person), or_(*(table.c[name].is_not(None) for name in empty)))
    _empty(database, task, table, is_full, empty)


def _empty_outbox(database: Database, task: Task, now: datetime) -> None:
    """What waits goes to nobody any more; what is with LINE at this moment can only lose its copy here."""
    table = cast(Table, OutboxMessage.__table__)
    row = table.c
    is_full = or_(row.reason.is_distinct_from(FORGOTTEN), row.recipient.is_not(None))
    is_open = row.status.not_in(ENDED)
    cancelled = {**EMPTY_OUTBOX, "status": OutboxStatus.CANCELLED, "lease_until": None, "ended_at": now}
    theirs = row.friend_id.in_(task.person.friend_ids)
    for is_theirs in (theirs, *_scanned(database, table, _names_them(task))):
        _empty(database, task, table, and_(is_theirs, is_full, is_open), cancelled)
        _empty(database, task, table, and_(is_theirs, is_full), EMPTY_OUTBOX)


def _names_them(task: Task) -> ColumnElement[bool]:
    """Rows that are for no friend and yet about one: calls to LINE, news for the site."""
    row = cast(Table, OutboxMessage.__table__).c
    body, frozen = type_coerce(row.body, Text), type_coerce(row.frozen, Text)
    said = [f'"friend_id":{id_}{end}' for id_ in task.person.friend_ids for end in ",}"]
    named = [f'"{user}"' for user in task.line_user_ids]
    return and_(
        row.friend_id.is_(None),
        row.carrier != Carrier.MULTICAST,
        or_(
            row.recipient.in_(task.line_user_ids),
            *(body.contains(words, autoescape=True) for words in (*said, *named)),
            *(frozen.contains(words, autoescape=True) for words in named),
        ),
    )


def _leave_multicasts(database: Database, task: Task) -> None:
    """Take them out of the lists of recipients; what is with LINE at this moment must stay as it is."""
    table = cast(Table, OutboxMessage.__table__)
    named = [
        type_coerce(table.c.body, Text).contains(f'"{user}"', autoescape=True) for user in task.line_user_ids
    ]
    is_theirs = and_(table.c.carrier == Carrier.MULTICAST, or_(false(), *named))
    for found in _scanned(database, table, is_theirs):
        with transaction(database) as session:
            query = select(OutboxMessage).where(found, OutboxMessage.status != OutboxStatus.SENDING)
            for row in session.scalars(query.with_for_update()):
                row.body = {
                    **row.body,
                    "to": [user for user in row.body["to"] if user not in task.line_user_ids],
                }


def _empty_events(database: Database, task: Task) -> None:
    table = cast(Table, InboxEvent.__table__)
    row = table.c
    is_theirs = or_(
        row.line_user_id.in_(task.line_user_ids),
        *(row.payload.contains(user, autoescape=True) for user in task.line_user_ids),
    )
    discarded = {**EMPTY_EVENT, "status": InboxStatus.DISCARDED}
    is_open = row.status.in_([InboxStatus.WAITING, InboxStatus.DEAD])
    for found in _scanned(database, table, is_theirs):
        _empty(database, task, table, and_(found, is_theirs, is_open), discarded)
        _empty(database, task, table, and_(found, is_theirs), EMPTY_EVENT)


def _delete_files(database: Database, task: Task) -> None:
    theirs = and_(Message.friend_id.in_(task.person.friend_ids), Message.attachment_id.is_not(None))

    def remove(session: Session, rows: Sequence[Row[Any]]) -> int:
        ids = [row.attachment_id for row in rows]
        session.execute(update(Message).where(Message.attachment_id.in_(ids)).values(attachment_id=None))
        gone = session.scalars(delete(Attachment).where(Attachment.id.in_(ids)).returning(Attachment.id))
        return _counted(session, task, Attachment.__tablename__, len(gone.all()))

    in_batches(database, select(Message.attachment_id).where(theirs), remove, size=FILES_AT_ONCE)


def _empty_audit(database: Database, task: Task) -> None:
    """Who did what stays, without what it was about."""
    table = cast(Table, Audit.__table__)
    subjects = subjects_of(task.person)
    is_full = and_(
        table.c.subject.in_(subjects),
        table.c.action != FORGOTTEN_ACTION,
        sql_cast(table.c.change, Text) != "{}",
    )
    _empty(database, task, table, is_full, {"change": {}})


def _empty_names(session: Session, task: Task, now: datetime) -> None:
    """The last step: nothing names them any more. Locked, nobody can add rows to them meanwhile."""
    session.get_one(Erasure, task.id, with_for_update=True)  # one at a time
    ids = task.person
    gone = {"blocked_at": now, "forgotten_at": now}
    friends = select(Friend).where(Friend.id.in_(ids.friend_ids), Friend.forgotten_at.is_(None))
    members = select(Member).where(Member.id.in_(ids.member_ids), Member.forgotten_at.is_(None))
    # In the order of everybody who locks several, so that nobody waits for each other.
    named_friends = session.scalars(friends.order_by(Friend.id).with_for_update()).all()
    named_members = session.scalars(members.order_by(Member.id).with_for_update()).all()
    for friend in named_friends:
        _set(friend, {**EMPTY_FRIEND, **gone, "line_user_id": f"{FORGOTTEN}:{friend.id}"})
    for member in named_members:
        # Nobody can guess it: whatever the site sends later makes a new member.
        _set(member, {**EMPTY_MEMBER, "forgotten_at": now, "external_id": f"{FORGOTTEN}:{token_hex(16)}"})
    is_theirs = Link.friend_id.in_(ids.friend_ids) | Link.member_id.in_(ids.member_ids)
    ended = update(Link).where(is_theirs, Link.ended_at.is_(None))
    session.execute(ended.values(ended_at=now, ended_by=FORGOTTEN), execution_options=_SILENTLY)
    _counted(session, task, "friend", len(named_friends))
    _counted(session, task, "member", len(named_members))


def _empty_names_again(database: Database, task: Task, now: datetime) -> None:
    """The rows without a name once more: whoever had read them before may have written into them since."""
    ids = task.person
    for table, theirs, empty in (
        (
            Friend,
            Friend.id.in_(ids.friend_ids),
            {**EMPTY_FRIEND, "blocked_at": func.coalesce(Friend.blocked_at, now)},
        ),
        (Member, Member.id.in_(ids.member_ids), EMPTY_MEMBER),
    ):
        with transaction(database) as session:
            again = update(table).where(theirs, table.forgotten_at.is_not(None)).values(empty)
            session.execute(again, execution_options=_SILENTLY)


def subjects_of(person: Person) -> list[str]:
    """What the audit calls them."""
    return [f"member:{id_}" for id_ in person.member_ids] + [f"friend:{id_}" for id_ in person.friend_ids]


def _set(row: Base, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _empty(
    database: Database, task: Task, table: Table, is_full: ColumnElement[bool], empty: Mapping[str, Any]
) -> None:
    def change(session: Session, rows: Sequence[Row[Any]]) -> int:
        emptied = update(table).where(among_rows(table, rows), is_full).values(empty).returning(table.c.id)
        return _counted(session, task, table.name, len(session.execute(emptied).all()))

    in_batches(database, select(table.c.id).where(is_full), change)


def _scanned(
    database: Database, table: Table, is_theirs: ColumnElement[bool]
) -> Iterator[ColumnElement[bool]]:
    """Rows that no index finds, by walking over the table a piece at a time, outside of any transaction."""
    with reading(database) as session:
        last = session.scalar(select(func.max(table.c.id))) or 0
    for low in range(0, last, ROWS_LOOKED_AT):
        piece = select(table.c.id).where(table.c.id > low, table.c.id <= low + ROWS_LOOKED_AT, is_theirs)
        with reading(database) as session:
            ids = session.scalars(piece).all()
        if ids:
            yield table.c.id.in_(ids)


def _counted(session: Session, task: Task, name: str, count: int) -> int:
    """Add to what this erasure has erased, in the same transaction; gives the count back."""
    if count:
        erasure = session.get_one(Erasure, task.id, with_for_update=True)
        erasure.erased = {**erasure.erased, name: erasure.erased.get(name, 0) + count}
    return count
