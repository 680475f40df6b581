"""Bulk requests: JSON lines in, one result for each line out, in short transactions.

Results are kept in a file until the body has been read to its end: most clients read nothing while they are
still sending, and would wait for us for ever while we wait for them. Memory stays bounded whatever comes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Literal

import structlog
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import from_json
from sqlalchemy.exc import IntegrityError

from app.api.endpoint import Bulk, Call
from app.api.problems import Fault, Kind, Problem, faults_of, is_not_json, problem_behind
from app.api.requests import read_chunk
from app.api.values import Shown, is_key
from app.db import transaction
from app.errors import AppError

MOST_LINES = 10_000
MOST_BULK_BYTES = 64 * 1024 * 1024
LINE_BYTES = 256 * 1024
BATCH = 100
"""Lines in one transaction: well under 50 ms on SQLite, where webhooks wait meanwhile."""
SPOOL_BYTES = 1024 * 1024
log = structlog.get_logger(__name__)


class FaultShown(Shown):
    """What is wrong with one field."""

    field: str
    message: str


class LineResult(Shown):
    """What became of one line."""

    line: int = Field(description="Counted from 1; blank lines count and have no result.")
    external_id: str | None
    status: Literal["written", "rejected"]
    errors: list[FaultShown]


class ProblemShown(Shown):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FaultShown]


class BulkEnd(Shown):
    """The last line: how many lines became what, and why it ended early, if it did."""

    done: bool
    written: int
    rejected: int
    problem: ProblemShown | None


@dataclass(frozen=True)
class _Line:
    """One line as read: a checked row, or what is wrong with it."""

    number: int
    row: BaseModel | None = None
    faults: Sequence[Fault] = ()
    external_id: str | None = None
    """None where it cannot be read."""


class BulkRun:
    """One bulk request; `results` holds a JSON line for each line taken, then the end."""

    def __init__(self, endpoint: Bulk[Any], call: Call[None]) -> None:
        self.results: IO[bytes] = SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115 (the answer closes it)
        self.problem: Problem | None = None
        self._endpoint = endpoint
        self._call = call
        self._batch: list[_Line] = []
        self._keys: set[str] = set()
        self._written = 0
        self._rejected = 0

    def take(self, lines: Iterator[bytes | None]) -> None:
        """Handle the lines (None: one that is too long). Errors: whatever ends it early; `end` must follow."""
        for number, text in enumerate(lines, start=1):
            if number > MOST_LINES:
                self._flush()
                raise Problem(Kind.TOO_LARGE, f"only the first {MOST_LINES:,} lines of a request are taken")
            if text is None or text.strip():
                self._add(self._read(number, text))
        self._flush()

    def end(self, problem: Problem | None) -> None:
        """Write the last line and go back to the beginning of the results."""
        self.problem = problem
        shown = None if problem is None else ProblemShown.model_validate(problem.as_json())
        counts = {"written": self._written, "rejected": self._rejected}
        log.info("api_bulk", path=self._endpoint.path, done=problem is None, **counts)
        end = BulkEnd(done=problem is None, **counts, problem=shown)
        self._write(end)
        self.results.seek(0)

    def _read(self, number: int, text: bytes | None) -> _Line:
        if text is None:
            return _Line(number, faults=[Fault("", f"is longer than {LINE_BYTES:,} bytes")])
        try:
            row = self._endpoint.given.model_validate_json(text)
        except ValidationError as error:
            if is_not_json(error):
                return _Line(number, faults=[Fault("", "cannot be read as JSON in UTF-8")])
            return _Line(number, faults=faults_of(error), external_id=_named(text))
        return _Line(number, row, external_id=self._endpoint.key(row))

    def _add(self, line: _Line) -> None:
        key = None if line.row is None else line.external_id
        if key in self._keys or len(self._batch) == BATCH:
            self._flush()  # the same key again is a later word about the same thing
        self._batch.append(line)
        if key is not None:
            self._keys.add(key)

    def _flush(self) -> None:
        batch, self._batch, self._keys = self._batch, [], set()
        call = replace(self._call, now=self._call.door.clock.now())
        rows = [line.row for line in batch if line.row is not None]
        found = iter(self._stored(call, rows) if rows else ())
        for line in batch:
            self._report(line, line.faults if line.row is None else next(found))

    def _stored(self, call: Call[None], rows: Sequence[BaseModel]) -> Sequence[Sequence[Fault]]:
        """All rows in one transaction; where that fails for a reason of one, each in its own."""
        try:
            with transaction(call.door.database) as session:
                return self._endpoint.run(session, call, rows)
        except (Problem, AppError, IntegrityError) as error:
            if isinstance(error, AppError) and error.status >= 500:
                raise
            if len(rows) > 1:
                return [self._stored(call, [row])[0] for row in rows]
            return [_faults_behind(error)]

    def _report(self, line: _Line, faults: Sequence[Fault]) -> None:
        if faults:
            self._rejected += 1
        else:
            self._written += 1
        self._write(
            LineResult(
                line=line.number,
                external_id=line.external_id,
                status="rejected" if faults else "written",
                errors=[FaultShown(field=fault.field, message=fault.message) for fault in faults],
            )
        )

    def _write(self, shown: Shown) -> None:
        self.results.write(shown.model_dump_json().encode() + b"\n")


def body_lines() -> Iterator[bytes | None]:
    """The lines of the request's body as they arrive; None for one that is too long to be looked at.

    Errors: a problem when the body is too large or breaks off; what came of an unfinished line is dropped.
    """
    rest, is_too_long = b"", False
    while chunk := read_chunk():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield None if is_too_long or len(line) > LINE_BYTES else line
            is_too_long = False
        if len(rest) > LINE_BYTES:
            rest, is_too_long = b"", True
    if rest or is_too_long:
        yield None if is_too_long or len(rest) > LINE_BYTES else rest


def _named(text: bytes) -> str | None:
    """The key in a line that is wrong otherwise, for whoever looks for it."""
    found = from_json(text)
    key = found.get("external_id") if isinstance(found, dict) else None
    return key if isinstance(key, str) and is_key(key) else None


def _faults_behind(error: Problem | AppError | IntegrityError) -> Sequence[Fault]:
    if isinstance(error, IntegrityError):
        return [Fault("", "does not fit what is stored")]
    problem = error if isinstance(error, Problem) else problem_behind(error)
    return problem.errors or [Fault("", problem.detail)]
