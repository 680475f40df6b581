"""Reading one value of an imported row: text, keys, days (pure).

Each function takes what a cell or a JSON value may hold and gives the value or raises `bad(...)`, whose
message says in plain Japanese what is wrong, without the value.
"""

import re
import unicodedata
from datetime import date
from typing import Any

import regex
from pydantic_core import PydanticCustomError

from app.line.text import clean_text

TEXT_LENGTH = 100_000
"""Beyond it nothing is even looked at; each column has its own, smaller limit."""
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_NOT_SHOWN = regex.compile(r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}--[\n\u200c\u200d]]", regex.V1)


def bad(what: str) -> PydanticCustomError:
    """An error with these words; braces in them mean nothing."""
    return PydanticCustomError("row", "{what}", {"what": what})


def read_text(value: Any) -> str | None:
    """Text with several lines, cleaned of what cannot be stored; None when blank."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise bad("文字で書いてください")
    if isinstance(value, str) and len(value) > TEXT_LENGTH:
        raise bad("長すぎます")
    text = clean_text(str(value)).replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_SHOWN.sub(" ", text).strip() or None


def read_line(value: Any) -> str | None:
    """Text on one line: every run of spaces and line breaks is one space; None when blank."""
    text = read_text(value)
    return None if text is None else " ".join(text.split()) or None


def within(text: str | None, limit: int) -> str | None:
    """The text itself if it has at most `limit` characters."""
    if text is not None and len(text) > limit:
        raise bad(f"長すぎます({limit:,}文字まで)")
    return text


def required(value: Any) -> Any:
    """The value itself unless it is None."""
    if value is None:
        raise bad("空です")
    return value


def read_key(value: Any, limit: int) -> str:
    """The site's own id: kept exactly, so nothing in it may need cleaning."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**limit else "9" * (limit + 1)
    if value is not None and not isinstance(value, str):
        raise bad("文字で書いてください")
    key = str(required((value or "").strip() or None))
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in key):
        raise bad("使えない文字が入っています")
    return str(within(key, limit))


def read_day(value: Any) -> date | None:
    """A calendar day: 2026-11-01, 2026/11/1, 2026年11月1日, 20261101."""
    text = folded(value)
    if text is None:
        return None
    match = DATE.fullmatch(text)
    if match is None:
        raise bad("日付として読めません(例: 2026-11-01)")
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        found = date(year, month, day)
    except ValueError:
        raise bad("ない日付です") from None
    if not 2000 <= found.year <= 2100:
        raise bad("2000年から2100年までの日付にしてください")
    return found


def folded(value: Any) -> str | None:
    """A short value in half width without any space; None when blank."""
    if isinstance(value, str) and len(value) > 200:
        raise bad("長すぎます(200文字まで)")
    text = read_line(value)
    return None if text is None else "".join(unicodedata.normalize("NFKC", text).split()) or None
