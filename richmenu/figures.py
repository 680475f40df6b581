"""Numbers of menus for people: who has which, how often it was tapped, what stands still."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import today_in_tokyo
from app.friends.models import Friend
from app.messaging.models import Channel, DailyCount
from richmenu.models import MenuSync
from richmenu.queries import is_reachable
from richmenu.rules import NEWCOMERS

TAPS = "menu_tap"
"""Of `daily_count`; its labels are such as members/main/A."""


def friends_by_menu(session: Session) -> dict[str, int]:
    """Menu → how many friends have it now; who was given none sees the first one."""
    query = select(Friend.menu_live, func.count()).where(is_reachable()).group_by(Friend.menu_live)
    found: dict[str, int] = {}
    for mark, count in session.execute(query):
        name = mark.partition(":")[0] if mark else NEWCOMERS
        found[name] = found.get(name, 0) + count
    return found


def taps_by_area(session: Session, name: str, now: datetime, days: int) -> dict[str, int]:
    """`main/A` → taps on that area in the last days, of all versions."""
    since = today_in_tokyo(now) - timedelta(days=days - 1)
    query = (
        select(DailyCount.label, func.sum(DailyCount.n))
        .where(DailyCount.name == TAPS, DailyCount.day >= since, DailyCount.label.startswith(f"{name}/"))
        .group_by(DailyCount.label)
    )
    return {label.removeprefix(f"{name}/"): int(count) for label, count in session.execute(query)}


def taps_by_menu(session: Session, now: datetime, days: int) -> dict[str, int]:
    """Menu → taps on all its areas in the last days."""
    since = today_in_tokyo(now) - timedelta(days=days - 1)
    query = (
        select(DailyCount.label, func.sum(DailyCount.n))
        .where(DailyCount.name == TAPS, DailyCount.day >= since)
        .group_by(DailyCount.label)
    )
    found: dict[str, int] = {}
    for label, count in session.execute(query):
        name = label.partition("/")[0]
        found[name] = found.get(name, 0) + int(count)
    return found


def sync_problems(session: Session) -> dict[str, str]:
    """Account → why its menus do not go on; empty when all is well."""
    query = (
        select(Channel.title, Channel.name, MenuSync.problem)
        .join(Channel, Channel.id == MenuSync.channel_id)
        .where(MenuSync.problem.is_not(None))
    )
    return {title or name: str(problem) for title, name, problem in session.execute(query)}
