"""LINE's hourly limits on menu calls, kept across processes and runs: every call is written down before it is made."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from richmenu.models import MenuCall

HOUR = timedelta(hours=1)
PER_HOUR: Mapping[str, int] = {"create": 100, "delete": 100, "unalias": 100, "batch": 3, "progress": 100}


UNSETTLED = timedelta(seconds=60)
"""LINE answers calls for many people with 202 and does them a moment later: by then they are done."""
FOR_MANY = ("bulk", "batch")


def calls_left(session: Session, channel_id: int, kind: str, real_now: datetime) -> int:
    """How many calls of a kind LINE would still take this hour; `real_now` is machine time."""
    query = select(func.count()).select_from(MenuCall)
    made = query.where(
        MenuCall.channel_id == channel_id, MenuCall.kind == kind, MenuCall.at > real_now - HOUR
    )
    return max(PER_HOUR[kind] - session.scalars(made).one(), 0)


def free_again_at(session: Session, channel_id: int, kind: str, real_now: datetime) -> datetime:
    """When the next call of a kind may be made."""
    query = select(MenuCall.at).where(
        MenuCall.channel_id == channel_id, MenuCall.kind == kind, MenuCall.at > real_now - HOUR
    )
    made = list(session.scalars(query.order_by(MenuCall.at.desc()).limit(PER_HOUR[kind])))
    return real_now if len(made) < PER_HOUR[kind] else made[-1] + HOUR


def note_call(session: Session, channel_id: int, kind: str, real_now: datetime) -> None:
    """Write a call down, before it is made; what is older than the limit is forgotten."""
    old = delete(MenuCall).where(
        MenuCall.channel_id == channel_id, MenuCall.kind == kind, MenuCall.at <= real_now - 2 * HOUR
    )
    session.execute(old.execution_options(synchronize_session=False))
    session.add(MenuCall(channel_id=channel_id, kind=kind, at=real_now))


def is_unsettled(session: Session, channel_id: int, real_now: datetime) -> bool:
    """Whether LINE may still be giving many people of this account their menus, after calls made before."""
    made = select(MenuCall.id).where(
        MenuCall.channel_id == channel_id, MenuCall.kind.in_(FOR_MANY), MenuCall.at > real_now - UNSETTLED
    )
    return session.scalars(made.limit(1)).first() is not None
