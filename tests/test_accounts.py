"""`goen channel`: accounts that are added and changed, and those that cannot be; on both databases."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app.cli import main
from app.console.reasons import action_words
from app.db import Database, reading, transaction
from app.encryption import Encryption
from app.messaging.accounts import BadAccount, add_account, change_account, find_account, keep_bot_info
from app.messaging.channels import Credentials
from app.setup import set_up
from app.simulator.config import SimulatorConfig
from app.simulator.running import RunningSimulator
from app.simulator.server import run_simulator
from app.staff.models import Audit
from tests.announcements.delivering import ENCRYPTION
from tests.stack import SECRET, TOKEN, environment_for, settings_for

NOW = datetime(2026, 11, 23, tzinfo=UTC)
GIVEN = Credentials(secrets=(SECRET,), access_token=TOKEN)


@pytest.fixture
def line() -> Iterator[RunningSimulator]:
    with run_simulator(SimulatorConfig(channel_secret=SECRET, access_token=TOKEN)) as running:
        yield running


def run(database: Database, line_url: str, *arguments: str) -> Result:
    url = database.writer.url.render_as_string(hide_password=False)
    return CliRunner().invoke(main, arguments, env=environment_for(url, line_url))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"secrets": ()}, "a secret or token", id="no secret"),
        pytest.param({"secrets": ("架空",)}, "a secret or token", id="letters that none has"),
        pytest.param({"secrets": ("one,two",)}, "a secret or token", id="two in one"),
        pytest.param({"access_token": "a b"}, "a secret or token", id="a token with a space"),
        pytest.param({"login_channel_id": "165"}, "both its id and its secret", id="half a login channel"),
        pytest.param({"login_secret": "invented"}, "both its id and its secret", id="the other half"),
        pytest.param(
            {"login_channel_id": "x1", "login_secret": "invented"}, "is a number", id="no login channel's id"
        ),
        pytest.param({"site_url": "javascript:alert(1)"}, "http://", id="a script instead of a site"),
        pytest.param({"site_url": "https://"}, "http://", id="a site without a name"),
        pytest.param({"title": "架" * 101}, "100 letters", id="a long title"),
    ],
)
def test_what_an_account_cannot_have_is_refused_and_changes_nothing(
    database: Database, changes: dict[str, Any], words: str
) -> None:
    with transaction(database) as session:
        add_account(session, ENCRYPTION, "one", GIVEN)
    with pytest.raises(BadAccount, match=words), transaction(database) as session:
        change_account(session, ENCRYPTION, "one", changes)
    with reading(database) as session:
        known = find_account(session, ENCRYPTION, "one")
    assert (known.secrets, known.access_token, known.login_channel_id) == ((SECRET,), TOKEN, None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["Bad Name"], "lower-case letters", id="a name that no address can hold"),
        pytest.param(["default"], "already", id="a taken name"),
        pytest.param(["second"], "is here already, as default", id="the same account under two names"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    database: Database, line: RunningSimulator, arguments: list[str], words: str
) -> None:
    given = ["--secret", SECRET, "--token", TOKEN]
    env = environment_for(database.writer.url.render_as_string(hide_password=False), line.url)
    assert CliRunner().invoke(main, ["channel", "add", "default", *given], env=env).exit_code == 0
    result = CliRunner().invoke(main, ["channel", "add", *arguments, *given], env=env)
    assert result.exit_code == 1
    assert words in result.stderr
    assert TOKEN not in result.output


def test_a_token_that_line_does_not_take_is_refused_before_anything_is_stored(
    database: Database, line: RunningSimulator
) -> None:
    env = environment_for(database.writer.url.render_as_string(hide_password=False), line.url)
    given = ["--secret", SECRET, "--token", "invented-wrong-token"]
    result = CliRunner().invoke(main, ["channel", "add", "second", *given], env=env)
    assert result.exit_code == 1
    assert "does not take this channel access token" in result.stderr
    assert json.loads(run(database, line.url, "channel", "list", "--json").stdout) == []


def test_the_account_of_the_environment_is_changed_there(database: Database, line: RunningSimulator) -> None:
    result = run(database, line.url, "channel", "change", "default", "--title", "架空")
    assert result.exit_code == 1
    assert "environment" in result.stderr


def test_who_changes_an_account_is_in_the_audit_without_any_secret(
    database: Database, line: RunningSimulator
) -> None:
    env = environment_for(database.writer.url.render_as_string(hide_password=False), line.url)
    for arguments in (
        ["add", "osaka", "--secret", SECRET, "--token", TOKEN],
        ["change", "osaka", "--title", "大阪", "--site-url", "https://jobs.example/line"],
        ["change", "osaka", "--title", "架" * 101],
        ["rotate", "osaka", "--secret", "invented-newer-secret"],
        ["rotate", "osaka", "--finish"],
    ):
        CliRunner().invoke(main, ["channel", *arguments], env=env)
    with reading(database) as session:
        channel = find_account(session, ENCRYPTION, "osaka").id
        entries = [
            (row.action, row.change)
            for row in session.scalars(select(Audit).order_by(Audit.id))
            if row.subject == f"channel:{channel}"
        ]
    assert entries == [
        ("channel.added", {"name": "osaka"}),
        ("channel.changed", {"fields": ["site_url", "title"]}),
        ("channel.secret_changed", {"finished": False}),
        ("channel.secret_changed", {"finished": True}),
    ]
    assert all(action_words(action) != action for action, _ in entries)


def title_of(database: Database, name: str) -> str | None:
    with reading(database) as session:
        return find_account(session, ENCRYPTION, name).title


@pytest.mark.parametrize(
    ("given", "said", "title"),
    [
        pytest.param(None, "架空キャリア", "架空キャリア", id="what LINE calls it"),
        pytest.param("大阪支店", "架空キャリア", "大阪支店", id="what staff call it stays"),
        pytest.param(None, " ", None, id="no name"),
        pytest.param(None, 7, None, id="an odd answer"),
        pytest.param(None, "架" * 120, "架" * 100, id="a name that is too long"),
        pytest.param(None, "架\x00空", "架\ufffd空", id="what no database keeps"),
    ],
)
def test_an_account_that_nobody_named_has_its_name_on_line(
    database: Database, given: str | None, said: object, title: str | None
) -> None:
    with transaction(database) as session:
        id_ = add_account(session, ENCRYPTION, "one", replace(GIVEN, title=given)).id
        keep_bot_info(session, id_, {"displayName": said})
    assert title_of(database, "one") == title


def test_the_name_of_the_environments_account_outlives_a_start(database: Database) -> None:
    settings = settings_for(database.writer.url.render_as_string(hide_password=False), "http://127.0.0.1:9")
    encryption = Encryption(settings.require_secret_keys())
    set_up(settings, database, encryption, NOW)
    with transaction(database) as session:
        keep_bot_info(
            session, find_account(session, encryption, "default").id, {"displayName": "架空キャリア"}
        )
    set_up(settings, database, encryption, NOW)
    with reading(database) as session:
        assert find_account(session, encryption, "default").title == "架空キャリア"
