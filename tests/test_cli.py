"""`goen`: what each command says, on which stream, and its exit code; on both databases."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from app.cli import main
from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.handoff.actions import open_conversation
from app.handoff.models import Conversation
from app.jobs.models import Job
from app.messaging.event_rules import InboxStatus
from app.messaging.intake import inbox_rows, write_events
from app.messaging.models import InboxEvent
from app.site_keys.scopes import Scope
from app.staff.models import Audit
from tests.crash.processes import Program
from tests.databases import KINDS, Databases
from tests.factories import make_channel, make_friend
from tests.jobs.factories import NOW, row_values
from tests.payloads import event
from tests.stack import KEY, environment_for

NOWHERE = "http://127.0.0.1:9"
END_SECONDS = 10


@dataclass(frozen=True)
class Goen:
    """The command line with an environment of its own."""

    env: Mapping[str, str]

    def run(self, *arguments: str, **changes: str) -> Result:
        """In this process."""
        result = CliRunner().invoke(main, arguments, env={**self.env, **changes})
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    def start(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """As a process of its own: for commands that change how this whole process logs."""
        command = [sys.executable, "-m", "app.cli", *arguments]
        return subprocess.run(
            command, env={**os.environ, **self.env}, capture_output=True, text=True, timeout=60, check=False
        )


@pytest.fixture
def goen(database: Database) -> Goen:
    url = database.writer.url.render_as_string(hide_password=False)
    return Goen(environment_for(url, NOWHERE))


@pytest.fixture
def dead_event(database: Database) -> int:
    """The id of an event that five tries could not handle."""
    channel = make_channel(database)
    with transaction(database) as session:
        write_events(session.connection(), inbox_rows(channel, [event()], NOW))
        row = session.scalars(select(InboxEvent)).one()
        row.status, row.attempts, row.error = InboxStatus.DEAD, 5, "ValueError"
        return row.id


def count(database: Database, table: type[Job | Friend]) -> int:
    with reading(database) as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def event_status(database: Database, event_id: int) -> str:
    with reading(database) as session:
        return session.get_one(InboxEvent, event_id).status


def audited(database: Database) -> list[tuple[str, str]]:
    with reading(database) as session:
        return [(row.action, row.subject) for row in session.scalars(select(Audit).order_by(Audit.id))]


def write_jobs(path: Path, *titles: str) -> Path:
    rows = [row_values(external_id=f"A-{number}", title=title) for number, title in enumerate(titles)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_says_what_it_does(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert f"goen {name}" in result.stdout or f"main {name}" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["no-such-command"], id="unknown command"),
        pytest.param(["status", "--no-such-option"], id="unknown option"),
        pytest.param(["replay"], id="missing argument"),
        pytest.param(["replay", "seven"], id="an event that is no number"),
        pytest.param(["import-jobs", "no-such-file.csv"], id="missing file"),
        pytest.param(["check-surveys", "no-such-file.yaml"], id="missing survey"),
        pytest.param(["simulate", "--jobs", "-1"], id="number out of range"),
        pytest.param(["demo", "--port", "65535"], id="no room for a second port"),
    ],
)
def test_wrong_use_is_exit_code_2_and_said_on_stderr(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error" in result.stderr


@pytest.mark.parametrize(
    ("command", "changes", "named"),
    [
        pytest.param("simulate", {"SECRET_KEY": ""}, "SECRET_KEY", id="missing key"),
        pytest.param("simulate", {"SECRET_KEY": "hidden"}, "SECRET_KEY", id="short key"),
        pytest.param("simulate", {"LINE_CHANNEL_SECRET": ""}, "LINE_CHANNEL_SECRET", id="half an account"),
        pytest.param("status", {"DATABASE_URL": "mysql://hidden"}, "DATABASE_URL", id="unknown database"),
        pytest.param("status", {"DATABASE_URL": "sqlite:///"}, "DATABASE_URL", id="database without a name"),
        pytest.param(
            "status", {"DATABASE_URL": "postgresql://127.0.0.1:9/hidden"}, "DATABASE_URL", id="database away"
        ),
        pytest.param(
            "export-answers", {"LINE_API_BASE_URL": "hidden"}, "LINE_API_BASE_URL", id="wrong address"
        ),
    ],
)
def test_a_missing_or_wrong_variable_is_one_line_that_names_it_and_shows_no_value(
    databases: Databases, command: str, changes: dict[str, str], named: str
) -> None:
    result = Goen(environment_for(databases.fresh_url("sqlite"), NOWHERE)).run(command, **changes)
    assert (result.exit_code, result.stdout) == (1, "")
    [line] = result.stderr.splitlines()
    assert named in line
    assert "hidden" not in line
    assert KEY not in line


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_without_tables_is_migrated_and_then_has_a_status(databases: Databases, kind: str) -> None:
    goen = Goen(environment_for(databases.empty_url(kind), NOWHERE))
    before = goen.run("status")
    assert (before.exit_code, before.stdout) == (1, "")
    assert before.stderr == "goen: the tables are not of this release: run `goen migrate`\n"
    for _ in range(2):
        migrated = goen.start("migrate")
        assert (migrated.returncode, migrated.stdout) == (0, "The tables are up to date.\n"), migrated.stderr
    status = json.loads(goen.run("status", "--json").stdout)
    assert set(status["queues"].values()) == {0}
    [account] = status["accounts"]
    assert account == {"name": "default", "problem": None, "promotions_stopped_until": None}
    assert [status[key] for key in ("conversations", "outbox_in_trouble", "dead_events")] == [[], [], []]


def test_status_shows_what_needs_a_person(goen: Goen, database: Database, dead_event: int) -> None:
    friend = make_friend(database, NOW)
    with transaction(database) as session:
        open_conversation(session, friend.id, "wish", NOW)
    found = json.loads(goen.run("status", "--json").stdout)
    assert found["queues"]["inbox_dead"] == 1
    [listed] = found["dead_events"]
    assert (listed["id"], listed["error"]) == (dead_event, "ValueError")
    [waiting] = found["conversations"]
    assert (waiting["friend"], waiting["why"]) == (friend.id, "wish")
    result = goen.run("status")
    assert result.exit_code == 0
    assert "inbox_dead 1" in result.stdout
    assert "ValueError" in result.stdout
    assert "Messages that nobody can be sure of, or that LINE refused: none" in result.stdout


def test_a_dead_event_is_replayed_or_discarded_by_its_id(
    goen: Goen, database: Database, dead_event: int
) -> None:
    unknown = goen.run("replay", str(dead_event + 1))
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert f"no dead event {dead_event + 1}" in unknown.stderr
    assert goen.run("replay", str(dead_event)).exit_code == 0
    assert event_status(database, dead_event) == InboxStatus.WAITING
    assert goen.run("replay", str(dead_event)).exit_code == 1, "it is not dead any more"
    assert audited(database) == [("event.replayed", f"event:{dead_event}")]


def test_a_dead_event_is_discarded_once(goen: Goen, database: Database, dead_event: int) -> None:
    result = goen.run("replay", "--discard", str(dead_event))
    assert (result.exit_code, result.stdout) == (0, "Discarded.\n")
    assert event_status(database, dead_event) == InboxStatus.DISCARDED
    assert goen.run("replay", "--discard", str(dead_event)).exit_code == 1
    assert audited(database) == [("event.discarded", f"event:{dead_event}")]


def test_a_conversation_is_closed_once(goen: Goen, database: Database) -> None:
    friend = make_friend(database, NOW)
    with transaction(database) as session:
        open_conversation(session, friend.id, "wish", NOW)
        conversation = session.scalars(select(Conversation.id)).one()
    assert goen.run("close-conversation", str(conversation)).exit_code == 0
    again = goen.run("close-conversation", str(conversation))
    assert (again.exit_code, again.stderr) == (1, f"goen: there is no open conversation {conversation}\n")
    assert json.loads(goen.run("status", "--json").stdout)["conversations"] == []
    assert audited(database) == [("conversation.closed", f"conversation:{conversation}")]


def test_a_right_file_of_jobs_is_imported(goen: Goen, database: Database, tmp_path: Path) -> None:
    file = write_jobs(tmp_path / "jobs.csv", "病棟の看護師", "訪問看護師")
    result = goen.run("import-jobs", str(file))
    assert result.exit_code == 0
    assert "read 2, inserted 2, updated 0, unchanged 0, rejected 0" in result.stdout
    assert count(database, Job) == 2


def test_rejected_rows_are_exit_code_1_and_the_file_with_them_is_named(
    goen: Goen, database: Database, tmp_path: Path
) -> None:
    file = write_jobs(tmp_path / "jobs.csv", "病棟の看護師", "")
    result = goen.run("import-jobs", str(file))
    rejected = tmp_path / "jobs.csv.rejected.csv"
    assert result.exit_code == 1
    assert str(rejected) in result.stderr.replace("\n", "")
    assert rejected.exists()
    assert count(database, Job) == 1


def test_for_machines_standard_output_holds_one_json_object(goen: Goen, tmp_path: Path) -> None:
    file = write_jobs(tmp_path / "jobs.csv", "病棟の看護師", "")
    result = goen.start("import-jobs", "--json", str(file))
    assert result.returncode == 1
    found = json.loads(result.stdout)
    assert (found["read"], found["inserted"], found["rejected"]) == (2, 1, 1)
    assert found["rejected_path"] == str(tmp_path / "jobs.csv.rejected.csv")


def test_jobs_that_are_gone_are_closed_when_it_is_wished_and_meant(goen: Goen, tmp_path: Path) -> None:
    file = write_jobs(tmp_path / "jobs.csv", "病棟の看護師", "訪問看護師", "保健師")
    goen.run("import-jobs", str(file))
    write_jobs(file, "病棟の看護師")
    refused = goen.run("import-jobs", "--close-missing", str(file))
    assert refused.exit_code == 1
    assert "--yes-close-many" in refused.stderr
    assert "read 1" in refused.stdout
    told = goen.start("import-jobs", "--close-missing", "--yes-close-many", "--json", str(file))
    assert told.returncode == 0
    assert json.loads(told.stdout)["closed"] == 2
    assert "closed 0" in goen.run("import-jobs", "--close-missing", str(file)).stdout
    assert goen.run("import-jobs", "--yes-close-many", str(file)).exit_code == 2


def test_a_file_that_is_no_file_of_jobs_is_refused_in_one_line(goen: Goen, tmp_path: Path) -> None:
    file = tmp_path / "jobs.csv"
    file.write_bytes("あ".encode("utf-16"))
    result = goen.run("import-jobs", str(file))
    assert result.exit_code == 1
    assert "UTF-16" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_same_seed_twice_adds_nothing(goen: Goen, database: Database) -> None:
    arguments = ("simulate", "--jobs", "20", "--people", "3", "--members", "5", "--seed", "7")
    assert goen.run(*arguments).stdout.startswith("Invented: 20 jobs, 3 friends and 5 members that")
    again = goen.run(*arguments).stdout
    assert again.startswith("Invented: 0 jobs, 0 friends and 0 members that")
    assert "and 0 things" in again
    assert (count(database, Job), count(database, Friend)) == (20, 3)


def test_answers_go_to_standard_output_or_into_a_file(goen: Goen, tmp_path: Path) -> None:
    goen.run("simulate", "--jobs", "0", "--people", "2")
    header, *lines = list(csv.reader(goen.run("export-answers").stdout.splitlines()))
    assert header[0] == "friend_id"
    assert {line[1] for line in lines} == {"preferences"}
    output = tmp_path / "answers.csv"
    assert goen.run("export-answers", "--survey", "newcomer", "--output", str(output)).stdout == ""
    assert list(csv.reader(output.read_text("utf-8-sig").splitlines())) == [header]


def test_the_shipped_surveys_have_no_faults() -> None:
    result = CliRunner().invoke(main, ["check-surveys"])
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "No faults.\n")


def test_a_faulty_survey_is_named_with_line_and_fault(tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text(
        "name: faulty\ntitle: だめ\ngreeting: はじめます\nclosing: おわりです\nquestions:\n"
        "  - key: one\n    type: single\n    text: どれ？\n    label: どれ\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(main, ["check-surveys", str(file)])
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [f"{file}:6: questions[0].options: 選択肢がありません"]


def test_a_worker_ends_on_sigterm_with_exit_code_0(goen: Goen, tmp_path: Path) -> None:
    worker = Program(
        [sys.executable, "-m", "app.cli", "worker"],
        {**os.environ, **goen.env},
        tmp_path / "worker.log",
        lambda program: '"worker_started"' in program.log(),
    )
    worker.start()
    try:
        worker.wait_until_ready()
        assert worker.end(signal.SIGTERM, END_SECONDS) == 0
        assert '"worker_stopped"' in worker.log()
    finally:
        worker.kill()


def test_an_api_key_is_printed_once_listed_without_itself_and_revoked(goen: Goen) -> None:
    made = goen.run("api-key", "add", "site", "--scope", "members:write", "--scope", "jobs:read")
    token = made.stdout.strip()
    assert (made.exit_code, token[:5]) == (0, "goen_")
    listed = goen.run("api-key", "list", "--json")
    assert token not in listed.output
    [key] = json.loads(listed.stdout)
    assert (key["name"], key["scopes"], key["revoked_at"]) == ("site", ["jobs:read", "members:write"], None)
    assert "valid" in goen.run("api-key", "list").stdout
    assert goen.run("api-key", "revoke", str(key["id"])).exit_code == 0
    assert "revoked" in goen.run("api-key", "list").stdout
    assert goen.run("api-key", "revoke", str(key["id"])).exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("site",), id="no scope"),
        pytest.param(("site", "--scope", "everything"), id="an unknown scope"),
        pytest.param(("", "--all-scopes"), id="no name"),
        pytest.param(("x" * 51, "--all-scopes"), id="an endless name"),
    ],
)
def test_an_api_key_that_makes_no_sense_is_wrong_use(goen: Goen, arguments: tuple[str, ...]) -> None:
    assert goen.run("api-key", "add", *arguments).exit_code == 2


def test_a_key_for_everything_has_every_scope(goen: Goen) -> None:
    goen.run("api-key", "add", "site", "--all-scopes")
    [key] = json.loads(goen.run("api-key", "list", "--json").stdout)
    assert key["scopes"] == sorted(Scope)
