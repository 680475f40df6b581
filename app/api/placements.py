"""入社・就業決定: whom we placed where the two-year rule has to look."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from pydantic import Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.endpoint import Call, Reading, Writing
from app.api.pages import read_page
from app.api.problems import not_found
from app.api.references import check_member, external_ids_of
from app.api.values import Body, Day, Key, Page, PageQuery, Saved, Shown
from app.links.menus import enqueue_menus_of_member
from app.members.actions import upsert_placement
from app.members.models import Placement
from app.members.values import Contract, PlacementData
from app.site_keys.scopes import Scope


class PlacementBody(Body):
    """A placement. For two years from its start nobody we placed for good is sent promotions."""

    external_id: Key
    member: Key
    start_on: Day
    contract: Contract = Field(Contract.UNKNOWN, description="unknown counts as permanent.")
    by_us: bool = Field(default=True, description="False: they found the job without us.")
    left_on: Day | None = Field(None, description="Leaving the job does not end the two years.")

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Self:
        if self.left_on is not None and self.left_on < self.start_on:
            raise ValueError("left_on lies before start_on")
        return self


class PlacementShown(Shown):
    """A placement as it is kept."""

    external_id: str
    member: str
    start_on: date
    contract: Contract
    by_us: bool
    left_on: date | None
    updated_at: datetime


def put_placement(session: Session, call: Call[PlacementBody]) -> Saved:
    """A new placement, or a known one as it is now. The member's rich menu is looked at again."""
    check_member(session, call.given.member)
    before = session.scalar(
        select(Placement.member_id).where(Placement.external_id == call.given.external_id)
    )
    upsert_placement(session, PlacementData(**dict(call.given)), call.now)
    row = _find(session, call.given.external_id)
    if row.updated_at == call.now:
        for member_id in {row.member_id, before or row.member_id}:  # it may have been told of somebody else
            _look_at_menus(session, row, member_id, call.now)
    return Saved(external_id=row.external_id, updated_at=row.updated_at)


def get_placement(session: Session, call: Call[None]) -> PlacementShown:
    """One placement."""
    return _shown(session, [_find(session, call.path["external_id"])])[0]


def list_placements(session: Session, call: Call[PageQuery]) -> Page[PlacementShown]:
    """Placements, the longest unchanged first."""
    order = (Placement.updated_at, Placement.id)
    return read_page(session, select(Placement), order, call.given, lambda rows: _shown(session, rows))


def _look_at_menus(session: Session, row: Placement, member_id: int, now: datetime) -> None:
    """Every friend this member is may have to see another menu."""
    enqueue_menus_of_member(session, member_id, cause=f"placement:{row.id}:{now.timestamp():.6f}", now=now)


def _find(session: Session, external_id: str) -> Placement:
    found = session.scalars(select(Placement).where(Placement.external_id == external_id)).one_or_none()
    if found is None:
        raise not_found("placement")
    return found


def _shown(session: Session, rows: Sequence[Placement]) -> list[PlacementShown]:
    members = external_ids_of(session, {row.member_id for row in rows})
    return [
        PlacementShown(
            external_id=row.external_id,
            member=members[row.member_id],
            start_on=row.start_on,
            contract=Contract(row.contract),
            by_us=row.by_us,
            left_on=row.left_on,
            updated_at=row.updated_at,
        )
        for row in rows
    ]


ENDPOINTS = (
    Writing(
        method="PUT",
        path="/placements/{external_id}",
        scope=Scope.PLACEMENTS_WRITE,
        summary="Add a placement or change it",
        given=PlacementBody,
        answer=Saved,
        run=put_placement,
    ),
    Reading(
        method="GET",
        path="/placements/{external_id}",
        scope=Scope.PLACEMENTS_READ,
        summary="Read a placement",
        answer=PlacementShown,
        run=get_placement,
    ),
    Reading(
        method="GET",
        path="/placements",
        scope=Scope.PLACEMENTS_READ,
        summary="List placements",
        given=PageQuery,
        answer=Page[PlacementShown],
        run=list_placements,
    ),
)
