"""Rich menus as people meet them: the right one for each, and how often its buttons are tapped."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.clock import Clock
from app.friends.models import Friend
from app.line.postback import Command
from app.messaging.counts import count_up
from app.messaging.menus import menu_row
from app.messaging.outbox import Ended, OutboxRow, enqueue
from app.messaging.rules import OutboxStatus
from handlers.context import Answer, Context
from handlers.events import Postback
from richmenu.giving import is_live, keep_given, right_body
from richmenu.limits import UNSETTLED, is_unsettled
from richmenu.rules import LETTERS

TAPS, FAILED_SWITCHES = "menu_tap", "menu_switch_failed"
_TAB = re.compile(r"[a-z0-9_]{1,15}/[a-z0-9_]{1,15}")
MOST_ROUNDS = 5
"""How often a friend's menu is looked at again because something changed while it was being given."""


def on_menu_tab(event: Postback, command: Command, ctx: Context) -> Answer:
    """Another tab: LINE has switched already, there is nothing to say."""
    status = event.params.get("status", "SUCCESS")
    if status != "SUCCESS":
        count_up(ctx.session, ctx.friend.channel_id, FAILED_SWITCHES, f"{_place(command)} {status}", ctx.now)
    return []


def count_tap(command: Command, ctx: Context) -> None:
    """One more for the area that was tapped, if it was one of a menu: `members/main/A`."""
    place = _place(command)
    if place:
        count_up(ctx.session, ctx.friend.channel_id, TAPS, place, ctx.now)


def menu_body(session: Session, row: OutboxRow, now: datetime) -> dict[str, Any] | None:
    """Which menu LINE is asked to give the friend of this row; None when they have the right one."""
    values = row.body["values"]
    return right_body(session, int(values["friend_id"]), now, is_sure=not values.get("again"))


def keep_menus(session: Session, ended: Sequence[Ended], now: datetime) -> None:
    """Remember what was given; if something else has become right meanwhile, look again."""
    for item in ended:
        if item.next.status in {OutboxStatus.SENT, OutboxStatus.FAILED} and item.row.frozen is not None:
            _keep_menu(session, item, now)


def _keep_menu(session: Session, item: Ended, now: datetime) -> None:
    values, given = item.row.body["values"], item.row.frozen or {}
    friend_id, round_ = int(values["friend_id"]), int(values.get("round", 0))
    is_given = item.next.status is OutboxStatus.SENT
    # Or LINE refused what it should have.
    is_settled = (
        keep_given(session, friend_id, given) if is_given else is_live(session, given["rich_menu_id"])
    )
    right = right_body(session, friend_id, now)
    if round_ >= MOST_ROUNDS:
        return
    if right is not None and not (is_settled and right["mark"] == given["mark"]):
        _look_again(session, item, now)
    elif is_given and is_unsettled(session, item.row.channel_id, Clock().real_now()):
        # LINE may still do what it was told for many people before, and give this one another menu.
        _look_again(session, item, now, at=now + UNSETTLED)


def _look_again(session: Session, item: Ended, now: datetime, at: datetime | None = None) -> None:
    values = item.row.body["values"]
    friend = session.get_one(Friend, int(values["friend_id"]))
    cause, round_ = f"again:{item.row.id}", int(values.get("round", 0)) + 1
    row = menu_row(friend.channel_id, friend.id, friend.line_user_id, cause, round_=round_, again_at=at)
    enqueue(session, [row], now)


def _place(command: Command) -> str:
    """`members/main/A`, or nothing for what no menu of ours has."""
    tab, area = command.values.get("menu", ""), command.values.get("area", "")
    return f"{tab}/{area}" if _TAB.fullmatch(tab) and len(area) == 1 and area in LETTERS else ""
