"""`goen explain`, `export-person`, `forget`, `rotate-keys` and `import-members`: words, streams and exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app.cli import main
from app.db import Database, reading
from app.encryption import Encryption
from app.members.models import Member
from app.members.queries import open_members
from app.staff.models import Audit
from tests.factories import make_friend
from tests.people.factories import NOW, make_link, make_member
from tests.stack import KEY, environment_for

SEALING = Encryption([KEY])


class Goen:
    """The command line on one database."""

    def __init__(self, database: Database) -> None:
        url = database.writer.url.render_as_string(hide_password=False)
        self._env = environment_for(url, "http://127.0.0.1:9")

    def run(self, *arguments: str, answer: str | None = None, **changes: str) -> Result:
        """What it says, and how it ends."""
        result = CliRunner().invoke(main, arguments, env={**self._env, **changes}, input=answer)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result


@pytest.fixture
def goen(database: Database) -> Goen:
    return Goen(database)


@pytest.fixture
def person(database: Database) -> str:
    """A linked member; the site's id."""
    member = make_member(database, SEALING, external_id="M-1", name="架空 花子", phone="+819012345678")
    make_link(database, member, make_friend(database, NOW))
    return "M-1"


def names(database: Database) -> list[str | None]:
    with reading(database) as session:
        members = session.scalars(select(Member.id)).all()
        return [member.name for member in open_members(session, SEALING, members)]


@pytest.mark.parametrize("command", ["explain", "export-person", "forget"])
def test_nobody_of_that_name_is_one_line_and_exit_1(goen: Goen, command: str) -> None:
    result = goen.run(command, "nobody")
    assert (result.exit_code, result.stderr) == (1, "goen: 該当する人が見つかりません。\n")


def test_forgetting_asks_first(goen: Goen, database: Database, person: str) -> None:
    refused = goen.run("forget", person, answer="n\n")
    assert refused.exit_code == 1
    assert "1 member(s) and 1 friend(s)" in refused.stderr
    assert names(database) == ["架空 花子"]
    done = goen.run("forget", person, answer="y\n")
    assert done.exit_code == 0
    assert "個人情報消去証明書" in done.stdout
    assert "求職管理簿" in done.stdout
    assert names(database) == [None]


def test_a_certificate_for_machines(goen: Goen, person: str) -> None:
    said = json.loads(goen.run("forget", person, "--yes", "--json").stdout)
    assert (said["format"], said["members"], said["friends"]) == ("goen-erasure/1", 1, 1)
    assert goen.run("forget", person, "--yes").exit_code == 1, "nobody is left to forget"


def test_the_file_about_a_person_is_for_its_owner_only_and_noted(
    goen: Goen, database: Database, person: str, tmp_path: Path
) -> None:
    path = tmp_path / "person.json"
    assert goen.run("export-person", person, "--output", str(path)).exit_code == 0
    assert path.stat().st_mode & 0o077 == 0
    said = json.loads(path.read_text(encoding="utf-8"))
    assert said["records"]["member"][0]["phone"] == "+819012345678"
    assert json.loads(goen.run("export-person", person).stdout)["format"] == "goen-person/1"
    with reading(database) as session:
        assert [row.action for row in session.scalars(select(Audit))] == ["person.exported"] * 4


def test_it_is_explained_for_people_and_for_machines(goen: Goen, person: str) -> None:
    said = json.loads(goen.run("explain", person, "--json").stdout)
    assert said["rows"] == []
    assert said["now"][0]["promotion"] == "may be sent"
    assert "What may be sent now" in goen.run("explain", person).stdout


def test_rotating_says_whether_the_old_key_may_go(goen: Goen, database: Database, person: str) -> None:
    result = goen.run("rotate-keys", SECRET_KEY=f"a-newer-key-that-is-long,{KEY}")
    assert result.exit_code == 0
    assert "rotated 1." in result.stdout
    assert "The older keys are needed no more." in result.stdout
    with reading(database) as session:
        [member] = open_members(
            session, Encryption(["a-newer-key-that-is-long"]), session.scalars(select(Member.id)).all()
        )
    assert member.name == "架空 花子"
    lost = goen.run("rotate-keys", SECRET_KEY=KEY)
    assert lost.exit_code == 1
    assert lost.stderr.splitlines()[-1].startswith("goen: SECRET_KEY cannot read what is stored")


def test_importing_members_with_wrong_rows_exits_1(goen: Goen, database: Database, tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text("会員番号,氏名,電話番号\nM-1,架空 花子,03-1234-5678\nM-2,架空 太郎,x\n", encoding="cp932")
    result = goen.run("import-members", str(path))
    assert result.exit_code == 1
    assert result.stdout.startswith("read 2, inserted 1, updated 0, unchanged 0, rejected 1\n")
    assert "members.csv.rejected.csv" in result.stderr
    assert names(database) == ["架空 花子"]
    said = json.loads(goen.run("import-members", str(path), "--json").stdout)
    assert (said["unchanged"], said["rejected"]) == (1, 1)
