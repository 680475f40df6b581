"""Structured logs: JSON in production, readable in the demo; ids yes, people no.

Entries carry request and event ids. Whole LINE user ids are shortened, and keys that could hold a secret,
a phone number or the text of a message are replaced, whoever logs them. Of an exception only what
`app.tracebacks` gives is written: its own text may quote the row that failed.
"""

import logging
import re
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

import structlog

from app.json_text import to_text
from app.tracebacks import exception_text, safe_description

HIDDEN_KEYS = frozenset(
    {"text", "body", "payload", "messages", "message", "phone", "mail", "secret", "token", "access_token"}
    | {
        "channel_secret",
        "reply_token",
        "authorization",
        "password",
        "display_name",
        "name",
        "answer",
        "value",
    }
)
_USER_ID = re.compile(r"\bU[0-9a-f]{32}\b")
_PHONE = re.compile(r"(?<![\w-])(?:\+81[-\s]?|0)\d{1,4}[-\s]?\d{1,4}[-\s]?\d{3,4}(?![\w-])")


def configure_logs(log_format: str, level: int = logging.INFO) -> None:
    """Send every entry, ours and the libraries', through one chain to stderr."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_exception,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    last: Any = (
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        if log_format == "console"
        else structlog.processors.JSONRenderer(serializer=as_json)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    handler.addFilter(describe_arguments)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("apscheduler", "alembic", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def describe_exception(
    _logger: object, _method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """`exc_info`, in any form that structlog and logging know, becomes `exception`: a text without data."""
    given = entry.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        entry["exception"] = exception_text(error)
    return entry


def describe_arguments(record: logging.LogRecord) -> bool:
    """A library's `"…: %s", error` would write the exception's own text; the record always passes."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            safe_description(each) if isinstance(each, BaseException) else each for each in record.args
        )
    return True


def redact(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide what must not be in a log: values under telling keys, whole user ids, phone numbers."""
    for key, value in entry.items():
        if key not in _OWN_KEYS:
            entry[key] = _redacted_at(key, value, 1)
    return entry


def as_json(entry: Mapping[str, Any], **_: Any) -> str:
    """One line of JSON, whatever a person has written: a lone surrogate becomes an escape."""
    return to_text(entry, default=str)


_OWN_KEYS = frozenset({"timestamp", "level", "logger", "_record", "_from_structlog"})
_DEEPEST = 6


def _redacted_at(key: str, value: object, depth: int) -> object:
    return "[hidden]" if key in HIDDEN_KEYS else _redacted(value, depth)


def _redacted(value: object, depth: int) -> object:
    """The value with nothing about people in it; what is no number, text, list or mapping becomes text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return _redacted_inside(value, depth + 1) if depth < _DEEPEST else "[deep]"
    if isinstance(value, bytes | bytearray | memoryview):
        return f"[{len(value)} bytes]"
    return _redacted_text(value)


def _redacted_inside(value: Mapping[Any, Any] | Iterable[Any], depth: int) -> object:
    if isinstance(value, Mapping):
        pairs = ((_redacted_text(key), key, each) for key, each in value.items())
        return {shown: _redacted_at(str(key), each, depth) for shown, key, each in pairs}
    return [_redacted(each, depth) for each in value]


def _redacted_text(value: object) -> str:
    text = safe_description(value) if isinstance(value, BaseException) else str(value)
    return _PHONE.sub("[number]", _USER_ID.sub(lambda found: short_user_id(found[0]), text))


def short_user_id(line_user_id: str) -> str:
    """Enough of a LINE user id to tell entries apart, not enough to address anyone."""
    return line_user_id[:5] + "…"
