"""Two official accounts of two providers, whose people even have the same LINE user ids; on both databases."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
import requests
from click.testing import CliRunner
from sqlalchemy import select

from app.cli import main
from app.db import reading
from app.friends.models import Friend
from app.line.signature import sign
from app.links.queries import member_of
from app.messaging.models import Channel, Message
from app.simulator.config import SimulatorConfig
from app.simulator.running import RunningSimulator
from app.simulator.server import run_simulator
from surveys.models import SurveySession
from tests.databases import Databases
from tests.links.site import Browser, Site, query_of
from tests.many_lines import lines_by_token
from tests.payloads import body_of, event, text_content, user_id
from tests.scenarios.people import Message as Said
from tests.scenarios.people import eventually, words
from tests.stack import SECRET, SITE_ORIGIN, TOKEN, Stack, environment_for, running_stack

OTHER_SECRET = "invented-other-secret"
OTHER_TOKEN = "invented-other-token"
OTHER_LOGIN = "1650000002"
OTHER_LOGIN_SECRET = "invented-other-login-secret-32-l"
OTHER = "other"


@dataclass(frozen=True)
class Two:
    """A running Goen, and the LINE of a second account."""

    stack: Stack
    other: RunningSimulator
    urls: dict[str, str]
    """Which LINE an access token is for."""

    def goen(self, *arguments: str, **env: str) -> str:
        """A command's standard output; it must succeed."""
        settings = self.stack.settings
        url = environment_for(settings.database_url, settings.line_api_base_url)
        result = CliRunner().invoke(main, arguments, env={**url, "BASE_URL": self.stack.web_url, **env})
        assert result.exit_code == 0, result.output
        return result.stdout

    def channel(self, name: str) -> Channel:
        """An account as it is now."""
        with reading(self.stack.database) as session:
            return session.scalars(select(Channel).where(Channel.name == name)).one()

    def friend(self, name: str, person: str) -> Friend | None:
        """Somebody as one of the accounts knows them."""
        with reading(self.stack.database) as session:
            query = select(Friend).join(Channel, Channel.id == Friend.channel_id)
            return session.scalars(
                query.where(Channel.name == name, Friend.line_user_id == person)
            ).one_or_none()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def two(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Two]:
    """The second account is added while everything runs, by command."""
    config = SimulatorConfig(
        channel_secret=OTHER_SECRET,
        access_token=OTHER_TOKEN,
        login_channel_id=OTHER_LOGIN,
        login_channel_secret=OTHER_LOGIN_SECRET,
    )
    urls: dict[str, str] = {}

    def reached_by(line: RunningSimulator) -> AbstractContextManager[str]:
        urls.update({TOKEN: line.url, OTHER_TOKEN: other.url, OTHER_LOGIN: other.url})
        return lines_by_token(urls)

    with (
        run_simulator(config) as other,
        running_stack(
            databases.fresh_url(request.param),
            tmp_path_factory.mktemp("stack"),
            reached_by=reached_by,
        ) as stack,
    ):
        made = Two(stack, other, urls)
        said = made.goen(
            *("channel", "add", OTHER, "--login-id", OTHER_LOGIN, "--site-url", SITE_ORIGIN),
            GOEN_CHANNEL_SECRET=f" {OTHER_SECRET}\n",
            GOEN_CHANNEL_TOKEN=OTHER_TOKEN,
            GOEN_LOGIN_SECRET=OTHER_LOGIN_SECRET,
        )
        assert f"{stack.web_url}/line/webhook/{OTHER}" in said
        assert "@000simul" in said
        other.point_at(f"{stack.web_url}/line/webhook/{OTHER}")
        yield made
        other.settle()


def follows(line: RunningSimulator, person: str) -> list[Said]:
    """Somebody adds the account; the greeting."""
    line.add_person("架空 花子", user_id=person)
    line.follow(person)
    return line.wait_for_messages(person, 2)


def says(line: RunningSimulator, person: str, text: str) -> Said:
    """Say something; the first message of the answer."""
    before = len(line.messages_to(person))
    line.say(person, text)
    return line.wait_for_messages(person, before + 1)[before]


def test_an_account_that_is_added_answers_within_seconds_without_a_restart(two: Two) -> None:
    person = user_id(1)
    assert len(follows(two.other, person)) == 2
    assert two.friend("default", person) is None
    assert two.stack.line.messages_to(person) == []


def test_people_with_the_same_id_are_two_people(two: Two) -> None:
    person = user_id(2)
    follows(two.stack.line, person)
    follows(two.other, person)
    assert "停止しました" in words(says(two.stack.line, person, "配信停止"))
    assert "1/" in words(says(two.other, person, "希望条件"))
    here, there = two.friend("default", person), two.friend(OTHER, person)
    assert here is not None
    assert there is not None
    assert here.opted_out_at is not None
    assert there.opted_out_at is None
    with reading(two.stack.database) as session:
        runs = session.scalars(select(SurveySession.friend_id)).all()
        threads = {
            friend.id: session.scalars(select(Message.text).where(Message.friend_id == friend.id)).all()
            for friend in (here, there)
        }
    assert there.id in runs
    assert here.id not in runs
    assert threads == {here.id: ["配信停止"], there.id: ["希望条件"]}


def test_a_block_of_one_account_is_none_of_the_other(two: Two) -> None:
    person = user_id(3)
    follows(two.stack.line, person)
    follows(two.other, person)
    two.stack.line.block(person)

    def is_blocked() -> bool:
        friend = two.friend("default", person)
        return friend is not None and friend.blocked_at is not None

    eventually(is_blocked, "the block is known")
    assert words(says(two.other, person, "こんにちは"))


@pytest.mark.parametrize(
    ("path", "secret", "status"),
    [
        pytest.param(f"/line/webhook/{OTHER}", SECRET, 401, id="the default one's secret at the other door"),
        pytest.param("/line/webhook/default", OTHER_SECRET, 401, id="the other's secret at the default door"),
        pytest.param("/line/webhook", OTHER_SECRET, 401, id="the other's secret at the common door"),
        pytest.param("/line/webhook/nobody", SECRET, 404, id="a door that is not there"),
        pytest.param(f"/line/webhook/{OTHER}", OTHER_SECRET, 200, id="its own"),
    ],
)
def test_a_secret_opens_its_own_door_only(two: Two, path: str, secret: str, status: int) -> None:
    person = user_id(1000 + status)
    body = body_of(event(user=person, message=text_content(7, "求人")))
    headers = {"X-Line-Signature": sign(body, secret)}
    answer = requests.post(f"{two.stack.web_url}{path}", data=body, headers=headers, timeout=10)
    assert answer.status_code == status


def test_the_other_account_is_found_by_its_bot_user_id_at_the_common_door(two: Two) -> None:
    person = user_id(4)
    bot_user_id = two.channel(OTHER).bot_user_id
    assert bot_user_id is not None
    body = body_of(event("follow", user=person, follow={"isUnblocked": False}), destination=bot_user_id)
    headers = {"X-Line-Signature": sign(body, OTHER_SECRET)}
    answer = requests.post(f"{two.stack.web_url}/line/webhook", data=body, headers=headers, timeout=10)
    assert answer.status_code == 200
    eventually(lambda: two.friend(OTHER, person) is not None, "the other account knows them")
    assert two.friend("default", person) is None


def test_an_account_whose_token_is_refused_stops_alone(two: Two) -> None:
    person = user_id(5)
    two.other.set_faults({"endpoint": "reply", "kind": "401", "times": None})
    two.other.add_person("架空 太郎", user_id=person)
    two.other.follow(person)
    eventually(lambda: "401" in str(two.channel(OTHER).problem), "the other account's problem is said")
    assert len(follows(two.stack.line, person)) == 2
    assert two.channel("default").problem is None
    two.other.set_faults()
    two.goen("channel", "change", OTHER, GOEN_CHANNEL_TOKEN=another_token(two))
    assert len(two.other.wait_for_messages(person, 2, timeout=30)) == 2
    assert two.channel(OTHER).problem is None


def another_token(two: Two) -> str:
    """One that the other account's LINE has just issued."""
    config = SimulatorConfig()
    form = {
        "grant_type": "client_credentials",
        "client_id": config.channel_id,
        "client_secret": OTHER_SECRET,
    }
    answer = requests.post(f"{two.other.url}/v2/oauth/accessToken", data=form, timeout=10)
    token = str(answer.json()["access_token"])
    two.urls[token] = two.other.url
    return token


def test_accounts_are_listed_without_a_secret(two: Two) -> None:
    said = two.goen("channel", "list", "--json")
    found = {row["name"]: row for row in json.loads(said)}
    assert set(found) == {"default", OTHER}
    assert found[OTHER]["basic_id"] == "@000simul"
    assert not any(secret in said for secret in (SECRET, TOKEN, OTHER_SECRET, OTHER_TOKEN))
    eventually(lambda: two.channel("default").basic_id == "@000simul", "LINE says who the first account is")


def test_during_a_rotation_both_secrets_of_an_account_are_taken(two: Two) -> None:
    two.goen("channel", "rotate", OTHER, GOEN_CHANNEL_SECRET="invented-newer-secret")
    body = body_of()

    def status(secret: str) -> int:
        headers = {"X-Line-Signature": sign(body, secret)}
        url = f"{two.stack.web_url}/line/webhook/{OTHER}"
        return requests.post(url, data=body, headers=headers, timeout=10).status_code

    eventually(lambda: status("invented-newer-secret") == 200, "the new secret is taken")
    assert status(OTHER_SECRET) == 200
    two.goen("channel", "rotate", OTHER, GOEN_CHANNEL_SECRET=OTHER_SECRET)
    two.goen("channel", "rotate", OTHER, "--finish")
    eventually(lambda: status("invented-newer-secret") == 401, "the dropped secret is refused")
    assert status(OTHER_SECRET) == 200


def test_a_member_links_by_line_login_at_the_second_account_alone(two: Two) -> None:
    person, site, browser = user_id(6), Site(two.stack), Browser(two.stack)
    for line in (two.stack.line, two.other):
        follows(line, person)
    member = site.sign_up("M-second-account")
    begun = site.link_session(member, channel=OTHER)
    line_url = browser.begin_link(begun.json()["url"])
    assert query_of(line_url)["client_id"] == OTHER_LOGIN
    back = browser.get(browser.agree(line_url, person))
    assert query_of(back.headers["Location"]) == {"goen": "linked", "friend": "yes"}
    assert [(link["channel"], link["how"]) for link in site.links(member)] == [(OTHER, "login")]
    said = two.other.wait_for_messages(person, 4)[2:]
    assert "会員連携が完了しました" in words(said[0])
    assert len(two.stack.line.messages_to(person)) == 2
    here = two.friend("default", person)
    assert here is not None
    with reading(two.stack.database) as session:
        assert member_of(session, here.id) is None
