"""Writing what the job site tells us: members, consents, applications, placements. Nothing here commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db import Base
from app.encryption import Encryption
from app.inserting import insert_ignoring, insert_replacing, insert_unless_there
from app.members.models import Application, Appointment, Consent, Member, Placement
from app.members.name_hashes import hashes_of_name, write_name_hashes
from app.members.queries import member_id_of, opened
from app.members.values import (
    UNSET,
    ApplicationData,
    AppointmentData,
    ConsentGiven,
    FactValue,
    MemberData,
    PlacementData,
    Unset,
)

_Row = TypeVar("_Row", Application, Placement, Appointment)


@dataclass(frozen=True)
class Upserted:
    """What became of a batch: our id of each member, and how many rows were new, changed, as they were."""

    ids: Mapping[str, int]
    inserted: int
    updated: int
    unchanged: int
    touched: frozenset[int] = frozenset()
    """Our ids of those who were new or changed."""


def upsert_member(session: Session, sealing: Encryption, given: MemberData, now: datetime) -> int:
    """Write one member, new or changed; our id of it."""
    return upsert_members(session, sealing, [given], now).ids[given.external_id]


def upsert_members(
    session: Session, sealing: Encryption, many: Sequence[MemberData], now: datetime
) -> Upserted:
    """Write members in a few statements, however many there are: a thousand at once is a good batch.

    Whoever is named twice gets what both say, the later one last. A row that says nothing new is not touched.
    """
    wanted = _folded(many)
    known = _locked_members(session, list(wanted))
    rows = {key: _row(sealing, data, known.get(key), now) for key, data in wanted.items()}
    added = _insert(session, [row for key, row in rows.items() if key not in known and row is not None])
    ids = added | {key: row.id for key, row in known.items()}
    raced = [data for key, data in wanted.items() if key not in ids]
    changed = [row for key, row in rows.items() if key in known and row is not None]
    renamed = [key for key in ids if _is_renamed(rows[key], known.get(key))]
    if changed:
        session.connection().execute(insert_replacing(session, Member, "external_id"), changed)
        for row in known.values():
            session.expire(row)
    write_name_hashes(session, {ids[key]: _name_hashes(sealing, wanted[key]) for key in renamed})
    touched = frozenset(ids[key] for key, row in rows.items() if row is not None and key in ids)
    result = Upserted(ids, len(added), len(changed), len(known) - len(changed), touched)
    return _joined(result, upsert_members(session, sealing, raced, now)) if raced else result


def record_visit(session: Session, member_id: int, at: datetime) -> None:
    """The member was on the site; an older visit than the last one known changes nothing."""
    session.execute(
        update(Member)
        .where(Member.id == member_id, Member.last_visit_at.is_(None) | (Member.last_visit_at < at))
        .values(last_visit_at=at)
        .execution_options(synchronize_session=False)
    )


def record_consent(session: Session, given: ConsentGiven) -> int:
    """Add a yes or a no; rows are never changed, the newest counts."""
    row = Consent(**vars(given))
    session.add(row)
    session.flush()
    return row.id


def add_new_consents(session: Session, many: Sequence[ConsentGiven]) -> set[int]:
    """Add what members said, unless the very same is there already; our ids of those of whom something was new.

    The members' rows are the caller's until commit, so that two who tell the same leave it once.
    """
    query = select(Consent.member_id, Consent.kind, Consent.given, Consent.at, Consent.text_version)
    known: set[tuple[Any, ...]] = set()
    if many:
        theirs = query.where(Consent.member_id.in_({each.member_id for each in many}))
        known = {tuple(row) for row in session.execute(theirs)}
    new = [each for each in many if _said(each) not in known]
    session.add_all(Consent(**vars(each)) for each in new)
    session.flush()
    return {each.member_id for each in new if each.member_id is not None}


def _said(given: ConsentGiven) -> tuple[int | None, str, bool, datetime, str]:
    return given.member_id, given.kind.value, given.given, given.at, given.text_version


def upsert_application(session: Session, given: ApplicationData, now: datetime) -> int:
    """Write an application's stage; one that is older than what we know changes nothing.

    Errors: UnknownMember.
    """
    values = {
        "member_id": member_id_of(session, given.member),
        "job_id": given.job_id,
        "stage": given.stage.value,
        "stage_at": given.stage_at,
    }
    row = _known_row(session, Application, given.external_id, values, now)
    if row.stage_at <= given.stage_at:
        _change(row, values, now)
    return row.id


def upsert_placement(session: Session, given: PlacementData, now: datetime) -> int:
    """Write a placement: from now on the two-year rule looks at it. Errors: UnknownMember."""
    values = {
        "member_id": member_id_of(session, given.member),
        "start_on": given.start_on,
        "contract": given.contract.value,
        "by_us": given.by_us,
        "left_on": given.left_on,
    }
    row = _known_row(session, Placement, given.external_id, values, now)
    _change(row, values, now)
    return row.id


def upsert_appointment(session: Session, given: AppointmentData, now: datetime) -> int:
    """Write an appointment; another time or place counts its version up. Errors: UnknownMember."""
    values = {
        "member_id": None if given.member is None else member_id_of(session, given.member),
        "friend_id": given.friend_id,
        "kind": given.kind.value,
        "starts_at": given.starts_at,
        "place": given.place,
        "state": given.state.value,
    }
    row = _known_row(session, Appointment, given.external_id, values, now)
    if (row.starts_at, row.place) != (given.starts_at, given.place):
        row.version += 1
    _change(row, values, now)
    return row.id


def _known_row(
    session: Session, table: type[_Row], external_id: str | None, values: Mapping[str, Any], now: datetime
) -> _Row:
    """The row of this external id, made if it is not there, and until commit nobody else's."""
    inserted = insert_unless_there(session, table, external_id=external_id, updated_at=now, **values)
    is_it = table.id == inserted if external_id is None else table.external_id == external_id
    query = select(table).where(is_it).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).one()


def _change(row: Base, values: Mapping[str, Any], now: datetime) -> None:
    """Write what differs; `updated_at` moves only when something does."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in (changed | {"updated_at": now} if changed else {}).items():
        setattr(row, name, value)


def _folded(many: Sequence[MemberData]) -> dict[str, MemberData]:
    folded: dict[str, MemberData] = {}
    for data in many:
        before = folded.get(data.external_id)
        folded[data.external_id] = data if before is None else _merged(before, data)
    return dict(sorted(folded.items()))  # one order for all, so that two batches never wait for each other


def _merged(before: MemberData, after: MemberData) -> MemberData:
    said = {
        name: value
        for name in ("name", "phone", "mail", "recruiter_id")
        if (value := getattr(after, name)) is not UNSET
    }
    facts = {**before.facts, **after.facts}
    return replace(before, **said, facts=facts, facts_at=after.facts_at or before.facts_at)


def _locked_members(session: Session, external_ids: Sequence[str]) -> dict[str, Member]:
    """In the order of their ids, so that two batches never wait for each other; nor for rows that name them."""
    query = select(Member).where(Member.external_id.in_(external_ids)).order_by(Member.id)
    rows = session.scalars(
        query.with_for_update(key_share=True), execution_options={"populate_existing": True}
    )
    return {row.external_id: row for row in rows}


def _row(sealing: Encryption, data: MemberData, known: Member | None, now: datetime) -> dict[str, Any] | None:
    """Every column of the row as it is to be; None when nothing changes."""
    changes = _contacts(sealing, data, known)
    facts = _facts(known.facts if known else {}, data.facts, min(data.facts_at or now, now))
    if known is None:
        changes["facts"] = facts or {}
    elif facts is not None:
        changes["facts"] = facts
    if data.recruiter_id is not UNSET and (known is None or known.recruiter_id != data.recruiter_id):
        changes["recruiter_id"] = data.recruiter_id
    if known is not None and not changes:
        return None
    return _as_it_was(known, data.external_id, now) | changes | {"updated_at": now}


def _as_it_was(known: Member | None, external_id: str, now: datetime) -> dict[str, Any]:
    columns = [column.name for column in Member.__table__.columns if column.name != "id"]
    if known is not None:
        return {name: getattr(known, name) for name in columns}
    return dict.fromkeys(columns) | {"external_id": external_id, "created_at": now}


def _contacts(sealing: Encryption, data: MemberData, known: Member | None) -> dict[str, Any]:
    """The columns of name, phone and mail that change; a text that is stored already is not sealed anew."""
    changes: dict[str, Any] = {}
    for name in ("name", "phone", "mail"):
        text: str | Unset | None = getattr(data, name)
        token = getattr(known, name) if known is not None else None
        if text is UNSET or text == opened(token, sealing):
            continue
        changes[name] = None if text is None else sealing.encrypt(text)
        if name != "name":
            changes[f"{name}_key"] = None if text is None else sealing.keyed_hash(name, text)
    return changes


def _is_renamed(row: Mapping[str, Any] | None, known: Member | None) -> bool:
    """Whether this row gives the member another name than they had, or a first one, or takes it away."""
    return row is not None and row["name"] != (known.name if known is not None else None)


def _name_hashes(sealing: Encryption, data: MemberData) -> frozenset[str]:
    return hashes_of_name(sealing, None if data.name is UNSET else data.name)


def _facts(
    known: Mapping[str, Any], given: Mapping[str, FactValue], learnt_at: datetime
) -> dict[str, Any] | None:
    """The facts with what is new in them; None when nothing is. Times are ISO text of UTC: they sort."""
    at = learnt_at.astimezone(UTC).isoformat(timespec="milliseconds")
    new = {
        name: {"value": value, "at": at}
        for name, value in given.items()
        if name not in known or (known[name]["value"] != value and known[name]["at"] <= at)
    }
    return {**known, **new} if new else None


def _insert(session: Session, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Add members; those whom somebody else adds at this moment are left out."""
    if not rows:
        return {}
    statement = insert_ignoring(session, Member).returning(Member.external_id, Member.id)
    return dict(session.connection().execute(statement, list(rows)).all())


def _joined(one: Upserted, other: Upserted) -> Upserted:
    return Upserted(
        {**one.ids, **other.ids},
        one.inserted + other.inserted,
        one.updated + other.updated,
        one.unchanged + other.unchanged,
        one.touched | other.touched,
    )
