"""会員: who is registered on the job site, with name, phone, mail and what the site knows of their wishes."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.endpoint import Bulk, Call, Networked, Reading, Writing
from app.api.long_work import LongWork
from app.api.pages import read_page
from app.api.problems import Fault, invalid
from app.api.references import FORGOTTEN, known_members, member_in_path
from app.api.values import Body, Key, Moment, Page, PageQuery, Saved, Shown, Word
from app.db import reading
from app.errors import InvalidFields
from app.links.models import Link
from app.members.actions import upsert_members
from app.members.contacts import read_mail, read_phone
from app.members.facts import FACTS, read_facts
from app.members.models import Member
from app.members.queries import open_member
from app.members.values import UNSET, FactValue, MemberData
from app.messaging.models import Channel
from app.people.persons import person_of
from app.privacy.actions import forget_person
from app.privacy.certificate import Certificate, certificate_as_json
from app.site_keys.scopes import Scope
from app.staff.models import Staff

FORGETTING: LongWork[Certificate] = LongWork()
"""Erasures under way in this process."""


def _read_by(read: Callable[[str], str]) -> Callable[[str], str]:
    """The same reader with an error that belongs to its field."""

    def read_value(text: str) -> str:
        try:
            return read(text)
        except InvalidFields as error:
            raise ValueError(error.faults[0][1]) from None

    return read_value


def _checked_facts(given: dict[str, Any]) -> Mapping[str, FactValue]:
    try:
        return read_facts(given)
    except InvalidFields as error:
        details = [
            InitErrorDetails(
                type=PydanticCustomError("fact", "{why}", {"why": why}),
                loc=(field.removeprefix("facts."),),
                input=None,
            )
            for field, why in error.faults
        ]
        raise ValidationError.from_exception_data("facts", details) from None


Phone = Annotated[str, Field(max_length=60), AfterValidator(_read_by(read_phone))]
Mail = Annotated[str, Field(max_length=254), AfterValidator(_read_by(read_mail))]
Facts = Annotated[dict[str, Any], AfterValidator(_checked_facts)]


class MemberBody(Body):
    """What the site says of a member: a field that is absent stays as it is, null empties it."""

    external_id: Key
    name: Word | None = None
    phone: Phone | None = Field(None, description="In any usual spelling; kept as E.164, encrypted.")
    mail: Mail | None = Field(None, description="Kept in small letters, encrypted.")
    facts: Facts = Field(default_factory=dict, description=f"By name; null empties one: {', '.join(FACTS)}.")
    facts_at: Moment | None = Field(None, description="When the site learnt the facts; now if absent.")
    recruiter: Word | None = Field(None, description="The mail address of their recruiter in the console.")


class MemberShown(Shown):
    """A member as they are kept."""

    external_id: str
    name: str | None
    phone: str | None
    mail: str | None
    facts: dict[str, Any] = Field(description='Each as {"value": …, "at": …}.')
    recruiter: str | None
    linked: list[str] = Field(description="The official accounts on which this member is linked to a friend.")
    last_visit_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ErasureShown(Shown):
    """What certifies that somebody was forgotten."""

    format: str
    number: int
    members: int
    friends: int
    began_at: str
    ended_at: str
    erased: dict[str, int] = Field(description="Rows by table.")
    left_alone: dict[str, str | None] = Field(description="Why no promotion goes to them → the last day.")
    kept: list[dict[str, str]] = Field(description="What is still here, and why.")
    kept_elsewhere: list[dict[str, str]] = Field(description="What the agency must keep, and by which law.")


def put_member(session: Session, call: Call[MemberBody]) -> Saved:
    """A new member, or what is said of a known one; what is not said stays. 422 for somebody forgotten."""
    faults = put_members(session, call, [call.given])[0]
    if faults:
        raise invalid(*faults)
    row = session.scalars(select(Member).where(Member.external_id == call.given.external_id)).one()
    return Saved(external_id=row.external_id, updated_at=row.updated_at)


def put_members(session: Session, call: Call[Any], lines: Sequence[MemberBody]) -> list[list[Fault]]:
    """Many members at once. What a line does not say stays as it is."""
    forgotten = known_members(session, [line.external_id for line in lines]).forgotten
    recruiters = _recruiters(session, lines)
    faults = [_faults(line, forgotten, recruiters) for line in lines]
    right = [line for line, wrong in zip(lines, faults, strict=True) if not wrong]
    if right:
        upsert_members(session, call.door.encryption, [_data(line, recruiters) for line in right], call.now)
    return faults


def get_member(session: Session, call: Call[None]) -> MemberShown:
    """One member; 410 for somebody who was forgotten."""
    member_id = member_in_path(session, call.path["external_id"])
    return _shown(session, call, session.scalars(select(Member).where(Member.id == member_id)).all())[0]


def forget_member(call: Call[None]) -> ErasureShown:
    """Erase this person everywhere, with every friend they are linked to. What is left: keyed hashes of whom to
    leave alone, and what the law makes the agency keep, both named here. The key is unknown afterwards. Where years
    of messages have to be looked through it takes longer than a request: 503, and it goes on; ask again until 404.
    """
    with reading(call.door.database) as session:
        person = person_of(session, [member_in_path(session, call.path["external_id"])], [])
    forget = partial(forget_person, call.door.database, call.door.encryption, person, call.by, call.now)
    made = FORGETTING.result((call.door.database.writer.url, person), forget)
    return ErasureShown.model_validate(certificate_as_json(made))


def list_members(session: Session, call: Call[PageQuery]) -> Page[MemberShown]:
    """Members, the longest unchanged first; the forgotten are not among them."""
    rows = select(Member).where(Member.forgotten_at.is_(None))
    order = (Member.updated_at, Member.id)
    return read_page(session, rows, order, call.given, lambda found: _shown(session, call, found))


def _recruiters(session: Session, lines: Sequence[MemberBody]) -> dict[str, int]:
    """Staff by mail address, of those whom the lines name."""
    named = {line.recruiter.casefold() for line in lines if line.recruiter is not None}
    query = select(Staff.email, Staff.id).where(Staff.email.in_(named), Staff.left_on.is_(None))
    return dict(session.execute(query).all()) if named else {}


def _faults(line: MemberBody, forgotten: frozenset[str], recruiters: Mapping[str, int]) -> list[Fault]:
    faults = [Fault("external_id", FORGOTTEN)] if line.external_id in forgotten else []
    if line.recruiter is not None and line.recruiter.casefold() not in recruiters:
        faults.append(Fault("recruiter", "is nobody's mail address in the console"))
    return faults


def _data(line: MemberBody, recruiters: Mapping[str, int]) -> MemberData:
    said = {name: getattr(line, name) for name in ("name", "phone", "mail") if name in line.model_fields_set}
    recruiter_id = None if line.recruiter is None else recruiters[line.recruiter.casefold()]
    return MemberData(
        external_id=line.external_id,
        **said,
        facts=line.facts,
        facts_at=line.facts_at,
        recruiter_id=recruiter_id if "recruiter" in line.model_fields_set else UNSET,
    )


def _shown(session: Session, call: Call[Any], rows: Sequence[Member]) -> list[MemberShown]:
    linked: dict[int, list[str]] = defaultdict(list)
    links = select(Link.member_id, Channel.name).join(Channel, Channel.id == Link.channel_id)
    theirs = links.where(Link.member_id.in_([row.id for row in rows]), Link.ended_at.is_(None))
    for member_id, channel in session.execute(theirs.order_by(Link.id)):
        linked[member_id].append(channel)
    staff = select(Staff.id, Staff.email).where(Staff.id.in_({row.recruiter_id for row in rows}))
    mails: dict[int | None, str] = dict(session.execute(staff).all())
    return [
        MemberShown(
            **{name: getattr(opened, name) for name in _COPIED},
            facts=dict(opened.facts),
            recruiter=mails.get(opened.recruiter_id),
            linked=linked[opened.id],
        )
        for opened in (open_member(row, call.door.encryption) for row in rows)
    ]


_COPIED = set(MemberShown.model_fields) - {"facts", "recruiter", "linked"}

ENDPOINTS = (
    Writing(
        method="PUT",
        path="/members/{external_id}",
        scope=Scope.MEMBERS_WRITE,
        summary="Add a member or change what is known",
        given=MemberBody,
        answer=Saved,
        run=put_member,
    ),
    Bulk(
        method="POST",
        path="/members/bulk",
        scope=Scope.MEMBERS_WRITE,
        summary="Add or change many members",
        given=MemberBody,
        run=put_members,
        key=lambda line: line.external_id,
    ),
    Networked(
        method="DELETE",
        path="/members/{external_id}",
        scope=Scope.MEMBERS_WRITE,
        summary="Forget a person",
        answer=ErasureShown,
        run=forget_member,
    ),
    Reading(
        method="GET",
        path="/members/{external_id}",
        scope=Scope.MEMBERS_READ,
        summary="Read a member",
        answer=MemberShown,
        run=get_member,
    ),
    Reading(
        method="GET",
        path="/members",
        scope=Scope.MEMBERS_READ,
        summary="List members",
        given=PageQuery,
        answer=Page[MemberShown],
        run=list_members,
    ),
)
