"""Friends that an account had before Goen: from LINE or a file, again and again, names by and by."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from app.cli import main
from app.contact.queries import reach_facts
from app.db import Database, reading, transaction
from app.friends.followers import TRIES, FollowersNotTold, follower_ids
from app.friends.imports import NAMES_AT_ONCE, ask_for_all_names, import_friends, read_user_ids
from app.friends.models import Friend
from app.line.client import LineClient
from app.messaging.accounts import add_account
from app.messaging.channels import Credentials
from app.messaging.models import OutboxMessage
from app.simulator.config import SimulatorConfig
from app.simulator.running import RunningSimulator
from app.simulator.server import run_simulator
from tests.announcements.delivering import ENCRYPTION
from tests.factories import make_channel, make_friend
from tests.payloads import user_id
from tests.scenarios.people import eventually
from tests.sending import Sending
from tests.stack import SECRET, TOKEN, environment_for

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[RunningSimulator]:
    config = SimulatorConfig(channel_secret=SECRET, access_token=TOKEN, clock_file=tmp_path / "clock")
    with run_simulator(config) as running:
        yield running


def ignored(_read: int) -> None:
    """Nobody looks on."""


def friends(database: Database) -> list[Friend]:
    with reading(database) as session:
        return list(session.scalars(select(Friend).order_by(Friend.id)))


def questions(database: Database) -> int:
    with reading(database) as session:
        return session.scalars(select(func.count()).select_from(OutboxMessage)).one()


def test_an_import_writes_friends_that_are_not_new_and_can_be_reached(database: Database) -> None:
    channel = make_channel(database)
    ids = [user_id(number) for number in range(1200)]
    seen: list[int] = []
    report = import_friends(database, channel, ids, NOW, seen.append)
    assert (report.read, report.new, report.marked, report.unchanged) == (1200, 1200, 0, 0)
    assert seen == [500, 1000, 1200]
    imported = friends(database)
    assert [friend.line_user_id for friend in imported] == ids
    assert {(friend.imported_at, friend.followed_at) for friend in imported} == {(NOW, None)}
    assert {friend.first_followed_on for friend in imported} == {None}
    with reading(database) as session:
        assert reach_facts(session, [imported[0].id], LATER)[imported[0].id].is_reachable


def test_an_import_again_changes_nothing(database: Database) -> None:
    channel = make_channel(database)
    ids = [user_id(number) for number in range(10)]
    import_friends(database, channel, ids, NOW, ignored)
    asked = questions(database)
    report = import_friends(database, channel, [*ids, *ids], LATER, ignored)
    assert (report.read, report.new, report.unchanged) == (20, 0, 20)
    assert {friend.imported_at for friend in friends(database)} == {NOW}
    assert asked == 10


def test_who_is_known_already_keeps_what_we_know(database: Database) -> None:
    channel = make_channel(database)
    followed = make_friend(database, NOW, channel)
    with transaction(database) as session:
        wrote = Friend(channel_id=channel, line_user_id=user_id(77), created_at=NOW, last_wrote_at=NOW)
        session.add(wrote)
    ids = [followed.line_user_id, wrote.line_user_id]
    report = import_friends(database, channel, ids, LATER, ignored)
    assert (report.new, report.marked, report.unchanged) == (0, 1, 1)
    assert [(each.imported_at, each.followed_at) for each in friends(database)] == [
        (None, NOW),
        (LATER, None),
    ]


def test_the_same_id_of_another_account_is_somebody_else(database: Database) -> None:
    first, second = make_channel(database), make_channel(database)
    import_friends(database, first, [user_id(1)], NOW, ignored)
    report = import_friends(database, second, [user_id(1)], NOW, ignored)
    assert report.new == 1
    assert [friend.channel_id for friend in friends(database)] == [first, second]


@pytest.mark.parametrize(
    ("lines", "found", "unreadable"),
    [
        pytest.param([user_id(1), "", user_id(2)], [1, 2], [], id="one a line"),
        pytest.param(["user_id,name", f"{user_id(1)},架空", f" {user_id(2)} ,"], [1, 2], [1], id="CSV"),
        pytest.param([f'"架空, 花子","{user_id(1)}"'], [1], [], id="in whatever column"),
        pytest.param(
            ["U123", user_id(171).replace("ab", "AB"), "C" + "0" * 32], [], [1, 2, 3], id="no user ids"
        ),
        pytest.param([], [], [], id="nothing"),
    ],
)
def test_a_file_is_read_line_by_line(lines: list[str], found: list[int], unreadable: list[int]) -> None:
    told: list[int] = []
    ids = list(read_user_ids(StringIO("".join(f"{line}\n" for line in lines)), told.append))
    assert ids == [user_id(number) for number in found]
    assert told == unreadable


def test_names_are_asked_for_a_few_at_a_time_until_all_are_known(
    database: Database, line: RunningSimulator, tmp_path: Path
) -> None:
    with transaction(database) as session:
        given = Credentials(secrets=(SECRET,), access_token=TOKEN)
        channel = add_account(session, ENCRYPTION, "default", given).id
    sending = Sending(line, database, tmp_path / "clock", channel)
    ids = [
        line.add_person(f"架空 {number}", user_id=user_id(number), is_friend=True)
        for number in range(NAMES_AT_ONCE + 20)
    ]
    gone = user_id(9999)
    import_friends(database, channel, [*ids, gone], sending.clock.now(), ignored)
    assert questions(database) == NAMES_AT_ONCE
    assert ask_for_all_names(database, sending.clock.now()) == 0
    with sending.running():
        sending.later(6)
        eventually(lambda: questions(database) == len(ids) + 1, "the next are asked for")
        sending.later(6)
        eventually(
            lambda: all(friend.profile_at is not None for friend in friends(database)), "all are answered"
        )
    names = [friend.display_name for friend in friends(database)]
    assert names == [f"架空 {number}" for number in range(len(ids))] + [None]


def test_line_tells_all_friends_page_by_page(line: RunningSimulator) -> None:
    ids = [line.add_person("架空", is_friend=True) for _ in range(1005)]
    line.add_person("架空")
    client = LineClient(line.url, line.url, TOKEN)
    assert sorted(follower_ids(client)) == sorted(ids)
    client.close()


def test_a_page_that_fails_is_asked_for_again(line: RunningSimulator) -> None:
    ids = [line.add_person("架空", is_friend=True) for _ in range(3)]
    line.set_faults({"endpoint": "followers", "kind": "500", "times": TRIES - 1})
    client = LineClient(line.url, line.url, TOKEN)
    pauses: list[float] = []
    assert sorted(follower_ids(client, pauses.append)) == sorted(ids)
    assert len(pauses) == TRIES - 1
    line.set_faults({"endpoint": "followers", "kind": "500", "times": TRIES})
    with pytest.raises(FollowersNotTold, match="run it again"):
        list(follower_ids(client, pauses.append))
    client.close()


def test_an_account_that_line_has_not_verified_is_told_what_to_do(tmp_path: Path) -> None:
    config = SimulatorConfig(access_token=TOKEN, is_verified=False)
    with run_simulator(config) as line:
        client = LineClient(line.url, line.url, TOKEN)
        with pytest.raises(FollowersNotTold, match="give a file of user ids"):
            list(follower_ids(client))
        client.close()


def run(database: Database, line_url: str, *arguments: str) -> Result:
    url = database.writer.url.render_as_string(hide_password=False)
    return CliRunner().invoke(main, arguments, env=environment_for(url, line_url))


def test_the_command_imports_from_line_and_from_a_file(
    database: Database, line: RunningSimulator, tmp_path: Path
) -> None:
    line.add_person("架空", user_id=user_id(1), is_friend=True)
    added = CliRunner().invoke(
        main,
        ["channel", "add", "default", "--secret", SECRET, "--token", TOKEN],
        env=environment_for(database.writer.url.render_as_string(hide_password=False), line.url),
    )
    assert added.exit_code == 0, added.output
    from_line = run(database, line.url, "import-friends", "--json")
    assert json.loads(from_line.stdout)["new"] == 1
    file = tmp_path / "friends.csv"
    file.write_text(f"\ufeffid\n{user_id(1)}\n{user_id(2)}\n", encoding="utf-8")
    from_file = run(database, line.url, "import-friends", str(file))
    assert "read 2, new 1, marked 0, unchanged 1, unreadable 1" in from_file.stdout
    assert run(database, line.url, "import-friends", "--channel", "nobody").exit_code == 1
