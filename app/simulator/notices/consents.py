"""Who may be sent notification messages, and what waits for an answer (line-platform facts, 3.2)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.simulator.platform import Message

HOLD = timedelta(hours=24)


class Consent(StrEnum):
    """What a person told LINE, once for all accounts."""

    AGREE = "agree"
    REJECT = "reject"
    UNSET = "unset"


@dataclass
class Notice:
    """A message that was accepted."""

    messages: Sequence[Message]
    tag: str
    """What the `delivery` event gives back: the sender's own tag, else the hash."""
    at: datetime
    kind: str
    """What it is counted as."""


@dataclass
class Recipient:
    """How one person stands to notification messages."""

    consent: Consent = Consent.AGREE
    is_verified: bool = True
    """The number was verified by SMS within 180 days."""
    has_policy: bool = True
    """Has agreed to LINE's privacy policy of 2022 or later."""
    held: list[Notice] = field(default_factory=list)

    @property
    def is_refusing(self) -> bool:
        """LINE answers 422."""
        return self.consent is Consent.REJECT or not self.has_policy

    @property
    def is_ready(self) -> bool:
        """LINE delivers at once."""
        return self.consent is Consent.AGREE and self.is_verified and self.has_policy

    def release(self, now: datetime, deliver: Callable[[Notice], None]) -> None:
        """After a change: what has waited for less than a day arrives, if anything now may."""
        self.drop_old(now)
        if self.is_ready:
            held, self.held = self.held, []
            for notice in held:
                deliver(notice)
        elif self.is_refusing:
            self.held.clear()

    def drop_old(self, now: datetime) -> None:
        """LINE deletes what was held for a day."""
        self.held = [notice for notice in self.held if now - notice.at <= HOLD]
