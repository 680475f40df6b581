"""`goen staff`: letting people in and out from a shell, on both databases."""

import json
import re

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.db import Database, reading
from app.staff.passwords import is_password
from app.staff.queries import find_account
from tests.stack import environment_for

MAIL = "sato@goen.example"


@pytest.fixture
def env(database: Database) -> dict[str, str]:
    url = database.writer.url.render_as_string(hide_password=False)
    return environment_for(url, "http://127.0.0.1:9")


def run(env: dict[str, str], *arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, ["staff", *arguments], env=env, input=typed)


def password_in(result: Result) -> str:
    found = re.search(r"Password, shown only now: (\S+)", result.output)
    assert found is not None, result.output
    return found[1]


def opens(database: Database, password: str) -> bool:
    with reading(database) as session:
        account = find_account(session, MAIL)
    return account is not None and is_password(password, account.password_hash)


def test_somebody_is_added_listed_gets_a_new_password_and_leaves(
    env: dict[str, str], database: Database
) -> None:
    run(env, "add", "boss@goen.example", "--name", "架空 管理", "--role", "admin")
    first = password_in(run(env, "add", MAIL.upper(), "--name", "架空 佐藤", "--role", "recruiter"))
    assert opens(database, first)
    listed = json.loads(run(env, "list", "--json").output)
    assert {(row["email"], row["role"]) for row in listed} == {
        (MAIL, "recruiter"),
        ("boss@goen.example", "admin"),
    }
    assert "架空 佐藤" in run(env, "list").output
    second = password_in(run(env, "reset-password", MAIL))
    assert (opens(database, first), opens(database, second)) == (False, True)
    assert run(env, "leave", MAIL).exit_code == 0
    assert not opens(database, second)


def test_a_password_can_be_typed_and_is_then_not_printed(env: dict[str, str], database: Database) -> None:
    typed = "an invented password\nan invented password\n"
    result = run(env, "add", MAIL, "--name", "架空", "--role", "admin", "--ask-password", typed=typed)
    assert result.exit_code == 0
    assert "an invented password" not in result.output
    assert opens(database, "an invented password")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["leave", MAIL], 1, "there is no staff account", id="nobody of this name"),
        pytest.param(["leave", "boss@goen.example"], 1, "管理者がいなくなる", id="the last admin"),
        pytest.param(
            ["add", "boss@goen.example", "--name", "x", "--role", "admin"], 1, "登録されています", id="twice"
        ),
        pytest.param(["add", MAIL, "--name", "x", "--role", "owner"], 2, "", id="no such role"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    env: dict[str, str], arguments: list[str], code: int, said: str
) -> None:
    run(env, "add", "boss@goen.example", "--name", "架空 管理", "--role", "admin")
    result = run(env, *arguments)
    assert result.exit_code == code
    assert said in result.output
