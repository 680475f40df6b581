"""設定: what an admin looks after, and the LINE accounts."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.announcements.endpoints import stop_endpoint
from app.announcements.queries import endpoint_states
from app.console.desk import desk, doer, now, toast
from app.console.pages import show_page
from app.db import reading, transaction
from app.friends.models import Friend
from app.messaging.models import Channel
from app.staff.audit import record_audit

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
    Shelf("console.settings.list_endpoints", "send", "Webhook", "サイトへのお知らせの宛先と状態"),
    Shelf("console.api_keys.list_keys", "key", "APIキー", "サイトのサーバーが使う鍵と、できること"),
    Shelf("console.audit.list_audit", "journal-check", "監査記録", "だれが、いつ、何をしたか"),
)


@dataclass(frozen=True)
class EndpointRow:
    """An address of the job site that hears of what happens here."""

    id: int
    url: str
    kinds: list[str]
    stopped_at: datetime | None
    problem: str | None
    dead: int


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


@bp.get("/settings/webhooks")
def list_endpoints() -> Response:
    """Webhook: who hears of what, and whether it arrives. Secrets are shown nowhere."""
    with reading(desk().database) as session:
        rows = [EndpointRow(*row) for row in endpoint_states(session)]
    return show_page("webhooks.html", rows=rows)


@bp.post("/settings/webhooks/<int:id_>/stop")
def stop(id_: int) -> Response:
    """Nothing more goes to this address."""
    with transaction(desk().database) as session:
        stop_endpoint(session, id_, now())
        record_audit(session, doer(), "webhook.stopped", f"webhook:{id_}", now())
    toast("Webhookを止めました。")
    return redirect(url_for(".list_endpoints"))


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
