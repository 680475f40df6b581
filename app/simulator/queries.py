"""Values in the query of LINE's endpoints: dates and numbers, or 400 in LINE's words."""

from datetime import date, datetime, timedelta

from app.clock import today_in_tokyo
from app.simulator.answers import Call, Refused, refusal


def invalid_parameter(name: str) -> Refused:
    """400 for a value in path or query."""
    return refusal(400, f"The value for the '{name}' parameter is invalid")


def day_of(call: Call, name: str = "date") -> date:
    """A day as yyyyMMdd."""
    text = call.request.query.get(name, "")
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise invalid_parameter(name)
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise invalid_parameter(name) from None


def span_of(call: Call, longest: timedelta) -> tuple[date, date]:
    """`from` and `to`, both included, in this order."""
    first, last = day_of(call, "from"), day_of(call, "to")
    if not timedelta(0) <= last - first <= longest:
        raise invalid_parameter("to")
    return first, last


def is_ready(day: date, now: datetime) -> bool:
    """A day's counts are there once the day is over in Tokyo."""
    return day < today_in_tokyo(now)


def number_of(call: Call, name: str, usual: int, most: int) -> int:
    """A number from 1 to `most`."""
    text = call.request.query.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or not 1 <= int(text) <= most:
        raise invalid_parameter(name)
    return int(text)
