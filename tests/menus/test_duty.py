"""When the worker looks at LINE, what it publishes by itself, and what people can see and say by command."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from app.cli import main
from app.db import Database, reading, transaction
from app.messaging.models import Channel
from app.messaging.sender import Account
from app.staff.models import Audit
from richmenu.actions import (
    MenuRefused,
    NoSuchVersion,
    plan_draft,
    publish_due_drafts,
    publish_menu,
    roll_back_menu,
)
from richmenu.duty import Pause, is_pending, keep_menus
from richmenu.loading import MENUS
from richmenu.models import LiveMenu, MenuDraft, MenuSync
from richmenu.queries import menu_states, menu_versions
from tests.databases import Databases, opened
from tests.menus.invented import menu_data, tab_data
from tests.menus.publishing import Publishing, publishing_to
from tests.stack import KEY, TOKEN
from tests.waiting import END_SECONDS

SETTLED = timedelta(seconds=60)


@pytest.fixture
def publishing(database: Database, tmp_path: Path) -> Iterator[Publishing]:
    with publishing_to(database, tmp_path) as made:
        yield made


def pending(publishing: Publishing) -> bool:
    """Whether the worker would ask LINE now."""
    with reading(publishing.database) as session:
        return is_pending(session, publishing.channel_id, publishing.clock, SETTLED)


def test_line_is_asked_only_when_there_is_something_to_do(publishing: Publishing) -> None:
    assert pending(publishing)
    publishing.run()
    assert not pending(publishing)
    publishing.friend("架空 花子")
    assert pending(publishing)
    publishing.run()
    assert not pending(publishing)
    publishing.change("members", bar="新しい")
    assert pending(publishing)
    publishing.run(settled_after=SETTLED)
    assert not pending(publishing), "the old one waits for its minute"
    with transaction(publishing.database) as session:
        old = update(LiveMenu).where(LiveMenu.state == "old")
        session.execute(old.values(left_at=publishing.clock.real_now() - SETTLED))
    assert pending(publishing)


def test_the_worker_publishes_a_draft_when_its_time_has_come(publishing: Publishing) -> None:
    publishing.run()
    with transaction(publishing.database) as session:
        now = publishing.clock.now()
        session.add(MenuDraft(name="placed", body=menu_data("placed"), updated_at=now, by=7))
        session.flush()
        plan_draft(session, "placed", now)
    stop, line = threading.Event(), publishing.line
    account = Account(publishing.channel_id, "default", TOKEN, line.url, line.url)
    work = (publishing.database, publishing.clock, lambda: [account], stop, lambda: True, threading.Event())
    duty = threading.Thread(target=keep_menus, args=work)
    duty.start()
    try:
        shelf = line.menus.shelf
        line.wait_until(
            lambda: "placed-settings" not in shelf.aliases or len(shelf.menus) > 6, 30, "published"
        )
    finally:
        stop.set()
        duty.join()
    with reading(publishing.database) as session:
        newest = menu_versions(session, "placed")[0]
    assert (newest.version, newest.by) == (2, 7)


def test_the_worker_looks_at_once_when_something_was_committed(publishing: Publishing) -> None:
    stop, rung, looks = threading.Event(), Rung(), []

    def accounts() -> list[Account]:
        looks.append(rung.waits)
        if len(looks) == 2:
            stop.set()
        rung.set()
        return []

    keep_menus(publishing.database, publishing.clock, accounts, stop, lambda: True, rung)
    assert looks == [0, 1]
    assert rung.waited_for_nothing == 1


class Rung(threading.Event):
    """A bell that says how often it was waited for, and how often it had rung by then."""

    waits = waited_for_nothing = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.waits += 1
        self.waited_for_nothing += self.is_set()
        return super().wait(timeout)


def test_a_draft_with_errors_cannot_be_planned(publishing: Publishing) -> None:
    with transaction(publishing.database) as session:
        now = publishing.clock.now()
        body = menu_data("placed", tab_data(areas=[]), bar="あ" * 15)
        session.add(MenuDraft(name="placed", body=body, updated_at=now, by=None))
        session.flush()
        with pytest.raises(MenuRefused, match="14文字"):
            plan_draft(session, "placed", now)
        with pytest.raises(NoSuchVersion):
            plan_draft(session, "nothing", now)


def test_a_menu_with_errors_or_without_its_picture_is_not_published(publishing: Publishing) -> None:
    with transaction(publishing.database) as session:
        now = publishing.clock.now()
        with pytest.raises(MenuRefused, match="14文字"):
            publish_menu(session, menu_data(bar="あ" * 15), now=now, by=None)
        with pytest.raises(MenuRefused, match="画像がない"):
            publish_menu(session, menu_data("placed", tab_data(picture="0" * 64)), now=now, by=None)
        with pytest.raises(NoSuchVersion):
            roll_back_menu(session, "placed", 9, now=now, by=None)


def test_a_draft_without_its_picture_cannot_be_planned(publishing: Publishing) -> None:
    with transaction(publishing.database) as session:
        now = publishing.clock.now()
        body = menu_data("placed", tab_data(picture="0" * 64))
        session.add(MenuDraft(name="placed", body=body, updated_at=now, by=None))
        session.flush()
        with pytest.raises(MenuRefused, match="画像がない"):
            plan_draft(session, "placed", now)


def test_a_planned_draft_that_has_become_faulty_holds_nothing_up(publishing: Publishing) -> None:
    with transaction(publishing.database) as session:
        now = publishing.clock.now()
        faulty = menu_data("members", tab_data(picture="0" * 64))
        session.add(MenuDraft(name="members", body=faulty, updated_at=now, by=7, publish_at=now))
        session.add(MenuDraft(name="placed", body=menu_data("placed"), updated_at=now, by=7, publish_at=now))
    with transaction(publishing.database) as session:
        assert [made.name for made in publish_due_drafts(session, now)] == ["placed"]
    with reading(publishing.database) as session:
        assert session.get_one(MenuDraft, "members").publish_at is None
        assert session.get_one(MenuDraft, "members").body == faulty


class SaysNothing(BaseHTTPRequestHandler):
    """Answers everything by an object without anything in it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_said: object) -> None:
        """Nothing on the screen."""


TABS, OTHER_TABS = {("members/main", "old")}, {("members/main", "new")}


@pytest.mark.parametrize(
    ("now", "wanted", "holds"),
    [
        pytest.param(19.9, TABS, True, id="its time is not up"),
        pytest.param(20.0, TABS, False, id="its time is up"),
        pytest.param(1.0, OTHER_TABS, False, id="staff want others by now, such as the ones before"),
    ],
)
def test_a_pause_ends_with_its_time_or_when_other_menus_are_wanted(
    now: float, wanted: set[tuple[str, str]], holds: bool
) -> None:
    assert Pause(until=20.0, wanted=TABS).holds(now, lambda: wanted) is holds


def test_an_account_whose_answers_nobody_understands_holds_up_no_other(publishing: Publishing) -> None:
    with transaction(publishing.database) as session:
        odd = Channel(name="odd", secrets="unused", access_token="unused")
        session.add(odd)
        session.flush()
        odd_id = odd.id
    server = ThreadingHTTPServer(("127.0.0.1", 0), SaysNothing)
    serving = threading.Thread(target=server.serve_forever, args=(END_SECONDS,))
    serving.start()
    odd_url, url = f"http://127.0.0.1:{server.server_port}", publishing.line.url
    accounts = [
        Account(odd_id, "odd", TOKEN, odd_url, odd_url),
        Account(publishing.channel_id, "default", TOKEN, url, url),
    ]
    stop = threading.Event()
    work = (publishing.database, publishing.clock, lambda: accounts, stop, lambda: True, threading.Event())
    duty = threading.Thread(target=keep_menus, args=work)
    duty.start()
    try:
        publishing.line.wait_until(lambda: bool(publishing.line.menus.shelf.default), 30, "published")
    finally:
        stop.set()
        duty.join()
        server.shutdown()
        serving.join()
        server.server_close()
    with reading(publishing.database) as session:
        assert (session.get_one(MenuSync, odd_id).problem or "").startswith("unexpected")


def test_how_the_menus_stand_is_told_for_each_account(publishing: Publishing) -> None:
    publishing.run()
    with reading(publishing.database) as session:
        [state] = menu_states(session)
    assert (state.account, state.live, state.old, state.problem) == ("default", 6, 0, None)


@pytest.fixture
def env(databases: Databases) -> dict[str, str]:
    return {"DATABASE_URL": databases.fresh_url("sqlite"), "SECRET_KEY": KEY}


def test_menus_are_published_listed_and_rolled_back_by_command(env: dict[str, str], tmp_path: Path) -> None:
    run = CliRunner().invoke
    file = tmp_path / "placed.yaml"
    text = (MENUS / "placed.yaml").read_text("utf-8")
    file.write_text(text, "utf-8")
    assert (
        run(main, ["richmenu", "publish", str(file)], env=env).output == "placed: version 1 is the newest.\n"
    )
    file.write_text(text.replace("bar: メニュー", "bar: 新しい"), "utf-8")
    assert "version 2" in run(main, ["richmenu", "publish", str(file)], env=env).output
    assert "version 3" in run(main, ["richmenu", "rollback", "placed", "1"], env=env).output
    with opened(env["DATABASE_URL"]) as database, reading(database) as session:
        noted = [row.action for row in session.scalars(select(Audit).order_by(Audit.id))]
    assert noted == ["menu.published", "menu.published", "menu.rolled_back"]
    listed = json.loads(run(main, ["richmenu", "list", "--json"], env=env).output)
    assert [(row["menu"], row["version"], row["versions"]) for row in listed] == [("placed", 3, 3)]
    refused = run(main, ["richmenu", "rollback", "placed", "9"], env=env)
    assert refused.exit_code == 1


def test_a_faulty_file_is_neither_clean_nor_published(env: dict[str, str], tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(main, ["check-menus"]).exit_code == 0
    file = tmp_path / "placed.yaml"
    file.write_text((MENUS / "placed.yaml").read_text("utf-8").replace("large_4", "large_5"), "utf-8")
    checked = run(main, ["check-menus", str(file)])
    assert checked.exit_code == 1
    assert f"{file}:" in checked.output
    assert run(main, ["richmenu", "publish", str(file)], env=env).exit_code == 1
