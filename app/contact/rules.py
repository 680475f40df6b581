"""The gate: may we contact this person, for this purpose, now? A pure function over facts.

Its rows stand in the order in which they are asked; each further fact adds one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.clock import today_in_tokyo
from app.messaging.rules import Purpose


class Refusal(StrEnum):
    """配信除外理由: why somebody is not contacted; the full list, in order of precedence."""

    BLOCKED = "blocked"
    PLACED = "placed"
    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    SNOOZED = "snoozed"
    CONVERSATION = "conversation"


@dataclass(frozen=True)
class ContactFacts:
    """One person at one moment, by one of their accounts.

    What was said and what became of them counts for the person: the member if linked, with all their accounts.
    """

    is_reachable: bool
    """Followed or imported and not blocked, or wrote within seven days."""
    barred_until: date | None = None
    """The last day in Tokyo on which a placement by us forbids promotion; no role lifts it."""
    opted_out_at: datetime | None = None
    """A no that no later yes has lifted."""
    has_consent: bool = True
    """To promotion by LINE: following the account is one, and so is having been its friend before Goen."""
    snoozed_until: datetime | None = None
    is_in_conversation: bool = False
    """With staff, on any of their accounts: nothing is advertised in between."""


def refusal_to_contact(
    facts: ContactFacts, purpose: Purpose, now: datetime, *, by_fresh_reply: bool = False
) -> Refusal | None:
    """Why this may not go out; None: it may. A reply on a fresh token always may: they have just written."""
    if by_fresh_reply:
        return None
    if not facts.is_reachable:
        return Refusal.BLOCKED
    return _refusal_to_promote(facts, now) if purpose is Purpose.PROMOTION else None


def _refusal_to_promote(facts: ContactFacts, now: datetime) -> Refusal | None:
    if facts.barred_until is not None and today_in_tokyo(now) <= facts.barred_until:
        return Refusal.PLACED
    if facts.opted_out_at is not None:
        return Refusal.OPTED_OUT
    if not facts.has_consent:
        return Refusal.NO_CONSENT
    if facts.snoozed_until is not None and now < facts.snoozed_until:
        return Refusal.SNOOZED
    return Refusal.CONVERSATION if facts.is_in_conversation else None
