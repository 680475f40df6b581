"""What a log may say of an exception: its type, where it came from, and nothing that it quotes.

Messages of exceptions hold data: PostgreSQL's name the whole row that failed (`DETAIL: Failing row
contains …`), a ValueError the value. So only a few kinds may speak, in words that are known to hold none.
"""

from collections.abc import Iterator
from traceback import walk_tb

from sqlalchemy.exc import DBAPIError

from app.errors import AppError

MOST_ERRORS = 20
"""Of one chain: a retry in a loop can make long ones."""
_DATA_EXCEPTION = "22"
"""SQLSTATE class whose primary message quotes the value: `invalid input syntax for type integer: "…"`."""


def exception_text(error: BaseException) -> str:
    """The chain, the first cause first: frames as `file:line function`, then the safe description."""
    parts: list[str] = []
    for each in reversed(list(_chain(error))):
        frames = (
            f"  {frame.f_code.co_filename}:{line} {frame.f_code.co_name}"
            for frame, line in walk_tb(each.__traceback__)
        )
        parts.append("\n".join([*frames, safe_description(each)]))
    return "\n".join(parts)


def safe_description(error: BaseException) -> str:
    """The type, and what is known to quote no data: a database's code, our own message for people."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    detail = error.message if isinstance(error, AppError) else _database_detail(error)
    return f"{name}: {detail}" if detail else name


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, newest first; each once, those inside a group too."""
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < MOST_ERRORS:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        before = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        waiting += [before] if before is not None else []
        waiting += each.exceptions if isinstance(each, BaseExceptionGroup) else []


def _database_detail(error: BaseException) -> str:
    driver = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(driver, "sqlstate", None)
    if not isinstance(state, str):
        return str(getattr(driver, "sqlite_errorname", ""))
    primary = getattr(getattr(driver, "diag", None), "message_primary", None)
    return state if primary is None or state.startswith(_DATA_EXCEPTION) else f"{state} {primary}"
