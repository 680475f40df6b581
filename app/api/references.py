"""What bodies refer to by the site's own keys: members, vacancies, friends, staff; found for many at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.problems import Fault, Kind, Problem, invalid_field, not_found
from app.friends.models import Friend
from app.jobs.models import Job
from app.members.models import Member
from app.messaging.models import Channel

FORGOTTEN = "was forgotten: nothing about this person is kept any more"


@dataclass(frozen=True)
class KnownMembers:
    """Some of the site's members: our ids of those who are here, and who of them was forgotten."""

    ids: Mapping[str, int]
    forgotten: frozenset[str]

    def fault(self, external_id: str, field: str = "member") -> Fault | None:
        """Why nothing can be written about this member; None when it can."""
        if external_id in self.forgotten:
            return Fault(field, FORGOTTEN)
        return None if external_id in self.ids else Fault(field, "is not a known member")


def known_members(session: Session, external_ids: Collection[str]) -> KnownMembers:
    """Look them up in one query."""
    query = select(Member.external_id, Member.id, Member.forgotten_at)
    rows = session.execute(query.where(Member.external_id.in_(external_ids))).all()
    forgotten = frozenset(external_id for external_id, _, forgotten_at in rows if forgotten_at is not None)
    return KnownMembers({external_id: id_ for external_id, id_, _ in rows}, forgotten)


def member_in_path(session: Session, external_id: str) -> int:
    """Our id of the member in the address. Errors: 404, or 410 for somebody who was forgotten."""
    known = known_members(session, [external_id])
    if external_id in known.forgotten:
        raise Problem(Kind.GONE, FORGOTTEN)
    if external_id not in known.ids:
        raise not_found("member")
    return known.ids[external_id]


def check_member(session: Session, external_id: str) -> None:
    """Errors: a 422 problem naming `member` when nothing can be written about this one."""
    fault = known_members(session, [external_id]).fault(external_id)
    if fault is not None:
        raise invalid_field(fault.field, fault.message)


def known_jobs(session: Session, external_ids: Collection[str]) -> dict[str, int]:
    """Our ids of the vacancies that are here."""
    query = select(Job.external_id, Job.id).where(Job.external_id.in_(external_ids))
    return dict(session.execute(query).all())


def job_named(session: Session, external_id: str | None) -> int | None:
    """Our id; None for None. Errors: a 422 problem naming `job`."""
    if external_id is None:
        return None
    found = known_jobs(session, [external_id])
    if external_id not in found:
        raise invalid_field("job", "is not a known vacancy")
    return found[external_id]


def find_friend(session: Session, channel: str, line_user_id: str) -> Friend | None:
    """A LINE user of the account of this name; never one of another account."""
    query = select(Friend).join(Channel, Channel.id == Friend.channel_id)
    named = query.where(Channel.name == channel, Friend.line_user_id == line_user_id)
    return session.scalars(named).one_or_none()


def external_ids_of(session: Session, member_ids: Collection[int | None]) -> dict[int | None, str]:
    """The site's keys of members by our ids."""
    query = select(Member.id, Member.external_id).where(Member.id.in_(member_ids))
    found: dict[int | None, str] = dict(session.execute(query).all())
    return found
