"""Every script that ships with Goen, played on a running Goen, on both databases."""

from pathlib import Path

import pytest

from app.invention import invent
from app.simulator.scripts.phone_line import PhoneLine
from app.simulator.scripts.playing import Player
from app.simulator.scripts.reading import SHIPPED, load_script
from tests.stack import Stack

SCRIPTS = sorted(SHIPPED.glob("*.yaml"))


@pytest.fixture(scope="module")
def stack_with_jobs(stack: Stack) -> Stack:
    invent(stack.settings, stack.database, jobs=2000, people=0, seed=1)
    return stack


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_shipped_script_goes_as_it_says(stack_with_jobs: Stack, path: Path) -> None:
    with PhoneLine(stack_with_jobs.line.url) as line:
        Player(line, load_script(path)).play()
