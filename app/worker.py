"""`goen worker`: inbox drain, senders, webhooks, clock and tasks in one process. Start as many as you like.

Named locks decide who does what; the others stand by and take over within two seconds. A duty that fails
lets go of its lock, says so, and begins again a second later: the database decides what is still to do.
"""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import structlog
import uvloop
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

from app.announcements.delivery import Deliverer
from app.announcements.posting import Poster
from app.children import end_children
from app.clock import Clock
from app.contact.actions import gate
from app.db import Database, open_database, reading, transaction
from app.encryption import Encryption
from app.errors import AppError
from app.line.client import LineClient
from app.locks import NamedLock, NoLock, named_lock
from app.messaging.accounts import ask_who_they_are
from app.messaging.channels import read_channels
from app.messaging.claims import Features
from app.messaging.inbox import drain_once
from app.messaging.sender import Account, Sender
from app.messaging.waking import Bell, watch_commits
from app.recommend.desk import Desk
from app.settings import Settings
from app.setup import set_up
from app.tasks import Timetable, run_due_task
from app.tracking.links import TrackedLinks
from handlers.announcements import announcement_bodies
from handlers.context import Surroundings
from handlers.dispatch import event_handler
from handlers.ended import on_ended
from handlers.rendering import render
from richmenu.duty import keep_menus

LOOK_SECONDS = 1.0
TICK_SECONDS = 1.0
LEAPING_TICK_SECONDS = 0.2
"""In demo and tests a time machine waits for every hour's tasks."""
STANDBY_SECONDS = 0.5
CHANNELS_SECONDS = 2.0
TASKS_SECONDS = 3.0
"""For runs to be tried again, those whose worker has died, and those that another process has added."""
log = structlog.get_logger(__name__)
IsHeld = Callable[[], bool]


@dataclass(frozen=True)
class Worker:
    """What the duties of one process share."""

    settings: Settings
    database: Database
    encryption: Encryption
    clock: Clock
    bell: Bell
    stop: threading.Event
    desk: Desk
    tasks_due: threading.Event = field(default_factory=threading.Event)
    """Set when the clock of this process has added runs."""

    @property
    def surroundings(self) -> Surroundings:
        """What events and messages are given."""
        settings = self.settings
        tracked = TrackedLinks(self.encryption, settings.base_url)
        return Surroundings(settings.picture_base_url, settings.base_url, self.desk, tracked)


def run_worker(settings: Settings, stop: threading.Event) -> None:
    """Work until `stop` is set, then finish what is in flight.

    Errors: SettingsError when a needed variable is missing.
    """
    database = open_database(settings.database_url)
    clock = Clock(settings.clock_file)
    worker = Worker(
        settings,
        database,
        Encryption(settings.require_secret_keys()),
        clock,
        Bell(),
        stop,
        Desk(database, clock),
    )
    set_up(settings, database, worker.encryption, worker.clock.now())
    with transaction(database) as session:
        ask_who_they_are(session, worker.clock.now(), known_too=False)
    threads = [
        _start(worker, "watch", NoLock(), lambda _: watch_commits(database, worker.bell, stop)),
        _start(worker, "inbox", _inbox_lock(database), partial(drain_inbox, worker, worker.bell)),
        _start(worker, "senders", NoLock(), lambda _: look_after_senders(worker)),
        _start(worker, "webhooks", named_lock(database, "webhooks"), partial(deliver_webhooks, worker)),
        _start(worker, "clock", named_lock(database, "clock"), lambda is_held: keep_time(worker, is_held)),
        _start(
            worker, "menus", named_lock(database, "menus"), lambda is_held: look_after_menus(worker, is_held)
        ),
        _start(worker, "recommender", NoLock(), lambda _: worker.desk.keep(stop)),
        _start(worker, "tasks", NoLock(), lambda _: run_tasks(worker)),
    ]
    if not database.is_sqlite:
        # A second drain, which one event does not wake: it takes other lanes of what has piled up.
        threads.append(_start(worker, "inbox-2", NoLock(), partial(drain_inbox, worker, Bell())))
    log.info("worker_started")
    stop.wait()
    worker.tasks_due.set()
    worker.bell.ring()
    for thread in threads:
        while thread.is_alive():
            end_children()  # tasks wait for them, and one may just have begun
            thread.join(LOOK_SECONDS)
    database.dispose()
    log.info("worker_stopped")


def drain_inbox(worker: Worker, bell: Bell, is_held: IsHeld) -> None:
    """Handle events when the bell rings; look once a second for those that were put off or have piled up."""
    handle = event_handler(worker.surroundings)
    with bell.heard() as rung:
        while not worker.stop.is_set() and is_held():
            rung.clear()
            if drain_once(worker.database, handle, worker.clock):
                worker.bell.ring()  # the senders of this process need not wait until the commit is seen
            else:
                rung.wait(LOOK_SECONDS)


def look_after_senders(worker: Worker) -> None:
    """One sender duty per account that may send; a changed token starts it anew."""
    running: dict[Account, tuple[threading.Event, threading.Thread]] = {}
    try:
        while not worker.stop.is_set():
            wanted = _wanted_accounts(worker, set(running))
            for account in set(running) - wanted:
                running.pop(account)[0].set()
            for account in wanted - set(running):
                ended = threading.Event()
                running[account] = ended, _start_sender(worker, account, ended)
            worker.stop.wait(CHANNELS_SECONDS)
    finally:
        for ended, _ in running.values():
            ended.set()
        worker.bell.ring()
        for _, thread in running.values():
            thread.join()


def _wanted_accounts(worker: Worker, running: set[Account]) -> set[Account]:
    """The accounts that may send now; those that run, while the database cannot say."""
    try:
        return set(_accounts(worker))
    except (SQLAlchemyError, AppError) as error:
        log.error("accounts_not_read", error=type(error).__name__)
        return running


def send_for(worker: Worker, account: Account, ended: threading.Event, is_held: IsHeld) -> None:
    """Run an account's sender until the worker stops, the account changes, or the lock is lost."""
    client = LineClient(account.api_base_url, account.data_api_base_url, account.access_token)
    features = Features(gate(worker.encryption), partial(render, at=worker.surroundings), on_ended)
    sender = Sender(worker.database, account, worker.clock, features, client)
    worker.bell.add(sender.wake)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(sender.run(lambda: not ended.is_set() and is_held()))
    finally:
        worker.bell.remove(sender.wake)
        client.close()


def look_after_menus(worker: Worker, is_held: IsHeld) -> None:
    """Keep the rich menus of every account as they should be."""
    with worker.bell.heard() as rung:
        keep_menus(worker.database, worker.clock, partial(_accounts, worker), worker.stop, is_held, rung)


def deliver_webhooks(worker: Worker, is_held: IsHeld) -> None:
    """Tell the job site what happened, until the worker stops or the lock is lost."""
    poster = Poster(private_allowed=worker.settings.webhook_private)
    deliverer = Deliverer(worker.database, worker.encryption, worker.clock, announcement_bodies, poster)

    def hear() -> None:
        (deliverer.stop if worker.stop.is_set() else deliverer.wake)()

    worker.bell.add(hear)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(deliverer.run(lambda: not worker.stop.is_set() and is_held()))
    finally:
        worker.bell.remove(hear)


def keep_time(worker: Worker, is_held: IsHeld) -> None:
    """Ask every second which schedules have come due; more often where time leaps. APScheduler keeps nothing."""

    timetable = Timetable(worker.database, worker.clock)

    def tick() -> None:
        if timetable.look():
            worker.tasks_due.set()

    scheduler = BackgroundScheduler()
    seconds = TICK_SECONDS if worker.clock.offset_file is None else LEAPING_TICK_SECONDS
    scheduler.add_job(tick, "interval", seconds=seconds, coalesce=True, max_instances=1)
    scheduler.start()
    try:
        while not worker.stop.wait(LOOK_SECONDS) and is_held():
            pass
    finally:
        scheduler.shutdown(wait=True)


def run_tasks(worker: Worker) -> None:
    """Do due runs, one after the other; the clock of this process says when there are new ones.

    Whoever stops this sets `tasks_due`, after `stop`.
    """
    while True:
        worker.tasks_due.clear()
        if worker.stop.is_set():
            return
        if not run_due_task(worker.database, worker.clock):
            worker.tasks_due.wait(TASKS_SECONDS)


def _inbox_lock(database: Database) -> NamedLock:
    return named_lock(database, "inbox") if database.is_sqlite else NoLock()


def _accounts(worker: Worker) -> list[Account]:
    settings = worker.settings
    with reading(worker.database) as session:
        channels = read_channels(session, worker.encryption)
    return [
        Account(
            channel.id,
            channel.name,
            channel.access_token,
            settings.line_api_base_url,
            settings.line_data_api_base_url,
        )
        for channel in channels
        if channel.access_token is not None
    ]


def _start_sender(worker: Worker, account: Account, ended: threading.Event) -> threading.Thread:
    lock = named_lock(worker.database, f"sender:{account.name}")
    return _start(
        worker,
        f"sender:{account.name}",
        lock,
        lambda is_held: send_for(worker, account, ended, is_held),
        ended,
    )


def _start(
    worker: Worker,
    name: str,
    lock: NamedLock,
    work: Callable[[IsHeld], None],
    stop: threading.Event | None = None,
) -> threading.Thread:
    stop = stop or worker.stop
    thread = threading.Thread(target=_keep_doing, args=(name, lock, work, stop), name=name)
    thread.start()
    return thread


def _keep_doing(name: str, lock: NamedLock, work: Callable[[IsHeld], None], stop: threading.Event) -> None:
    """Do the work whenever the lock is ours; after an error let go of it and begin again."""
    try:
        while not stop.is_set():
            stop.wait(_work_if_ours(name, lock, work))
    finally:
        lock.release()


def _work_if_ours(name: str, lock: NamedLock, work: Callable[[IsHeld], None]) -> float:
    """Do the work if nobody else does; seconds to wait before the next look."""
    pause = 0.0
    try:
        if not lock.try_acquire():
            return STANDBY_SECONDS  # keeping the lock's connection for the next look
        work(lock.is_held)
    except BaseException as error:  # even SystemExit: it would end this thread, and its duty, without a word
        log.error("duty_failed", duty=name, exc_info=error)
        pause = LOOK_SECONDS
    lock.release()
    return pause
