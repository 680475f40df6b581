"""Publishing to a simulated LINE on both databases: each step once, and everybody always has a menu."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.clock import in_tokyo
from app.db import Database, reading, transaction
from app.members.models import Placement
from richmenu.actions import keep_upload, publish_menu, roll_back_menu
from richmenu.giving import right_body
from richmenu.limits import calls_left, note_call
from richmenu.looking import look_again
from richmenu.models import MenuCall
from richmenu.queries import menu_states
from richmenu.sync import dry_run
from richmenu.uploads import read_upload
from tests.menus.invented import menu_data, tab_data
from tests.menus.publishing import Publishing, publishing_to
from tests.menus.test_drawing import image

TABS = 6
"""Of the shipped menus."""
NEWCOMER, MEMBER, PLACED = "架空 はじめ", "架空 会員", "架空 入社"
RIGHT = {NEWCOMER: "newcomers", MEMBER: "members", PLACED: "placed"}


@pytest.fixture
def publishing(database: Database, tmp_path: Path) -> Iterator[Publishing]:
    with publishing_to(database, tmp_path) as made:
        made.friend(NEWCOMER)
        made.member(MEMBER)
        made.member(PLACED, is_placed=True)
        yield made


def test_the_first_run_publishes_all_and_gives_everybody_the_right_one(publishing: Publishing) -> None:
    report = publishing.run()
    assert report.waits_for is None
    for name, menu in RIGHT.items():
        publishing.soon_sees(name, f"{menu}/main")
        assert (publishing.mark(name) or "").startswith(f"{menu}:")
    assert publishing.states() == {"live": TABS}
    default = publishing.json("/user/all/richmenu")["richMenuId"]
    aliases = {
        a["richMenuAliasId"]: a["richMenuId"] for a in publishing.json("/richmenu/alias/list")["aliases"]
    }
    assert len(aliases) == TABS
    assert aliases["newcomers-main"] == default


def test_a_second_run_changes_nothing(publishing: Publishing) -> None:
    publishing.run()
    before = publishing.at_line()
    assert publishing.run().steps == ()
    assert publishing.at_line() == before


def test_a_dry_run_says_what_it_would_do_and_does_nothing(publishing: Publishing) -> None:
    would = dry_run(publishing.site())
    assert publishing.at_line() == []
    assert would.steps == publishing.run().steps


def test_a_new_version_takes_the_place_of_the_old_one_for_everybody_on_every_tab(
    publishing: Publishing,
) -> None:
    publishing.run()
    user_id = publishing.people[NEWCOMER][1]
    publishing.line.wait_until(lambda: user_id in publishing.line.menus.shelf.links)
    publishing.line.tap_menu(user_id, 1)
    publishing.soon_sees(NEWCOMER, "newcomers/more")
    old = set(publishing.at_line())
    publishing.change("newcomers", bar="新しいメニュー")
    report = publishing.run()
    assert report.waits_for is None
    assert publishing.sees(NEWCOMER) == "newcomers/more", "whoever was on another tab stays on it"
    assert publishing.states() == {"live": TABS}
    assert len(set(publishing.at_line()) - old) == 2
    assert len(publishing.at_line()) == TABS
    assert publishing.run().steps == ()


def test_an_old_version_published_again_is_the_newest_and_comes_back(publishing: Publishing) -> None:
    publishing.run()
    first = publishing.at_line()
    publishing.change("members", bar="新しいメニュー")
    publishing.run()
    with transaction(publishing.database) as session:
        back = roll_back_menu(session, "members", 1, now=publishing.clock.now(), by=None)
    assert back.version == 3
    publishing.run()
    assert publishing.at_line() == first
    assert publishing.sees(MEMBER) == "members/main"


def test_an_old_menu_stays_until_it_is_sure_that_nobody_has_it(publishing: Publishing) -> None:
    publishing.run()
    publishing.change("members", bar="新しいメニュー")
    report = publishing.run(settled_after=timedelta(seconds=60))
    assert report.waits_for == "old menus are removed 60 s after everybody has left them"
    assert publishing.states() == {"live": TABS, "old": 2}
    publishing.run()
    assert publishing.states() == {"live": TABS}


@pytest.mark.parametrize("is_made", [True, False], ids=["the last call arrives", "it does not"])
@pytest.mark.parametrize("calls", [5, 6, 7, 9, 13])
def test_runs_that_die_again_and_again_come_to_the_end_and_nobody_is_without_a_menu(
    publishing: Publishing, calls: int, is_made: bool
) -> None:
    publishing.run()
    for name, menu in RIGHT.items():
        publishing.soon_sees(name, f"{menu}/main")
    for menu in RIGHT.values():
        publishing.change(menu, bar="新しいメニュー")
    deaths = 0
    while publishing.run_until_dead(calls, is_made=is_made):
        deaths += 1
        assert deaths < 60
        for name, menu in RIGHT.items():
            assert publishing.sees(name) == f"{menu}/main", f"after {deaths} deaths"
    assert deaths >= 2
    publishing.run()
    assert publishing.states() == {"live": TABS}
    assert len(publishing.at_line()) == TABS
    assert {publishing.sees(name) for name in RIGHT} == {f"{menu}/main" for menu in RIGHT.values()}


def test_a_first_run_that_dies_leaves_nothing_behind(publishing: Publishing) -> None:
    while publishing.run_until_dead(5):
        pass
    assert len(publishing.at_line()) == TABS
    assert publishing.states() == {"live": TABS}


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"endpoint": "richmenu.create", "kind": "500"}, id="create refused"),
        pytest.param({"endpoint": "richmenu.create", "kind": "accepted_lost"}, id="create, answer lost"),
        pytest.param({"endpoint": "richmenu.upload", "kind": "accepted_500"}, id="picture taken, 500"),
        pytest.param(
            {"endpoint": "richmenu.alias", "kind": "reset", "after": 1}, id="alias, connection lost"
        ),
        pytest.param({"endpoint": "richmenu.default", "kind": "429", "after": 1}, id="default, rate limit"),
        pytest.param({"endpoint": "richmenu.bulk", "kind": "accepted_lost"}, id="given, answer lost"),
    ],
)
def test_a_run_that_line_stopped_is_continued_by_the_next(
    publishing: Publishing, fault: dict[str, Any]
) -> None:
    publishing.line.set_faults(fault)
    assert publishing.run().waits_for is not None
    with reading(publishing.database) as session:
        assert menu_states(session)[0].problem is not None
    assert publishing.run().waits_for is None
    with reading(publishing.database) as session:
        assert menu_states(session)[0].problem is None
    assert len(publishing.at_line()) == TABS
    for name, menu in RIGHT.items():
        publishing.soon_sees(name, f"{menu}/main")


def test_a_batch_that_line_forgot_is_made_up_for_one_by_one(publishing: Publishing) -> None:
    publishing.run()
    publishing.change("members", bar="新しいメニュー")
    publishing.line.set_faults({"endpoint": "richmenu.progress", "kind": "500"})
    assert publishing.run().waits_for is not None
    assert publishing.sees(MEMBER) == "members/main"
    assert publishing.run().waits_for is None
    assert publishing.sees(MEMBER) == "members/main"
    assert publishing.states() == {"live": TABS}


def test_no_more_than_a_hundred_menus_are_made_in_an_hour_whoever_makes_them(publishing: Publishing) -> None:
    real_now = publishing.clock.real_now()
    with transaction(publishing.database) as session:
        for _ in range(98):
            note_call(session, publishing.channel_id, "create", real_now - timedelta(minutes=59))
    report = publishing.run()
    assert "calls of kind create are spent" in (report.waits_for or "")
    assert len(publishing.at_line()) == 2
    with transaction(publishing.database) as session:
        assert calls_left(session, publishing.channel_id, "create", real_now) == 0
        for row in session.scalars(select(MenuCall).limit(98)):
            row.at -= timedelta(minutes=2)
    assert publishing.run().waits_for is None
    assert len(publishing.at_line()) == TABS


def test_without_a_batch_left_people_get_the_new_menu_at_once_and_the_old_one_stays(
    publishing: Publishing,
) -> None:
    publishing.run()
    with transaction(publishing.database) as session:
        for _ in range(3):
            note_call(session, publishing.channel_id, "batch", publishing.clock.real_now())
    before = publishing.mark(MEMBER)
    publishing.change("members", bar="新しいメニュー")
    report = publishing.run()
    assert "3 batches an hour" in (report.waits_for or "")
    assert publishing.mark(MEMBER) != before
    assert publishing.states() == {"live": TABS, "old": 2}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("DELETE", "/richmenu/{members}", id="menu deleted"),
        pytest.param("DELETE", "/richmenu/alias/members-main", id="alias deleted"),
        pytest.param("DELETE", "/user/all/richmenu", id="default cleared"),
        pytest.param("POST", "/richmenu/alias/members-main", id="alias pointed elsewhere"),
    ],
)
def test_what_differs_at_line_is_found_and_mended_at_night(
    publishing: Publishing, method: str, path: str
) -> None:
    publishing.run()
    publishing.soon_sees(MEMBER, "members/main")
    ids = {a["richMenuAliasId"]: a["richMenuId"] for a in publishing.json("/richmenu/alias/list")["aliases"]}
    body = {"richMenuId": ids["placed-main"]} if method == "POST" else None
    publishing.calls.call(method, path.format(members=ids["members-main"]), body)
    assert look_again(publishing.database, publishing.clock.now()) == 1
    report = publishing.run()
    assert report.steps
    with reading(publishing.database) as session:
        assert menu_states(session)[0].repaired == "\n".join(report.steps)
    publishing.soon_sees(MEMBER, "members/main")
    assert publishing.run().steps == ()


@pytest.mark.parametrize(
    ("days", "menu"),
    [pytest.param(0, "placed", id="the last day"), pytest.param(1, "members", id="the day after")],
)
def test_two_years_after_the_start_the_members_menu_comes_back_at_night(
    publishing: Publishing, days: int, menu: str
) -> None:
    publishing.run()
    today = in_tokyo(publishing.clock.now()).date()
    with transaction(publishing.database) as session:
        for row in session.scalars(select(Placement)):
            row.start_on = today.replace(year=today.year - 2) - timedelta(days=days)
    assert publishing.run().steps == (), "nothing has happened that anybody would notice"
    look_again(publishing.database, publishing.clock.now())
    report = publishing.run()
    assert bool(report.steps) is (days == 1)
    publishing.soon_sees(PLACED, f"{menu}/main")


def test_menus_of_other_people_are_left_alone(publishing: Publishing) -> None:
    body = {
        "size": {"width": 2500, "height": 843},
        "selected": True,
        "name": "季節のメニュー",
        "chatBarText": "開く",
        "areas": [],
    }
    publishing.calls.call("POST", "/richmenu", body)
    publishing.run()
    publishing.run()
    assert "季節のメニュー" in publishing.at_line()


def test_an_uploaded_picture_is_shown_instead_of_a_drawn_one(publishing: Publishing) -> None:
    publishing.run()
    upload = read_upload(image("JPEG", 2500, 843))
    with transaction(publishing.database) as session:
        sha256 = keep_upload(session, upload, publishing.clock.now())
        publish_menu(
            session,
            menu_data("placed", tab_data(picture=sha256)),
            now=publishing.clock.now(),
            by=None,
        )
    publishing.run()
    [id_] = [
        a["richMenuId"]
        for a in publishing.json("/richmenu/alias/list")["aliases"]
        if a["richMenuAliasId"] == "placed-main"
    ]
    reply = publishing.calls.call("GET", f"/richmenu/{id_}/content")
    assert reply.body == upload.body
    assert publishing.sees(PLACED) == "placed/main"


def test_five_hundred_people_go_into_one_call(publishing: Publishing) -> None:
    for number in range(502):
        publishing.friend(f"架空 {number}")
    said: list[str] = []
    publishing.run(say=said.append)
    assert [words for words in said if "looked at" in words] == [
        "500 friends looked at, 500 given another",
        "505 friends looked at, 505 given another",
    ]
    publishing.soon_sees("架空 501", "newcomers/main")


def test_who_blocked_is_given_nothing(publishing: Publishing) -> None:
    friend_id = publishing.friend("架空 ブロック", blocked_at=publishing.clock.now())
    publishing.run()
    assert publishing.mark("架空 ブロック") is None
    with reading(publishing.database) as session:
        assert right_body(session, friend_id, publishing.clock.now()) is None
