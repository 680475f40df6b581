"""Everything that is stored about one person as data: both sides, readable, nothing left out by forgetting a table.

The shape, `goen-person/1`, is documented in docs/personal-data.md: the tables are those that erasure knows.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from app.clock import in_tokyo
from app.db import Base
from app.encryption import Encryption
from app.people.persons import Person
from app.people.queries import profile_of
from app.privacy.catalogue import owned_by, personal_tables
from app.privacy.erasing import subjects_of
from app.privacy.rotation import SEALED

FORMAT = "goen-person/1"
NOT_TOLD = frozenset({"phone_key", "mail_key", "token_hash", "reply_token", "retry_key", "secrets"})
"""Keys and hashes of ours that say nothing about the person."""
ONLY_HASHES = frozenset({"member_name"})
"""Tables that hold nothing else."""


def person_as_data(session: Session, encryption: Encryption, person: Person, now: datetime) -> dict[str, Any]:
    """All rows about a person by table, with the profile that they add up to; times are ISO 8601 of Tokyo."""
    records = {
        table.name: _rows(session, encryption, table, condition)
        for table, condition in _theirs(session, person)
    }
    return {
        "format": FORMAT,
        "made_at": _plain(now),
        "members": list(person.member_ids),
        "friends": list(person.friend_ids),
        "profile": {
            name: {"value": stated.value, "at": _plain(stated.at), "side": stated.side.value}
            for name, stated in sorted(profile_of(session, encryption, person).items())
        },
        "records": {name: rows for name, rows in records.items() if rows},
        "jobs": _jobs(session, records),
    }


def _theirs(session: Session, person: Person) -> list[tuple[Table, Any]]:
    """Each table that can hold something about them, with the condition that finds it."""
    tables = Base.metadata.tables
    friend, message = tables["friend"], tables["message"]
    users = session.scalars(select(friend.c.line_user_id).where(friend.c.id.in_(person.friend_ids))).all()
    files = select(message.c.attachment_id).where(owned_by(message, person))
    return [
        (tables["member"], tables["member"].c.id.in_(person.member_ids)),
        (friend, friend.c.id.in_(person.friend_ids)),
        *(
            (table, _condition(table, person, users))
            for table in personal_tables(Base.metadata)
            if table.name not in ONLY_HASHES
        ),
        (tables["attachment"], tables["attachment"].c.id.in_(files)),
        (tables["inbox_event"], tables["inbox_event"].c.line_user_id.in_(users)),
        (tables["audit"], tables["audit"].c.subject.in_(subjects_of(person))),
    ]


def _condition(table: Table, person: Person, users: Sequence[str]) -> Any:
    owned = owned_by(table, person)
    return or_(owned, table.c.recipient.in_(users)) if "recipient" in table.c else owned


def _rows(session: Session, encryption: Encryption, table: Table, condition: Any) -> list[dict[str, Any]]:
    found = session.execute(select(table).where(condition).order_by(*table.primary_key.columns)).mappings()
    return [_row(encryption, table, row) for row in found]


def _row(encryption: Encryption, table: Table, row: Mapping[Any, Any]) -> dict[str, Any]:
    sealed = SEALED.get(table.name, ())
    return {
        column.name: encryption.decrypt(row[column])
        if column.name in sealed and row[column]
        else _plain(row[column])
        for column in table.columns
        if column.name not in NOT_TOLD
    }


def _plain(value: Any) -> Any:
    """A value as JSON has it: times in Tokyo's zone, bytes in base64."""
    if isinstance(value, datetime):
        return in_tokyo(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return b64encode(value).decode("ascii") if isinstance(value, bytes) else value


def _jobs(session: Session, records: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """What the job ids in the rows mean: by our id, the site's id and the title."""
    ids = {row["job_id"] for rows in records.values() for row in rows if row.get("job_id") is not None}
    job = Base.metadata.tables["job"].c
    found = session.execute(
        select(job.id, job.external_id, job.title).where(job.id.in_(ids)).order_by(job.id)
    )
    return {str(id_): {"external_id": external_id, "title": title} for id_, external_id, title in found}
