"""Cursors: where a list goes on, as text in the address. What a list skips is never counted by OFFSET."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import request, url_for

ROWS = 50
T = TypeVar("T")
_FORMAT = "%Y%m%dT%H%M%S.%f"
_BIGGEST_ID = 2**63 - 1


@dataclass(frozen=True, order=True)
class Place:
    """A row's place in a list by time: then by kind of row, then by id. The newest comes first."""

    at: datetime
    rank: int
    id: int

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{self.at.astimezone(UTC).strftime(_FORMAT)}_{self.rank}_{self.id}"


def read_place(text: str | None) -> Place | None:
    """A place from an address; None for the beginning, and for what is no place."""
    try:
        at, rank, id_ = (text or "").split("_")
        return Place(datetime.strptime(at, _FORMAT).replace(tzinfo=UTC), int(rank), read_id(id_) or 0)
    except ValueError:
        return None


def read_id(text: str | None) -> int | None:
    """A row's id from an address; None for what is none."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    return min(int(text), _BIGGEST_ID)


@dataclass(frozen=True)
class Rows:
    """A page of a list, and the address of the next one; None: this is the last."""

    items: Sequence[Any]
    next_address: str | None


def page_of(found: Sequence[T], place_of: Any, limit: int = ROWS) -> Rows:
    """The first `limit` of what was asked for with one more; `place_of(row)` gives a row's place."""
    items = found[:limit]
    goes_on = len(found) > limit
    return Rows(items, address_with(after=str(place_of(items[-1]))) if goes_on else None)


def address_with(**changes: object) -> str:
    """This page's address with other values; None leaves one out."""
    values: Mapping[str, Any] = {**(request.view_args or {}), **request.args.to_dict(), **changes}
    given = {name: value for name, value in values.items() if value not in {None, ""}}
    return url_for(request.endpoint or "console.today.show_today", **given)
