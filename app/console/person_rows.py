"""A person for their page: who they are, what must be known before writing to them, and the tabs' rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import today_in_tokyo
from app.console import words
from app.console.timeline_rows import is_theirs
from app.contact.queries import contact_facts
from app.contact.rules import ContactFacts
from app.encryption import Encryption
from app.friends.models import Friend
from app.handoff.models import Conversation
from app.links.models import Link
from app.members.models import Application, Appointment, Consent, Member, Placement
from app.members.queries import OpenMember, open_members
from app.members.rules import PlacementFacts, barred_until
from app.members.values import Contract
from app.people.persons import Person, person_of


@dataclass(frozen=True)
class FriendSide:
    """One LINE side of a person."""

    id: int
    channel_id: int
    display_name: str | None
    followed_at: datetime | None
    blocked_at: datetime | None
    opted_out_at: datetime | None
    snoozed_until: datetime | None
    last_reaction_at: datetime | None


@dataclass(frozen=True)
class MemberSide:
    """The side that the job site knows, contacts masked."""

    id: int
    external_id: str
    name: str | None
    phone: str | None
    mail: str | None
    recruiter_id: int | None
    last_visit_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class Caution:
    """What one must know before writing: a word, and what follows from it."""

    mark: str
    kind: str
    title: str
    sentence: str


@dataclass(frozen=True)
class PersonPage:
    """The head of the page."""

    key: str
    """`friends/12` or `members/7`: how this page was asked for."""
    person: Person
    name: str
    friends: list[FriendSide]
    members: list[MemberSide]
    warnings: list[Caution]
    barred_until: date | None


@dataclass(frozen=True)
class LinkLine:
    """A link, now or once."""

    id: int
    member_id: int
    external_id: str
    friend_id: int
    channel_id: int
    how: str
    at: datetime
    ended_at: datetime | None
    ended_by: str | None


@dataclass(frozen=True)
class ConsentLine:
    """A yes or a no."""

    kind: str
    given: bool
    at: datetime
    source: str
    text_version: str


@dataclass(frozen=True)
class Dates:
    """What the agency does with them: applications, placements, appointments."""

    applications: list[Mapping[str, Any]] = field(default_factory=list)
    placements: list[Mapping[str, Any]] = field(default_factory=list)
    appointments: list[Mapping[str, Any]] = field(default_factory=list)


def load_person(
    session: Session, sealing: Encryption, kind: str, id_: int, now: datetime
) -> PersonPage | None:
    """The whole person whom this friend or member is a part of; None when there is no such row."""
    table = Friend if kind == "friends" else Member
    if session.scalar(select(table.id).where(table.id == id_)) is None:
        return None
    person = person_of(session, () if kind == "friends" else (id_,), (id_,) if kind == "friends" else ())
    friends = _friends(session, person)
    members = [_masked(member) for member in open_members(session, sealing, person.member_ids)]
    facts = contact_facts(session, sealing, person.friend_ids, now) if person.friend_ids else {}
    barred = _barred_until(session, person, facts.values())
    names = [member.name for member in members] + [friend.display_name for friend in friends]
    return PersonPage(
        key=f"{kind}/{id_}",
        person=person,
        name=next((name for name in names if name), "お名前未取得"),
        friends=friends,
        members=members,
        warnings=_warnings(session, friends, facts, barred, now),
        barred_until=barred,
    )


def _friends(session: Session, person: Person) -> list[FriendSide]:
    query = select(
        Friend.id,
        Friend.channel_id,
        Friend.display_name,
        Friend.followed_at,
        Friend.blocked_at,
        Friend.opted_out_at,
        Friend.snoozed_until,
        Friend.last_reaction_at,
    ).where(Friend.id.in_(person.friend_ids))
    return [FriendSide(*row) for row in session.execute(query.order_by(Friend.id))]


def _masked(member: OpenMember) -> MemberSide:
    return MemberSide(
        id=member.id,
        external_id=member.external_id,
        name=member.name,
        phone=words.masked_phone(member.phone) if member.phone else None,
        mail=words.masked_mail(member.mail) if member.mail else None,
        recruiter_id=member.recruiter_id,
        last_visit_at=member.last_visit_at,
        created_at=member.created_at,
    )


def _barred_until(session: Session, person: Person, facts: Iterable[ContactFacts]) -> date | None:
    """By what we know of their placements, and by what the gate still knows of somebody who was erased."""
    query = select(Placement.start_on, Placement.contract, Placement.by_us).where(
        Placement.member_id.in_(person.member_ids)
    )
    known = barred_until(
        PlacementFacts(start_on, Contract(contract), by_us)
        for start_on, contract, by_us in session.execute(query)
    )
    days = [known, *(each.barred_until for each in facts)]
    return max((day for day in days if day is not None), default=None)


def _warnings(
    session: Session,
    friends: list[FriendSide],
    facts: Mapping[int, ContactFacts],
    barred: date | None,
    now: datetime,
) -> list[Caution]:
    found = []
    if barred is not None and today_in_tokyo(now) <= barred:
        sentence = f"{words.date_words(barred)}まで勧誘できません(ご本人からの相談には答えられます)。"
        found.append(Caution("■", "danger", "入社後2年", sentence))
    if friends and all(friend.blocked_at is not None for friend in friends):
        sentence = "現在ブロックされているため、メッセージは届きません。ほかの連絡方法をご検討ください。"
        found.append(Caution("■", "danger", "ブロック", sentence))
    if any(each.opted_out_at is not None for each in facts.values()):
        found.append(Caution("■", "warn", "配信停止", "求人のお届けはできません。ご本人への返信はできます。"))
    snoozed = [f.snoozed_until for f in friends if f.snoozed_until is not None and f.snoozed_until > now]
    if snoozed:
        until = words.time_words(max(snoozed), now)
        found.append(Caution("▲", "warn", "お休み中", f"{until}まで、求人のお届けをお休みしています。"))
    ids = [friend.id for friend in friends]
    waits = select(Conversation.id).where(Conversation.friend_id.in_(ids), Conversation.state != "closed")
    if session.scalars(waits.limit(1)).first() is not None:
        found.append(Caution("▲", "info", "対応待ち", "担当者の返事を待っています。"))
    return found


def link_lines(session: Session, person: Person) -> list[LinkLine]:
    """連携: every link that this person ever had, the newest first."""
    query = (
        select(
            Link.id,
            Link.member_id,
            Member.external_id,
            Link.friend_id,
            Link.channel_id,
            Link.how,
            Link.at,
            Link.ended_at,
            Link.ended_by,
        )
        .join(Member, Member.id == Link.member_id)
        .where(is_theirs(person, Link))
        .order_by(Link.ended_at.is_not(None), Link.id.desc())
    )
    return [LinkLine(*row) for row in session.execute(query.limit(200))]


def consent_lines(session: Session, person: Person) -> list[ConsentLine]:
    """同意: all that was ever said, the newest first; of each kind the first one counts."""
    query = (
        select(Consent.kind, Consent.given, Consent.at, Consent.source, Consent.text_version)
        .where(is_theirs(person, Consent))
        .order_by(Consent.at.desc(), Consent.id.desc())
    )
    return [ConsentLine(*row) for row in session.execute(query.limit(200))]


def dates_of(session: Session, person: Person) -> Dates:
    """応募, 入社 and 予定, the newest first."""
    applications = select(Application.stage, Application.stage_at).where(
        Application.member_id.in_(person.member_ids)
    )
    placements = select(Placement.start_on, Placement.contract, Placement.by_us, Placement.left_on).where(
        Placement.member_id.in_(person.member_ids)
    )
    appointments = select(
        Appointment.kind, Appointment.starts_at, Appointment.place, Appointment.state
    ).where(is_theirs(person, Appointment))
    return Dates(
        _mappings(session, applications.order_by(Application.stage_at.desc())),
        _mappings(session, placements.order_by(Placement.start_on.desc())),
        _mappings(session, appointments.order_by(Appointment.starts_at.desc())),
    )


def _mappings(session: Session, query: Any) -> list[Mapping[str, Any]]:
    return [dict(row) for row in session.execute(query.limit(50)).mappings()]
