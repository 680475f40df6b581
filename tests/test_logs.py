"""Logs: JSON lines with ids, and nothing about people."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import structlog
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db import Database, reading, transaction
from app.errors import AppError
from app.friends.models import Friend
from app.logs import configure_logs, redact
from app.messaging.inbox import Handled, InboxEntry, drain_once
from app.messaging.intake import inbox_rows, write_events
from app.messaging.models import InboxEvent, Message
from app.tracebacks import exception_text
from tests.factories import make_friend
from tests.payloads import event

PERSON = "U0123456789abcdef0123456789abcdef"
WORDS = "夜勤はもう無理です"


class Named:
    """Something that is no text and says whose it is."""

    def __str__(self) -> str:
        return f"named {PERSON}"


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
        pytest.param(
            {"event": "x", "found": [{"text": "夜勤", "who": (PERSON, 7)}]},
            {"event": "x", "found": [{"text": "[hidden]", "who": ["U0123…", 7]}]},
            id="inside lists and mappings",
        ),
        pytest.param({"event": "x", "of": {PERSON: 1}}, {"event": "x", "of": {"U0123…": 1}}, id="a key"),
        pytest.param(
            {"event": "x", "error": ValueError(PERSON)}, {"event": "x", "error": "ValueError"}, id="an error"
        ),
        pytest.param({"event": "x", "is": Named()}, {"event": "x", "is": "named U0123…"}, id="an object"),
        pytest.param({"event": "x", "raw": b"090"}, {"event": "x", "raw": "[3 bytes]"}, id="bytes"),
        pytest.param(
            {"event": "x", "ok": True, "no": None}, {"event": "x", "ok": True, "no": None}, id="kept"
        ),
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


def test_an_exception_is_logged_with_its_places_and_without_its_words(
    capsys: pytest.CaptureFixture[str], restored_logs: None
) -> None:
    configure_logs("json")
    try:
        try:
            raise KeyError(WORDS)
        except KeyError as error:
            raise ValueError(f"bad {WORDS}") from error
    except ValueError as error:
        structlog.get_logger("goen").error("failed", exc_info=error)
        logging.getLogger("a.library").exception("failed: %s", error)
        structlog.get_logger("goen").error("failed", exc_info=True)
    entries = capsys.readouterr().err
    assert WORDS not in json.dumps([json.loads(entry) for entry in entries.splitlines()], ensure_ascii=False)
    for entry in entries.splitlines():
        lines = json.loads(entry)["exception"].splitlines()
        assert [line for line in lines if not line.startswith("  ")] == ["KeyError", "ValueError"]
        assert all("test_logs.py:" in line for line in lines if line.startswith("  "))


def test_our_own_errors_and_groups_say_what_they_may() -> None:
    group = ExceptionGroup(WORDS, [AppError("しばらくお待ちください。"), ValueError(WORDS)])
    told = exception_text(group).splitlines()
    assert told == ["ValueError", "app.errors.AppError: しばらくお待ちください。", "ExceptionGroup"]


@pytest.mark.parametrize("log_format", ["json", "console"])
@pytest.mark.parametrize(
    "value",
    [
        pytest.param("\ud83d", id="half an emoji"),
        pytest.param(2**70, id="a very large number"),
        pytest.param({1: {"\udfff"}}, id="half an emoji in a set in a mapping"),
        pytest.param(object(), id="an object"),
    ],
)
def test_no_value_keeps_an_entry_from_being_written(
    capsys: pytest.CaptureFixture[str], restored_logs: None, log_format: str, value: object
) -> None:
    sys.stderr.reconfigure(errors="backslashreplace") if hasattr(sys.stderr, "reconfigure") else None
    configure_logs(log_format)
    structlog.get_logger("goen").info("stored", event_id=value)
    [entry] = capsys.readouterr().err.splitlines()
    assert "stored" in entry
    assert "Logging error" not in entry


def without_kind(session: Session, friend: Friend) -> None:
    values = {"friend_id": friend.id, "text": WORDS, "line_message_id": PERSON, "kind": None}
    session.execute(insert(Message).values(values | {"at": Clock().now()}))


def twice(session: Session, friend: Friend) -> None:
    values = {"friend_id": friend.id, "text": WORDS, "line_message_id": PERSON, "kind": "text"}
    for _ in range(2):
        session.execute(insert(Message).values(values | {"at": Clock().now()}))


def no_number(session: Session, friend: Friend) -> None:
    session.execute(text("SELECT CAST(:words AS integer) FROM missing_here"), {"words": WORDS + PERSON})


@pytest.mark.parametrize("trouble", [without_kind, twice, no_number], ids=lambda each: each.__name__)
@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_statement_that_fails_in_the_drain_leaves_no_words_in_the_log(
    database: Database,
    capsys: pytest.CaptureFixture[str],
    restored_logs: None,
    trouble: Callable[[Session, Friend], None],
    log_format: str,
) -> None:
    friend = make_friend(database, Clock().now())
    with transaction(database) as session:
        write_events(session.connection(), inbox_rows(friend.channel_id, [event()], Clock().now()))

    def handle(session: Session, entry: InboxEntry, now: datetime) -> Handled:
        trouble(session, friend)
        return Handled()

    configure_logs(log_format)
    assert drain_once(database, handle, Clock()) == 1
    written = capsys.readouterr().err
    assert "inbox_event_failed" in written
    assert "sqlalchemy.exc." in written
    assert f" {trouble.__name__}" in written
    everything = written + written.encode().decode("unicode_escape", "replace")
    assert WORDS not in written
    assert WORDS[:3] not in everything
    assert PERSON not in everything
    with reading(database) as session:
        assert WORDS not in (session.scalars(select(InboxEvent.error)).one() or "")
