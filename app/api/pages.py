"""Lists in parts: ordered by when a row changed last, continued from a cursor, stable while rows come in."""

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.api.problems import invalid_field
from app.api.values import Page, PageQuery

R = TypeVar("R")
S = TypeVar("S")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST = 2**63 - 1


def read_page(
    session: Session,
    rows: Select[R],
    order: tuple[InstrumentedAttribute[datetime], InstrumentedAttribute[int]],
    query: PageQuery,
    show: Callable[[Sequence[R]], Sequence[S]],
) -> Page[S]:
    """The asked part of `rows`, a select of one mapped class, in the order of (time, id).

    A row that changes while somebody turns the pages moves to the end and is met again; none is left out.
    """
    at, id_ = order
    if query.updated_since is not None:
        rows = rows.where(at >= query.updated_since)
    if query.cursor is not None:
        rows = rows.where(_after(order, *read_cursor(query.cursor)))
    found = session.scalars(rows.order_by(at, id_).limit(query.limit + 1)).all()
    items = found[: query.limit]
    more = len(found) > query.limit
    last: Any = items[-1] if items else None
    following = make_cursor(getattr(last, at.key), getattr(last, id_.key)) if more else None
    return Page(items=show(items), next=following)


def make_cursor(at: datetime, id_: int) -> str:
    """The place behind this row, as text that says nothing to others."""
    microseconds = (at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{microseconds}.{id_}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, int]:
    """Time and id again. Errors: a 422 problem that names `cursor`."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode(
            "ascii"
        )
        microseconds, _, id_ = text.partition(".")
        place = _EPOCH + timedelta(microseconds=int(microseconds)), int(id_)
    except (ValueError, OverflowError):
        raise invalid_field("cursor", "is not one that a page has given") from None
    if not 0 <= place[1] <= _LARGEST or make_cursor(*place) != cursor:
        raise invalid_field("cursor", "is not one that a page has given")
    return place


def _after(
    order: tuple[InstrumentedAttribute[datetime], InstrumentedAttribute[int]], at: datetime, id_: int
) -> ColumnElement[bool]:
    return and_(order[0] >= at, or_(order[0] > at, order[1] > id_))  # the first half is what an index can use
