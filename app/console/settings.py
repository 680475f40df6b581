"""設定: what an admin looks after, and the LINE accounts."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.console.desk import desk
from app.console.pages import show_page
from app.db import reading
from app.friends.models import Friend
from app.messaging.models import Channel

bp = Blueprint("settings", __name__)


@dataclass(frozen=True)
class Shelf:
    """One card of the page."""

    endpoint: str
    icon: str
    word: str
    sentence: str


SHELVES = (
    Shelf("console.staff.list_staff", "people", "担当者と権限", "サインインできる人と役割"),
    Shelf("console.settings.list_channels", "chat-dots", "LINEアカウント", "公式アカウントの状態と設定"),
    Shelf("console.audit.list_audit", "journal-check", "監査記録", "だれが、いつ、何をしたか"),
)


@dataclass(frozen=True)
class ChannelRow:
    """An account, without any secret."""

    id: int
    name: str
    title: str | None
    basic_id: str | None
    has_token: bool
    login_channel_id: str | None
    site_url: str | None
    problem: str | None
    promotions_stopped_until: datetime | None
    friends: int
    blocked: int


@bp.get("/settings")
def show_settings() -> Response:
    """The cards."""
    return show_page("settings.html", shelves=SHELVES)


@bp.get("/settings/channels")
def list_channels() -> Response:
    """LINEアカウント: which are there, and whether anything stands still."""
    with reading(desk().database) as session:
        rows = _channel_rows(session)
    return show_page("channels.html", rows=rows, base_url=desk().base_url)


def _channel_rows(session: Session) -> list[ChannelRow]:
    people = (
        select(
            Friend.channel_id,
            func.count().label("friends"),
            func.count(Friend.blocked_at).label("blocked"),
        )
        .group_by(Friend.channel_id)
        .subquery()
    )
    query = (
        select(
            Channel.id,
            Channel.name,
            Channel.title,
            Channel.basic_id,
            Channel.access_token.is_not(None),
            Channel.login_channel_id,
            Channel.site_url,
            Channel.problem,
            Channel.promotions_stopped_until,
            func.coalesce(people.c.friends, 0),
            func.coalesce(people.c.blocked, 0),
        )
        .outerjoin(people, people.c.channel_id == Channel.id)
        .order_by(Channel.id)
    )
    return [ChannelRow(*row) for row in session.execute(query)]
