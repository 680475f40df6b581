"""What an imported row says of consents: which, since when, and to which text (pure)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from app.clock import TOKYO
from app.importing.cells import bad, folded, read_day, read_line, within
from app.members.values import ConsentGiven, ConsentKind, ConsentSource

TEXT_VERSION_LENGTH = 40
_YES = frozenset({"true", "yes", "1", "はい", "同意", "同意する", "同意済み", "済", "あり", "有", "○"})
_NO = frozenset({"false", "no", "0", "いいえ", "不同意", "同意しない", "拒否", "なし", "無", "×"})
ON, TEXT = "consent_on", "consent_text"
COLUMN_OF: Mapping[ConsentKind, str] = {kind: f"consent_{kind}" for kind in ConsentKind}
CONSENT_WORDS: Mapping[str, tuple[str, ...]] = {
    COLUMN_OF[ConsentKind.LINE]: ("LINE配信の同意",),
    COLUMN_OF[ConsentKind.SMS]: ("SMS配信の同意",),
    COLUMN_OF[ConsentKind.MAIL]: ("メール配信の同意",),
    COLUMN_OF[ConsentKind.SERVICE]: ("SMSでの連絡の同意",),
    ON: ("同意日",),
    TEXT: ("同意した文面の版", "同意文面の版"),
}
"""Every column in English, and the Japanese headings that mean the same."""


@dataclass(frozen=True)
class SaidConsent:
    """A yes or a no to a version of a text."""

    kind: ConsentKind
    given: bool
    on: date
    """In Tokyo."""
    text_version: str

    def of(self, member_id: int, now: datetime) -> ConsentGiven:
        """As it is written; a day ahead of ours counts as now."""
        at = datetime.combine(self.on, time(), TOKYO).astimezone(UTC)
        return ConsentGiven(
            kind=self.kind,
            given=self.given,
            at=min(at, now),
            source=ConsentSource.IMPORT,
            text_version=self.text_version,
            member_id=member_id,
        )


def consents_in(read: Mapping[str, Any]) -> tuple[tuple[SaidConsent, ...], list[tuple[str, str]]]:
    """The consents of a row whose cells were read, and its faults: without a day and a text it proves nothing."""
    said = {kind: read[column] for kind, column in COLUMN_OF.items() if read.get(column) is not None}
    if not said:
        return (), []
    faults = [(column, "同意の欄があるときは必要です") for column in (ON, TEXT) if read.get(column) is None]
    if faults:
        return (), faults
    return tuple(SaidConsent(kind, given, read[ON], read[TEXT]) for kind, given in said.items()), []


def _answer(value: Any) -> bool | None:
    text = None if isinstance(value, bool) else folded(value)
    if text is None:
        return value if isinstance(value, bool) else None
    if text.casefold() not in _YES | _NO:
        raise bad("「はい」か「いいえ」で書いてください")
    return text.casefold() in _YES


CONSENT_READERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(COLUMN_OF.values(), _answer),
    ON: read_day,
    TEXT: lambda value: within(read_line(value), TEXT_VERSION_LENGTH),
}
