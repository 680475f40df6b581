"""Where a search goes on, as a short text for the button もっと見る: `1a2b3c4d5e6-1f-0-b4a01-7` (pure).

The moment of the first page in milliseconds, the greatest id of a job then, and round, day and id of the job that
was shown last, all in hexadecimal. What comes back is checked, never believed.
"""

from datetime import UTC, date, datetime, timedelta

from app.jobs.searching import Bookmark, Place, Standing

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_MOST_DIGITS = 15
"""What is longer is no id of a row."""


def bookmark_text(bookmark: Bookmark) -> str:
    """The bookmark in characters that no address has to escape; parts of a millisecond are lost."""
    (round_, opened_on, job_id), (at, newest_id) = bookmark
    numbers = ((at - _EPOCH) // _MILLISECOND, newest_id, round_, opened_on.toordinal(), job_id)
    return "-".join(f"{number:x}" for number in numbers)


def read_bookmark(text: str, now: datetime) -> Bookmark | None:
    """The bookmark in such a text; None for anything else, and for a moment that is still to come."""
    parts = text.split("-")
    if len(parts) != 5 or not all(part.isalnum() and len(part) <= _MOST_DIGITS for part in parts):
        return None
    try:
        since, newest_id, round_, day, job_id = (int(part, 16) for part in parts)
        at, opened_on = _EPOCH + since * _MILLISECOND, date.fromordinal(day)
    except (ValueError, OverflowError):
        return None
    return Bookmark(Place(round_, opened_on, job_id), Standing(at, newest_id)) if at <= now else None
