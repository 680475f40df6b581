"""Publishing: makes LINE's side what it should be, step by step as richmenu/plan.py says.

Each step is a call to LINE outside any transaction, then a short transaction that writes down what came of it.
A run that dies anywhere is continued by the next one, which looks at LINE first.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

import orjson
import structlog
from sqlalchemy.orm import Session

from app.children import ChildFailed
from app.clock import Clock
from app.db import Database, reading, transaction
from app.line.menus import MOST_MOVES, MenuCalls, batch_body, progress_path
from app.line.rules import Reply
from richmenu import books
from richmenu.drawing import drawn
from richmenu.facts import (
    Facts,
    Seen,
    State,
)
from richmenu.giving import give_to_others
from richmenu.limits import calls_left, free_again_at, note_call
from richmenu.models import MenuPicture
from richmenu.plan import (
    after,
    next_step,
    plan,
)
from richmenu.queries import Wanted, given_menus, has_others, known_tabs, mark_of, sync_of, wanted_tabs
from richmenu.steps import (
    Adopt,
    AwaitMove,
    Create,
    Delete,
    DropAlias,
    Forget,
    GiveToOthers,
    GoLive,
    Move,
    PointAlias,
    SetDefault,
    Step,
    Upload,
)
from richmenu.words import words_of

MOVE_PAUSES = (0.1, 0.3, 1.0, 2.0, 4.0)
"""Seconds between looks whether LINE has moved everybody; LINE allows 100 looks an hour."""
ASK_PAUSES = (0.2, 0.5, 1.0)
"""Seconds before a question is asked again that came too soon: LINE lists ten times a second."""
SETTLED_AFTER = timedelta(seconds=60)
"""How long an old menu is kept after everybody has been moved: a link that was under way is over by then."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Site:
    """An account and what publishing to it takes."""

    database: Database
    clock: Clock
    channel_id: int
    line: MenuCalls
    settled_after: timedelta = SETTLED_AFTER
    say: Callable[[str], None] = field(default=lambda _: None)
    """Progress, in words."""
    pause: Callable[[float], object] = time.sleep
    """Waits some seconds, or less when the process is to end: then it gives something true."""


@dataclass(frozen=True)
class Report:
    """What a run did."""

    steps: tuple[str, ...] = ()
    waits_for: str | None = None
    """Why there is more to do that cannot be done now."""
    is_stopped: bool = False
    """LINE refused something, or cannot be reached."""


class SyncStopped(Exception):
    """It cannot go on now, and a later run will; the text says why."""


def sync(site: Site) -> Report:
    """Do all that can be done now. Errors: whatever the database raises; LINE's refusals are in the report."""
    done: list[str] = []
    try:
        facts, wanted = look(site)
        was_settled = _is_settled(facts)
        while (step := next_step(facts)) is not None:
            words, before = words_of(step), facts
            site.say(words)
            facts = _STEPS[type(step)](site, facts, step, wanted)
            if not isinstance(step, GiveToOthers) or facts.given > before.given:
                done.append(words)  # having looked at everybody is nothing done
        waits_for = _waits_for(site, facts)
    except SyncStopped as stop:
        _write(site, partial(books.note_end, problem=str(stop), repaired=None))
        log.warning("menus_stopped", channel=site.channel_id, reason=str(stop))
        return Report(tuple(done), str(stop), is_stopped=True)
    repaired = "\n".join(done) if was_settled and done else None
    _write(site, partial(books.note_end, problem=None, repaired=repaired))
    return Report(tuple(done), waits_for)


def dry_run(site: Site) -> Report:
    """What a run would do, without doing any of it."""
    try:
        return Report(tuple(words_of(step) for step in plan(look(site)[0])))
    except SyncStopped as stop:
        return Report((), str(stop), is_stopped=True)


def look(site: Site) -> tuple[Facts, Mapping[str, Wanted]]:
    """What LINE has and what is written down; the wanted tabs by their digest."""
    seen = Seen(
        {each["richMenuId"]: each["name"] for each in _asked(site, "/richmenu/list")["richmenus"]},
        {
            each["richMenuAliasId"]: each["richMenuId"]
            for each in _asked(site, "/richmenu/alias/list")["aliases"]
        },
        _asked(site, "/user/all/richmenu", missing=404).get("richMenuId"),
    )
    real_now = site.clock.real_now()
    with reading(site.database) as session:
        wanted = wanted_tabs(session)
        running = sync_of(session, site.channel_id)
        facts = Facts(
            tuple(each.object for each in wanted),
            tuple(known_tabs(session, site.channel_id, real_now - site.settled_after)),
            seen,
            is_moving=running is not None and running.batch_id is not None,
            may_move=calls_left(session, site.channel_id, "batch", real_now) > 0,
            has_others=_has_others(session, site),
            is_full=running is None or running.looked_at is None,
        )
    return facts, {each.object.digest: each for each in wanted}


def _is_settled(facts: Facts) -> bool:
    """Whether the books say that all is done: what a run still does then is a repair of LINE's side."""
    states = [facts.known_of(tab) for tab in facts.wanted]
    is_live = all(known is not None and known.state is State.LIVE for known in states)
    return is_live and len(facts.known) == len(states) and not facts.has_others


def _waits_for(site: Site, facts: Facts) -> str | None:
    if not any(known.state is State.OLD for known in facts.known):
        return None
    if any(not known.is_emptied for known in facts.known if known.state is State.OLD):
        with reading(site.database) as session:
            at = free_again_at(session, site.channel_id, "batch", site.clock.real_now())
        return f"people on other tabs of old menus are moved at {at:%H:%M} UTC (LINE: 3 batches an hour)"
    return f"old menus are removed {site.settled_after.seconds} s after everybody has left them"


# One function for each kind of step: the facts as they are afterwards.


def _forget(site: Site, facts: Facts, step: Forget, _: Mapping[str, Wanted]) -> Facts:
    if step.known.is_first:
        mark = mark_of(step.known.name, step.known.digest)
        books.mark_friends(site.database, site.channel_id, mark, None)
    _write(site, partial(books.forget, known=step.known))
    return after(facts, step)


def _adopt(site: Site, facts: Facts, step: Adopt, wanted: Mapping[str, Wanted]) -> Facts:
    _write(site, partial(books.note_created, wanted=wanted[step.tab.digest], rich_menu_id=step.rich_menu_id))
    return after(facts, step)


def _create(site: Site, facts: Facts, step: Create, wanted: Mapping[str, Wanted]) -> Facts:
    _spend(site, "create")
    made = _accepted(site.line.call("POST", "/richmenu", step.tab.body))
    rich_menu_id = str(_json(made)["richMenuId"])
    _write(site, partial(books.note_created, wanted=wanted[step.tab.digest], rich_menu_id=rich_menu_id))
    return after(facts, step, rich_menu_id)


def _upload(site: Site, facts: Facts, step: Upload, wanted: Mapping[str, Wanted]) -> Facts:
    picture, mime = _picture(site, wanted[step.tab.digest])
    reply = site.line.upload(step.rich_menu_id, picture, mime)
    if "already been uploaded" not in reply.detail:  # by a run that died before it wrote that down
        _accepted(reply)
    _write(site, partial(books.note_state, tab=step.tab, state=State.READY))
    return after(facts, step)


def _point_alias(site: Site, facts: Facts, step: PointAlias, _: Mapping[str, Wanted]) -> Facts:
    target = {"richMenuId": step.rich_menu_id}
    if step.is_new:
        _accepted(site.line.call("POST", "/richmenu/alias", {"richMenuAliasId": step.alias, **target}))
    else:
        _accepted(site.line.call("POST", f"/richmenu/alias/{step.alias}", target))
    return after(facts, step)


def _set_default(site: Site, facts: Facts, step: SetDefault, _: Mapping[str, Wanted]) -> Facts:
    _accepted(site.line.call("POST", f"/user/all/richmenu/{step.rich_menu_id}"))
    return after(facts, step)


def _go_live(site: Site, facts: Facts, step: GoLive, _: Mapping[str, Wanted]) -> Facts:
    _write(site, partial(books.go_live, wanted=facts.wanted))
    with reading(site.database) as session:
        return replace(after(facts, step), has_others=_has_others(session, site))


def _move(site: Site, facts: Facts, step: Move, _: Mapping[str, Wanted]) -> Facts:
    """The key is made from what is moved: a run that died after the call begins the same batch, not a second."""
    moves = step.moves[:MOST_MOVES]
    _spend(site, "batch")
    with transaction(site.database) as session:
        key = books.batch_key(session, site.channel_id, moves)
    reply = _accepted(site.line.call("POST", "/richmenu/batch", batch_body(moves, key)))
    _write(site, partial(books.note_batch, batch_id=reply.request_id or "", moves=moves))
    return after(facts, step)


def _await_move(site: Site, facts: Facts, step: AwaitMove, _: Mapping[str, Wanted]) -> Facts:
    with reading(site.database) as session:
        running = sync_of(session, site.channel_id)
        batch_id = "" if running is None else running.batch_id or ""
    books.mark_moved(site.database, site.channel_id, is_done=_is_moved(site, batch_id))
    _write(site, books.end_batch)
    with reading(site.database) as session:
        known = tuple(known_tabs(session, site.channel_id, site.clock.real_now() - site.settled_after))
        others = _has_others(session, site)
    return replace(facts, is_moving=False, known=known, has_others=others)


def _is_moved(site: Site, batch_id: str) -> bool:
    """Wait for the end of a batch: whether it has moved everybody. Errors: SyncStopped while it goes on."""
    for seconds in MOVE_PAUSES:
        site.pause(seconds)
        _spend(site, "progress")
        reply = site.line.call("GET", progress_path(batch_id))
        phase = "failed" if reply.status in {400, 404} else str(_json(_accepted(reply))["phase"])
        if phase != "ongoing":
            return phase == "succeeded"
    raise SyncStopped("LINE is still moving people to the new menus")


def _give_to_others(site: Site, facts: Facts, step: GiveToOthers, _: Mapping[str, Wanted]) -> Facts:
    def link(body: Mapping[str, Any]) -> None:
        with transaction(site.database) as session:
            note_call(session, site.channel_id, "bulk", site.clock.real_now())
        _accepted(site.line.call("POST", "/richmenu/bulk/link", body))

    given = 0
    for looked_at, given in give_to_others(site.database, site.clock, site.channel_id, link):
        site.say(f"{looked_at} friends looked at, {given} given another")
        if site.pause(0):  # of a million people each has to be looked at: the process need not wait for that
            raise SyncStopped("the process ends")
    return replace(after(facts, step), given=facts.given + given)


def _drop_alias(site: Site, facts: Facts, step: DropAlias, _: Mapping[str, Wanted]) -> Facts:
    _spend(site, "unalias")
    reply = site.line.call("DELETE", f"/richmenu/alias/{step.alias}")
    if reply.status != 404:
        _accepted(reply)
    return after(facts, step)


def _delete(site: Site, facts: Facts, step: Delete, _: Mapping[str, Wanted]) -> Facts:
    _spend(site, "delete")
    reply = site.line.call("DELETE", f"/richmenu/{step.rich_menu_id}")
    if reply.status != 404:
        _accepted(reply)
    _write(site, partial(books.note_deleted, rich_menu_id=step.rich_menu_id))
    return after(facts, step)


_STEPS: Mapping[type[Step], Callable[[Site, Facts, Any, Mapping[str, Wanted]], Facts]] = {
    Forget: _forget,
    Adopt: _adopt,
    Create: _create,
    Upload: _upload,
    PointAlias: _point_alias,
    SetDefault: _set_default,
    GoLive: _go_live,
    Move: _move,
    AwaitMove: _await_move,
    GiveToOthers: _give_to_others,
    DropAlias: _drop_alias,
    Delete: _delete,
}


def _picture(site: Site, wanted: Wanted) -> tuple[bytes, str]:
    if not wanted.tab.picture:
        try:
            return drawn(wanted.tab.model_dump_json()), "image/png"
        except ChildFailed as fault:
            raise SyncStopped(f"{wanted.object.name}: {fault}") from None
    with reading(site.database) as session:
        found = session.get_one(MenuPicture, wanted.tab.picture)
        return found.content, found.mime


def _has_others(session: Session, site: Site) -> bool:
    return has_others(session, site.channel_id, given_menus(session, site.channel_id), site.clock.now())


def _spend(site: Site, kind: str) -> None:
    """Write the call down before it is made. Errors: SyncStopped when LINE would refuse it this hour."""
    real_now = site.clock.real_now()
    with transaction(site.database) as session:
        if calls_left(session, site.channel_id, kind, real_now) == 0:
            at = free_again_at(session, site.channel_id, kind, real_now)
            raise SyncStopped(f"this hour's calls of kind {kind} are spent; it goes on at {at:%H:%M} UTC")
        note_call(session, site.channel_id, kind, real_now)


def _asked(site: Site, path: str, missing: int | None = None) -> dict[str, Any]:
    """The answer to a question; `{}` for the status that means "there is none"."""
    reply = site.line.call("GET", path)
    for seconds in ASK_PAUSES:
        if reply.status != 429:
            break
        site.pause(seconds)
        reply = site.line.call("GET", path)
    return {} if reply.status == missing else _json(_accepted(reply))


def _accepted(reply: Reply) -> Reply:
    if reply.status is None or not 200 <= reply.status < 300:
        raise SyncStopped(f"LINE answered {reply.detail or reply.status}"[:300])
    return reply


def _json(reply: Reply) -> dict[str, Any]:
    try:
        value = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        raise SyncStopped("LINE's answer was no JSON") from None
    return value if isinstance(value, dict) else {}


def _write(site: Site, change: Callable[..., None]) -> None:
    """One short transaction."""
    with transaction(site.database) as session:
        change(session, site.channel_id, now=site.clock.now(), real_now=site.clock.real_now())
