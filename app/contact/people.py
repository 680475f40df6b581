"""The people of a batch, put together from their accounts, members, placements, words and what is left of erased ones.

A fixed number of statements, however many people they are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple, cast

from sqlalchemy import Table, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.bulk import among
from app.encryption import Encryption
from app.friends.models import Friend
from app.friends.rules import FriendFacts
from app.handoff.queries import in_conversation
from app.links.models import Link
from app.members.models import Consent, Member, Placement, Suppression
from app.members.rules import PlacementFacts
from app.members.suppressions import SuppressionKind, friend_hashes, member_hashes
from app.members.values import ConsentKind, ConsentSource, Contract

_FRIEND = cast(Table, Friend.__table__).c
_LINK = cast(Table, Link.__table__)
_MEMBER = cast(Table, Member.__table__)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""When somebody who was erased had said no: before any yes that came since."""


@dataclass
class Account:
    """One friend of a person."""

    line_user_id: str = field(repr=False)
    reach: FriendFacts
    snoozed_until: datetime | None


class _Named(NamedTuple):
    """What names a member: the site's id, and phone and mail, each encrypted and as keyed hash."""

    external_id: str
    phone: str | None
    phone_key: str | None
    mail: str | None
    mail_key: str | None


@dataclass
class ContactPerson:
    """A member with all their friends, or a friend who is no member."""

    accounts: dict[int, Account] = field(default_factory=dict)
    member: _Named | None = None
    placements: list[PlacementFacts] = field(default_factory=list)
    noes: list[datetime] = field(default_factory=list)
    yeses: list[datetime] = field(default_factory=list)
    barred_until: date | None = None
    """By a placement of somebody who was erased."""
    is_in_conversation: bool = False


@dataclass
class ContactPeople:
    """Those of one batch, by each of their ids."""

    asked: list[int] = field(default_factory=list)
    person_of: dict[int, ContactPerson] = field(default_factory=dict)
    """By the id of any of their friends."""
    of_member: dict[int, ContactPerson] = field(default_factory=dict)


_ACCOUNT_COLUMNS = (
    *(_FRIEND.id, _FRIEND.line_user_id, _FRIEND.followed_at, _FRIEND.blocked_at, _FRIEND.last_wrote_at),
    *(_FRIEND.imported_at, _FRIEND.snoozed_until, _FRIEND.opted_out_at),
)


def contact_people(session: Session, encryption: Encryption, friend_ids: Collection[int]) -> ContactPeople:
    """The people behind these friends, with all that the gate asks of them."""
    session.flush()  # what the session knows of these friends counts
    people = _people(session, friend_ids)
    _add_other_accounts(session, people)
    _add_placements(session, people)
    _add_consents(session, people)
    _add_conversations(session, people)
    _add_suppressions(session, encryption, people)
    return people


def _people(session: Session, friend_ids: Collection[int]) -> ContactPeople:
    connection = session.connection()
    link, member = _LINK.c, _MEMBER.c
    linked = _LINK.join(_MEMBER, member.id == link.member_id)
    query = (
        select(link.member_id, *(member[name] for name in _Named._fields), *_ACCOUNT_COLUMNS)
        .outerjoin_from(Friend, linked, (link.friend_id == _FRIEND.id) & link.ended_at.is_(None))
        .where(among(connection, _FRIEND.id, list(friend_ids)))
    )
    people = ContactPeople()
    for member_id, *columns in connection.execute(query).all():
        named, account = columns[: len(_Named._fields)], columns[len(_Named._fields) :]
        person = people.of_member.get(member_id) or ContactPerson()
        if member_id is not None:
            people.of_member[member_id] = person
            person.member = _Named(*named)
        people.asked.append(_add_account(people, person, *account))
    return people


def _add_account(
    people: ContactPeople, person: ContactPerson, friend_id: int, line_user_id: str, *facts: datetime | None
) -> int:
    *reach, snoozed_until, opted_out_at = facts
    person.accounts[friend_id] = Account(line_user_id, FriendFacts(*reach), snoozed_until)
    if opted_out_at is not None:
        person.noes.append(opted_out_at)
    people.person_of[friend_id] = person
    return friend_id


def _add_other_accounts(session: Session, people: ContactPeople) -> None:
    """The friends of the same members who were not asked for: what they said counts too."""
    if not people.of_member:
        return
    connection = session.connection()
    query = (
        select(_LINK.c.member_id, *_ACCOUNT_COLUMNS)
        .join_from(_LINK, Friend, _FRIEND.id == _LINK.c.friend_id)
        .where(among(connection, _LINK.c.member_id, list(people.of_member)), _LINK.c.ended_at.is_(None))
    )
    for member_id, friend_id, *account in connection.execute(query).all():
        if friend_id not in people.person_of:
            _add_account(people, people.of_member[member_id], friend_id, *account)


def _add_placements(session: Session, people: ContactPeople) -> None:
    if not people.of_member:
        return
    connection, row = session.connection(), cast(Table, Placement.__table__).c
    query = select(row.member_id, row.start_on, row.contract, row.by_us)
    found = connection.execute(query.where(among(connection, row.member_id, list(people.of_member)))).all()
    for member_id, start_on, contract, by_us in found:
        people.of_member[member_id].placements.append(PlacementFacts(start_on, Contract(contract), by_us))


def _add_consents(session: Session, people: ContactPeople) -> None:
    """The newest yes and no to promotion by LINE; following another account is no answer to an earlier no."""
    connection, row = session.connection(), cast(Table, Consent.__table__).c
    said = ((row.kind == ConsentKind.LINE.value), ~row.given | (row.source != ConsentSource.FOLLOW.value))
    by_friend = select(literal("friend"), row.friend_id, row.given, func.max(row.at)).where(
        *said, among(connection, row.friend_id, list(people.person_of))
    )
    queries = [by_friend.group_by(row.friend_id, row.given)]
    if people.of_member:
        by_member = select(literal("member"), row.member_id, row.given, func.max(row.at)).where(
            *said, among(connection, row.member_id, list(people.of_member))
        )
        queries.append(by_member.group_by(row.member_id, row.given))
    for whose, id_, given, at in connection.execute(union_all(*queries)).all():
        person = (people.person_of if whose == "friend" else people.of_member)[id_]
        (person.yeses if given else person.noes).append(at)


def _add_conversations(session: Session, people: ContactPeople) -> None:
    for friend_id in in_conversation(session, list(people.person_of)):
        people.person_of[friend_id].is_in_conversation = True


def _add_suppressions(session: Session, encryption: Encryption, people: ContactPeople) -> None:
    """What is left of people who were erased, if one of these is one of those."""
    row = cast(Table, Suppression.__table__).c
    connection = session.connection()
    if connection.execute(select(row.key_hash).limit(1)).first() is None:
        return
    owners: dict[str, list[ContactPerson]] = defaultdict(list)
    for person in {id(person): person for person in people.person_of.values()}.values():
        for key_hash in _hashes(encryption, person):
            owners[key_hash].append(person)
    query = select(row.key_hash, row.kind, row.until).where(among(connection, row.key_hash, list(owners)))
    for key_hash, kind, until in connection.execute(query).all():
        for person in owners[key_hash]:
            if kind == SuppressionKind.OPTED_OUT:
                person.noes.append(LONG_AGO)
            elif until is not None:
                person.barred_until = max(person.barred_until or until, until)


def _hashes(encryption: Encryption, person: ContactPerson) -> Iterator[str]:
    for account in person.accounts.values():
        yield from friend_hashes(encryption, account.line_user_id)
    if person.member is not None:
        yield from member_hashes(encryption, person.member.external_id)
        yield from _contact_hashes(encryption, person.member)


def _contact_hashes(encryption: Encryption, named: _Named) -> Iterator[str]:
    """The stored hash is of one key; what was erased may be known by another as long as there are several."""
    for kind, token, stored in (
        ("phone", named.phone, named.phone_key),
        ("mail", named.mail, named.mail_key),
    ):
        if token is not None and len(encryption.key_names) > 1:
            yield from encryption.keyed_hashes(kind, encryption.decrypt(token))
        elif stored is not None:
            yield stored
