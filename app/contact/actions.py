"""The gate as the sender asks it: right before each attempt, for a batch of rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.contact.queries import contact_facts
from app.contact.rules import refusal_to_contact
from app.messaging.outbox import OutboxRow
from app.messaging.rules import Carrier, Next, OutboxStatus


def recheck(session: Session, rows: Sequence[OutboxRow], now: datetime) -> Mapping[int, Next]:
    """Rows that may not leave now, with the stored reason; rows for nobody in particular pass."""
    people = {row.friend_id for row in rows if row.friend_id is not None}
    facts = contact_facts(session, people, now) if people else {}
    verdicts = {}
    for row in rows:
        if row.friend_id is None:
            continue
        # What may have arrived already is not refused any more: its outcome must become known.
        is_reply = row.carrier is Carrier.REPLY or row.unsure
        refusal = refusal_to_contact(facts[row.friend_id], row.purpose, now, by_fresh_reply=is_reply)
        if refusal is not None:
            verdicts[row.id] = Next(OutboxStatus.REFUSED, refusal)
    return verdicts
