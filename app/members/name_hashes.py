"""Keyed hashes by which members are found by name, beside the name itself, which nobody can search. Nothing commits."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, false, or_, select
from sqlalchemy.orm import Session

from app.encryption import Encryption
from app.inserting import insert_ignoring
from app.members.models import MemberName
from app.members.names import MOST_PARTS, spellings_of_name, whole_name, words_of_name

KIND = "name"


def hashes_of_name(sealing: Encryption, name: str | None) -> frozenset[str]:
    """What a name is found by, hashed by the newest key; none of nobody's name."""
    return frozenset(sealing.keyed_hash(KIND, each) for each in spellings_of_name(name or ""))


def write_name_hashes(session: Session, hashes: Mapping[int, Collection[str]]) -> None:
    """Replace what these members are found by, in two statements; the caller holds their rows."""
    if not hashes:
        return
    theirs = delete(MemberName).where(MemberName.member_id.in_(hashes))
    session.execute(theirs, execution_options={"synchronize_session": False})
    rows = [
        {"member_id": id_, "key_hash": each} for id_, some in sorted(hashes.items()) for each in sorted(some)
    ]
    if rows:
        statement = insert_ignoring(session, MemberName).returning(MemberName.member_id)
        session.connection().execute(statement, rows).all()


def name_hashes_of(session: Session, ids: Collection[int]) -> dict[int, frozenset[str]]:
    """What each of these members is found by now."""
    found: dict[int, set[str]] = {id_: set() for id_ in ids}
    query = select(MemberName.member_id, MemberName.key_hash).where(MemberName.member_id.in_(ids))
    for id_, key_hash in session.execute(query):
        found[id_].add(key_hash)
    return {id_: frozenset(some) for id_, some in found.items()}


def is_named(member_id: Any, sealing: Encryption, text: str) -> ColumnElement[bool]:
    """Whether the member of this column is called so: the whole name, or every word is a part of it."""
    words = words_of_name(text)
    if not words:
        return false()
    whole = _is_found_by(member_id, sealing, whole_name(text))
    if len(words) == 1 or len(words) > MOST_PARTS:
        return whole
    return or_(whole, and_(*(_is_found_by(member_id, sealing, word) for word in words)))


def _is_found_by(member_id: Any, sealing: Encryption, spelling: str) -> ColumnElement[bool]:
    found = select(MemberName.member_id).where(MemberName.key_hash.in_(sealing.keyed_hashes(KIND, spelling)))
    condition: ColumnElement[bool] = member_id.in_(found)
    return condition
