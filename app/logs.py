"""Structured logs: JSON in production, readable in the demo; ids yes, people no.

Entries carry request and event ids. Whole LINE user ids are shortened, and keys that could hold a secret,
a phone number or the text of a message are replaced, whoever logs them.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

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
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    last: Any = (
        structlog.dev.ConsoleRenderer(colors=False)
        if log_format == "console"
        else structlog.processors.JSONRenderer(
            serializer=lambda entry, **_: orjson.dumps(entry, default=str).decode()
        )
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("apscheduler", "alembic", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def redact(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide what must not be in a log: values under telling keys, whole user ids, phone numbers."""
    for key, value in entry.items():
        if key in HIDDEN_KEYS:
            entry[key] = "[hidden]"
        elif isinstance(value, str) and key not in {"timestamp", "level", "logger"}:
            entry[key] = _PHONE.sub("[number]", _USER_ID.sub(lambda found: short_user_id(found[0]), value))
    return entry


def short_user_id(line_user_id: str) -> str:
    """Enough of a LINE user id to tell entries apart, not enough to address anyone."""
    return line_user_id[:5] + "…"
