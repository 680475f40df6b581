"""忘れる: a person is erased everywhere here, and left alone afterwards. These functions own their transactions."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from app.clock import today_in_tokyo
from app.db import Base, Database, reading, transaction
from app.encryption import Encryption
from app.friends.models import Friend
from app.members.models import Consent, Member, Placement
from app.members.queries import opened
from app.members.rules import PlacementFacts, barred_until, standing_no
from app.members.suppressions import SuppressionKind, suppress
from app.members.values import ConsentKind, ConsentSource, Contract
from app.people.persons import Person, person_of
from app.privacy.certificate import Certificate
from app.privacy.erasing import FORGOTTEN_ACTION, erase, erase_latecomers, subjects_of
from app.privacy.models import Erasure
from app.staff.audit import Doer, record_audit

ANSWERS_AT_ONCE = 500
LOOKED_AT_AGAIN = timedelta(days=3)
"""No transaction that began before an erasure is open as long."""


def forget_person(
    database: Database, encryption: Encryption, person: Person, by: Doer, now: datetime
) -> Certificate:
    """Erase a person everywhere, in short transactions; what certifies it.

    Stopped half-way, the same again goes on where it stopped, and so does the nightly task.
    """
    with transaction(database) as session:
        whole = person_of(session, person.member_ids, person.friend_ids)
        erasure_id = begin_erasure(session, encryption, whole, by, now)
        names = set(session.scalars(select(Member.external_id).where(Member.id.in_(whole.member_ids))))
        names |= set(session.scalars(select(Friend.line_user_id).where(Friend.id.in_(whole.friend_ids))))
    _delete_kept_answers(database, encryption, names)
    erase(database, erasure_id, now)
    with reading(database) as session:
        return certificate_of(session, erasure_id)


def begin_erasure(session: Session, encryption: Encryption, person: Person, by: Doer, now: datetime) -> int:
    """Write down whom to erase and, by keyed hashes, whom to leave alone afterwards; the erasure's number.

    One that was begun and not ended goes on.
    """
    begun = _unfinished(session, person)
    if begun is not None:
        return begun.id
    left_alone = dict(_reasons(session, person, now))
    for kind, until in left_alone.items():
        suppress(session, encryption, _names(session, encryption, person), kind, until)
    erasure = Erasure(
        member_ids=list(person.member_ids),
        friend_ids=list(person.friend_ids),
        began_at=now,
        erased={},
        left_alone={kind.value: until and until.isoformat() for kind, until in left_alone.items()},
    )
    session.add(erasure)
    session.flush()
    for subject in subjects_of(person):
        record_audit(session, by, FORGOTTEN_ACTION, subject, now, {"erasure": erasure.id})
    return erasure.id


def finish_erasures(database: Database, now: datetime) -> int:
    """Go on with what a process that died has left; how many. Those of the last days are looked at once more."""
    with reading(database) as session:
        ids = session.scalars(select(Erasure.id).where(Erasure.ended_at.is_(None))).all()
        lately = session.scalars(select(Erasure.id).where(Erasure.ended_at >= now - LOOKED_AT_AGAIN)).all()
    for erasure_id in ids:
        erase(database, erasure_id, now)
    for erasure_id in lately:
        erase_latecomers(database, erasure_id, now)
    return len(ids)


def certificate_of(session: Session, erasure_id: int) -> Certificate:
    """What certifies a finished erasure."""
    row = session.get_one(Erasure, erasure_id)
    return Certificate(
        number=row.id,
        members=len(row.member_ids),
        friends=len(row.friend_ids),
        began_at=row.began_at,
        ended_at=row.ended_at or row.began_at,
        erased=row.erased,
        left_alone={kind: until and date.fromisoformat(until) for kind, until in row.left_alone.items()},
    )


def _unfinished(session: Session, person: Person) -> Erasure | None:
    rows = session.scalars(select(Erasure).where(Erasure.ended_at.is_(None)))
    ids = set(person.member_ids), set(person.friend_ids)
    return next((row for row in rows if (set(row.member_ids), set(row.friend_ids)) == ids), None)


def _reasons(
    session: Session, person: Person, now: datetime
) -> Iterator[tuple[SuppressionKind, date | None]]:
    placements = session.scalars(select(Placement).where(Placement.member_id.in_(person.member_ids)))
    until = barred_until(
        PlacementFacts(row.start_on, Contract(row.contract), row.by_us) for row in placements
    )
    if until is not None and today_in_tokyo(now) <= until:
        yield SuppressionKind.PLACED, until
    if _said_no(session, person):
        yield SuppressionKind.OPTED_OUT, None


def _said_no(session: Session, person: Person) -> bool:
    """Whether the last word on promotion by LINE was a no, as the gate sees it."""
    friends = session.scalars(
        select(Friend.opted_out_at).where(Friend.id.in_(person.friend_ids), Friend.opted_out_at.is_not(None))
    )
    is_theirs = Consent.friend_id.in_(person.friend_ids) | Consent.member_id.in_(person.member_ids)
    said = session.scalars(select(Consent).where(is_theirs, Consent.kind == ConsentKind.LINE.value)).all()
    noes = [*(at for at in friends if at is not None), *(row.at for row in said if not row.given)]
    yeses = [row.at for row in said if row.given and row.source != ConsentSource.FOLLOW.value]
    return standing_no(noes, yeses) is not None


def _names(session: Session, encryption: Encryption, person: Person) -> Iterator[tuple[str, str]]:
    """What they are known by: (kind of name, text)."""
    for user in session.scalars(select(Friend.line_user_id).where(Friend.id.in_(person.friend_ids))):
        yield "line", user
    for member in session.scalars(select(Member).where(Member.id.in_(person.member_ids))):
        yield "external_id", member.external_id
        for kind, token in (("phone", member.phone), ("mail", member.mail)):
            text = opened(token, encryption)
            if text is not None:
                yield kind, text


def _delete_kept_answers(database: Database, encryption: Encryption, names: set[str]) -> None:
    """Answers of the API that are kept for repeated requests, where they name the person; they live 48 hours."""
    table = Base.metadata.tables["idempotency"]
    key = tuple_(table.c.api_key_id, table.c.key)
    kept = select(table.c.api_key_id, table.c.key, table.c.response).where(table.c.response.is_not(None))
    page = kept.order_by(table.c.api_key_id, table.c.key).limit(ANSWERS_AT_ONCE)
    last = (0, "")
    while True:
        with reading(database) as session:
            rows = session.execute(page.where(key > last)).all()
        theirs = [tuple(row[:2]) for row in rows if _names_any(encryption.decrypt(row.response), names)]
        if theirs:
            with transaction(database) as session:
                session.execute(delete(table).where(key.in_(theirs)))
        if len(rows) < ANSWERS_AT_ONCE:
            return
        last = rows[-1][0], rows[-1][1]


def _names_any(text: str, names: set[str]) -> bool:
    """Whether a JSON text holds one of these as a whole text: an id such as 1 is in everything."""
    return any(f'"{name}"' in text for name in names)
