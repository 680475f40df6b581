"""What the player says when a conversation does not go as its script says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.simulator.running import RunningSimulator
from app.simulator.scripts.phone_line import PhoneLine, PhoneRefused
from app.simulator.scripts.playing import Player, ScriptFailed
from app.simulator.scripts.reading import read_script
from tests.databases import Databases
from tests.stack import Stack, running_stack


@pytest.fixture(scope="module")
def stack(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """SQLite alone: what a player says does not depend on the database."""
    with running_stack(databases.fresh_url("sqlite"), tmp_path_factory.mktemp("stack")) as running:
        yield running


def play(line: RunningSimulator, *steps: str) -> None:
    text = "name: x\nsteps:\n" + "".join(f"  - {step}\n" for step in steps)
    with PhoneLine(line.url) as phones:
        Player(phones, read_script(text, source="a.yaml")).play()


@pytest.mark.parametrize(
    ("steps", "story"),
    [
        pytest.param(
            ["follow", "{expect: [{text: 友だち追加}, {text: さようなら}]}"],
            r"a.yaml:4: step 2 \(expect\): the message is not the expected one \(message 2 of 2\)\n"
            r"  - text with: さようなら\n  \+ text: まずは",
            id="another text",
        ),
        pytest.param(
            ["follow", "skip", "tap: 踊る"],
            r"step 3 \(tap\): there is no button '踊る'\n  \+ buttons: 希望条件を登録\(1分\) \| 会員連携",
            id="no such button",
        ),
        pytest.param(
            ["follow", "expect_nothing"],
            r"step 2 \(expect_nothing\): nothing was expected\n  \+ text: 友だち追加",
            id="something came",
        ),
        pytest.param(
            ["follow", "{expect: {text: 友だち追加}}"],
            r"step 2 \(expect\): after the last step: nothing was expected",
            id="more than was expected",
        ),
        pytest.param(["block", "say: あ"], r"step 2 \(say\): has blocked the account", id="impossible"),
        pytest.param(
            ["follow", "skip", "unsend: ない"], r"no own message with 'ない'", id="nothing to unsend"
        ),
        pytest.param(["follow", "skip", "menu: 求人"], r"the menu has no area '求人'", id="no menu"),
    ],
)
def test_the_first_wrong_step_is_told_with_its_place(stack: Stack, steps: list[str], story: str) -> None:
    with pytest.raises(ScriptFailed, match=story):
        play(stack.line, *steps)


def test_time_faults_quota_and_two_people_are_steps(stack: Stack) -> None:
    text = """
name: x
people: [架空 花子, 架空 次郎]
steps:
  - follow
  - who: 架空 次郎
    follow:
  - skip
  - who: 架空 次郎
    skip:
  - {fault: {endpoint: reply, kind: '500'}}
  - {who: 架空 次郎, say: ありがとう}
  - {who: 架空 次郎, expect: {text: いつでもどうぞ, within: 1m}}
  - {fault: none}
  - quota: spent
  - until: next
  - say: ありがとう
  - expect: いつでもどうぞ
  - quota: none
  - until: 09:00
  - redeliver
  - expect_nothing
"""
    with PhoneLine(stack.line.url) as phones:
        Player(phones, read_script(text, source="a.yaml")).play()


def test_what_is_no_simulator_is_said(stack: Stack) -> None:
    with PhoneLine(stack.web_url) as phones, pytest.raises(PhoneRefused, match="is it a simulator"):
        phones.now()


def test_the_command_ends_with_1_when_a_script_is_not_as_expected(stack: Stack, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("name: よい台本\nsteps: [follow, skip]\n")
    bad.write_text("name: わるい台本\nsteps:\n  - follow\n  - expect: 踊りましょう\n")
    told = CliRunner().invoke(main, ["simulate", "--script", str(good), "--phone", stack.line.url])
    assert told.exit_code == 0
    assert "ok     よい台本 (2 steps)\n" in told.output  # beside what the worker in this process logs
    told = CliRunner().invoke(main, ["simulate", "--script", str(tmp_path), "--phone", stack.line.url])
    assert told.exit_code == 1
    assert "ok     よい台本" in told.output
    assert f"{bad}:4: step 2 (expect): the message is not the expected one" in told.output


def test_the_command_refuses_a_wrong_script_before_anything_is_played(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("steps: [dance]\n")
    told = CliRunner().invoke(main, ["simulate", "--script", str(wrong)])
    assert told.exit_code == 1
    assert f"{wrong}:1: step 1: dance is not one of" in told.output
