"""Moments as scripts name them, as instants (pure)."""

from datetime import UTC, datetime, time, timedelta

from app.clock import TOKYO, in_tokyo


def next_moment(moment: time | datetime, now: int) -> int:
    """Milliseconds of the next such time of day, or of that date; without a zone it is Tokyo's."""
    if isinstance(moment, datetime):
        at = moment if moment.tzinfo is not None else moment.replace(tzinfo=TOKYO)
        return int(at.timestamp() * 1000)
    today = in_tokyo(datetime.fromtimestamp(now / 1000, UTC))
    at = datetime.combine(today.date(), moment, tzinfo=TOKYO)
    if at <= today:
        at += timedelta(days=1)
    return int(at.timestamp() * 1000)
