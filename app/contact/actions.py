"""The gate as the sender asks it: right before each attempt, for a batch of rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.contact.queries import contact_facts, reach_facts
from app.contact.rules import refusal_to_contact
from app.encryption import Encryption
from app.messaging.outbox import OutboxRow, Recheck
from app.messaging.rules import Carrier, Next, OutboxStatus, Purpose


def gate(encryption: Encryption) -> Recheck:
    """The function that the sender asks. `encryption` recognises those of whom only hashes are left."""

    def recheck(session: Session, rows: Sequence[OutboxRow], now: datetime) -> Mapping[int, Next]:
        """Rows that may not leave now, with the stored reason; rows for nobody in particular pass."""
        promoted = {row.friend_id for row in rows if row.purpose is Purpose.PROMOTION} - {None}
        others = {row.friend_id for row in rows} - promoted - {None}
        facts = reach_facts(session, _ids(others), now) if others else {}
        if promoted:
            facts |= contact_facts(session, encryption, _ids(promoted), now)
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

    return recheck


def _ids(found: set[int | None]) -> list[int]:
    return sorted(id_ for id_ in found if id_ is not None)
