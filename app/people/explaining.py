"""なぜ届かなかったか: what was sent to a person, what was refused and why, and what the gate would say now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contact.queries import contact_facts
from app.contact.rules import Refusal, refusal_to_contact
from app.encryption import Encryption
from app.friends.models import Friend
from app.messaging.models import Channel, OutboxMessage
from app.messaging.rules import Purpose
from app.people.persons import Person


@dataclass(frozen=True)
class Row:
    """One outbox row, without what it says: `goen export-person` has that."""

    id: int
    friend_id: int
    at: datetime
    """When it ended, or is due."""
    carrier: str
    purpose: str
    status: str
    reason: str | None


@dataclass(frozen=True)
class Verdict:
    """What the gate says now of one account."""

    friend_id: int
    account: str
    refusals: dict[Purpose, Refusal | None]
    """By purpose; None: it may."""
    barred_until: str | None
    """The last day without promotion after a placement, ISO."""


def sent_and_refused(session: Session, person: Person, limit: int = 50) -> list[Row]:
    """The newest rows for any of their accounts, the newest first."""
    row = OutboxMessage
    query = (
        select(
            row.id, row.friend_id, row.ended_at, row.due_at, row.carrier, row.purpose, row.status, row.reason
        )
        .where(row.friend_id.in_(person.friend_ids))
        .order_by(row.id.desc())
        .limit(limit)
    )
    return [
        Row(id_, friend_id or 0, ended or due, carrier, purpose, status, reason)
        for id_, friend_id, ended, due, carrier, purpose, status, reason in session.execute(query).all()
    ]


def verdicts(session: Session, encryption: Encryption, person: Person, now: datetime) -> list[Verdict]:
    """What may be sent at this moment, for each account."""
    facts = contact_facts(session, encryption, person.friend_ids, now)
    names = session.execute(
        select(Friend.id, Channel.name)
        .join(Channel, Channel.id == Friend.channel_id)
        .where(Friend.id.in_(person.friend_ids))
        .order_by(Friend.id)
    )
    return [
        Verdict(
            friend_id,
            account,
            {purpose: refusal_to_contact(facts[friend_id], purpose, now) for purpose in Purpose},
            barred.isoformat() if (barred := facts[friend_id].barred_until) else None,
        )
        for friend_id, account in names.all()
    ]
