"""A scoring process seen from the worker: asked over a pipe, and never waited for longer than one can."""

import os
import select
import subprocess
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.children import ONE_THREAD, start_module
from app.json_text import from_bytes
from app.recommend.ports import Picks, Seeker
from app.recommend.wire import question_line, read_answer

PATIENCE_SECONDS = 0.3
"""For one answer; a message must not wait longer."""
STUCK_SECONDS = 10.0
"""A child that owes an answer for so long is ended."""
END_SECONDS = 2.0


class ScoringChild:
    """One `app.recommend.serving`. For several threads: one asks at a time, the others are soon told no."""

    def __init__(self, database_url: str, now: datetime) -> None:
        variables = {"DATABASE_URL": database_url, **ONE_THREAD}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "bufsize": 0}
        self._process = start_module("app.recommend.serving", [now.isoformat()], variables, **pipes)
        self._lock = threading.Lock()
        self._read = b""
        self._number = 0
        self._owes_since: float | None = None
        self.begun = time.monotonic()
        self.about: Mapping[str, Any] = {}
        """What it said when it was ready."""

    def is_ready(self) -> bool:
        """Whether it has said that it is; never waits. Errors: ChildEnded when it said why it is of no use."""
        if not self.about:
            line = self._line(0)
            if line is None:
                return False
            self.about = from_bytes(line)
        if not self.about["ready"]:
            raise ChildEnded(self.about["why"])
        return True

    def is_alive(self) -> bool:
        """False when its process has ended, or owes an answer for too long."""
        owes_since = self._owes_since
        is_stuck = owes_since is not None and time.monotonic() - owes_since > STUCK_SECONDS
        return self._process.poll() is None and not is_stuck

    def ask(self, seeker: Seeker, count: int) -> Picks | None:
        """Its answer; None when it does not come in time. Errors: ChildEnded, OSError when its pipe is broken."""
        until = time.monotonic() + PATIENCE_SECONDS
        if not self._lock.acquire(timeout=PATIENCE_SECONDS):
            return None
        try:
            if self._owes_since is not None and self._answer(0) is None:
                return None  # a question more would only pile up before it
            self._number += 1
            self._pipe_in.write(question_line(self._number, seeker, count))
            self._owes_since = time.monotonic()
            return self._answer(until - time.monotonic())
        finally:
            self._lock.release()

    def end(self) -> None:
        """End it, at once if it does not go by itself."""
        self._pipe_in.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._pipe_out.close()

    def _answer(self, seconds: float) -> Picks | None:
        """The answer to the last question; those to older ones, which came too late, are dropped."""
        until = time.monotonic() + seconds
        while (line := self._line(until - time.monotonic())) is not None:
            number, picks = read_answer(line)
            if number == self._number:
                self._owes_since = None
                return picks
        return None

    def _line(self, seconds: float) -> bytes | None:
        """The next line of its output; None when none is complete in time. Errors: ChildEnded."""
        until = time.monotonic() + seconds
        while b"\n" not in self._read:
            readable, _, _ = select.select([self._pipe_out], [], [], max(0.0, until - time.monotonic()))
            if not readable:
                return None
            piece = os.read(self._pipe_out.fileno(), 1 << 16)
            if not piece:
                raise ChildEnded("the scoring process has ended")
            self._read += piece
        line, _, self._read = self._read.partition(b"\n")
        return line

    @property
    def _pipe_in(self) -> Any:
        return self._process.stdin

    @property
    def _pipe_out(self) -> Any:
        return self._process.stdout


class ChildEnded(Exception):
    """The scoring process is of no use; the text says why."""
