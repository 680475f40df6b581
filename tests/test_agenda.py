"""What the time machine is told: what is due when, and what has happened; only where time can be moved."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.clock import Clock, in_tokyo
from app.factory import close_app, create_app
from app.simulator.clocks import write_offset
from app.tasks import SCHEDULES, insert_due_runs, run_due_task
from tests.databases import KINDS, Databases, opened
from tests.stack import settings_for

NOBODY_LISTENS = "http://127.0.0.1:9"


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, databases: Databases) -> str:
    return databases.fresh_url(request.param)


@pytest.fixture
def web(url: str, tmp_path: Path) -> Iterator[FlaskClient]:
    with opened(url):
        app = create_app(settings_for(url, NOBODY_LISTENS, tmp_path / "clock"))
        yield app.test_client()
        close_app(app)


def read(web: FlaskClient, path: str, **more: Any) -> Any:
    return web.get(f"/simulated/{path}", **more).get_json()


def test_what_a_schedule_will_do_is_listed_the_earliest_first(web: FlaskClient) -> None:
    agenda = read(web, "agenda")
    assert [item["at"] for item in agenda["coming"]] == sorted(item["at"] for item in agenda["coming"])
    assert {item["what"] for item in agenda["coming"]} == set(SCHEDULES)
    assert all(item["at"] > agenda["now"] for item in agenda["coming"])


def test_a_task_is_due_until_it_is_done_and_then_it_has_happened(
    web: FlaskClient, url: str, tmp_path: Path
) -> None:
    clock = Clock(tmp_path / "clock")
    noon = _seconds_to_noon(clock.now())  # at night some of yesterday's runs are too old to be useful
    write_offset(tmp_path / "clock", noon)
    with opened(url) as database:
        while insert_due_runs(database, clock) or run_due_task(database, clock):
            pass
        assert read(web, "due") == {"due": 0}
        write_offset(tmp_path / "clock", noon + int(timedelta(days=1).total_seconds()))
        assert read(web, "due") == {"due": len(SCHEDULES)}
        insert_due_runs(database, clock)
        assert read(web, "due") == {"due": len(SCHEDULES)}
        while run_due_task(database, clock):
            pass
    assert read(web, "due") == {"due": 0}
    done = read(web, "agenda?since=0")["done"]
    assert {(item["kind"], item["what"], item["state"]) for item in done} >= {("task", "retention", "done")}


@pytest.mark.parametrize("since", ["", "?since=rubbish", "?since=99999999999999999"])
def test_any_since_is_answered(web: FlaskClient, since: str) -> None:
    assert web.get(f"/simulated/agenda{since}").status_code == 200


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"environ_base": {"REMOTE_ADDR": "192.0.2.1"}}, id="another machine"),
        pytest.param({"headers": {"X-Forwarded-For": "127.0.0.1"}}, id="through a proxy"),
        pytest.param({"headers": {"Host": "pointed-here.example"}}, id="by another name"),
    ],
)
def test_it_is_for_this_machine_only(web: FlaskClient, more: dict[str, Any]) -> None:
    assert web.get("/simulated/agenda", **more).status_code == 403


def test_without_a_clock_file_there_is_no_such_door(url: str) -> None:
    with opened(url):
        app = create_app(settings_for(url, NOBODY_LISTENS))
        assert app.test_client().get("/simulated/agenda").status_code == 404
        close_app(app)


def _seconds_to_noon(now: datetime) -> int:
    """Until the next noon in Tokyo."""
    local = in_tokyo(now)
    noon = local.replace(hour=12, minute=0, second=0, microsecond=0)
    return int(((noon if noon > local else noon + timedelta(days=1)) - local).total_seconds())
