"""`python -m app.simulator`: what it needs, what it says, how it ends."""

import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from app.simulator.__main__ import main
from app.simulator.running import RunningSimulator

ENVIRONMENT = {"LINE_CHANNEL_SECRET": "invented, older", "LINE_CHANNEL_ACCESS_TOKEN": "invented"}


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_a_missing_variable_is_named(name: str) -> None:
    result = CliRunner().invoke(main, [], env={**ENVIRONMENT, name: ""})
    assert result.exit_code == 1
    assert f"{name} is not set" in result.output


def test_a_taken_port_is_named(line: RunningSimulator) -> None:
    port = str(urlsplit(line.url).port)
    result = CliRunner().invoke(main, ["--port", port], env=ENVIRONMENT)
    assert result.exit_code == 1
    assert f"port {port}: Address already in use" in result.output


def test_it_says_loudly_that_it_is_not_line_and_ends_on_sigterm() -> None:
    command = [sys.executable, "-m", "app.simulator", "--port", "0"]
    environment = {**os.environ, **ENVIRONMENT}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        rest = process.stderr.read()
    assert "this is NOT LINE" in first
    assert "127.0.0.1" in first
    assert (process.returncode, rest) == (0, "")
