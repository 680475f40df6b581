"""Logs: JSON lines with ids, and nothing about people."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from app.logs import configure_logs, redact

PERSON = "U0123456789abcdef0123456789abcdef"


@pytest.fixture
def restored_logs() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param({"event": "x", "text": "夜勤は無理です"}, {"event": "x", "text": "[hidden]"}, id="text"),
        pytest.param(
            {"event": "x", "reply_token": "abc"}, {"event": "x", "reply_token": "[hidden]"}, id="token"
        ),
        pytest.param({"event": f"for {PERSON}."}, {"event": "for U0123…."}, id="user id"),
        pytest.param({"event": "call 090-0000-0000 now"}, {"event": "call [number] now"}, id="mobile number"),
        pytest.param({"event": "+81 90 0000 0000"}, {"event": "[number]"}, id="E.164"),
        pytest.param({"event": "x", "rows": 12345678901}, {"event": "x", "rows": 12345678901}, id="a number"),
        pytest.param({"event": "row 1234567"}, {"event": "row 1234567"}, id="an id"),
    ],
)
def test_what_is_about_people_is_hidden(entry: dict[str, object], expected: dict[str, object]) -> None:
    assert redact(None, "info", dict(entry)) == expected


def test_production_logs_are_json_lines_from_libraries_too(
    capsys: pytest.CaptureFixture[str], restored_logs: None
) -> None:
    configure_logs("json")
    structlog.get_logger("goen").info("stored", event_id="01INVENTED")
    logging.getLogger("a.library").warning("could not reach %s", PERSON)
    ours, theirs = [json.loads(entry) for entry in capsys.readouterr().err.splitlines()]
    assert (ours["event"], ours["event_id"], ours["level"]) == ("stored", "01INVENTED", "info")
    assert theirs["event"] == "could not reach U0123…"


def test_an_exception_is_logged_without_the_values_of_its_statement(
    capsys: pytest.CaptureFixture[str], restored_logs: None
) -> None:
    configure_logs("json")
    try:
        raise ValueError(f"bad {PERSON}")
    except ValueError as error:
        structlog.get_logger("goen").error("failed", exc_info=error)
    [entry] = capsys.readouterr().err.splitlines()
    assert PERSON not in entry
    assert "ValueError" in json.loads(entry)["exception"]
