"""How often something happened, by day in Tokyo: counted in the transaction of what happened."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.clock import in_tokyo
from app.inserting import insert_adding
from app.messaging.models import DailyCount

_KEYS = ("day", "channel_id", "name", "label")


def count_up(session: Session, channel_id: int, name: str, label: str, at: datetime, *, by: int = 1) -> None:
    """One more; `name` is what is counted (≤ 40 characters), `label` of which kind (≤ 80)."""
    values = {
        "day": in_tokyo(at).date(),
        "channel_id": channel_id,
        "name": name[:40],
        "label": label[:80],
        "n": by,
    }
    session.execute(insert_adding(session, DailyCount, _KEYS, "n").values(values))
