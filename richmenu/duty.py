"""The worker's duty: publishes what was planned for now, and keeps every account's menus as they should be.

Looking costs a few small reads; LINE is asked only when there is something to do, or somebody wants it compared.
"""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import exists, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db import Database, reading, transaction
from app.line.menus import LineMenus
from app.messaging.sender import Account
from richmenu.actions import publish_due_drafts
from richmenu.books import note_end
from richmenu.facts import (
    State,
)
from richmenu.limits import calls_left
from richmenu.models import MenuDraft
from richmenu.queries import given_menus, has_others, known_tabs, sync_of, wanted_tabs
from richmenu.sync import SETTLED_AFTER, Report, Site, sync

LOOK_SECONDS = 5.0
"""For what comes with time alone: a planned publishing, an old menu that nobody has any more."""
REST_SECONDS = 2.0
"""Between two looks, however much is committed: a look is ten reads."""
AGAIN_SECONDS = 20.0
"""After LINE refused something: it is not asked again sooner, unless staff want other menus by then."""
log = structlog.get_logger(__name__)


Tabs = set[tuple[str, str]]
"""Their names and digests."""


@dataclass(frozen=True)
class Pause:
    """Until when (monotonic) an account is left alone, as long as these tabs are wanted."""

    until: float
    wanted: Tabs

    def holds(self, now: float, wanted: Callable[[], Tabs]) -> bool:
        """Whether it is still to be kept; what is wanted is asked for only while its time is not up."""
        return now < self.until and wanted() == self.wanted


def keep_menus(
    database: Database,
    clock: Clock,
    accounts: Callable[[], Iterable[Account]],
    stop: threading.Event,
    is_held: Callable[[], bool],
    rung: threading.Event,
) -> None:
    """Look until `stop` is set or the duty's lock is lost: soon after `rung` is set, and every five seconds."""
    pauses: dict[int, Pause] = {}
    wanted = partial(_tabs_wanted_in, database)
    while not stop.is_set() and is_held():
        rung.clear()
        _publish_due(database, clock)
        for account in accounts():
            pause = pauses.get(account.channel_id)
            if stop.is_set() or (pause is not None and pause.holds(time.monotonic(), wanted)):
                continue
            if _is_pending(database, clock, account.channel_id):
                asked = wanted()
                report = _sync_or_say_why(database, clock, account, stop)
                wait = AGAIN_SECONDS if report.waits_for else 0
                pauses[account.channel_id] = Pause(time.monotonic() + wait, asked)
        if not stop.wait(REST_SECONDS):
            rung.wait(LOOK_SECONDS - REST_SECONDS)


def _tabs_wanted_in(database: Database) -> Tabs:
    with reading(database) as session:
        return _tabs_wanted(session)


def _tabs_wanted(session: Session) -> Tabs:
    return {(each.object.name, each.object.digest) for each in wanted_tabs(session)}


def _sync_or_say_why(database: Database, clock: Clock, account: Account, stop: threading.Event) -> Report:
    """An answer that nobody expected holds up this account only, and not for good."""
    try:
        return sync_account(database, clock, account, pause=stop.wait)
    except (OperationalError, InterfaceError):
        raise  # no account's fault: the duty ends and begins anew
    except Exception as error:
        log.error("menus_failed", channel=account.name, exc_info=error)
        problem = f"unexpected, the log says more: {type(error).__name__}"
        with transaction(database) as session:
            note_end(
                session,
                account.channel_id,
                problem=problem,
                repaired=None,
                now=clock.now(),
                real_now=clock.real_now(),
            )
        return Report((), problem, is_stopped=True)


def sync_account(database: Database, clock: Clock, account: Account, **more: Any) -> Report:
    """One run for one account; `more` is what a Site takes besides."""
    line = LineMenus(account.api_base_url, account.data_api_base_url, account.access_token)
    with closing(line):
        report = sync(Site(database, clock, account.channel_id, line, **more))
    log.info("menus_synced", channel=account.name, steps=len(report.steps), waits_for=report.waits_for)
    return report


def is_pending(session: Session, channel_id: int, clock: Clock, settled: timedelta) -> bool:
    """Whether a run would find something to do, as far as the books tell."""
    real_now = clock.real_now()
    wanted = _tabs_wanted(session)
    if not wanted:
        return False
    running = sync_of(session, channel_id)
    if running is None or running.looked_at is None or running.batch_id is not None:
        return True
    known = known_tabs(session, channel_id, real_now - settled)
    if {(each.name, each.digest) for each in known if each.state is State.LIVE} != wanted:
        return True
    old = [each for each in known if each.state is not State.LIVE]
    may_move = calls_left(session, channel_id, "batch", real_now) > 0
    if any(each.is_left or (may_move and not each.is_emptied) for each in old):
        return True
    return has_others(session, channel_id, given_menus(session, channel_id), clock.now())


def _is_pending(database: Database, clock: Clock, channel_id: int) -> bool:
    with reading(database) as session:
        return is_pending(session, channel_id, clock, SETTLED_AFTER)


def _publish_due(database: Database, clock: Clock) -> None:
    now = clock.now()
    is_due = exists().where(MenuDraft.publish_at <= now)
    with reading(database) as session:
        if not session.scalar(select(is_due)):
            return
    with transaction(database) as session:
        for made in publish_due_drafts(session, now):
            log.info("menu_published", menu=made.name, version=made.version)
