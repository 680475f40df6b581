"""`goen routes`: made, listed, reported, ended."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app.cli import main
from app.db import Database, reading, transaction
from app.messaging.models import Channel
from app.staff.models import Audit
from tests.stack import KEY

Goen = Callable[..., Result]


@pytest.fixture
def goen(database: Database) -> Goen:
    """Runs `goen routes …` on this database, which has the default account."""
    with transaction(database) as session:
        session.add(Channel(name="default", secrets="", basic_id="@000simul"))
    url = database.writer.url.render_as_string(hide_password=False)
    env = {"DATABASE_URL": url, "SECRET_KEY": KEY, "BASE_URL": "https://goen.example"}
    return lambda *arguments: CliRunner().invoke(main, ["routes", *arguments], env=env)


def test_a_route_is_made_listed_reported_and_ended(goen: Goen, database: Database) -> None:
    made = goen("add", "seminar", "--title", "横浜のQR", "--promise", "日程をお届けします。")
    assert made.output.splitlines()[0] == "https://goen.example/add/seminar"
    (listed,) = json.loads(goen("list", "--json").output)
    assert (listed["name"], listed["method"], listed["ended_at"]) == ("seminar", "code", None)
    report = json.loads(goen("report", "--days", "7", "--json").output)
    assert report["new_friends"] == {"all": 0, "proven": 0, "unknown": 0}
    assert [len(report["days"]), report["routes"][0]["clicks"]] == [7, 0]
    assert goen("end", "seminar").output == "Ended.\n"
    assert "seminar" in goen("list").output
    with reading(database) as session:
        assert list(session.scalars(select(Audit.action).order_by(Audit.id))) == [
            "route.added",
            "route.ended",
        ]
    assert "0 new friends, 0 by a proven route, 0 unknown" in goen("report").output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("end", "none"), "there is no open route none", id="end what is not there"),
        pytest.param(("report", "--account", "none"), "there is no account none", id="no such account"),
        pytest.param(("add", "Big", "--title", "x"), "英小文字", id="no name for an address"),
        pytest.param(
            ("add", "x", "--title", "x", "--method", "login"), "LINEログイン", id="no login channel"
        ),
    ],
)
def test_what_cannot_be_done_is_one_line(goen: Goen, arguments: tuple[str, ...], words: str) -> None:
    result = goen(*arguments)
    assert result.exit_code == 1
    assert words in result.output
