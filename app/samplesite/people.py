"""The site's own members, in a small file: what a real job site has had for years."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from werkzeug.security import check_password_hash, generate_password_hash

_TABLE = """
CREATE TABLE IF NOT EXISTS person (
  id INTEGER PRIMARY KEY, mail TEXT NOT NULL UNIQUE, name TEXT NOT NULL, phone TEXT NOT NULL, password TEXT NOT NULL
)"""
_PREFIX = "sample-"


@dataclass(frozen=True)
class Person:
    """Somebody who has registered here."""

    id: int
    name: str
    mail: str = field(repr=False)

    @property
    def member(self) -> str:
        """What Goen knows this person by."""
        return f"{_PREFIX}{self.id}"


class People:
    """Registers people and knows them again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as connection:
            connection.execute(_TABLE)

    def register(self, name: str, mail: str, phone: str, password: str) -> Person | None:
        """A new person; None when the mail address is taken."""
        values = (mail.casefold(), name, phone, generate_password_hash(password))
        with self._open() as connection:
            row = connection.execute(
                "INSERT INTO person (mail, name, phone, password) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING RETURNING id",
                values,
            ).fetchone()
        return None if row is None else Person(row[0], name, mail)

    def find_by_password(self, mail: str, password: str) -> Person | None:
        """Whoever signs in so."""
        with self._open() as connection:
            row = connection.execute(
                "SELECT id, name, mail, password FROM person WHERE mail = ?", (mail.casefold(),)
            ).fetchone()
        if row is None or not check_password_hash(row[3], password):
            return None
        return Person(*row[:3])

    def find(self, person_id: int) -> Person | None:
        """By the site's own number."""
        with self._open() as connection:
            row = connection.execute(
                "SELECT id, name, mail FROM person WHERE id = ?", (person_id,)
            ).fetchone()
        return None if row is None else Person(*row)

    def find_member(self, member: str) -> Person | None:
        """By what Goen calls them."""
        number = member.removeprefix(_PREFIX)
        return self.find(int(number)) if number.isdecimal() else None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            yield connection
