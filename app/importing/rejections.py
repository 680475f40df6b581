"""The file of rejected rows: written beside the import while it runs, and put in place at its end."""

import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from app.importing.files import ImportRefused, RawRow

HEADINGS = ("行", "項目", "理由", "元の行")
_ORIGINAL_CHARACTERS = 30_000


class Rejections:
    """One line for every fault; `rows` counts rejected rows."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self.path = path
        self.rows = 0
        self._writer = csv.writer(file)
        self._writer.writerow(HEADINGS)

    def add(self, raw: RawRow, faults: Sequence[tuple[str, str]]) -> None:
        """Reject a row for these (field, reason); the field is empty when the row as a whole is meant."""
        self.rows += 1
        original = raw.original[:_ORIGINAL_CHARACTERS]
        self._writer.writerows((raw.line, field, reason, original) for field, reason in faults)


@contextmanager
def collect_rejections(imported: Path) -> Iterator[Rejections]:
    """Rejections of this file; without any, an older import's rejections are removed, for they are done.

    Errors: ImportRefused, before anything is imported, when the folder cannot be written to.
    """
    path = imported.with_name(f"{imported.name}.rejected.csv")
    draft = imported.with_name(f".{imported.name}.{os.getpid()}.rejected")
    try:
        file = draft.open("w", encoding="utf-8-sig", errors="replace", newline="")
    except OSError as error:
        raise ImportRefused(f"不備の一覧を書き込めません({path.parent}): {error.strerror}") from error
    try:
        with file:
            rejections = Rejections(path, file)
            yield rejections
            file.flush()
            os.fsync(file.fileno())
        if rejections.rows:
            draft.replace(path)
        else:
            path.unlink(missing_ok=True)
    finally:
        draft.unlink(missing_ok=True)
