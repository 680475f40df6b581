"""People of the tests of linking: members, friends, and what became of their links."""

from datetime import UTC, datetime
from itertools import count

from sqlalchemy import select

from app.db import Database, reading, transaction
from app.links.models import Link
from app.members.models import Member
from app.messaging.models import OutboxMessage
from app.messaging.rules import Carrier
from app.staff.models import Audit

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
_numbers = count(1)


def make_member(database: Database, external_id: str | None = None, **values: object) -> int:
    """A member of the site; our id."""
    with transaction(database) as session:
        member = Member(
            external_id=external_id or f"M-{next(_numbers)}",
            facts={},
            created_at=NOW,
            updated_at=NOW,
            **values,
        )
        session.add(member)
        session.flush()
        return member.id


def open_links(database: Database) -> list[tuple[int, int, str]]:
    """Member, friend and how of every link that holds."""
    with reading(database) as session:
        rows = session.execute(
            select(Link.member_id, Link.friend_id, Link.how).where(Link.ended_at.is_(None)).order_by(Link.id)
        )
        return [(member, friend, how) for member, friend, how in rows]


def ended_links(database: Database) -> list[tuple[int, int, str | None]]:
    """Member, friend and by what, of every link that is over."""
    with reading(database) as session:
        rows = session.execute(
            select(Link.member_id, Link.friend_id, Link.ended_by)
            .where(Link.ended_at.is_not(None))
            .order_by(Link.id)
        )
        return [(member, friend, by) for member, friend, by in rows]


def audit_of(database: Database, subject: str) -> list[tuple[str, dict[str, object]]]:
    """What was kept about a subject: action and change."""
    with reading(database) as session:
        rows = session.execute(
            select(Audit.action, Audit.change).where(Audit.subject == subject).order_by(Audit.id)
        )
        return [(action, change) for action, change in rows]


def queued(database: Database, carrier: Carrier) -> list[OutboxMessage]:
    """Outbox rows of one carrier, oldest first."""
    with reading(database) as session:
        query = select(OutboxMessage).where(OutboxMessage.carrier == carrier)
        return list(session.scalars(query.order_by(OutboxMessage.id)))
