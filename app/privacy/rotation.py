"""`goen rotate-keys`: what is sealed is sealed by the newest secret key, and what finds it is hashed by it.

Tokens are read and made outside of any transaction, and written where the row still holds what was read. Rows that
are of the newest key already are passed over, so a run that was broken off goes on where it was.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, and_, func, select, tuple_, update

from app.batches import Progress
from app.db import Base, Database, reading, transaction
from app.encryption import Encryption
from app.members.models import Suppression
from app.members.name_hashes import hashes_of_name, name_hashes_of, write_name_hashes

SEALED: Mapping[str, Sequence[str]] = {
    "channel": ("secrets", "access_token", "login_secret"),
    "webhook_endpoint": ("secrets",),
    "member": ("name", "phone", "mail"),
    "idempotency": ("response",),
}
"""Every encrypted column, by table."""
HASHED: Mapping[tuple[str, str], str] = {("member", "phone"): "phone_key", ("member", "mail"): "mail_key"}
"""(table, sealed column) → the column of its keyed hash, whose kind is the sealed column's name."""
NAMED = "member"
"""The table whose names are found by hashes in a table of their own, `member_name`."""
BATCH = 200


@dataclass(frozen=True)
class Rotation:
    """What a run did."""

    rows: int
    """Looked at."""
    rotated: int
    """Written anew."""
    held_by_older_keys: int
    """Hashes of erased people that only an older key can find: that key must stay in SECRET_KEY."""


def rotate_keys(database: Database, encryption: Encryption, progress: Progress | None = None) -> Rotation:
    """Bring everything to the newest key.

    Errors: SettingsError when something was sealed by a key that is not given; what was done until then is done.
    """
    tables = [Base.metadata.tables[name] for name in SEALED]
    with reading(database) as session:
        total = sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
        older = Suppression.key_name != encryption.key_names[0]
        held = session.scalar(select(func.count()).select_from(Suppression).where(older)) or 0
    done = rotated = 0
    for table in tables:
        last: Sequence[Any] | None = None
        while rows := _page(database, table, last):
            rotated += _rotate(database, encryption, table, rows)
            last = _key_of(table, rows[-1])
            done += len(rows)
            if progress is not None:
                progress(done, max(total, done))
    return Rotation(done, rotated, held)


def _page(database: Database, table: Table, last: Sequence[Any] | None) -> Sequence[Row[Any]]:
    keys = list(table.primary_key.columns)
    columns = [table.c[name] for name in SEALED[table.name]]
    hashes = [table.c[name] for (of, _), name in HASHED.items() if of == table.name]
    query = select(*keys, *columns, *hashes).order_by(*keys).limit(BATCH)
    if last is not None:
        query = query.where(tuple_(*keys) > tuple_(*last) if len(keys) > 1 else keys[0] > last[0])
    with reading(database) as session:
        return session.execute(query).all()


def _rotate(database: Database, encryption: Encryption, table: Table, rows: Sequence[Row[Any]]) -> int:
    hashes = _stale_names(database, encryption, rows) if table.name == NAMED else {}
    changes = [(row, new) for row in rows if (new := _rotated(encryption, table, row, hashes))]
    if not changes:
        return 0
    written: list[Any] = []
    with transaction(database) as session:
        for row, new in changes:
            is_as_read = and_(*(column == row._mapping[column] for column in _read(table, new)))
            change = update(table).where(_is(table, row), is_as_read).values(new)
            written += [key[0] for key in session.execute(change.returning(*table.primary_key))]
        write_name_hashes(session, {id_: hashes[id_] for id_ in written if id_ in hashes})
    return len(written)


def _stale_names(
    database: Database, encryption: Encryption, rows: Sequence[Row[Any]]
) -> dict[int, frozenset[str]]:
    """What members are to be found by, of those who are found by something else now."""
    with reading(database) as session:
        known = name_hashes_of(session, [row.id for row in rows])
    wanted = {
        row.id: hashes_of_name(encryption, encryption.decrypt(row.name) if row.name else None) for row in rows
    }
    return {id_: hashes for id_, hashes in wanted.items() if hashes != known[id_]}


def _rotated(
    encryption: Encryption, table: Table, row: Row[Any], stale_names: Collection[int]
) -> dict[str, Any]:
    """The columns that change; empty when all are of the newest key.

    A name whose hashes change is written with them, so that nobody else writes that row meanwhile.
    """
    new: dict[str, Any] = {}
    for name in SEALED[table.name]:
        token = row._mapping[table.c[name]]
        if not token:
            continue
        rotated = encryption.rotated(token)
        if rotated != token or (name == "name" and row[0] in stale_names):
            new[name] = rotated
        hashed = HASHED.get((table.name, name))
        if hashed is not None:
            key_hash = encryption.keyed_hash(name, encryption.decrypt(token))
            if key_hash != row._mapping[table.c[hashed]]:
                new |= {hashed: key_hash, name: rotated}
    return new


def _read(table: Table, new: Mapping[str, Any]) -> list[Any]:
    return [table.c[name] for name in new if name in SEALED[table.name]]


def _is(table: Table, row: Row[Any]) -> Any:
    return and_(*(key == row._mapping[key] for key in table.primary_key.columns))


def _key_of(table: Table, row: Row[Any]) -> list[Any]:
    return [row._mapping[key] for key in table.primary_key.columns]
