"""The gate: may we contact this person, for this purpose, now? A pure function over facts.

The rows are those of model.md §4 for which facts exist; each later fact adds its row here, in that order.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.messaging.rules import Purpose


class Refusal(StrEnum):
    """配信除外理由: why somebody is not contacted; the full list, in order of precedence."""

    BLOCKED = "blocked"
    OPTED_OUT = "opted_out"
    SNOOZED = "snoozed"


@dataclass(frozen=True)
class ContactFacts:
    """One person at one moment."""

    is_reachable: bool
    """Followed and not blocked, or wrote within seven days."""
    opted_out_at: datetime | None = None
    snoozed_until: datetime | None = None


def refusal_to_contact(
    facts: ContactFacts, purpose: Purpose, now: datetime, *, by_fresh_reply: bool = False
) -> Refusal | None:
    """Why this may not go out; None: it may. A reply on a fresh token always may: they have just written."""
    if by_fresh_reply:
        return None
    if not facts.is_reachable:
        return Refusal.BLOCKED
    if purpose is not Purpose.PROMOTION:
        return None
    if facts.opted_out_at is not None:
        return Refusal.OPTED_OUT
    if facts.snoozed_until is not None and now < facts.snoozed_until:
        return Refusal.SNOOZED
    return None
