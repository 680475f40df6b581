"""What bodies, queries and answers of the API are made of (pure).

Everything is strict: a number is no text, a time has a zone, and a field that we do not know is refused by
its name. What passes can be stored by both databases, and what does not pass is shown in no log.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

T = TypeVar("T")

KEY_LENGTH = 100
LIMIT_AT_MOST = 1000
_CONTROLS = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_ALLOWED_IN_TEXT = {"\n", "\t", "\u200c", "\u200d"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|z|[+-]\d{2}:?\d{2})?")


class Body(BaseModel):
    """What a request brings as JSON."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class Query(BaseModel):
    """What stands behind the question mark; every value comes as text."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Shown(BaseModel):
    """What an answer holds."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def is_key(text: str) -> bool:
    """Whether this can be a key of the job site: 1 to 100 characters, no controls, no space around it."""
    return (
        0 < len(text) <= KEY_LENGTH
        and text == text.strip()
        and not any(unicodedata.category(character) in _CONTROLS for character in text)
    )


def _key(text: str) -> str:
    if not is_key(text):
        raise ValueError("must be 1 to 100 characters without control characters or spaces around it")
    return text


def _text(text: str) -> str:
    for character in text:
        if unicodedata.category(character) in _CONTROLS and character not in _ALLOWED_IN_TEXT:
            raise ValueError(f"must not hold the character U+{ord(character):04X}")
    return text


def _iso_moment(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    if _MOMENT.fullmatch(text) is None:
        text = text.replace(" ", "+")  # what a query makes of an unescaped +09:00
    if _MOMENT.fullmatch(text) is None:
        raise ValueError("must be a time in ISO 8601 with a zone, such as 2026-11-22T10:00:00+09:00")
    return text


def _iso_day(value: Any) -> str:
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        raise ValueError("must be a day in ISO 8601, such as 2026-11-22")
    return value


def _near(value: Any) -> Any:
    if not 1900 <= value.year <= 2100:
        raise ValueError("must lie between the years 1900 and 2100")
    return value


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


Key = Annotated[str, AfterValidator(_key), Field(min_length=1, max_length=KEY_LENGTH)]
"""The job site's own key of something."""
Word = Annotated[
    str, AfterValidator(_text), StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
"""Text for one line."""
# Not strict: the text was looked at before, and strictly a text is no time.
Moment = Annotated[
    AwareDatetime,
    Field(strict=False),
    BeforeValidator(_iso_moment),
    AfterValidator(_near),
    AfterValidator(_utc),
]
"""An instant; ISO 8601 with a zone comes in, UTC goes on."""
Day = Annotated[date, Field(strict=False), BeforeValidator(_iso_day), AfterValidator(_near)]
"""A calendar day in Japan."""


class PageQuery(Query):
    """Which part of a list is wanted."""

    cursor: str | None = Field(None, max_length=200, description="`next` of the page before.")
    limit: int = Field(100, ge=1, le=LIMIT_AT_MOST, description="How many at most.")
    updated_since: Moment | None = Field(None, description="Only what has changed at or after this time.")


class Page(Shown, Generic[T]):
    """One part of a list, the longest unchanged first."""

    items: Sequence[T]
    next: str | None = Field(description="The cursor of what follows; null at the end.")


class Saved(Shown):
    """Something was written; what it holds is not repeated."""

    external_id: str
    updated_at: datetime
