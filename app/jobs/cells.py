"""Reading one value of an imported job: money, ends, places, addresses, lists of words (pure).

Each function takes what a cell or a JSON value may hold and gives the value or raises `bad(...)`, whose
message says in plain Japanese what is wrong, without the value.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

from app.areas import area_name, city_of, find_cities, find_prefectures, is_area
from app.clock import TOKYO
from app.importing.cells import DATE, bad, folded, read_day, read_line, read_text, required, within
from app.jobs.vocabulary import listed_words

_Meaning = TypeVar("_Meaning")

URL_LENGTH = 1000
_MONEY = re.compile(r"[¥\\]?(?:(\d{1,6}(?:\.\d{1,4})?)万)?(\d{1,3}(?:,\d{3}){1,3}|\d{1,12})?円?")


def read_yen(value: Any) -> int | None:
    """Whole yen: 250000, 250,000円, 25万円, 25.5万, 25万5,000円."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value != value or not 0 <= value < 10**12 or value != int(value):
            raise bad("円の整数で書いてください")
        return int(value)
    text = folded(value)
    if text is None:
        return None
    match = _MONEY.fullmatch(text)
    if match is None or not any(match.groups()):
        raise bad("金額として読めません(例: 250000、25万円)")
    units, rest = match.groups()
    yen = round(float(units or 0) * 10_000) + int((rest or "0").replace(",", ""))
    if yen >= 10**12:
        raise bad("金額が大きすぎます")
    return yen


def read_end(value: Any) -> datetime | None:
    """When a vacancy ends: a day means its last moment in Tokyo; a time without a zone is Tokyo's."""
    text = folded(value)
    if text is None:
        return None
    if DATE.fullmatch(text):
        day = required(read_day(text))
        return datetime.combine(day + timedelta(days=1), time(), TOKYO)
    try:
        moment = datetime.fromisoformat(str(value).strip().replace("/", "-"))
    except ValueError:
        raise bad("日時として読めません(例: 2026-11-30、2026-11-30 18:00)") from None
    if not 2000 <= moment.year <= 2100:
        raise bad("2000年から2100年までの日時にしてください")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=TOKYO)


def read_prefecture(value: Any) -> int | None:
    """A prefecture by code or name."""
    text = folded(value)
    if text is None:
        return None
    codes = [int(text)] if _is_number(text, 2) else find_prefectures(text)
    if len(codes) != 1 or codes[0] > 99 or not is_area(codes[0]):
        raise bad("都道府県として読めません")
    return codes[0]


def read_city(value: Any, prefecture: int | None) -> int | None:
    """A municipality or ward by code (with or without check digit) or name, inside this prefecture."""
    text = folded(value)
    if text is None:
        return None
    if _is_number(text, 6):
        code = int(text[:5])
        codes = [code] if city_of(code) else []
    else:
        codes = find_cities(text)
    if not codes:
        raise bad("市区町村として読めません")
    inside = [code for code in codes if prefecture in (None, code // 1000)]
    if not inside and prefecture is not None:
        raise bad(f"{area_name(prefecture)}の市区町村ではありません")
    if len(inside) > 1:
        raise bad("同じ名前の市区町村がいくつかあります。コードか正式な名前で書いてください")
    return inside[0]


def read_degrees(value: Any, least: int, most: int) -> float | None:
    """Latitude or longitude inside Japan."""
    text = folded(value)
    if text is None:
        return None
    if re.fullmatch(r"\d{1,3}(\.\d{1,15})?", text) is None or not least <= float(text) <= most:
        raise bad(f"{least}から{most}までの度数で書いてください")
    return float(text)


def read_words(value: Any) -> list[str]:
    """A list of words: a JSON list, or a cell with separators."""
    if isinstance(value, list | tuple):
        if len(value) > 100:
            raise bad("多すぎます(100個まで)")
        return [word for word in map(read_line, value) if word is not None]
    text = read_text(value)
    words = [] if text is None else listed_words(text)
    if len(words) > 100:
        raise bad("多すぎます(100個まで)")
    return words


def known_words(
    words: Iterable[str], read: Callable[[str], _Meaning | None]
) -> tuple[list[_Meaning], list[str]]:
    """The words that `read` knows, each once, and those that it does not."""
    pairs = [(word, read(word)) for word in words]
    known = [meaning for _, meaning in pairs if meaning is not None]
    return list(dict.fromkeys(known)), [word for word, meaning in pairs if meaning is None]


def read_address(value: Any) -> str | None:
    """An http or https address, percent-encoded as LINE wants it."""
    text = read_line(value)
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        raise bad("URLとして読めません") from None
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[A-Za-z0-9.-]+", host) or parts.username:
        raise bad("http:// か https:// で始まるURLにしてください")
    encoded = (quote(part, safe="%/:=&?~+!$,;'@()*[]#") for part in (parts.path, parts.query, parts.fragment))
    address = urlunsplit((parts.scheme, host + port, *encoded))
    return within(address, URL_LENGTH)


def _is_number(text: str, most_digits: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= most_digits
