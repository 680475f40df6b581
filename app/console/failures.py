"""失敗と稼働: what needs a person, and how the queues stand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, request, url_for
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.announcements.endpoints import replay_delivery
from app.console.desk import desk, doer, now, toast
from app.console.forms import Form, read_form
from app.console.pages import channel_titles, show_page
from app.console.paging import ROWS, page_of, read_id
from app.db import reading, transaction
from app.friends.models import Friend
from app.messaging.again import give_up, send_again
from app.messaging.event_rules import InboxStatus
from app.messaging.inbox import discard_event, replay_event
from app.messaging.models import InboxEvent, OutboxMessage
from app.messaging.queries import COUNTED_AT_MOST, channel_problems, queue_figures
from app.messaging.rules import (
    Carrier,
    OutboxStatus,
)
from app.messaging.waking import wake_workers
from app.staff.audit import record_audit

bp = Blueprint("failures", __name__)
TABS = {"received": "受信", "sent": "送信", "announced": "連携先"}


class DiscardForm(Form):
    """Giving up needs a reason."""

    reason: str = Field(min_length=1, max_length=200)


@dataclass(frozen=True)
class DeadEvent:
    """An event that five tries could not handle."""

    id: int
    received_at: datetime
    attempts: int
    error: str | None
    can_be_replayed: bool
    channel_id: int
    friend_id: int | None
    name: str | None


@dataclass(frozen=True)
class Trouble:
    """A row of the outbox that ended failed or unknown."""

    id: int
    created_at: datetime
    ended_at: datetime | None
    carrier: str
    status: str
    reason: str | None
    attempts: int
    preview: str | None
    friend_id: int | None
    name: str | None


@bp.get("/failures")
def list_failures() -> Response:
    """The tab that the address names, the newest first."""
    asked = request.args.get("tab", "")
    tab = asked if asked in TABS else "received"
    before = read_id(request.args.get("after"))
    with reading(desk().database) as session:
        rows = _dead(session, before) if tab == "received" else _troubles(session, tab, before)
        figures = queue_figures(session, now())
        problems, channels = channel_problems(session), channel_titles(session)
    return show_page(
        "failures.html",
        tab=tab,
        tabs=TABS,
        rows=page_of(rows, lambda row: row.id),
        figures=figures,
        counted_at_most=COUNTED_AT_MOST,
        problems=[(channels[id_], problem, until) for id_, _, problem, until in problems],
        channels=channels,
    )


@bp.post("/failures/events/<int:id_>/replay")
def replay(id_: int) -> Response:
    """再実行: an event's effects and its answer commit together, so none of the failed tries has sent anything."""
    with transaction(desk().database) as session:
        done = replay_event(session, id_, now())
        if done:
            record_audit(session, doer(), "event.replayed", f"event:{id_}", now())
            wake_workers(session)
    toast("もう一度処理します。" if done else "この受信は、すでに処理されたか内容が残っていません。")
    return redirect(url_for(".list_failures"))


@bp.post("/failures/events/<int:id_>/discard")
def discard(id_: int) -> Response:
    """破棄, with a reason."""
    form = read_form(DiscardForm)
    if form.value is None:
        toast("破棄していません。理由を入力してください。")
        return redirect(url_for(".list_failures"))
    with transaction(desk().database) as session:
        done = discard_event(session, id_, now())
        if done:
            change = {"reason": form.value.reason}
            record_audit(session, doer(), "event.discarded", f"event:{id_}", now(), change)
    toast("破棄しました。" if done else "この受信は、すでに処理されています。")
    return redirect(url_for(".list_failures"))


@bp.post("/failures/messages/<int:id_>/again")
def send_once_more(id_: int) -> Response:
    """もう一度送る: to a person as a push, whom the gate is asked about again; to the job site as it was."""
    with transaction(desk().database) as session:
        done = send_again(session, id_, now()) or replay_delivery(session, id_, now())
        if done:
            record_audit(session, doer(), "message.sent_again", f"message:{id_}", now())
    toast("もう一度送ります。" if done else "内容が残っていないか、すでに対応されています。")
    return redirect(url_for(".list_failures", tab=request.form.get("tab")))


@bp.post("/failures/messages/<int:id_>/give-up")
def give_up_message(id_: int) -> Response:
    """対応済みにする, with a reason: it was told otherwise, or is not needed any more."""
    form, back = read_form(DiscardForm), redirect(url_for(".list_failures", tab=request.form.get("tab")))
    if form.value is None:
        toast("対応済みにしていません。理由を入力してください。")
        return back
    with transaction(desk().database) as session:
        done = give_up(session, id_)
        if done:
            change = {"reason": form.value.reason}
            record_audit(session, doer(), "message.given_up", f"message:{id_}", now(), change)
    toast("対応済みにしました。" if done else "すでに対応されています。")
    return back


def _dead(session: Session, before: int | None) -> list[DeadEvent]:
    event = InboxEvent
    query = (
        select(
            event.id,
            event.received_at,
            event.attempts,
            event.error,
            event.payload.is_not(None),
            event.channel_id,
            Friend.id,
            Friend.display_name,
        )
        .outerjoin(
            Friend, (Friend.channel_id == event.channel_id) & (Friend.line_user_id == event.line_user_id)
        )
        .where(event.status == InboxStatus.DEAD)
        .order_by(event.id.desc())
        .limit(ROWS + 1)
    )
    if before is not None:
        query = query.where(event.id < before)
    return [DeadEvent(*row) for row in session.execute(query)]


def _troubles(session: Session, tab: str, before: int | None) -> list[Trouble]:
    row, outside = OutboxMessage, [Carrier.WEBHOOK, Carrier.ALERT]
    is_of_tab = row.carrier.in_(outside) if tab == "announced" else row.carrier.not_in(outside)
    query: Any = (
        select(
            row.id,
            row.created_at,
            row.ended_at,
            row.carrier,
            row.status,
            row.reason,
            row.attempts,
            row.preview,
            row.friend_id,
            Friend.display_name,
        )
        .outerjoin(Friend, Friend.id == row.friend_id)
        .where(row.status.in_([OutboxStatus.FAILED, OutboxStatus.UNKNOWN]), is_of_tab)
        .order_by(row.id.desc())
        .limit(ROWS + 1)
    )
    if before is not None:
        query = query.where(row.id < before)
    return [Trouble(*found) for found in session.execute(query)]
