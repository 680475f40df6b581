"""Who among many members must be left alone because we have placed them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.members.models import Placement
from app.members.rules import PlacementFacts, barred_until
from app.members.values import Contract


def placed_members(session: Session, member_ids: Collection[int], today: date) -> set[int]:
    """Those of these members whose two years are not over; `today` is the day in Tokyo."""
    if not member_ids:
        return set()
    query = select(Placement.member_id, Placement.start_on, Placement.contract, Placement.by_us)
    found: dict[int, list[PlacementFacts]] = defaultdict(list)
    for member_id, start_on, contract, by_us in session.execute(
        query.where(Placement.member_id.in_(member_ids))
    ):
        found[member_id].append(PlacementFacts(start_on, Contract(contract), by_us))
    ends = {member_id: barred_until(facts) for member_id, facts in found.items()}
    return {member_id for member_id, end in ends.items() if end is not None and today <= end}
